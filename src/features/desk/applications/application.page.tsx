import type { VNode } from 'preact';
import { isYoungerThan } from '../../../domain/issuing/application.ts';
import type { ApplicationView } from './applications.ts';
import { TEXTS_BY_LANGUAGE, writeBareDay, writeDates } from '../../../ui/language.ts';
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
          { label: words.number, value: application.number },
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
