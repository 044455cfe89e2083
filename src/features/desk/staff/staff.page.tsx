import type { VNode } from 'preact';
import {
  isPermitted,
  STAFF_ROLES,
  worksForBank,
  type StaffRole,
  type Staff,
} from '../../../domain/staff/staff.ts';
import type { StaffFault } from './changeStaff.ts';
import type { Bank, ListedStaff } from './readStaff.ts';
import { Field } from '../../../ui/stepForm.tsx';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Actions, FormPage, SubmitButton } from '../../../ui/form.tsx';
import { StaffTable } from './staffTable.page.tsx';
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

/** The field to correct; null where nothing that was typed is wrong. */
const FIELD_OF: Readonly<Record<StaffError, 'userId' | 'role' | 'bank' | null>> = {
  user_missing: 'userId',
  user_is_cpr: 'userId',
  unknown_user: 'userId',
  looks_alike: 'userId',
  already_staff: 'userId',
  own_id: 'userId',
  role_missing: 'role',
  bank_missing: 'bank',
  unknown_bank: 'bank',
  own_proposal: null,
  proposer_gone: null,
  bank_gone: null,
  too_few_operators: null,
  own_end: null,
  end_waits: null,
  not_proposed: null,
  end_proposer_gone: null,
  over_limit: null,
  gone: null,
};

export function StaffPage(props: StaffPage): VNode {
  const { t, error, done, members } = props;
  const words = t.deskStaff;
  const waiting = members.filter(({ approvedAt }) => approvedAt === null);
  const approved = members.filter(({ approvedAt }) => approvedAt !== null);
  const field = error && FIELD_OF[error];
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-staff"
      title={words.title}
      alert={error && field === null ? <Notice text={words.errors[error]} kind="warning" /> : null}
      errors={error && field ? [{ field: findErrorAnchor(field), text: words.errors[error] }] : []}
    >
      {done && !error ? <Notice text={words.done[done]} kind="success" /> : null}
      <section>
        {waiting.length > 0 ? (
          <>
            <h2 id="waiting">{words.waiting}</h2>
            <StaffTable {...props} members={waiting} labelledBy="waiting" />
          </>
        ) : null}
        <h2 id="working">{words.working}</h2>
        <StaffTable {...props} members={approved} labelledBy="working" />
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

function findErrorAnchor(field: string): string {
  return field === 'role' ? `role-${STAFF_ROLES[0]}` : field;
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
              class={worksForBank(role) ? 'form-radio noegle-of-bank' : 'form-radio'}
              type="radio"
              id={`role-${role}`}
              name="staffRole"
              value={role}
              checked={typed.role === role}
            />
            <label class="form-label" for={`role-${role}`}>
              {t.desk.roles[role]}
            </label>
          </div>
        ))}
      </fieldset>
      <div class={at === 'bank' ? 'form-group form-error noegle-bank' : 'form-group noegle-bank'}>
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
