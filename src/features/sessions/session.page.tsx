import type { VNode } from 'preact';
import type { Localized, Language } from '../../domain/language/language.ts';
import { isTwoFactor, type FactorKinds } from '../../domain/signIn/levels.ts';
import { writePastMoment } from '../../ui/language.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import type { Texts } from '../../ui/words/words.da.ts';
import { Actions, SubmitButton } from '../../ui/form.tsx';

interface ListedSessionView {
  readonly startedAt: Date;
  readonly sites: readonly Localized[];
}

export interface SessionPage extends PageFrame {
  readonly here: Pick<ListedSessionView, 'sites'>;
  readonly elsewhere: readonly ListedSessionView[];
  /** The kinds of factor that were given. */
  readonly kinds: FactorKinds;
  readonly signedInAt: Date;
  readonly csrf: string;
}

/** Shows where the person is signed in, and how to sign out. */
export function SessionPage(props: SessionPage): VNode {
  const { t, language, here, elsewhere, signedInAt } = props;
  const hasBoth = isTwoFactor(props.kinds);
  const words = t.session;
  return (
    <Page {...props} page="session" title={words.title}>
      <h1>{words.title}</h1>
      <h2>{words.here}</h2>
      <p>{(hasBoth ? words.sinceWithKey : words.sinceWithPassword)(writeSignInTime(signedInAt, language))}</p>
      <Sites sites={here.sites} t={t} language={language} />
      {elsewhere.length > 0 ? (
        <>
          <h2>{words.elsewhere}</h2>
          {elsewhere.map((session) => (
            <div key={session.startedAt.toISOString()}>
              <p>{words.since(writeSignInTime(session.startedAt, language))}</p>
              <Sites sites={session.sites} t={t} language={language} />
            </div>
          ))}
          <p>{words.notYours}</p>
        </>
      ) : null}
      <form method="post">
        <input type="hidden" name="csrf" value={props.csrf} />
        <Actions>
          <SubmitButton name="end" value="here" text={words.endHere} />
          {hasBoth ? (
            <SubmitButton kind="unstyled" name="end" value="everywhere" text={words.endEverywhere} />
          ) : null}
        </Actions>
      </form>
      {hasBoth ? null : (
        <p>
          <a href="/self-service/access">{words.elsewhereWithKey}</a>
        </p>
      )}
      <p class="form-hint">{words.everywhereMeans}</p>
    </Page>
  );
}

function writeSignInTime(at: Date, language: Language): string {
  const { day, time } = writePastMoment(at, language);
  return `${day} ${time}`;
}

function Sites({
  sites,
  t,
  language,
}: Pick<ListedSessionView, 'sites'> & { t: Texts; language: Language }): VNode {
  if (sites.length === 0) return <p>{t.session.noSites}</p>;
  return (
    <ul>
      {sites.map((site) => (
        <li key={site[language]}>{site[language]}</li>
      ))}
    </ul>
  );
}

/** Shown when no one is signed in, or no longer. */
export function NoSessionPage(props: PageFrame): VNode {
  const words = props.t.noSession;
  return (
    <Page {...props} page="no-session" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
    </Page>
  );
}
