import type { VNode } from 'preact';
import { isPermitted, rolePermits, staffOf, type Staff } from '../../../domain/staff/staff.ts';
import type { Language } from '../../../domain/person/person.ts';
import { writeDate } from '../../../ui/language.ts';
import { toDanishDay } from '../../../domain/calendar.ts';
import { Actions, Hidden, SubmitButton } from '../../../ui/form.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';
import type { DeskFrame } from '../deskFrame.page.tsx';
import { Table } from '../table.page.tsx';
import type { ListedStaff } from './readStaff.ts';

interface StaffTable extends DeskFrame, Pick<Staff, 'permissions'> {
  /** The viewer, who sees what they may not do themselves. */
  readonly staffId: string;
  readonly labelledBy: string;
  readonly members: readonly ListedStaff[];
}

/** Staff, one row each: who, what they are, where, how it stands, and what this operator may do about it. */
export function StaffTable(props: StaffTable): VNode {
  const { t, language, members, labelledBy } = props;
  const words = t.deskStaff;
  return (
    <Table
      labelledBy={labelledBy}
      head={[words.name, words.role, words.organisation, words.state, words.action]}
      rows={members.map((one) => ({
        key: one.id,
        cells: [
          <>
            {one.name}
            <span class="noegle-beside">{one.userId ?? '–'}</span>
          </>,
          t.desk.roles[one.role],
          nameOrganisation(one, t, language),
          <MemberState t={t} language={language} one={one} />,
          <MemberActions {...props} one={one} />,
        ],
      }))}
    />
  );
}

/** Where a member of staff works: their bank, Borgerservice, or Nøgle. */
export function nameOrganisation(
  { role, bank, bankName }: ListedStaff,
  t: Texts,
  language: Language,
): string {
  const { employer } = staffOf({ staffId: '', role, bank });
  return employer === 'bank' ? (bankName?.[language] ?? bank ?? '–') : t.deskStaff.organisations[employer];
}

/** How the access stands, in lines. */
export function composeStateLines(one: ListedStaff, t: Texts, language: Language): string[] {
  const words = t.deskStaff;
  const proposed = one.proposedByName ? words.proposedBy(one.proposedByName) : words.byCommand;
  const isPaused = !rolePermits(one.role, 'never_paused');
  const lines = one.approvedAt
    ? [words.since(writeDate(toDanishDay(one.approvedAt), language)), proposed]
    : [words.waits, proposed];
  if (one.approvedByName) lines.push(words.approvedBy(one.approvedByName));
  if (!one.isBankOpen) lines.push(words.bankGone);
  lines.push(one.hasSecurityKey ? words.hasSecurityKey : words.noSecurityKey);
  if (one.endProposedBy) {
    lines.push(words.endProposedBy(one.endProposedByName ?? '–'));
    lines.push(isPaused ? words.endWaits : words.endWaitsOperator);
  }
  return lines;
}

function MemberState({ t, language, one }: Pick<StaffTable, 't' | 'language'> & { one: ListedStaff }): VNode {
  const [first = '', ...others] = composeStateLines(one, t, language);
  return (
    <>
      {first}
      {others.map((line) => (
        <span class="noegle-beside" key={line}>
          {line}
        </span>
      ))}
    </>
  );
}

/**
 * What this operator may do: alone, or as the second of two. Ending access is asked about on a page of its
 * own.
 */
function MemberActions(props: StaffTable & { one: ListedStaff }): VNode | null {
  const { t, staff, staffId, one } = props;
  const words = t.deskStaff;
  if (one.identityId === staffId) return <span class="noegle-beside">{words.yourself}</span>;
  const [mayApprove, mayEnd] = [isPermitted(props, 'staff_approve'), isPermitted(props, 'staff_end')];
  const isProposal = one.approvedAt === null;
  const isOwnProposal = isProposal && one.proposedBy === staffId;
  const keep = one.endProposedBy === staffId ? words.callOff(one.name) : words.keep(one.name);
  const button =
    mayApprove && isProposal && !isOwnProposal
      ? ({ what: 'approve', label: words.approve(one.name) } as const)
      : mayEnd && one.endProposedBy !== null
        ? ({ what: 'keep', label: keep } as const)
        : null;
  return (
    <>
      {isOwnProposal ? <span class="noegle-beside">{words.byAnother}</span> : null}
      {button ? (
        <form method="post" action="/desk/staff">
          <Hidden values={{ csrf: staff.csrf, staff: one.id }} />
          <Actions>
            <SubmitButton
              kind={button.what === 'approve' ? 'primary' : 'secondary'}
              id={`${button.what}-${one.id}`}
              name="do"
              value={button.what}
              text={button.label}
            />
          </Actions>
        </form>
      ) : null}
      {mayEnd && one.endProposedBy !== staffId ? (
        <a class="noegle-end" href={`/desk/staff/${one.id}/end`}>
          {nameEnd(one, t)}
        </a>
      ) : null}
    </>
  );
}

/** What ending means now: a proposal is rejected, an end is proposed, or decided. */
export function chooseEnd({ approvedAt, endProposedBy }: ListedStaff): 'withdraw' | 'propose-end' | 'end' {
  if (approvedAt === null) return 'withdraw';
  return endProposedBy === null ? 'propose-end' : 'end';
}

export function nameEnd(one: ListedStaff, { deskStaff }: Texts): string {
  return deskStaff.ends[chooseEnd(one)].label(one.name);
}
