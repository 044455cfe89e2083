import type { VNode } from 'preact';
import { composeErrorNumber } from '../../domain/errors/errorNumber.ts';
import { Page, PhoneLink, type PageFrame } from '../layout.tsx';
import type { Texts } from '../words/words.da.ts';
import type { ErrorPageKind, UnprocessedKind } from '../httpError.ts';
import { Actions } from '../form.tsx';

/** The places that an error page may lead to. */
const PLACES = {
  home: '/',
  services: '/services',
  selfService: '/self-service',
  desk: '/desk',
  order: '/order',
  activate: '/activate',
  block: '/block',
  newPassword: '/new-password',
  session: '/session',
  help: '/help',
} as const;

export interface WayOn {
  readonly to: keyof typeof PLACES;
}

export interface ErrorPage extends PageFrame {
  readonly kind: ErrorPageKind;
  readonly requestId: string;
  /** Where to try again; null where continuing here makes no sense. */
  readonly tryAgain: string | null;
  /** A page that is there: no error is a dead end. */
  readonly way: WayOn['to'];
}

/** Shown above a form that is returned as it was sent, because it could not be processed. */
export function UnprocessedNotice(props: { t: Texts; why: UnprocessedKind; hasPassword?: boolean }): VNode {
  const { t, why, hasPassword = false } = props;
  const words = t.unseen;
  return (
    <div class="alert alert-warning" role="alert">
      <div class="alert-body">
        <p class="alert-text">
          {words[why]} {hasPassword ? words.passwordAgain : words.sendAgain}
        </p>
      </div>
    </div>
  );
}

/** The page for errors outside the sign-in's rules: calm, in words, with a way to continue. */
export function ErrorPage(props: ErrorPage): VNode {
  const { t, tryAgain, way, contact } = props;
  const words = t.errorPages[props.kind];
  return (
    <Page {...props} page="trouble" title={words.title} hasError>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      <Actions>
        {tryAgain ? (
          <a class="button button-primary" href={tryAgain}>
            {t.errorParts.tryAgain}
          </a>
        ) : null}
        <a class={tryAgain ? undefined : 'button button-primary'} href={PLACES[way]}>
          {t.errorParts.ways[way]}
        </a>
      </Actions>
      <p class="noegle-number">
        {t.errorParts.phone} <PhoneLink number={contact.hotline} />. {t.errorParts.number}{' '}
        <strong data-error-number>{composeErrorNumber(props.requestId).replace(' ', '\u00a0')}</strong>
      </p>
    </Page>
  );
}
