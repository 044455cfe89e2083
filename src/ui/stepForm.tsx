import type { ComponentChildren, VNode } from 'preact';
import { ERROR_ID, type PageFrame, type SignInFrame } from './layout.tsx';
import { Actions, Hidden, SubmitButton, FieldFault, FieldHint, groupClass } from './form.tsx';

interface StepForm extends PageFrame, SignInFrame {
  /** Which step's form it is; the dispatcher reads it. */
  readonly step: 'password' | 'key' | 'new-card' | 'code';
  /** Sent back as they are. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly submit: string;
  /** The way out stands in a form below this one. */
  readonly cancelsBelow?: boolean;
  readonly children: ComponentChildren;
}

/** What a form proves, and by which it is known when it comes again. @param step which page it stands on, where that matters. */
export function FormProof({ csrf, form, step }: SignInFrame & { step?: string }): VNode {
  return (
    <>
      <input type="hidden" name="csrf" value={csrf} />
      <input type="hidden" name="form" value={form} />
      {step ? <input type="hidden" name="step" value={step} /> : null}
    </>
  );
}

/** The form of a step: what it proves and carries, its fields, one button, and the way out. */
export function StepForm(props: StepForm): VNode {
  const { t, step, hidden = {}, submit, children } = props;

  return (
    <form method="post" action={props.formsGoTo}>
      <FormProof {...props} step={step} />
      <Hidden values={hidden} />
      {children}
      <Actions>
        <SubmitButton text={submit} />
        {props.cancelsBelow ? null : <CancelButton t={t} />}
      </Actions>
    </form>
  );
}

export function CancelButton({ t }: Pick<PageFrame, 't'>): VNode {
  return <SubmitButton kind="unstyled" name="cancel" value="1" skipsChecks text={t.cancel} />;
}

interface Field {
  readonly name: string;
  /** Where a page has two fields of the name. */
  readonly id?: string;
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with it, beside it; true where the summary alone has the words. */
  readonly hasError: boolean | string;
  readonly type?: 'text' | 'password';
  readonly isOptional?: boolean;
  readonly value?: string;
  readonly autocomplete: string;
  readonly inputmode?: 'numeric';
  readonly class?: string;
}

/** A field, required unless it says so, with its label, its hint, and the error it is described by. */
export function Field(props: Field): VNode {
  const { name, id = name, label, hint, hasError, type = 'text', isOptional = false, ...rest } = props;
  const errorId = typeof hasError === 'string' ? `${id}-error` : ERROR_ID;
  const described = [hint ? `${id}-hint` : '', hasError ? errorId : ''].filter((one) => one !== '').join(' ');
  const attributes = {
    ...rest,
    id,
    name,
    class: ['form-input', rest.class].filter(Boolean).join(' '),
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

/** The key that a numbered challenge asks for. @param fault what is wrong with the one that was given */
export function KeyField({ t, fault, name = 'key' }: KeyField): VNode {
  return (
    <Field
      name={name}
      label={t.key.label}
      hint={t.key.thenWrite}
      hasError={fault ?? false}
      autocomplete="one-time-code"
      inputmode="numeric"
      class="noegle-key-input"
    />
  );
}

interface KeyField extends Pick<PageFrame, 't'> {
  readonly fault: string | null;
  readonly name?: 'key' | 'newKey';
}
