import type { VNode } from 'preact';
import { writeDay, writeTime } from '../../ui/language.ts';
import { Page } from '../../ui/layout.tsx';
import type { KeyPlace } from '../../domain/card/cardLayout.ts';
import { Challenge } from '../../ui/challenge.tsx';
import { composeKeyErrorText, type KeyError } from '../signIn/index.ts';
import { KeyField } from '../../ui/stepForm.tsx';
import { FormPage, listFault } from '../../ui/form.tsx';
import { ActivationForm, AgainForm, type ActivationFrame } from './form.page.tsx';

export interface ActivateKeyPage extends ActivationFrame {
  readonly cardNumber: string;
  readonly keyNumber: string;
  readonly place: KeyPlace | null;
  /** The key activates the card. */
  readonly isFirst: boolean;
  /** Sent back with the key. */
  readonly nonce: string;
  readonly error: KeyError | null;
}

/** Step 2: the key page of a sign-in, for the person who has the card. */
export function ActivateKeyPage(props: ActivateKeyPage): VNode {
  const { t, error, isFirst, cardNumber, keyNumber, place } = props;
  const words = t.activate.key;
  const wrong = error && composeKeyErrorText(t, error);
  return (
    <FormPage
      layout={Page}
      frame={props}
      page="activate-key"
      title={t.key.title}
      heading={words.heading}
      steps={{ names: t.steps.activate, current: 2 }}
      errors={listFault('key', wrong)}
    >
      <p>{isFirst ? `${words.why} ${words.first}` : words.why}</p>
      <Challenge t={t} cardNumber={cardNumber} keyNumber={keyNumber} place={place}>
        <ActivationForm
          {...props}
          step="key"
          hidden={{ cardNumber, keyNumber, nonce: props.nonce }}
          submit={words.submit}
        >
          <KeyField t={t} fault={wrong} />
        </ActivationForm>
      </Challenge>
      <AgainForm {...props} isMain={false} />
    </FormPage>
  );
}

/** Shown after too many wrong keys, with the time when it opens. */
export function ActivateLockedPage(props: ActivationFrame & { readonly opensAt: Date }): VNode {
  const { t, language, opensAt } = props;
  return (
    <Page {...props} page="activate-told" title={t.activate.locked.title}>
      <h1>{t.locked.heading(writeDay(opensAt, language), writeTime(opensAt, language))}</h1>
      <p>{t.locked.key}</p>
      <p>{t.locked.why}</p>
      <p>{t.activate.locked.next}</p>
      <AgainForm {...props} isMain />
    </Page>
  );
}
