import type { VNode } from 'preact';
import { Actions } from '../../../ui/form.tsx';
import { Page, type PageFrame } from '../../../ui/layout.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';

/**
 * `signed_in`: this browser got a code. `ended`: cancelled, or answered before. `timed_out`: its hour has
 * passed. `unknown`: this browser has no cookie of it.
 */
export type OverReason = 'signed_in' | 'ended' | 'timed_out' | 'unknown';

export interface OverPage extends PageFrame {
  readonly reason: OverReason;
  /** The relying party, where it is known and registered; without an address it has no web site. */
  readonly site: { readonly name: string; readonly address: string | null } | null;
}

/** The address of a sign-in that is over: what happened, and the way on. */
export function OverPage(props: OverPage): VNode {
  const { t, site } = props;
  const words = explainEnd(t, props);
  return (
    <Page {...props} page="trouble" title={words.title} hasError={props.reason !== 'signed_in'}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      <Actions>
        {site?.address ? (
          <a class="button button-primary" href={site.address}>
            {t.over.goTo(site.name)}
          </a>
        ) : (
          <a class="button button-primary" href="/services">
            {t.errorParts.ways.services}
          </a>
        )}
        <a href="/">{t.over.home}</a>
      </Actions>
    </Page>
  );
}

function explainEnd({ over }: Texts, { reason, site }: OverPage) {
  if (!site || reason === 'unknown') return over.unknown;
  const { name } = site;
  switch (reason) {
    case 'signed_in':
      return { title: over.signedIn.title(name), why: over.signedIn.why, next: over.signedIn.next(name) };
    case 'ended':
      return { title: over.ended.title, why: over.ended.why(name), next: over.ended.next(name) };
    case 'timed_out':
      return { title: over.timedOut.title, why: over.timedOut.why(name), next: over.timedOut.next(name) };
  }
}
