/**
 * The layout of every page: wordmark, relying party, one column, the footer. Pure: props in, HTML out, no
 * client state.
 */
import type { ComponentChildren, VNode } from 'preact';
import { render } from 'preact-render-to-string';
import { otherLanguages, type Language } from '../domain/language/language.ts';
import { COURTESY_PATH } from './courtesy/courtesy.ts';
import { FORM_IDLE, LeaveWithoutScript, TimeoutDialog, type IdleTimeout } from './courtesy/timeout.tsx';
import './ownErrors.ts';
import { EMPTIED, FOUND, type PageName } from './pageNames.ts';
import type { ServiceContact } from '../domain/serviceContact.ts';
import type { Texts } from './words/words.da.ts';
import { LANGUAGE_NAMES } from './words/languages.ts';

/** The props of every page. */
export interface PageFrame {
  readonly t: Texts;
  readonly language: Language;
  /** The URL of the page, to which another language is added; null where switching would lose something. */
  readonly languageSwitch: string | null;
  /** On a page with typed input: the buttons that send it and switch the language, instead of a link. */
  readonly languageButtons?: VNode;
  readonly stylesheet: string;
  /** How people reach the service; its phone number and e-mail address are in the footer. */
  readonly contact: ServiceContact;
  /** What the operator tells everyone at the moment, in the language of the page. */
  readonly statusLine?: string | null;
}

/** The additional props of every page of a sign-in: the relying party, and the CSRF token of its form. */
export interface SignInFrame {
  readonly relyingParty: string;
  /** A data URL, or null. */
  readonly logo: string | null;
  readonly csrf: string;
  /** The URL to which its forms are posted: the first page may be at another URL. */
  readonly formsGoTo: string;
  /** The id of this rendering of the page, in forms that are verified. */
  readonly form: string;
}

interface PageProps extends PageFrame {
  readonly page: PageName;
  readonly title: string;
  readonly hasError?: boolean;
  readonly relyingParty?: string;
  readonly logo?: string | null;
  /** Step of a sign-in with a key. */
  readonly step?: 1 | 2;
  /** The signed-in person is logged out when the page is idle. */
  readonly idle?: IdleTimeout;
  /** Where a signed-in person blocks immediately; elsewhere user ID and password identify the person. */
  readonly blockAt?: string;
  readonly children: ComponentChildren;
}

/** Pages with one thing to do: a panel on a light ground, as are all pages of a sign-in. */
const IN_PANEL =
  /^(activate|block|new-password|order|site)(-|$)|^(trouble|logout|logged-out|still-signed-in|session|no-session)$/;
/** Pages of staff, with their refusals. */
const AT_DESK = /^desk-|^(no-role|not-your-role)$/;

/** Which frame of styles/frame.ts a page has. */
function chooseFrame(page: PageName, relyingParty: string | undefined): 'panel' | 'open' | 'desk' {
  if (relyingParty !== undefined || IN_PANEL.test(page)) return 'panel';
  return AT_DESK.test(page) ? 'desk' : 'open';
}

