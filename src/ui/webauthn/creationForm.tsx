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
import { BrowserFaultAlert } from './browserFaultAlert.tsx';
import { WEBAUTHN_PATH } from './webauthn.ts';

/** What the browser is asked to create, and what its form sends back. */
export interface CreationView {
  /** The options as JSON. */
  readonly options: string;
  readonly issued: string;
}

interface CreationForm extends CreationFields {
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
  /** Beside the button. */
  readonly children?: ComponentChildren;
}

/** The form that creates a security key or a passkey. */
export function CreationForm(props: CreationForm): VNode {
  const { t, action, hidden, creation, children } = props;
  return (
    <>
      <CreationMissing t={t} />
      <form method="post" action={action} {...creationAttributes(creation)}>
        <Hidden values={hidden} />
        <CreationFields {...props} />
        <Actions>
          <SubmitButton text={t.securityKeys.start} />
          {children}
        </Actions>
      </form>
    </>
  );
}

/** What serves where the browser cannot: the script removes it where it can. */
export function CreationMissing({ t }: Pick<CreationFields, 't'>): VNode {
  return <p data-webauthn-missing>{t.securityKeys.missing}</p>;
}

/** Of a form that creates one: it is hidden until the script finds that the browser can. */
export function creationAttributes({ options }: CreationView) {
  return { hidden: true, 'data-webauthn': 'create', 'data-options': options, autocomplete: 'off' } as const;
}

interface CreationFields {
  readonly t: Texts;
  readonly creation: CreationView;
  readonly typedName: string;
  readonly nameFault: string | null;
}

/** The fields of such a form: what the browser reports, the name, and the answer that the script fills in. */
export function CreationFields({ t, creation, typedName, nameFault }: CreationFields): VNode {
  const words = t.securityKeys;
  return (
    <>
      <Hidden values={{ issued: creation.issued, credential: '' }} />
      <BrowserFaultAlert faults={words.browserFaults} />
      <NameField id="name" label={words.name} hint={words.nameHint} value={typedName} fault={nameFault} />
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
