import type { VNode } from 'preact';
import { ContactPanel } from '../../ui/contactPanel.tsx';
import { writeDate } from '../../ui/language.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';

/** When the statement was last held against the pages. The act asks for that once a year. */
const REVIEWED_ON = '2026-11-30';

export function AccessibilityPage(props: PageFrame): VNode {
  const { t, language, contact } = props;
  const { lead, status, limits, assessed, tell, complain, title, heading, official } = t.accessibility;
  return (
    <Page {...props} page="accessibility" title={title}>
      <h1>{heading}</h1>
      <p class="noegle-lead">{lead(contact.operator.name, new URL(contact.issuer).host)}</p>
      {contact.accessibilityUrl === null ? null : (
        <p>
          <a href={contact.accessibilityUrl} rel="noreferrer">
            {official}
          </a>
        </p>
      )}
      <h2>{status.heading}</h2>
      <Texts texts={status.texts} />
      <h2>{limits.heading}</h2>
      {limits.criteria.map(({ criterion, text }) => (
        <section key={criterion}>
          <h3>
            WCAG <span lang={limits.criteriaLanguage}>{criterion}</span>
          </h3>
          <p>{text}</p>
        </section>
      ))}
      <Texts texts={limits.instead} />
      <p>
        <a href="/help/cannot-use-card">{t.help.topics['cannot-use-card'].ask}</a>
      </p>
      <h2>{assessed.heading}</h2>
      <Texts texts={assessed.texts} />
      <p>{assessed.dates(writeDate(REVIEWED_ON, language))}</p>
      <h2>{tell.heading}</h2>
      <Texts texts={tell.texts} />
      <ContactPanel {...props} />
      <h2>{complain.heading}</h2>
      <Texts texts={complain.texts} />
      <p>
        <a href={complain.url} rel="noreferrer">
          {complain.link}
        </a>
      </p>
    </Page>
  );
}

function Texts({ texts }: { readonly texts: readonly string[] }): VNode {
  return (
    <>
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </>
  );
}