export function Page(props: PageProps): VNode {
  const { t, page, title, hasError, relyingParty, logo, step, blockAt = '/block', children } = props;
  const formIdle = EMPTIED.has(page) ? { ...FORM_IDLE, isCounted: relyingParty !== undefined } : null;
  const idle = props.idle ?? formIdle;
  return (
    <html lang={t.htmlLang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {FOUND.has(page) && !hasError ? null : <meta name="robots" content="noindex" />}
        <meta name="color-scheme" content="light dark" />
        <title>{`${hasError ? `${t.errorTitle}: ` : ''}${title} – ${t.brand}`}</title>
        <link rel="stylesheet" href={props.stylesheet} />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        {idle ? <LeaveWithoutScript idle={idle} /> : null}
        <script
          src={COURTESY_PATH}
          defer
          data-show-password={t.courtesy.showPassword}
          data-hide-password={t.courtesy.hidePassword}
          data-caps-lock={t.courtesy.capsLock}
        />
      </head>
      <body data-frame={chooseFrame(page, relyingParty)}>
        <a class="skipnav" href="#content">
          {t.skipToContent}
        </a>
        <header class="noegle-head">
          <div class="noegle-row">
            {page === 'start' || relyingParty ? (
              <span class="noegle-wordmark">{t.brand}</span>
            ) : (
              <a class="noegle-wordmark" href="/" aria-label={t.foot.home}>
                {t.brand}
              </a>
            )}
            <LanguageSwitch {...props} />
          </div>
        </header>
        {props.statusLine ? (
          <aside class="noegle-status" aria-label={t.foot.status}>
            <p class="noegle-row">{props.statusLine}</p>
          </aside>
        ) : null}
        <main id="content" class="noegle-main" data-page={page}>
          {relyingParty ? (
            <p class="noegle-for">
              {logo ? <img src={logo} alt="" width="40" height="40" /> : null}
              <span>
                {t.signingInTo} <strong>{relyingParty}</strong>
              </span>
            </p>
          ) : null}
          {step ? <StepGuide t={t} names={t.steps.signIn} current={step} /> : null}
          {children}
        </main>
        {idle ? <TimeoutDialog t={t} idle={idle} /> : null}
        <footer class="noegle-foot">
          <div class="noegle-row">
            {page === 'block' || page === 'block-received' || page === 'self-block' ? null : (
              <p class="noegle-block">
                <a href={blockAt}>{t.foot.block}</a>
              </p>
            )}
            <p>
              {t.foot.hotline} <PhoneLink number={props.contact.hotline} />
            </p>
            <p>
              {t.foot.write} <MailLink address={props.contact.email} />
            </p>
            <p>{t.foot.never}</p>
            <p>{t.foot.keepApart}</p>
            <nav aria-label={t.foot.links}>
              <a href="/help">{t.foot.help}</a>
              <a href="/services">{t.foot.services}</a>
              <a href="/terms">{t.foot.terms}</a>
              <a href="/privacy">{t.foot.privacy}</a>
              <a href={props.contact.accessibilityUrl ?? '/accessibility'}>{t.foot.accessibility}</a>
            </nav>
          </div>
        </footer>
      </body>
    </html>
  );
}

function LanguageSwitch({ language, languageSwitch, languageButtons }: PageFrame): VNode | null {
  if (languageButtons) return languageButtons;
  if (languageSwitch === null) return null;
  const at = `${languageSwitch}${languageSwitch.includes('?') ? '&' : '?'}language=`;
  return (
    <>
      {otherLanguages(language).map((other) => (
        <a href={`${at}${other}`} lang={other} hreflang={other} key={other}>
          {LANGUAGE_NAMES[other]}
        </a>
      ))}
    </>
  );
}

/** The number on one line, as a link that dials it. */
export function PhoneLink({ number }: { number: string }): VNode {
  return <a href={`tel:${number.replaceAll(' ', '')}`}>{number.replaceAll(' ', '\u00a0')}</a>;
}

/** The address as a link that opens a mail to it. */
export function MailLink({ address }: { address: string }): VNode {
  return <a href={`mailto:${address}`}>{address}</a>;
}

interface StepGuideProps {
  readonly t: Texts;
  readonly names: readonly string[];
  /** Counted from 1. */
  readonly current: number;
}

/** The step indicator of `dkfds`, in one row. It has no links: no one goes back past a password or a key. */
export function StepGuide({ t, names, current }: StepGuideProps): VNode {
  return (
    <div class="noegle-steps">
      <p class="step-subheading">{t.steps.of(current, names.length)}</p>
      <ol class="step-indicator">
        {names.map((name, i) => (
          <li
            class={i + 1 === current ? 'current' : 'disabled'}
            aria-current={i + 1 === current ? 'step' : undefined}
            key={name}
          >
            <div class="step">
              {i + 1 < current ? (
                <span class="step-icon">
                  <svg viewBox="0 0 24 24" role="img" aria-label={t.steps.done}>
                    <path d="m5 12 5 5 9-10" />
                  </svg>
                </span>
              ) : (
                <span class="step-number">{i + 1}</span>
              )}
              <span class="step-title">{name}</span>
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The id of the summary, for fields in error without a separate message (aria-describedby). */
export const ERROR_ID = 'error';

export interface FieldErrorLink {
  /** The id of the field. */
  readonly field: string;
  /** The cause and the remedy. */
  readonly text: string;
}

type ErrorSummaryProps = { readonly t: Texts } & (
  | FieldErrorLink
  | { readonly errors: readonly FieldErrorLink[] }
);

/**
 * All errors, above a form, in the order of the page, each with a link to its field. It takes focus when the
 * page is shown with errors, so that a screen reader begins with them.
 */
export function ErrorSummary(props: ErrorSummaryProps): VNode | null {
  const errors = 'errors' in props ? props.errors : [props];
  if (errors.length === 0) return null;
  return (
    <div class="alert alert-error noegle-errors" role="alert" tabindex={-1} autofocus>
      <div class="alert-body">
        <h2 class="alert-heading">{props.t.errorSummary}</h2>
        <ul class="alert-text noegle-faults" id={ERROR_ID}>
          {errors.map(({ field, text }) => (
            <li key={field}>
              <a href={`#${field}`}>{text}</a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

export function renderPage(page: VNode): string {
  return `<!doctype html>${render(page)}`;
}
