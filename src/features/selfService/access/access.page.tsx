import type { VNode } from 'preact';
import { HelpLinks } from '../../../ui/help.tsx';
import { listedClaimsOfScopes } from '../../../domain/signIn/claims.ts';
import type { Language } from '../../../domain/person/person.ts';
import type { ClientAccess } from '../../access/index.ts';
import { nameDevice, SessionCard, writeSessionTime, type SessionView } from '../../sessions/index.ts';
import { writePastMoment } from '../../../ui/language.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Submit } from '../../../ui/form.tsx';
import { describeScopes } from './scopes.ts';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';
import { KeyProofNeeded } from '../confirm/proof.page.tsx';

export interface SelfAccessPage extends SelfServiceFrame {
  readonly sessions: readonly SessionView[];
  readonly services: readonly ClientAccess[];
  /** The session of this browser. */
  readonly here: string;
  /** The network of this request. */
  readonly network: string;
  /** What the previous form has ended. */
  readonly done: 'session' | 'others' | 'access' | 'part' | null;
}

const ACTION = '/self-service/access';

/** Where the ID is in use now, with a button to end each. */
export function SelfAccessPage(props: SelfAccessPage): VNode {
  const { t, user, here, sessions, services, hasRecentKey } = props;
  const words = t.access;
  const own = sessions.find(({ uid }) => uid === here);
  const others = sessions.filter((one) => one !== own);
  return (
    <SelfServicePage {...props} page="self-access" title={words.title}>
      <h1>{words.title}</h1>
      {props.done ? <Notice text={words.isDone[props.done]} kind="success" /> : null}
      <p>{words.intro}</p>
      <h2>{words.sessions}</h2>
      {own ? <SessionItem {...props} session={own} isHere /> : null}
      {others.map((session) => (
        <SessionItem {...props} session={session} isHere={false} key={session.uid} />
      ))}
      {hasRecentKey ? null : <KeyProofNeeded t={t} text={t.selfService.proof.sessions} path={ACTION} />}
      {hasRecentKey && others.length > 1 ? (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'others' }}>
          <Submit text={words.endOthers} isMain={false} />
        </SelfForm>
      ) : null}
      {hasRecentKey ? (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'everywhere' }}>
          <p class="form-hint">{words.endAllMeans}</p>
          <Submit text={words.endAll} isMain={false} />
        </SelfForm>
      ) : null}
      <h2>{words.services}</h2>
      {services.length === 0 ? <p>{words.noServices}</p> : <p>{words.servicesMean}</p>}
      {sortByName(services, props.language).map((service) => (
        <ServiceItem {...props} service={service} key={service.clientId} />
      ))}
      <HelpLinks t={t} topics={['other-computers']} />
    </SelfServicePage>
  );
}

function SessionItem(props: SelfAccessPage & { session: SessionView; isHere: boolean }): VNode {
  const { t, language, user, session, isHere, hasRecentKey, network } = props;
  const words = t.access;
  const where = words.endSessionWhere(
    nameDevice(t, session.client),
    writeSessionTime(session.startedAt, language),
  );
  return (
    <SessionCard t={t} language={language} session={session} isHere={isHere} network={network}>
      {isHere ? (
        <SelfForm user={user} action="/self-service/sign-out">
          <Submit text={words.endHere} isMain={false} />
        </SelfForm>
      ) : null}
      {hasRecentKey && !isHere ? (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'session', session: session.uid }}>
          <EndButton text={words.endSession} of={where} />
        </SelfForm>
      ) : null}
    </SessionCard>
  );
}

function ServiceItem(props: SelfAccessPage & { service: ClientAccess }): VNode {
  const { t, language, user, service } = props;
  const words = t.access;
  const { name, scopes, agreedAt, offlineUntil, clientId } = service;
  const what = describeScopes(t, scopes);
  const parts = listRemovableScopes(service);
  return (
    <section class="noegle-item">
      <h3>{name[language]}</h3>
      {what === '' ? null : <p>{words.gets(what)}</p>}
      {agreedAt ? <p>{words.agreed(writeMoment(agreedAt, language))}</p> : null}
      {offlineUntil ? <p>{words.offline(writeMoment(offlineUntil, language))}</p> : null}
      {parts.map((scope) => (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'part', service: clientId, scope }} key={scope}>
          <EndButton
            text={scope === OFFLINE ? words.endOffline : words.endPart(describeScopes(t, [scope]))}
            of={words.endAccessOf(name[language])}
          />
        </SelfForm>
      ))}
      <SelfForm user={user} action={ACTION} hidden={{ do: 'access', service: clientId }}>
        <EndButton
          text={parts.length > 0 ? words.endAllAccess : words.endAccess}
          of={words.endAccessOf(name[language])}
        />
      </SelfForm>
    </section>
  );
}

const OFFLINE = 'offline_access';

/**
 * The scopes that can be withdrawn separately; if it is the only one, the whole access is withdrawn instead.
 */
function listRemovableScopes({ scopes, offlineUntil }: ClientAccess): string[] {
  const parts = scopes.filter((scope) =>
    scope === OFFLINE ? offlineUntil !== null : listedClaimsOfScopes([scope]).length > 0,
  );
  return parts.length > 1 ? parts : [];
}

/** The same text is on many buttons: for screen readers each names what it belongs to. */
function EndButton({ text, of }: { text: string; of: string }): VNode {
  return (
    <Submit
      text={
        <>
          {text} <span class="sr-only">{of}</span>
        </>
      }
      isMain={false}
    />
  );
}

function sortByName(services: readonly ClientAccess[], language: Language): ClientAccess[] {
  const { compare } = new Intl.Collator(language);
  return services.toSorted((one, other) => compare(one.name[language], other.name[language]));
}

function writeMoment(at: Date, language: Language): string {
  const { day, time } = writePastMoment(at, language);
  return `${day} ${time}`;
}
