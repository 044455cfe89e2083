import type { VNode } from 'preact';
import { AppointmentNote, namesBorgerservice } from './borgerservice.tsx';
import { ContactPanel } from './contactPanel.tsx';
import { Page, type PageFrame } from './layout.tsx';
import type { Texts } from './words/words.da.ts';

export type HelpTopic = keyof Texts['help']['topics'];

/** The topics in reading order, each with the page of its next step. */
const GROUPS: Readonly<Record<keyof Texts['help']['groups'], Readonly<Partial<Record<HelpTopic, string>>>>> =
  {
    card: {
      card: '/self-service',
      'lost-card': '/block',
      'few-keys': '/self-service/card',
      'new-card': '/self-service/card',
      'cannot-use-card': '/services',
    },
    id: {
      'get-an-id': '/order',
      forgotten: '/new-password',
      'cannot-sign-in': '/services',
      'public-sites': '/self-service/public-sites',
      moved: '/self-service/card',
      'other-computers': '/self-service/access',
    },
    safety: { helping: '/services', 'phone-call': '/block', safety: '/help/card' },
  };

const NEXT = Object.assign({}, ...Object.values(GROUPS)) as Readonly<Record<HelpTopic, string>>;

export const HELP_TOPICS = Object.keys(NEXT) as HelpTopic[];

/** The overview of all help topics. */
export function HelpPage(props: PageFrame): VNode {
  const { t } = props;
  const words = t.help;
  return (
    <Page {...props} page="help" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.intro}</p>
      {Object.entries(GROUPS).map(([group, topics]) => (
        <section key={group}>
          <h2>{words.groups[group as keyof typeof GROUPS]}</h2>
          <ul class="noegle-links noegle-short">
            {(Object.keys(topics) as HelpTopic[]).map((topic) => (
              <li key={topic}>
                <a href={`/help/${topic}`}>{words.topics[topic].ask}</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <ContactPanel {...props} asksForGaps />
    </Page>
  );
}

/** One topic: what it is about, why it is so, what to do now, and the best next step. */
export function HelpTopicPage(props: PageFrame & { readonly topic: HelpTopic }): VNode {
  const { t, topic } = props;
  const words = t.help;
  const topicWords = words.topics[topic];
  const rules = 'rules' in topicWords ? topicWords.rules : [];
  return (
    <Page {...props} page="help-topic" title={topicWords.title}>
      <p class="noegle-back">
        <a href="/help">{words.all}</a>
      </p>
      <h1>{topicWords.title}</h1>
      <p class="noegle-lead">{topicWords.lead}</p>
      <h2>{words.now}</h2>
      <ul class="noegle-list">
        {topicWords.now.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {namesBorgerservice(topicWords.now) ? <AppointmentNote {...props} /> : null}
      <p class="noegle-actions">
        <a class="button button-primary" href={NEXT[topic]}>
          {topicWords.next}
        </a>
      </p>
      <h2>{words.why}</h2>
      {topicWords.why.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {rules.map(({ id, heading, text }) => (
        <section id={id} key={id}>
          <h3>{heading}</h3>
          <p>{text}</p>
        </section>
      ))}
      <ContactPanel {...props} asksForGaps />
    </Page>
  );
}

interface HelpLinksProps {
  readonly t: Texts;
  readonly topics: readonly HelpTopic[];
  /** The way to a new password comes first. */
  readonly offersNewPassword?: boolean;
}

/**
 * Links from a page to the help topics that it raises. They open a new tab: leaving the page would lose what
 * was typed, or the sign-in that waits.
 */
export function HelpLinks({ t, topics, offersNewPassword = false }: HelpLinksProps): VNode {
  return (
    <ul class="noegle-asks">
      {offersNewPassword ? (
        <li>
          <a href="/new-password" target="_blank" rel="noopener">
            {t.newPassword.link} {t.help.newWindow}
          </a>
        </li>
      ) : null}
      {topics.map((topic) => (
        <li key={topic}>
          <a href={`/help/${topic}`} target="_blank" rel="noopener">
            {t.help.topics[topic].ask} {t.help.newWindow}
          </a>
        </li>
      ))}
    </ul>
  );
}
