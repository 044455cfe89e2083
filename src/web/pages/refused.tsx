import type { VNode } from 'preact';
import type { ToldRefusal } from '../../core/refusal.ts';
import { Page, type Frame, type SignInFrame } from '../layout.tsx';

export interface RefusedPage extends Frame, SignInFrame {
  readonly refusal: ToldRefusal;
}

/** Told only after a right password: what happened, why, and the one best next step. */
export function RefusedPage(props: RefusedPage): VNode {
  const words = props.t.refused[props.refusal];
  return (
    <Page {...props} page="refused" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      <p>{words.next}</p>
      <BackForm {...props} />
    </Page>
  );
}

/** The way out: back to the relying party, which is told why. */
export function BackForm(props: Frame & SignInFrame): VNode {
  return (
    <form method="post">
      <input type="hidden" name="csrf" value={props.csrf} />
      <div class="noegle-actions">
        <button class="button button-primary" type="submit" name="cancel" value="1">
          {props.t.backTo(props.relyingParty)}
        </button>
      </div>
    </form>
  );
}
