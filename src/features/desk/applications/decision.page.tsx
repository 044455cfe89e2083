import type { VNode } from 'preact';
import type { RefusalReason } from '../../../domain/issuing/application.ts';
import { DESK_CLIENT } from '../../../domain/relyingParty/firstPartyClient.ts';
import { composeIdleTimeout } from '../../../ui/courtesy/timeout.tsx';
import { fullName, type Language } from '../../../domain/person/person.ts';
import { writeAddress } from '../../../domain/person/postalAddress.ts';
import { TEXTS_BY_LANGUAGE, writeBareDay, writeDate, writeDay } from '../../../ui/language.ts';
import { Page } from '../../../ui/layout.tsx';
import { Values } from '../../../ui/values.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';
import type { DeskFrame } from '../deskFrame.page.tsx';
import { APPEAL_DAYS, findAppealDeadline, RULE_OF } from './appeal.rules.ts';
import type { ApplicationView } from './applications.ts';

/**
 * The written decision, as a letter: from whom, to whom, what, why, by which rule, and how, where and by when
 * to appeal. It is in the applicant's language, regardless of the officer's, and has no frame of the desk,
 * because it is printed, signed and handed over.
 */
export function DecisionPage(props: DeskFrame & { readonly application: ApplicationView }): VNode {
  const { application, contact, ...officer } = props;
  const { language } = application.submission.application.applicant;
  const t = TEXTS_BY_LANGUAGE[language];
  const words = t.deskDecision;
  const issuer = nameIssuingOrganisation(application, t, language);
  const decided = application.decidedAt ?? application.at;
  const lastDay = writeBareDay(findAppealDeadline(decided), language);
  const { operator } = contact;
  return (
    <Page
      {...props}
      t={t}
      language={language}
      languageSwitch={null}
      page="desk-decision"
      title={words.title}
      idle={composeIdleTimeout(DESK_CLIENT, props.staff.csrf)}
    >
      <div class="noegle-letterhead">
        <Addressee application={application} words={words} language={language} />
        <p>
          <strong>{issuer}</strong>
          <span>{words.onBehalfOf(operator.name)}</span>
          {operator.address.map((line) => (
            <span key={line}>{line}</span>
          ))}
          <span>{words.cvr(operator.cvr)}</span>
        </p>
      </div>
      <h1>{words.title}</h1>
      <Values
        list={[
          { label: words.date, value: writeBareDay(decided, language) },
          { label: words.number, value: application.number },
        ]}
      />
      <p>{words.decided(issuer)}</p>
      <h2>{words.because}</h2>
      <ul class="noegle-list">
        {application.reasons.map((reason) => (
          <li key={reason}>
            {words.reasons[reason]}
            <span class="noegle-rule">{citeRule(reason, t)}</span>
          </li>
        ))}
      </ul>
      {application.submission.note === undefined ? null : <p>{words.note(application.submission.note)}</p>}
      <p>{words.again}</p>
      <h2>{words.appeal}</h2>
      <p>
        {words.appealHow(APPEAL_DAYS / 7)} {words.appealLastDay(writeDay(decided, language), lastDay)}
      </p>
      <p>{words.appealWhat(application.number)}</p>
      <p class="noegle-appeal">
        <strong>{operator.name}</strong>
        {operator.address.map((line) => (
          <span key={line}>{line}</span>
        ))}
        <span>{contact.email}</span>
      </p>
      <p>
        {words.appealThen} {words.help(contact.hotline)}
      </p>
      <p class="noegle-signature">
        {application.decidedBy === null ? null : <strong>{application.decidedBy}</strong>}
        <span>{issuer}</span>
        <span>{words.signature}</span>
      </p>
      <div class="noegle-screen-only" lang={officer.language}>
        <p>{officer.t.deskDecision.print}</p>
        <p>
          <a href={`/desk/applications/${application.id}`}>{officer.t.deskDecision.back}</a>
        </p>
      </div>
    </Page>
  );
}

interface AddresseeProps {
  readonly application: ApplicationView;
  readonly words: Texts['deskDecision'];
  readonly language: Language;
}

/** The register's address is not shown to staff; one that the applicant gave is. */
function Addressee({ application, words, language }: AddresseeProps): VNode {
  const { applicant, addressFrom } = application.submission.application;
  const address = addressFrom === 'applicant' ? applicant.address : null;
  return (
    <p>
      <strong>{fullName(applicant)}</strong>
      {address === null ? null : <span>{writeAddress(address, language)}</span>}
      <span>{words.born(writeDate(applicant.birthdate, language))}</span>
    </p>
  );
}

/** The rule by the section of the terms that it stands in, and in its own words. */
function citeRule(reason: RefusalReason, { terms, deskDecision }: Texts): string {
  const rule = terms.issuing[RULE_OF[reason]];
  const at = terms.sections.findIndex(({ points }) => points.includes(rule));
  const section = terms.sections[at];
  if (!section) throw new Error('the terms have no such rule');
  return deskDecision.rule(at + 1, section.heading, rule);
}

function nameIssuingOrganisation(
  { issuer }: ApplicationView,
  { deskDecision }: Texts,
  language: Language,
): string {
  if (issuer.kind === 'bank') return issuer.name[language];
  const { borgerservice, other } = deskDecision.house;
  return issuer.kind === 'borgerservice' ? borgerservice : other;
}
