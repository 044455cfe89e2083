import type { VNode } from 'preact';
import { isTwoFactor, type FactorKinds } from '../../domain/signIn/levels.ts';
import { writePastMoment } from '../../ui/language.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Actions, SubmitButton } from '../../ui/form.tsx';
import { SessionCard } from './sessionCard.page.tsx';
import type { SessionView } from './sessions.ts';

export interface SessionPage extends PageFrame {
  readonly here: Omit<SessionView, 'uid'>;
  readonly elsewhere: readonly SessionView[];
  /** The kinds of factor that were given. */
  readonly kinds: FactorKinds;
  readonly signedInAt: Date;
  readonly csrf: string;
  /** The network of this request. */
  readonly network: string;
}

/** Shows where the person is signed in, and how to sign out. Self-service shows the same, and ends one. */
export function SessionPage(props: SessionPage): VNode {
  const { t, language, here, elsewhere, signedInAt, network } = props;
  const hasBoth = isTwoFactor(props.kinds);
  const words = t.session;
  const { day, time } = writePastMoment(signedInAt, language);
  return (
    <Page {...props} page="session" title={words.title}>
      <h1>{words.title}</h1>
      <p>{(hasBoth ? words.sinceWithKey : words.sinceWithPassword)(`${day} ${time}`)}</p>
      <h2>{words.thisOne}</h2>
      <SessionCard t={t} language={language} session={here} isHere network={network} />
      {elsewhere.length > 0 ? (
        <>
          <h2>{words.elsewhere}</h2>
          {elsewhere.map((session) => (
            <SessionCard
              t={t}
              language={language}
              session={session}
              isHere={false}
              network={network}
              key={session.uid}
            />
          ))}
          <p>
            {words.notYours} <a href="/self-service/access">{words.endOne}</a>
          </p>
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

/** Shown when no one is signed in, or no longer. */
export function NoSessionPage(props: PageFrame): VNode {
  const words = props.t.noSession;
  return (
    <Page {...props} page="no-session" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      <Actions>
        <a class="button button-primary" href="/services">
          {props.t.errorParts.ways.services}
        </a>
        <a href="/self-service">{props.t.loggedOut.again}</a>
      </Actions>
    </Page>
  );
}
