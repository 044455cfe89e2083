import type { VNode } from 'preact';
import {
  isPermitted,
  rolePermits,
  STAFF_ROLES,
  type StaffRole,
  type Staff,
} from '../../../domain/staff/staff.ts';
import type { StaffFault } from './changeStaff.ts';
import type { Bank, ListedStaff } from './readStaff.ts';
import { writeBareDay } from '../../../ui/language.ts';
import { Field } from '../../../ui/stepForm.tsx';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Actions, FormPage, SubmitButton } from '../../../ui/form.tsx';
import { Values } from '../../../ui/values.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';

export const STAFF_DONE = ['proposed', 'approved', 'ended', 'endProposed', 'kept'] as const;
export type StaffDone = (typeof STAFF_DONE)[number];
export type StaffError =
  | Exclude<StaffFault, 'not_your_role'>
  | 'user_missing'
  | 'user_is_cpr'
  | 'role_missing';

export interface StaffPage extends DeskFrame, Pick<Staff, 'permissions'> {
  /** The viewer, who sees what they may not do themselves. */
  readonly staffId: string;
  readonly members: readonly ListedStaff[];
  readonly banks: readonly Bank[];
  readonly typed: { readonly userId: string; readonly role: StaffRole | null; readonly bank: string };
  readonly error: StaffError | null;
  readonly done: StaffDone | null;
}

/** The field that an error is about; `list` where it is about a person in the list. */
const FIELD_OF: Readonly<Record<StaffError, 'userId' | 'role' | 'bank' | 'list'>> = {
  user_missing: 'userId',
  user_is_cpr: 'userId',
  unknown_user: 'userId',
  looks_alike: 'userId',
  already_staff: 'userId',
  own_id: 'userId',
  role_missing: 'role',
  bank_missing: 'bank',
  unknown_bank: 'bank',
  own_proposal: 'list',
  proposer_gone: 'list',
  bank_gone: 'list',
  too_few_operators: 'list',
  own_end: 'list',
  end_waits: 'list',
  not_proposed: 'list',
  end_proposer_gone: 'list',
  over_limit: 'list',
  gone: 'list',
};

export function StaffPage(props: StaffPage): VNode {
  const { t, error, done, members } = props;
  const words = t.deskStaff;
  const waiting = members.filter(({ approvedAt }) => approvedAt === null);
  const approved = members.filter(({ approvedAt }) => approvedAt !== null);
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-staff"
      title={words.title}
      errors={error ? [{ field: findErrorAnchor(error), text: words.errors[error] }] : []}
    >
      {done && !error ? <Notice text={words.done[done]} kind="success" /> : null}
      <section id="list" tabindex={-1}>
        {waiting.length > 0 ? (
          <>
            <h2>{words.waiting}</h2>
            {waiting.map((one) => (
              <Member {...props} one={one} key={one.id} />
            ))}
          </>
        ) : null}
        <h2>{words.working}</h2>
        <p>{words.endWhy}</p>
        {approved.map((one) => (
          <Member {...props} one={one} key={one.id} />
        ))}
      </section>
      {isPermitted(props, 'staff_propose') ? (
        <>
          <h2>{words.propose}</h2>
          <p>{words.proposeWhy}</p>
          <ProposeForm {...props} />
        </>
      ) : null}
    </FormPage>
  );
}

function findErrorAnchor(error: StaffError): string {
  const field = FIELD_OF[error];
  return field === 'role' ? `role-${STAFF_ROLES[0]}` : field;
}

function Member(props: StaffPage & { one: ListedStaff }): VNode {
  const { t, language, staffId, one } = props;
  const words = t.deskStaff;
  const isOwn = one.identityId === staffId;
  const isPaused = !rolePermits(one.role, 'never_paused');
  const rows = [
    { label: words.userId, value: one.userId ?? '–' },
    { label: words.role, value: t.desk.roles[one.role] },
    ...(one.bank ? [{ label: words.bank, value: one.bankName?.[language] ?? one.bank }] : []),
    ...(one.isBankOpen ? [] : [{ label: words.access, value: words.bankGone }]),
    ...(one.approvedAt ? [{ label: words.since, value: writeBareDay(one.approvedAt, language) }] : []),
    { label: words.proposedBy, value: one.proposedByName ?? words.byCommand },
    ...(one.approvedByName ? [{ label: words.approvedBy, value: one.approvedByName }] : []),
    ...(one.endProposedBy ? [{ label: words.endProposedBy, value: one.endProposedByName ?? '–' }] : []),
  ];
  return (
    <article class="noegle-staff">
      <h3>{one.name}</h3>
      <Values list={rows} />
      {one.endProposedBy ? (
        <p class="form-hint">{isPaused ? words.endWaits : words.endWaitsOperator}</p>
      ) : null}
      {isOwn ? <p class="form-hint">{words.yourself}</p> : <MemberForm {...props} />}
    </article>
  );
}

