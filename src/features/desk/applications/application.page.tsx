import type { VNode } from 'preact';
import { isYoungerThan, type RefusalReason } from '../../../domain/issuing/application.ts';
import type { Language } from '../../../domain/person/person.ts';
import type { ApplicationView } from './applications.ts';
import { TEXTS_BY_LANGUAGE, writeBareDay, writeDate, writeDates } from '../../../ui/language.ts';
import { Page, type PageFrame } from '../../../ui/layout.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Values } from '../../../ui/values.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';
import { fullName } from '../../../domain/person/person.ts';

export interface ApplicationPage extends DeskFrame {
  readonly application: ApplicationView;
}

/** The receipt: what was decided, and what the person does next. It never contains a key or a password. */
export function ApplicationPage(props: ApplicationPage): VNode {
  const { t, language, application } = props;
  const words = t.deskIssue.application;
  const { state, submission, at, id } = application;
  return (
    <DeskPage {...props} page="desk-application" title={words.titles[state]}>
      <h1>{words.titles[state]}</h1>
      <Values
        list={[
          { label: words.name, value: fullName(submission.application.applicant) },
          { label: words.at, value: writeBareDay(at, language) },
          { label: words.number, value: id },
        ]}
      />
      {state === 'issued' ? <IssuedInstructions {...props} /> : null}
      {state === 'waiting' ? <p>{words.waitingWhy}</p> : null}
      {state === 'withdrawn' ? <p>{words.withdrawnWhy}</p> : null}
      {state === 'refused' ? (
        <>
          <p>{words.refusedWhy}</p>
          <ul>
            {application.reasons.map((reason) => (
              <li key={reason}>{t.deskIssue.reasons[reason]}</li>
            ))}
          </ul>
        </>
      ) : null}
      <div class="noegle-actions noegle-screen-only">
        {state === 'refused' ? (
          <a class="button button-primary" href={`/desk/applications/${id}/decision`}>
            {words.decision}
          </a>
        ) : null}
        <a href="/desk/issue">{words.next}</a>
      </div>
    </DeskPage>
  );
}

/** Instructions in the applicant's language: they are printed and handed over. */
function IssuedInstructions({ application }: ApplicationPage): VNode {
  const { expected, submission } = application;
  const { language } = submission.application.applicant;
  const words = TEXTS_BY_LANGUAGE[language].deskIssue.application;
  return (
    <section lang={language}>
      <h2>{words.ordered}</h2>
      <p>{words.letters(writeDates(expected, language))}</p>
      <p>{composePublicSitesText(application, words)}</p>
      <h2>{words.activate}</h2>
      <ol>
        {words.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>{words.never}</p>
    </section>
  );
}

function composePublicSitesText(
  { submission, at }: ApplicationView,
  words: Texts['deskIssue']['application'],
): string {
  const { applicant, publicSites } = submission.application;
  if (isYoungerThan(applicant.birthdate, 15, at)) return words.publicUnder15;
  if (applicant.cpr === null) return words.publicNoCpr;
  return publicSites ? words.publicOn : words.publicOff;
}

type DecisionSection = keyof Texts['deskIssue']['decision']['sections'];

/** The part of the rules for issuing that each reason is based on. */
const SECTION_OF: Readonly<Record<RefusalReason, DecisionSection>> = {
  no_identification: 'identification',
  identification_invalid: 'identification',
  identification_expired: 'identification',
  identification_not_theirs: 'identification',
  needs_interpreter: 'use',
  cannot_operate_alone: 'use',
  terms_not_accepted: 'use',
  no_guardian: 'age',
  under_15_online: 'age',
  not_in_register: 'register',
  dead: 'register',
  emigrated: 'register',
  no_address: 'address',
};

/**
 * The written decision: what, why, by which rule, and how to appeal. It is in the applicant's language,
 * regardless of the officer's, and has no frame of the desk, because it is printed.
 */
export function DecisionPage(
  props: Omit<PageFrame, 't' | 'language'> & { readonly application: ApplicationView },
): VNode {
  const { application } = props;
  const { applicant } = application.submission.application;
  const { language } = applicant;
  const t = TEXTS_BY_LANGUAGE[language];
  const words = t.deskIssue.decision;
  const issuer = nameIssuingOrganisation(application, t, language);
  const decided = application.decidedAt ?? application.at;
  return (
    <Page {...props} t={t} language={language} languageSwitch={null} page="desk-decision" title={words.title}>
      <h1>{words.title}</h1>
      <Values
        list={[
          {
            label: words.to,
            value: `${fullName(applicant)}. ${words.born(writeDate(applicant.birthdate, language))}`,
          },
          { label: words.date, value: writeBareDay(decided, language) },
          { label: words.number, value: application.id },
        ]}
      />
      <p>{words.decided(issuer)}</p>
      <p>{words.because}</p>
      <ul>
        {application.reasons.map((reason) => (
          <li key={reason}>
            {words.reasons[reason]} <em>({words.rule(words.sections[SECTION_OF[reason]])})</em>
          </li>
        ))}
      </ul>
      <p>{words.again}</p>
      <h2>{words.appeal}</h2>
      <p>{words.appealHow(issuer)}</p>
      <p>{words.appealThen}</p>
      <p class="noegle-screen-only">
        <a href={`/desk/applications/${application.id}`}>{words.back}</a>
      </p>
    </Page>
  );
}

function nameIssuingOrganisation(
  { issuer }: ApplicationView,
  { deskIssue }: Texts,
  language: Language,
): string {
  if (issuer.kind === 'bank') return issuer.name[language];
  const { borgerservice, other } = deskIssue.decision.house;
  return issuer.kind === 'borgerservice' ? borgerservice : other;
}
