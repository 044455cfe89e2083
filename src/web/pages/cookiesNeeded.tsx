import type { VNode } from 'preact';
import { Page, type Frame } from '../layout.tsx';
import { Actions } from './form.tsx';

export interface CookiesNeededPage extends Frame {
  /** For which cookies have to be allowed. */
  readonly host: string;
  readonly tryAgain: string | null;
}

/**
 * No cookie came back. A choice of language would not be kept either: the other language stands below, in short.
 */
export function CookiesNeededPage(props: CookiesNeededPage): VNode {
  const { t, host, tryAgain } = props;
  const words = t.cookiesNeeded;
  return (
    <Page {...props} page="trouble" title={words.title} hasError>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <h2>{words.what}</h2>
      <ul>
        <li>{words.inApp}</li>
        <li>{words.allow(host)}</li>
      </ul>
      <p>{tryAgain ? words.thenAgain : words.thenBack}</p>
      {tryAgain ? (
        <Actions>
          <a class="button button-primary" href={tryAgain}>
            {t.troubleTryAgain}
          </a>
        </Actions>
      ) : null}
      <p lang={t.otherLanguage.lang}>{words.inOtherLanguage}</p>
    </Page>
  );
}
