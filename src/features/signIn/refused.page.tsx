import type { VNode } from 'preact';
import { Actions, SubmitButton } from '../../ui/form.tsx';
import { AppointmentLink } from '../../ui/borgerservice.tsx';
import { HelpLinks } from '../../ui/help.tsx';
import type { PageRefusal } from '../../domain/errors/refusal.ts';
import { writeDay, writeTime } from '../../ui/language.ts';
import { Page, type PageFrame, type SignInFrame } from '../../ui/layout.tsx';
import { FormProof } from '../../ui/stepForm.tsx';
import { writeNextCard } from './key/key.page.tsx';

export interface RefusedPage extends PageFrame, SignInFrame {
  readonly refusal: PageRefusal;
  /** A new card on the way, with the days on which it is expected once it is sent. */
  readonly nextCard: { readonly expected: { readonly from: string; readonly to: string } | null } | null;
  /** When a card in its waiting time can be used. */
  readonly opensAt: Date | null;
  /** The address for activating an ID, which leads back here. */
  readonly activateAt: string;
}

/** The best next step is in person. */
const AT_BORGERSERVICE: ReadonlySet<PageRefusal> = new Set<PageRefusal>([
  'id_blocked',
  'card_blocked',
  'acr_unattainable',
  'proofing_too_low',
  'no_active_card',
  'no_keys_left',
]);

/** Shown only after a right password: what happened, why, and the best next step. */
export function RefusedPage(props: RefusedPage): VNode {
  const { t, language, opensAt, refusal } = props;
  const words = t.refused[refusal];
  const when = opensAt && t.opensAt(writeDay(opensAt, language), writeTime(opensAt, language));
  // With a new card on its way, the best next step is to wait for it.
  const isComing = props.nextCard !== null && refusal !== 'card_waiting';
  return (
    <Page {...props} page="refused" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      {when ? <p>{when}</p> : null}
      {isComing ? (
        <p>
          {writeNextCard(props)} {t.comingCard.thenUse}
        </p>
      ) : (
        <p>
          {words.next} {AT_BORGERSERVICE.has(refusal) ? <AppointmentLink {...props} /> : null}
        </p>
      )}
      {refusal === 'no_security_key' ? <SecurityKeysLink {...props} /> : null}
      {refusal === 'not_activated' ? <ActivateForm {...props} /> : <BackForm {...props} />}
      <HelpLinks t={t} topics={['cannot-sign-in']} />
    </Page>
  );
}

/** In a tab of its own: this sign-in goes back to the relying party by its own button. */
function SecurityKeysLink({ t }: RefusedPage): VNode {
  return (
    <p>
      <a href="/self-service/security-keys" target="_blank" rel="noopener">
        {t.addSecurityKey}
      </a>
    </p>
  );
}

/** Nothing is lost: this sign-in waits while the person activates the ID. */
function ActivateForm(props: RefusedPage): VNode {
  const { t } = props;
  return (
    <>
      <Actions>
        <a class="button button-primary" href={props.activateAt}>
          {t.notActivated.activate}
        </a>
      </Actions>
      <form method="post" action={props.formsGoTo}>
        <FormProof {...props} />
        <Actions>
          <SubmitButton kind="unstyled" name="again" value="1" text={t.notActivated.signIn} />
          <SubmitButton kind="unstyled" name="cancel" value="1" text={t.backTo(props.relyingParty)} />
        </Actions>
      </form>
    </>
  );
}

/**
 * Returns to the relying party, which is notified of the reason.
 * @param props.isSecond the page has a better next step
 */
export function BackForm(props: PageFrame & SignInFrame & { readonly isSecond?: boolean }): VNode {
  const kind = props.isSecond ? 'unstyled' : 'primary';
  return (
    <form method="post" action={props.formsGoTo}>
      <FormProof {...props} />
      <Actions>
        <SubmitButton kind={kind} name="cancel" value="1" text={props.t.backTo(props.relyingParty)} />
      </Actions>
    </form>
  );
}
