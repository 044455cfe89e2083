/** What every form is made of: what it carries unseen, the words at a field, its buttons. */
import type { ComponentChildren, VNode } from 'preact';
import { ErrorSummary, StepGuide, type FieldErrorLink, type PageFrame } from './layout.tsx';
import type { PageName } from './pageNames.ts';

interface Content {
  readonly page: PageName;
  readonly title: string;
  readonly hasError: boolean;
  readonly children: ComponentChildren;
}

interface FormPage<F extends PageFrame> {
  /** The frame of all pages of that place, and what it is handed. */
  readonly layout: (props: F & Content) => VNode;
  readonly frame: F;
  readonly page: PageName;
  readonly title: string;
  /** The title, where it is not another. */
  readonly heading?: string;
  /** Where on its way the person is. */
  readonly steps?: { readonly names: readonly string[]; readonly current: number };
  /** Before what is wrong. */
  readonly intro?: VNode | null;
  /** What was sent was not judged: why. */
  readonly alert?: VNode | null;
  /** All that is to be mended, in the order of the page. */
  readonly errors: readonly FieldErrorLink[];
  readonly children: ComponentChildren;
}

/** A page that comes back with what is wrong: the title says so, and the summary stands on top of the form. */
export function FormPage<F extends PageFrame>(props: FormPage<F>): VNode {
  const { layout, frame, page, title, steps, alert = null, errors, children } = props;
  return layout({
    ...frame,
    page,
    title,
    hasError: errors.length > 0 || alert !== null,
    children: (
      <>
        {steps ? <StepGuide t={frame.t} {...steps} /> : null}
        <h1>{props.heading ?? title}</h1>
        {props.intro}
        {alert}
        <ErrorSummary t={frame.t} errors={errors} />
        {children}
      </>
    ),
  });
}

/** Of a page where one field at most is said to be wrong. */
export function listFault(field: string, text: string | null | false): FieldErrorLink[] {
  return text ? [{ field, text }] : [];
}

/** Sent back as they are. */
export function Hidden({ values }: { readonly values: Readonly<Record<string, string>> }): VNode {
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} key={name} />
      ))}
    </>
  );
}

/** The buttons of a form, in one row. */
export function Actions({ children }: { readonly children: ComponentChildren }): VNode {
  return <div class="noegle-actions">{children}</div>;
}

interface SubmitButton {
  readonly text: ComponentChildren;
  readonly kind?: 'primary' | 'secondary' | 'unstyled';
  readonly id?: string;
  /** Says which of several buttons it was. */
  readonly name?: string;
  readonly value?: string;
  /** The id of its form, where it stands outside of it. */
  readonly form?: string;
  /** Fields that are not filled in do not hold it up. */
  readonly skipsChecks?: boolean;
}

export function SubmitButton({ text, kind = 'primary', skipsChecks, ...named }: SubmitButton): VNode {
  const { id, name, value, form } = named;
  return (
    <button
      id={id}
      class={`button button-${kind}`}
      type="submit"
      form={form}
      name={name}
      value={value}
      formnovalidate={skipsChecks}
    >
      {text}
    </button>
  );
}

/** The one button of a form. */
export function Submit({ text, isMain = true }: { text: ComponentChildren; isMain?: boolean }): VNode {
  return (
    <Actions>
      <SubmitButton text={text} kind={isMain ? 'primary' : 'secondary'} />
    </Actions>
  );
}

export function groupClass(fault: unknown): string {
  return fault ? 'form-group form-error' : 'form-group';
}

/** For a field with a hint and a fault, each where there is one. */
export function describedBy(name: string, { hint, fault }: { hint?: unknown; fault?: unknown }) {
  const ids = [hint ? `${name}-hint` : '', fault ? `${name}-error` : ''].filter((id) => id !== '');
  return {
    'aria-describedby': ids.join(' ') || undefined,
    'aria-invalid': fault ? ('true' as const) : undefined,
  };
}

export function FieldHint({ name, hint }: { name: string; hint?: string | undefined }): VNode | null {
  if (!hint) return null;
  return (
    <span class="form-hint" id={`${name}-hint`}>
      {hint}
    </span>
  );
}

/** What is wrong with a field, beside it. */
export function FieldFault({
  name,
  fault,
}: {
  name: string;
  fault?: string | false | null | undefined;
}): VNode | null {
  if (!fault) return null;
  return (
    <span class="form-error-message" id={`${name}-error`}>
      {fault}
    </span>
  );
}

interface TickBox {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: '1' | 'yes';
  readonly checked?: boolean;
  readonly fault: string | false | null | undefined;
  /** Beside others of its kind. */
  readonly isOneOfSeveral?: boolean;
}

export function TickBox(props: TickBox): VNode {
  const { name, label, hint, value, checked, fault, isOneOfSeveral = false } = props;
  return (
    <div class={isOneOfSeveral && !fault ? 'form-group noegle-tick' : groupClass(fault)}>
      <FieldFault name={name} fault={fault} />
      <div class="form-group-checkbox">
        <input
          class="form-checkbox"
          type="checkbox"
          id={name}
          name={name}
          value={value}
          checked={checked}
          {...describedBy(name, { hint, fault })}
        />
        <label class="form-label" for={name}>
          {label}
        </label>
        <FieldHint name={name} hint={hint} />
      </div>
    </div>
  );
}
