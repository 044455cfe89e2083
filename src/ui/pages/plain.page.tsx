/** Self-contained pages: their style is inline, because what they would load is not available either. */
import type { ComponentChildren, VNode } from 'preact';
import { PhoneLink, type PageFrame } from '../layout.tsx';
import { PLAIN_STYLE } from '../styles/plain.ts';
import type { Texts } from '../words/words.da.ts';

interface PlainProps {
  readonly t: Texts;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Plain({ t, title, children }: PlainProps): VNode {
  return (
    <html lang={t.htmlLang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${t.errorTitle}: ${title} – ${t.brand}`}</title>
        <style>{PLAIN_STYLE}</style>
      </head>
      <body>
        <header>{t.brand}</header>
        <main data-page="trouble">{children}</main>
      </body>
    </html>
  );
}

/** The page for another host. Files and links of that host lead nowhere: all links name the right one. */
export function WrongHostPage({ t, contact, statusLine }: PageFrame): VNode {
  const words = t.errorPages.wrong_host;
  const { issuer } = contact;
  return (
    <Plain t={t} title={words.title}>
      <h1>{words.title}</h1>
      {statusLine ? <p>{statusLine}</p> : null}
      <p>{words.why}</p>
      <p>{words.next}</p>
      <p>
        {t.wrongHost.right}:{' '}
        <a class="button" href={`${issuer}/`}>
          {issuer}
        </a>
      </p>
      <nav aria-label={t.foot.links}>
        <p>
          <a href={`${issuer}/help`}>{t.wrongHost.links.help}</a>
        </p>
        <p>
          <a href={`${issuer}/block`}>{t.wrongHost.links.block}</a>
        </p>
      </nav>
      <p>
        {t.foot.hotline} <PhoneLink number={contact.hotline} />
      </p>
    </Plain>
  );
}

export type UnreadableKind = 'headersTooLarge' | 'tooSlow';

/** A request that was not read: the requested language is in the part that is missing, so all are shown. */
export function UnreadablePage(props: {
  readonly kind: UnreadableKind;
  readonly texts: readonly [Texts, ...Texts[]];
}): VNode {
  const { kind, texts } = props;
  const [first] = texts;
  return (
    <Plain t={first} title={first[kind].title}>
      {texts.map((t, i) => (
        <section lang={t.htmlLang} key={t.htmlLang}>
          {i > 0 ? <hr /> : null}
          <h1>{t[kind].title}</h1>
          <p>{t[kind].why}</p>
          <p>{t[kind].next}</p>
          <p>
            <a href="/">{t.errorParts.ways.home}</a>
          </p>
        </section>
      ))}
    </Plain>
  );
}
