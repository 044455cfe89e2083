import type { ComponentChildren, VNode } from 'preact';
import {
  Actions,
  groupClass,
  inputClass,
  FieldFault,
  FieldHint,
  Hidden,
  SubmitButton,
  describedBy,
} from '../form.tsx';
import type { Texts } from '../words/words.da.ts';
import { WEBAUTHN_PATH } from './webauthn.ts';

/** What the browser is asked to create, and what its form sends back. */
export interface CreationView {
  /** The options as JSON. */
  readonly options: string;
  readonly issued: string;
}

interface CreationForm {
  readonly t: Texts;
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly creation: CreationView;
  readonly typedName: string;
  readonly nameFault: string | null;
  /** Beside the button. */
  readonly children?: ComponentChildren;
}

/**
 * The form that creates a security key or a passkey. It is hidden until the script finds that the browser can;
 * else the page says what serves.
 */
export function CreationForm(props: CreationForm): VNode {
  const { t, action, hidden, creation, typedName, nameFault, children } = props;
  const words = t.securityKeys;
  const { browserFaults } = words;
  return (
    <>
      <p data-webauthn-missing>{words.missing}</p>
      <form
        method="post"
        action={action}
        hidden
        data-webauthn="create"
        data-options={creation.options}
        // The name is read before the browser asks.
        autocomplete="off"
      >
        <Hidden values={{ ...hidden, issued: creation.issued, credential: '' }} />
        <div
          class="alert alert-error"
          role="alert"
          data-part="fault"
          hidden
          data-not-allowed-error={browserFaults.NotAllowedError}
          data-invalid-state-error={browserFaults.InvalidStateError}
          data-not-supported-error={browserFaults.NotSupportedError}
          data-security-error={browserFaults.SecurityError}
          data-other={browserFaults.other}
        >
          <div class="alert-body">
            <p class="alert-text" data-part="text" />
          </div>
        </div>
        <NameField id="name" label={words.name} hint={words.nameHint} value={typedName} fault={nameFault} />
        <Actions>
          <SubmitButton text={words.start} />
          {children}
        </Actions>
      </form>
      <script src={WEBAUTHN_PATH} defer />
    </>
  );
}

interface NameField {
  readonly id: string;
  readonly label: ComponentChildren;
  readonly hint?: string;
  readonly value: string;
  readonly fault: string | null;
}

/** The name of a security key: as many characters as may be stored. */
export function NameField({ id, label, hint, value, fault }: NameField): VNode {
  return (
    <div class={groupClass(fault)}>
      <label class="form-label" for={id}>
        {label}
      </label>
      <FieldHint name={id} hint={hint} />
      <FieldFault name={id} fault={fault} />
      <input
        type="text"
        id={id}
        name="name"
        class={inputClass('name')}
        value={value}
        maxLength={60}
        required
        autocomplete="off"
        {...describedBy(id, { hint, fault })}
      />
    </div>
  );
}
