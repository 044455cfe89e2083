/** The frame of every page: wordmark, for whom, one column, the foot. Pure: props in, HTML out, no client script. */
import type { ComponentChildren, VNode } from 'preact';
import { render } from 'preact-render-to-string';
import type { Language } from '../core/person.ts';
import type { Texts } from './text/da.ts';

/** What every page is handed. */
export interface Frame {
  readonly t: Texts;
  readonly language: Language;
  /** Where the page can be had in the other language; null where that would lose something. */
  readonly languageSwitch: string | null;
  readonly stylesheet: string;
}

/** What every page of a sign-in is handed besides: for whom, and the proof that its form is ours. */
export interface SignInFrame {
  readonly relyingParty: string;
  /** A data address, or null. */
  readonly logo: string | null;
  readonly csrf: string;
}

export const PAGE_NAMES = [
  'password',
  'key',
  'new-card',
  'public-sites',
  'consent',
  'locked',
  'refused',
  'trouble',
  'logout',
  'logged-out',
  'still-signed-in',
  'block',
  'block-received',
  'session',
  'no-session',
  'order',
  'order-received',
  'order-no-match',
  'order-public-sites',
  'order-unchanged',
  'site-not-signed-in',
  'site-signed-out',
  'desk-home',
  'desk-staff',
  'desk-search',
  'desk-person',
  'desk-nobody',
  'desk-deed',
  'desk-own-id',
  'desk-issue',
  'desk-issue-check',
  'desk-looks-like',
  'desk-has-id',
  'desk-kept',
  'desk-application',
  'desk-decision',
  'desk-waiting',
  'desk-waiting-one',
  'no-role',
  'not-your-role',
  'activate',
  'activate-key',
  'activate-choose',
  'activate-told',
  'activate-done',
  'terms',
] as const;
export type PageName = (typeof PAGE_NAMES)[number];

interface PageProps extends Frame {
  readonly page: PageName;
  readonly title: string;
  readonly hasError?: boolean;
  readonly relyingParty?: string;
  readonly logo?: string | null;
  readonly step?: 1 | 2;
  readonly children: ComponentChildren;
}

export function Page(props: PageProps): VNode {
  const { t, page, title, hasError, relyingParty, logo, step, children } = props;
  return (
    <html lang={t.htmlLang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${hasError ? `${t.errorTitle}: ` : ''}${title} – ${t.brand}`}</title>
        <link rel="stylesheet" href={props.stylesheet} />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <a class="skipnav" href="#content">
          {t.skipToContent}
        </a>
        <header class="noegle-head">
          <span class="noegle-wordmark">{t.brand}</span>
          {props.languageSwitch ? (
            <a href={props.languageSwitch} lang={t.otherLanguage.lang} hreflang={t.otherLanguage.lang}>
              {t.otherLanguage.label}
            </a>
          ) : null}
        </header>
        <main id="content" class="noegle-main" data-page={page}>
          {relyingParty ? (
            <p class="noegle-for">
              {logo ? <img src={logo} alt="" width="40" height="40" /> : null}
              <span>
                {t.signingInTo} <strong>{relyingParty}</strong>
              </span>
            </p>
          ) : null}
          {step ? <p class="noegle-step">{t.step(step)}</p> : null}
          {children}
        </main>
        <footer class="noegle-foot">
          {page === 'block' || page === 'block-received' ? null : (
            <p class="noegle-block">
              <a href="/block">{t.footer.block}</a>
            </p>
          )}
          <p>{t.footer.never}</p>
          <p>{t.footer.keepApart}</p>
        </footer>
      </body>
    </html>
  );
}

/** What fields in error are described by, beside their hints. */
export const ERROR_ID = 'error';

/** The error on top of a form, in words, with a link to the field that it is about. */
export function ErrorSummary({ t, text, field }: { t: Texts; text: string; field: string }): VNode {
  return (
    <div class="alert alert-error" role="alert">
      <div class="alert-body">
        <p class="alert-heading">{t.errorSummary}</p>
        <p class="alert-text" id={ERROR_ID}>
          <a href={`#${field}`}>{text}</a>
        </p>
      </div>
    </div>
  );
}

export function renderPage(page: VNode): string {
  return `<!doctype html>${render(page)}`;
}
