import type { VNode } from 'preact';
import type { KeyPlace } from '../../../domain/card/cardLayout.ts';
import { Challenge } from '../../../ui/challenge.tsx';
import { Actions, FormPage, SubmitButton, listFault } from '../../../ui/form.tsx';
import { HelpLinks } from '../../../ui/help.tsx';
import { Page, type PageFrame, type SignInFrame } from '../../../ui/layout.tsx';
import { composeKeyErrorText, type KeyError } from '../key/key.page.tsx';
import { CancelButton, FormProof, KeyField, StepForm } from '../../../ui/stepForm.tsx';

export interface NewCardPage extends PageFrame, SignInFrame {
  readonly cardNumber: string;
  readonly keyNumber: string;
  /** Where it is printed; null where that cannot be described. */
  readonly place: KeyPlace | null;
  /** No card is in use, so the person cannot go on without this one. */
  readonly instead: boolean;
  /** No key of the old card was given: the first key of this one begins the wait. */
  readonly waits: boolean;
  readonly waitHours: number;
  readonly error: KeyError | 'locked' | null;
}

/**
 * Asks for the first key of a card that was sent, which takes it into use, or begins its wait. A card that
 * has not arrived is asked for again at the next sign-in.
 */
export function NewCardPage(props: NewCardPage): VNode {
  const { t, error, instead } = props;
  const words = t.newCard;
  const title = instead ? words.titleInstead : words.title;
  if (error === 'locked') {
    return (
      <Page {...props} page="new-card" title={title} hasError>
        <h1>{words.lockedTitle}</h1>
        <p>{words.locked}</p>
        <SkipForm {...props} />
      </Page>
    );
  }
  const { cardNumber, keyNumber, place } = props;
  const wrong = error && composeKeyErrorText(t, error);
  return (
    <FormPage layout={Page} frame={props} page="new-card" title={title} errors={listFault('newKey', wrong)}>
      <p>{composeReason(props)}</p>
      <Challenge t={t} cardNumber={cardNumber} keyNumber={keyNumber} place={place} lookOn={words.lookOn}>
        <StepForm
          {...props}
          step="new-card"
          hidden={{ cardNumber, keyNumber }}
          submit={words.submit}
          buttons={
            instead ? null : (
              <SubmitButton kind="secondary" name="skip" value="1" text={words.skip} skipsChecks />
            )
          }
        >
          <KeyField t={t} name="newKey" fault={wrong} />
        </StepForm>
      </Challenge>
      <HelpLinks t={t} topics={['new-card']} />
    </FormPage>
  );
}

function composeReason({ t: { newCard: words }, instead, waits, waitHours }: NewCardPage): string {
  if (instead) return words.whyInstead(waitHours);
  return waits ? words.whyWaits(waitHours) : words.why;
}

function SkipForm(props: NewCardPage): VNode {
  const { t } = props;
  return (
    <form method="post" action={props.formsGoTo}>
      <FormProof {...props} />
      <Actions>
        <SubmitButton name="skip" value="1" text={t.newCard.goOn} />
        <CancelButton t={t} />
      </Actions>
    </form>
  );
}
