import type { VNode } from 'preact';
import { HelpLinks } from './info/help.tsx';
import type { ToldRefusal } from '../../core/errors/refusal.ts';
import { writeDay, writeTime } from '../language.ts';
import { Page, type Frame, type SignInFrame } from '../layout.tsx';
import { FormProof } from './stepForm.tsx';
import { writeComing } from './key.tsx';

export interface RefusedPage extends Frame, SignInFrame {
  readonly refusal: ToldRefusal;
  /** A new card on the way, with the days on which it is expected once it was sent. */
  readonly coming: { readonly expected: { readonly from: string; readonly to: string } | null } | null;
  /** When a card that waits can be used. */
  readonly opensAt: Date | null;
  /** Where an ID is taken into use, and back from there. */
  readonly activateAt: string;
}

/** Told only after a right password: what happened, why, and the one best next step. */
export function RefusedPage(props: RefusedPage): VNode {
  const { t, language, opensAt, refusal } = props;
  const words = t.refused[refusal];
  const when = opensAt && t.opensAt(writeDay(opensAt, language), writeTime(opensAt, language));
  // With a new card on its way the best next step is to wait for it.
  const isComing = props.coming !== null && refusal !== 'card_waiting';
  return (
    <Page {...props} page="refused" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      {when ? <p>{when}</p> : null}
      <p>{isComing ? `${writeComing(props)} ${t.comingCard.thenUse}` : words.next}</p>
      {refusal === 'not_activated' ? <ActivateForm {...props} /> : <BackForm {...props} />}
      <HelpLinks t={t} topics={['cannot-sign-in']} />
    </Page>
  );
}

/** Nothing is lost: this sign-in waits for whoever takes the ID into use first. */
function ActivateForm(props: RefusedPage): VNode {
  const { t } = props;
  return (
    <>
      <div class="noegle-actions">
        <a class="button button-primary" href={props.activateAt}>
          {t.notActivated.activate}
        </a>
      </div>
      <form method="post" action={props.formsGoTo}>
        <FormProof {...props} />
        <div class="noegle-actions">
          <button class="button button-unstyled" type="submit" name="again" value="1">
            {t.notActivated.signIn}
          </button>
          <button class="button button-unstyled" type="submit" name="cancel" value="1">
            {t.backTo(props.relyingParty)}
          </button>
        </div>
      </form>
    </>
  );
}

/** The way out: back to the relying party, which is told why. */
export function BackForm(props: Frame & SignInFrame): VNode {
  return (
    <form method="post" action={props.formsGoTo}>
      <FormProof {...props} />
      <div class="noegle-actions">
        <button class="button button-primary" type="submit" name="cancel" value="1">
          {props.t.backTo(props.relyingParty)}
        </button>
      </div>
    </form>
  );
}