/** What this operator may do about a person in the list: alone, or as the second of two. */
function MemberForm(props: StaffPage & { one: ListedStaff }): VNode | null {
  const { t, staff, staffId, one } = props;
  const words = t.deskStaff;
  const [mayApprove, mayEnd] = [isPermitted(props, 'staff_approve'), isPermitted(props, 'staff_end')];
  const isProposal = one.approvedAt === null;
  const isOwnProposal = isProposal && one.proposedBy === staffId;
  if (!mayApprove && !mayEnd) return null;
  return (
    <form method="post" action="/desk/staff">
      <input type="hidden" name="csrf" value={staff.csrf} />
      <input type="hidden" name="staff" value={one.id} />
      {isOwnProposal ? <p class="form-hint">{words.byAnother}</p> : null}
      <Actions>
        {isProposal && !isOwnProposal && mayApprove ? (
          <MemberButton one={one} what="approve" label={words.approve(one.name)} isPrimary />
        ) : null}
        {mayEnd ? <EndButtons {...props} /> : null}
      </Actions>
    </form>
  );
}

function EndButtons({ t, staffId, one }: StaffPage & { one: ListedStaff }): VNode {
  const words = t.deskStaff;
  const { approvedAt, endProposedBy } = one;
  if (approvedAt === null) return <MemberButton one={one} what="end" label={words.withdraw(one.name)} />;
  if (endProposedBy === null)
    return <MemberButton one={one} what="propose-end" label={words.end(one.name)} />;
  const isOwn = endProposedBy === staffId;
  return (
    <>
      {isOwn ? null : <MemberButton one={one} what="end" label={words.endNow(one.name)} isPrimary />}
      <MemberButton one={one} what="keep" label={isOwn ? words.callOff : words.keep(one.name)} />
    </>
  );
}

interface MemberButton {
  readonly one: ListedStaff;
  readonly what: 'approve' | 'end' | 'propose-end' | 'keep';
  readonly label: string;
  readonly isPrimary?: boolean;
}

function MemberButton({ one, what, label, isPrimary = false }: MemberButton): VNode {
  const kind = isPrimary ? 'primary' : 'unstyled';
  return <SubmitButton kind={kind} id={`${what}-${one.id}`} name="do" value={what} text={label} />;
}

function ProposeForm({ t, language, staff, banks, typed, error }: StaffPage): VNode {
  const words = t.deskStaff;
  const at = error ? FIELD_OF[error] : null;
  const errorText = error ? words.errors[error] : '';
  const described = (field: string) => (at === field ? `${field}-error` : undefined);
  return (
    <form method="post" action="/desk/staff">
      <input type="hidden" name="csrf" value={staff.csrf} />
      <Field
        name="userId"
        label={words.userId}
        hint={words.userIdHint}
        hasError={at === 'userId' && errorText}
        autocomplete="off"
        value={typed.userId}
      />
      <fieldset
        class={at === 'role' ? 'form-group form-error' : 'form-group'}
        aria-describedby={described('role')}
      >
        <legend class="form-label">{words.role}</legend>
        {at === 'role' ? <FieldError id="role-error" text={errorText} /> : null}
        {STAFF_ROLES.map((role) => (
          <div class="form-group-radio" key={role}>
            <input
              class="form-radio"
              type="radio"
              id={`role-${role}`}
              name="role"
              value={role}
              checked={typed.role === role}
            />
            <label class="form-label" for={`role-${role}`}>
              {t.desk.roles[role]}
            </label>
          </div>
        ))}
      </fieldset>
      <div class={at === 'bank' ? 'form-group form-error' : 'form-group'}>
        <label class="form-label" for="bank">
          {words.bank}
        </label>
        <span class="form-hint" id="bank-hint">
          {words.bankHint}
        </span>
        {at === 'bank' ? <FieldError id="bank-error" text={errorText} /> : null}
        <select
          class="form-select"
          id="bank"
          name="bank"
          aria-describedby={['bank-hint', described('bank')].filter(Boolean).join(' ')}
          aria-invalid={at === 'bank' ? 'true' : undefined}
        >
          <option value="">{words.noBank}</option>
          {banks.map((bank) => (
            <option value={bank.clientId} selected={typed.bank === bank.clientId} key={bank.clientId}>
              {bank.name[language]}
            </option>
          ))}
        </select>
      </div>
      <Actions>
        <SubmitButton name="do" value="propose" text={words.submit} />
      </Actions>
    </form>
  );
}

function FieldError({ id, text }: { id: string; text: string }): VNode {
  return (
    <span class="form-error-message" id={id}>
      {text}
    </span>
  );
}
