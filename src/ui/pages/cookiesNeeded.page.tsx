import type { VNode } from 'preact';
import { otherLanguages } from '../../domain/language/language.ts';
import { TEXTS_BY_LANGUAGE } from '../language.ts';
import { Page, type PageFrame } from '../layout.tsx';
import { Actions } from '../form.tsx';

export interface CookiesNeededPage extends PageFrame {
  /** The host for which cookies have to be allowed. */
  readonly host: string;
  readonly tryAgain: string | null;
}

/**
 * No cookie arrived. A language choice would not be stored either, so the other languages are below, in
 * short. Where there is no address to try again, the page leads to the list of sites.
 */
export function CookiesNeededPage(props: CookiesNeededPage): VNode {
  const { t, language, host, tryAgain } = props;
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
      <Actions>
        <a class="button button-primary" href={tryAgain ?? '/services'}>
          {tryAgain ? t.errorParts.tryAgain : t.errorParts.ways.services}
        </a>
      </Actions>
      {otherLanguages(language).map((other) => (
        <p lang={other} key={other}>
          {TEXTS_BY_LANGUAGE[other].cookiesNeeded.inShort}
        </p>
      ))}
    </Page>
  );
}
