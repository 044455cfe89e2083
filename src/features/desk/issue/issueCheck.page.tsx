import type { VNode } from 'preact';
import type { ApplicationDecision } from '../../../domain/issuing/application.ts';
import { formatCpr } from '../../../domain/person/cpr.ts';
import type { DeskFault, DeskFormInput } from '../../../domain/issuing/deskForm.ts';
import type { IdentificationKind } from '../../../domain/issuing/identification.ts';
import type { Language } from '../../../domain/person/person.ts';
import type { ApplicationSubmission } from '../../issuing/index.ts';
import { writeDate } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { listFaults, TextArea } from '../fields.page.tsx';
import { Actions, FormPage, Hidden, SubmitButton } from '../../../ui/form.tsx';
import { Values, type Value } from '../../../ui/values.tsx';
import { Warning } from '../warning.page.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import type { ForeseenIssue, KnownId } from './foreseeIssue.ts';
import type { IssueFormState } from './issue.page.tsx';
import { fullName } from '../../../domain/person/person.ts';
import { writeAddress } from '../../../domain/person/postalAddress.ts';

/** The others are answered with another page. */
export type ForeseenAtCheck = Exclude<ForeseenIssue, { kind: 'sent_before' | 'of_another' }>;

export interface IssueCheckPage extends DeskFrame, IssueFormState {
  readonly typed: DeskFormInput;
  readonly submission: ApplicationSubmission;
  readonly verdict: ApplicationDecision;
  readonly foreseen: ForeseenAtCheck;
  /** What is wrong with the note to a refusal. */
  readonly noteFault: DeskFault | null;
  /** The register has the name in another spelling than was typed. */
  readonly isRegisteredName: boolean;
  readonly kinds: readonly IdentificationKind[];
}

/** The preview: all of the form, and the outcome, before anything takes effect. */
export function IssueCheckPage(props: IssueCheckPage): VNode {
  const { t, typed, verdict, foreseen, isRegisteredName, noteFault } = props;
  const words = t.deskIssue.check;
  const isRefused = foreseen.kind === 'by_rules' && verdict.kind === 'refused';
  const { note, ...others } = typed;
  const carried = {
    csrf: props.csrf,
    application: props.application,
    ...others,
    ...(isRefused ? {} : { note }),
  };
  const faults = noteFault ? { note: t.deskIssue.faults[noteFault] } : {};
  const submitLabel = chooseSubmitLabel(verdict, foreseen, words);
  return (
    <FormPage
      layout={DeskPage}
      frame={props}
      page="desk-issue-check"
      title={words.title}
      errors={listFaults(faults, ['note'])}
    >
      {foreseen.kind === 'by_rules' ? (
        <Verdict t={t} verdict={verdict} />
      ) : (
        <Obstacle {...props} foreseen={foreseen} />
      )}
      {isRegisteredName ? <p>{words.nameInRegister}</p> : null}
      <h2>{words.typed}</h2>
      <Values list={composeSubmissionValues(props)} />
      <form method="post" action="/desk/issue">
        <Hidden values={carried} />
        {isRefused ? (
          <TextArea
            name="note"
            label={words.note}
            hint={words.noteHint(t.deskIssue.languages[props.submission.application.applicant.language])}
            value={note}
            faults={faults}
          />
        ) : null}
        <Actions>
          {submitLabel === null ? null : <SubmitButton name="step" value="send" text={submitLabel} />}
          <SubmitButton
            kind={submitLabel === null ? 'secondary' : 'unstyled'}
            name="step"
            value="change"
            text={words.change}
          />
          {submitLabel === null ? <a href="/desk/issue">{t.deskIssue.hasId.another}</a> : null}
        </Actions>
      </form>
    </FormPage>
  );
}

/** Null where sending leads to nothing. */
function chooseSubmitLabel(
  verdict: ApplicationDecision,
  foreseen: ForeseenAtCheck,
  words: Texts['deskIssue']['check'],
): string | null {
  switch (foreseen.kind) {
    case 'has_id':
    case 'for_borgerservice':
    case 'another_waits':
      return null;
    case 'looks_like':
      return words.submitLooksLike;
    case 'by_rules':
      if (verdict.kind === 'refused') return words.submitRefuse;
      return verdict.needsSecondOfficer ? words.submitWait : words.submitGrant;
  }
}

interface ObstacleProps extends Pick<IssueCheckPage, 't'> {
  readonly foreseen: Exclude<ForeseenAtCheck, { kind: 'by_rules' }>;
}

