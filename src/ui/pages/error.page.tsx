import type { VNode } from 'preact';
import { Page, type PageFrame } from '../layout.tsx';
import type { Texts } from '../words/words.da.ts';
import type { ErrorPageKind, UnprocessedKind } from '../httpError.ts';
import { Actions } from '../form.tsx';

export interface ErrorPage extends PageFrame {
  readonly kind: ErrorPageKind;
  readonly requestId: string;
  /** Where to try again; null where continuing here makes no sense. */
  readonly tryAgain: string | null;
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
  const { t } = props;
  const words = t.errorPages[props.kind];
  return (
    <Page {...props} page="trouble" title={words.title} hasError>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      {props.tryAgain ? (
        <Actions>
          <a class="button button-primary" href={props.tryAgain}>
            {t.troubleTryAgain}
          </a>
        </Actions>
      ) : null}
      <p class="noegle-number">
        {t.troubleNumber} <span data-request-id>{props.requestId}</span>
      </p>
    </Page>
  );
}
