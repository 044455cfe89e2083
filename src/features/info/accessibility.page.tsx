import type { VNode } from 'preact';
import { Page, PhoneLink, type PageFrame } from '../../ui/layout.tsx';

const PARTS = ['status', 'limits', 'tell', 'complain'] as const;

export function AccessibilityPage(props: PageFrame): VNode {
  const { t, contact } = props;
  const words = t.accessibility;
  return (
    <Page {...props} page="accessibility" title={words.title}>
      <h1>{words.title}</h1>
      <p class="noegle-lead">{words.lead}</p>
      {PARTS.map((part) => (
        <section key={part}>
          <h2>{words[part].heading}</h2>
          {words[part].texts.map((text) => (
            <p key={text}>{text}</p>
          ))}
          {part === 'tell' ? (
            <p>
              {t.foot.hotline} <PhoneLink number={contact.hotline} />
            </p>
          ) : null}
          {part === 'limits' ? (
            <p>
              <a href="/help/cannot-use-card">{t.help.topics['cannot-use-card'].ask}</a>
            </p>
          ) : null}
        </section>
      ))}
      <p>{words.updated}</p>
    </Page>
  );
}
