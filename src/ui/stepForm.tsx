import type { ComponentChildren, VNode } from 'preact';
import { ERROR_ID, type PageFrame, type SignInFrame } from './layout.tsx';
import { CHALLENGE_ID } from './challenge.tsx';
import { Actions, Hidden, SubmitButton, FieldFault, FieldHint, groupClass, inputClass } from './form.tsx';

interface StepForm extends PageFrame, SignInFrame {
  /** The step of the form, which the dispatcher reads. */
  readonly step: 'password' | 'new-card' | 'code';
  /** Hidden fields that are sent back unchanged. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly submit: string;
  /** Not where another way is shown before it. */
  readonly isMain?: boolean;
  /**
   * Buttons between the form's own and cancel: a page of a sign-in has one form, and each hidden field
   * once.
   */
  readonly buttons?: ComponentChildren;
  readonly children: ComponentChildren;
}

/**
 * The CSRF token, and the id by which a repeated form is recognized.
 * @param step the page of the form, where that matters.
 */
export function FormProof({ csrf, form, step }: SignInFrame & { step?: string }): VNode {
  return (
    <>
      <input type="hidden" name="csrf" value={csrf} />
      <input type="hidden" name="form" value={form} />
      {step ? <input type="hidden" name="step" value={step} /> : null}
    </>
  );
}

/** The form of a step: CSRF token and hidden fields, its fields, one button, and cancel. */
export function StepForm(props: StepForm): VNode {
  const { t, step, hidden = {}, submit, isMain = true, children } = props;

  return (
    <form method="post" action={props.formsGoTo}>
      <FormProof {...props} step={step} />
      <Hidden values={hidden} />
      {children}
      <Actions>
        <SubmitButton kind={isMain ? 'primary' : 'secondary'} text={submit} />
        {props.buttons}
        <CancelButton t={t} />
      </Actions>
    </form>
  );
}

export function CancelButton({ t }: Pick<PageFrame, 't'>): VNode {
  return <SubmitButton kind="unstyled" name="cancel" value="1" skipsChecks text={t.cancel} />;
}

interface Field {
  readonly name: string;
  /** Where a page has two fields with the name. */
  readonly id?: string;
  readonly label: string;
  readonly hint?: string;
  /** The error shown next to the field; true where only the summary has the text. */
  readonly hasError: boolean | string;
  readonly type?: 'text' | 'password';
  readonly isOptional?: boolean;
  readonly value?: string;
  readonly autocomplete: string;
  readonly inputmode?: 'numeric';
  readonly class?: string;
  /** The id of an element before the field that says what is asked. */
  readonly describedBy?: string;
  /** It has the focus when the page opens. */
  readonly autofocus?: boolean;
}

/** A field, required unless `isOptional`, with its label, its hint, and the error that describes it. */
export function Field(props: Field): VNode {
  const { name, id = name, label, hint, hasError, type = 'text', isOptional = false } = props;
  const { value, autocomplete, inputmode, autofocus, describedBy = '' } = props;
  const errorId = typeof hasError === 'string' ? `${id}-error` : ERROR_ID;
  const describing = [describedBy, hint ? `${id}-hint` : '', hasError ? errorId : ''];
  const described = describing.filter((one) => one !== '').join(' ');
  const attributes = {
    id,
    name,
    value,
    autocomplete,
    inputmode,
    autofocus,
    class: inputClass(name, props.class),
    required: !isOptional,
    autocapitalize: 'none',
    spellcheck: false,
    'aria-describedby': described || undefined,
    'aria-invalid': hasError ? ('true' as const) : undefined,
  } as const;
  return (
    <div class={groupClass(hasError)}>
      <label class="form-label" for={id}>
        {label}
      </label>
      <FieldHint name={id} hint={hint} />
      <FieldFault name={id} fault={typeof hasError === 'string' && hasError} />
      {type === 'password' ? (
        <input {...attributes} type="password" />
      ) : (
        <input {...attributes} type="text" />
      )}
    </div>
  );
}

/**
 * The field for the key of a challenge, which is in focus at once, unless a summary of errors is. A
 * person who hears the page is told there which key is asked.
 * @param fault what is wrong with the key that was given
 */
export function KeyField(props: KeyField): VNode {
  const { t, fault, value, name = 'key', isAfter = false, isOptional = false } = props;
  return (
    <Field
      name={name}
      isOptional={isOptional}
      label={t.key.label}
      hint={t.key.thenWrite}
      hasError={fault ?? false}
      autocomplete="one-time-code"
      inputmode="numeric"
      {...(value !== undefined && { value })}
      class="noegle-key-input"
      describedBy={CHALLENGE_ID}
      autofocus={!fault && !isAfter}
    />
  );
}

/** A code that a device shows, in the figures of a key. */
export function CodeField({ label, fault, isAfter, hint, isOptional = false }: CodeField): VNode {
  return (
    <Field
      name="code"
      label={label}
      {...(hint !== undefined && { hint })}
      hasError={fault ?? false}
      isOptional={isOptional}
      autocomplete="one-time-code"
      inputmode="numeric"
      class="noegle-key-input"
      autofocus={!fault && !isAfter}
    />
  );
}

interface CodeField {
  readonly label: string;
  readonly fault: string | null;
  /** Another way has the focus. */
  readonly isAfter: boolean;
  readonly hint?: string;
  /** It may be left empty: another way serves as well, or it is given beside what is asked for. */
  readonly isOptional?: boolean;
}

interface KeyField extends Pick<PageFrame, 't'> {
  readonly fault: string | null;
  readonly name?: 'key' | 'newKey';
  /** Another way is shown first. */
  readonly isAfter?: boolean;
  /** Another way serves as well. */
  readonly isOptional?: boolean;
  /** What was typed, of a form that was not processed. */
  readonly value?: string;
}