/** Why no ID will be issued, or not yet, and what helps the citizen instead. */
function Obstacle({ t, foreseen }: ObstacleProps): VNode {
  const words = t.deskIssue.hasId;
  switch (foreseen.kind) {
    case 'has_id':
      return foreseen.known ? (
        <KnownIdHelp t={t} known={foreseen.known} />
      ) : (
        <Warning heading={words.title}>
          <p>{`${words.why} ${words.next}`}</p>
        </Warning>
      );
    case 'looks_like':
      return (
        <Warning heading={t.deskIssue.looksLike.title}>
          <p>{t.deskIssue.check.looksLike}</p>
        </Warning>
      );
    case 'for_borgerservice':
      return (
        <Warning heading={words.maybeTitle}>
          <p>{`${words.maybeWhy} ${words.maybeNext}`}</p>
        </Warning>
      );
    case 'another_waits':
      return (
        <Warning heading={words.anotherTitle}>
          <p>{words.anotherWhy}</p>
          <p>
            <a href="/desk/waiting">{words.toWaiting}</a>
          </p>
        </Warning>
      );
  }
}

function KnownIdHelp({ t, known }: { t: Texts; known: KnownId }): VNode {
  const { person, actions, searchPath } = known;
  const words = t.deskIssue.hasId;
  const { standings, oneself } = t.deskSearch.person;
  return (
    <Warning heading={words.title}>
      <p>{`${words.known(person.name, standings[person.status].toLowerCase())} ${words.why}`}</p>
      {person.isOneself ? <p>{oneself}</p> : null}
      {actions.length > 0 ? <p>{words.instead}</p> : null}
      <ul class="noegle-list">
        {actions.map((action) => (
          <li key={action}>
            <a href={`${searchPath}/${action}`}>{t.deskSearch.action.names[action].link}</a>
          </li>
        ))}
        <li>
          <a href={`${searchPath}?has-id=1`}>{words.see}</a>
        </li>
      </ul>
    </Warning>
  );
}

function Verdict({ t, verdict }: { t: Texts; verdict: ApplicationDecision }): VNode {
  const words = t.deskIssue.check;
  if (verdict.kind === 'granted') {
    return <Notice text={verdict.needsSecondOfficer ? words.waits : words.granted} kind="success" />;
  }
  return (
    <Warning heading={words.refused}>
      <ul class="noegle-faults">
        {verdict.reasons.map((reason) => (
          <li key={reason}>{t.deskIssue.reasons[reason]}</li>
        ))}
      </ul>
    </Warning>
  );
}

interface SubmissionView {
  readonly t: Texts;
  readonly language: Language;
  readonly submission: ApplicationSubmission;
  readonly kinds: readonly IdentificationKind[];
  /** Known before the decision; afterwards it is stored with the ID. */
  readonly verdict: ApplicationDecision | null;
}

/** The questions and answers of the form, for the person who decides. */
export function composeSubmissionValues({
  t,
  language,
  submission,
  kinds,
  verdict,
}: SubmissionView): (Value | null)[] {
  const words = t.deskIssue.check;
  const { applicant, identification, guardian } = submission.application;
  const kind = kinds.find(({ code }) => code === identification?.kind);
  const until = identification?.expiresOn
    ? `, ${words.until(writeDate(identification.expiresOn, language))}`
    : '';
  return [
    { label: words.name, value: fullName(applicant) },
    { label: words.cpr, value: applicant.cpr === null ? words.noCpr : formatCpr(applicant.cpr) },
    { label: words.birthdate, value: writeDate(applicant.birthdate, language) },
    {
      label: words.identification,
      value: identification
        ? `${kind?.[language] ?? identification.kind} ${identification.number}${until}`
        : words.noIdentification,
    },
    { label: words.address, value: composeAddressText(submission, words, language) },
    { label: words.email, value: applicant.email ?? words.noEmail },
    { label: words.publicSites, value: composePublicSitesAnswer(submission, verdict, words) },
    { label: words.language, value: t.deskIssue.languages[applicant.language] },
    { label: words.print, value: t.cardFormats.names[applicant.cardFormat] },
    guardian ? { label: words.guardian, value: guardian } : null,
  ];
}

/**
 * The register's address is not shown, and neither is whether it is protected: it is correct, and staff do
 * not need it. An address that was typed here is shown.
 */
function composeAddressText(
  { application }: ApplicationSubmission,
  words: Texts['deskIssue']['check'],
  language: Language,
): string {
  const { address } = application.applicant;
  if (!address) return words.noAddress;
  if (application.addressFrom === 'register') return words.registerAddress;
  return writeAddress(address, language);
}

function composePublicSitesAnswer(
  { application }: ApplicationSubmission,
  verdict: ApplicationDecision | null,
  words: Texts['deskIssue']['check'],
): string {
  if (!application.publicSites) return words.publicOff;
  // The second officer has no verdict yet: only what is certain without one is stated.
  const hasNoPublicSites =
    verdict?.kind === 'granted' ? !verdict.publicSites : application.applicant.cpr === null;
  return hasNoPublicSites ? words.publicBarred : words.publicOn;
}
