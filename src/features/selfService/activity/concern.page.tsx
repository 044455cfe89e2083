import type { VNode } from 'preact';
import { MailLink, PhoneLink } from '../../../ui/layout.tsx';
import { Actions, Submit } from '../../../ui/form.tsx';
import { SessionCard, type SessionView } from '../../sessions/index.ts';
import type { Activity } from './activity.rules.ts';
import { ActivityLine, ProofLink, writeLineTime } from './activityLine.page.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';
import { findConcern, isDoneByPerson, REMEDIES, type Remedy } from './concern.rules.ts';

export interface SelfConcernPage extends SelfServiceFrame {
  readonly line: Activity;
  /** The network of this request. */
  readonly network: string;
  /** The line has the browser and network of this request. */
  readonly isLikeHere: boolean;
  /** Other sessions that were last used in the browser and network of the line. */
  readonly sessions: readonly SessionView[];
}

const PATHS: Readonly<Record<Exclude<Remedy, 'phone'>, string>> = {
  block_card: '/self-service/block',
  block_id: '/self-service/block',
  change_password: '/self-service/sign-in',
  end_sessions: '/self-service/access',
  remove_access: '/self-service/access',
  stop_email: '/self-service/contact',
  remove_browsers: '/self-service/browsers',
  public_sites_off: '/self-service/public-sites',
  stop_security_key: '/self-service/security-keys',
  see_card: '/self-service/card',
};

/** For one line of the log: what it would mean if it was someone else, and what helps then. */
export function SelfConcernPage(props: SelfConcernPage): VNode {
  const { t, language, line, network } = props;
  const words = t.activity.concerns;
  const concern = findConcern(line);
  const title = isDoneByPerson(line) ? words.title : words.titleOther;
  return (
    <SelfServicePage {...props} page="self-concern" title={title}>
      <p class="noegle-back">
        <a href="/self-service/activity">{words.back}</a>
      </p>
      <h1>{title}</h1>
      <section class="noegle-item" aria-label={words.theLine}>
        <p>
          <time dateTime={line.at.toISOString()}>{writeLineTime(line, language)}</time>
        </p>
        <ActivityLine line={line} t={t} language={language} network={network} />
        <ProofLink t={t} language={language} line={line} />
        {props.isLikeHere ? <p class="form-hint">{words.isHere}</p> : null}
      </section>
      <p>{words.means[concern]}</p>
      <h2>{words.helps}</h2>
      <ol class="noegle-remedies">
        {REMEDIES[concern].map((remedy, i) => (
          <RemedyItem {...props} remedy={remedy} isFirst={i === 0} key={remedy} />
        ))}
      </ol>
    </SelfServicePage>
  );
}

function RemedyItem(props: SelfConcernPage & { remedy: Remedy; isFirst: boolean }): VNode {
  const { t, contact, remedy, isFirst, sessions } = props;
  const words = t.activity.concerns;
  const { means, link } = words.remedies[remedy];
  return (
    <li>
      <p>{means}</p>
      {remedy === 'phone' ? (
        <p>
          <PhoneLink number={contact.hotline} /> · <MailLink address={contact.email} />
        </p>
      ) : (
        <Actions>
          <a class={isFirst ? 'button button-primary' : 'button button-secondary'} href={PATHS[remedy]}>
            {link}
          </a>
        </Actions>
      )}
      {remedy === 'end_sessions' && sessions.length > 0 ? <SessionsLike {...props} /> : null}
    </li>
  );
}

/** The sessions from the same place, each with its end. Without a recent key the form leads to one. */
function SessionsLike({ t, language, network, user, sessions }: SelfConcernPage): VNode {
  return (
    <>
      <p>{t.activity.concerns.sessionsLike}</p>
      {sessions.map((session) => (
        <SessionCard
          t={t}
          language={language}
          session={session}
          isHere={false}
          network={network}
          key={session.uid}
        >
          <SelfForm
            user={user}
            action="/self-service/access"
            hidden={{ do: 'session', session: session.uid }}
          >
            <Submit text={t.access.endSession} isMain={false} />
          </SelfForm>
        </SessionCard>
      ))}
    </>
  );
}
