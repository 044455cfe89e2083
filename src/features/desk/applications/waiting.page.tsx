import type { VNode } from 'preact';
import type { IdentificationKind } from '../../../domain/issuing/identification.ts';
import type { ApplicationView, PendingApplication } from './applications.ts';
import { writeBareDay, writeDate, writeTime } from '../../../ui/language.ts';
import type { DuplicateView } from '../search/duplicates.ts';
import type { PendingCprChange } from '../cprChange/settleCprChange.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Actions, FormPage, Hidden, SubmitButton } from '../../../ui/form.tsx';
import { Values } from '../../../ui/values.tsx';
import { OpenDuplicate } from '../search/duplicates.page.tsx';
import { Table } from '../table.page.tsx';
import { Choices, listFaults } from '../fields.page.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import { composeSubmissionValues } from '../issue/issueCheck.page.tsx';
import { fullName } from '../../../domain/person/person.ts';

export const WAITING_OUTCOMES = [
  'settled',
  'own',
  'hasId',
  'numberChanged',
  'officerGone',
  'officerPaused',
  'approved',
  'refused',
  'stale',
] as const;
export type WaitingOutcome = (typeof WAITING_OUTCOMES)[number];

export interface WaitingPage extends DeskFrame {
  readonly waiting: readonly PendingApplication[];
  /** New CPR numbers that wait for an officer; null for staff without that permission. */
  readonly cprChanges: readonly PendingCprChange[] | null;
  /** Pairs of IDs that belong to one person according to the register; for officers. */
  readonly duplicates: readonly DuplicateView[];
  /** Form id, generated with the page. */
  readonly form: string;
  readonly outcome: WaitingOutcome | null;
}

/** Applications of the issuing organisation that a second officer has to check, the oldest first. */
export function WaitingPage(props: WaitingPage): VNode {
  const { t, language, waiting, outcome } = props;
  const words = t.deskIssue.waiting;
  return (
    <DeskPage {...props} page="desk-waiting" title={words.title}>
      <h1>{words.title}</h1>
      {outcome ? <WaitingOutcomeNotice t={t} outcome={outcome} /> : null}
      <p>{waiting.length === 0 ? words.none : words.why}</p>
      {waiting.length === 0 ? null : (
        <section>
          <h2 id="applications">{words.applications}</h2>
          <WaitingTable
            t={t}
            language={language}
            labelledBy="applications"
            list={waiting}
            path="/desk/waiting"
            own={words.own}
          />
        </section>
      )}
      {props.cprChanges && props.cprChanges.length > 0 ? (
        <CprChanges {...props} list={props.cprChanges} />
      ) : null}
      {props.duplicates.length > 0 ? <Duplicates {...props} /> : null}
    </DeskPage>
  );
}

function WaitingOutcomeNotice({ t, outcome }: { t: Texts; outcome: WaitingOutcome }): VNode {
  if (outcome === 'approved') return <Notice text={t.deskCpr.outcome.approved} kind="success" />;
  if (outcome === 'refused' || outcome === 'stale')
    return <Notice text={t.deskCpr.outcome[outcome]} kind="warning" />;
  return <Notice text={t.deskIssue.waiting[outcome]} kind="warning" />;
}

function Duplicates(props: WaitingPage): VNode {
  const words = props.t.deskCpr.duplicates;
  return (
    <section>
      <h2>{words.title}</h2>
      <p>{words.why}</p>
      {props.duplicates.flatMap(({ people }) =>
        people.map((one) => <OpenDuplicate {...props} key={one.identityId} person={one} />),
      )}
    </section>
  );
}

function CprChanges({ t, language, list }: WaitingPage & { list: readonly PendingCprChange[] }): VNode {
  const words = t.deskCpr.list;
  return (
    <section>
      <h2 id="cpr-changes">{words.title}</h2>
      <WaitingTable
        t={t}
        language={language}
        labelledBy="cpr-changes"
        list={list}
        path="/desk/new-cpr"
        own={words.own}
      />
    </section>
  );
}

interface WaitingTable extends Pick<DeskFrame, 't' | 'language'> {
  readonly labelledBy: string;
  readonly list: readonly PendingApplication[];
  readonly path: string;
  /** For what the viewer took in, or may not decide. */
  readonly own: string;
}

/** What waits for a colleague: a link for everyone but the one who took it in. */
function WaitingTable({ t, language, labelledBy, list, path, own }: WaitingTable): VNode {
  const words = t.deskIssue.waiting;
  return (
    <Table
      labelledBy={labelledBy}
      head={[words.name, words.received, words.next]}
      rows={list.map(({ id, name, at, isOwn }) => ({
        key: id,
        cells: [
          name,
          `${writeBareDay(at, language)} ${writeTime(at, language)}`,
          isOwn ? own : <a href={`${path}/${id}`}>{words.look(name)}</a>,
        ],
      }))}
    />
  );
}

export interface WaitingOnePage extends DeskFrame {
  readonly application: ApplicationView;
  readonly kinds: readonly IdentificationKind[];
}

/** One application in full, with two answers. */
export function WaitingOnePage(props: WaitingOnePage): VNode {
  const { t, application, staff } = props;
  const words = t.deskIssue.waiting;
  const title = words.oneTitle(fullName(application.submission.application.applicant));
  return (
    <DeskPage {...props} page="desk-waiting-one" title={title}>
      <h1>{title}</h1>
      <p>{words.oneWhy}</p>
      <Values
        list={composeSubmissionValues({ ...props, submission: application.submission, verdict: null })}
      />
      <form method="post">
        <Hidden values={{ csrf: staff.csrf }} />
        <Actions>
          <SubmitButton name="address" value="right" text={words.right} />
          <SubmitButton kind="secondary" name="address" value="wrong" text={words.wrong} />
          <a href="/desk/waiting">{words.back}</a>
        </Actions>
      </form>
    </DeskPage>
  );
}

/**
 * An order online whose applicant may already have an ID: the whole order, the people who may be the
 * applicant, and the choice between them or none of them.
 */
export function WaitingOrderPage(props: WaitingOnePage & { readonly isMissing: boolean }): VNode {
  const { t, language, application, staff, isMissing } = props;
  const words = t.deskIssue.waiting;
  const { submission, lookalikes } = application;
  const title = words.orderTitle(fullName(submission.application.applicant));
  const faults: Record<string, string> = isMissing ? { who: words.orderMissing } : {};
  const { standings: statuses } = t.deskSearch.person;
  const same = lookalikes.map(({ identityId, name, birthdate, status }) => ({
    value: identityId,
    label: t.deskIssue.looksLike.same(name, writeDate(birthdate, language), statuses[status]),
  }));
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-waiting-order"
      title={title}
      errors={listFaults(faults, ['who'])}
    >
      <p>{words.orderWhy}</p>
      <Values list={composeSubmissionValues({ ...props, submission, verdict: null })} />
      <form method="post">
        <Hidden values={{ csrf: staff.csrf, seen: lookalikes.map((one) => one.identityId).join(' ') }} />
        <Choices
          name="who"
          label={words.orderWho}
          value=""
          faults={faults}
          options={[...same, { value: 'other', label: words.orderOther }]}
        />
        <Actions>
          <SubmitButton text={words.orderSubmit} />
          <a href="/desk/waiting">{words.back}</a>
        </Actions>
      </form>
    </FormPage>
  );
}
