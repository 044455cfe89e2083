import type { VNode } from 'preact';
import type { Told } from '../../../core/issuing/activation.ts';
import type { PublicSitesBar } from '../../../core/publicSites.ts';
import { writeDay, writeTime } from '../../language.ts';
import { Page } from '../../layout.tsx';
import { AgainForm, type ActivationFrame } from './form.tsx';

export interface ActivateToldPage extends ActivationFrame {
  readonly told: Told;
  /** When a card that waits can be used. */
  readonly opensAt: Date | null;
}

/** Told only after a right temporary password: what happened, why, and the one best next step. */
export function ActivateToldPage(props: ActivateToldPage): VNode {
  const { t, language, told, opensAt } = props;
  const words = t.activate.told[told];
  return (
    <Page {...props} page="activate-told" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      {opensAt ? <p>{t.opensAt(writeDay(opensAt, language), writeTime(opensAt, language))}</p> : null}
      <p>{words.next}</p>
      <AgainForm {...props} isMain />
    </Page>
  );
}

export interface ActivateDonePage extends ActivationFrame {
  readonly publicSites: boolean;
  readonly bar: PublicSitesBar | null;
  /** The sign-in that led here, as a path. */
  readonly backTo: string | null;
}

/** Where the ID can be used, and on to where it was needed. */
export function ActivateDonePage(props: ActivateDonePage): VNode {
  const { t, backTo, publicSites, bar } = props;
  const words = t.activate.done;
  return (
    <Page {...props} page="activate-done" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
      <p>{publicSites ? words.everywhere : words[bar ?? 'bankOnly']}</p>
      <p>{words.tearUp}</p>
      {backTo === null ? (
        <p>{words.next}</p>
      ) : (
        <div class="noegle-actions">
          <a class="button button-primary" href={backTo}>
            {words.back}
          </a>
        </div>
      )}
      <AgainForm {...props} isMain={false} />
    </Page>
  );
}
