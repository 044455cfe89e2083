/** The parts of every form: hidden fields, hints and errors at a field, buttons. */
import type { ComponentChildren, VNode } from 'preact';
import { otherLanguages, type Language } from '../domain/language/language.ts';
import { LANGUAGE_NAMES } from './words/languages.ts';
import { ErrorSummary, StepGuide, type FieldErrorLink, type PageFrame } from './layout.tsx';
import type { PageName } from './pageNames.ts';

interface Content {
  readonly page: PageName;
  readonly title: string;
  readonly hasError: boolean;
  readonly children: ComponentChildren;
}

interface FormPage<F extends PageFrame> {
  /** The layout of all pages of that area, and its frame. */
  readonly layout: (props: F & Content) => VNode;
  readonly frame: F;
  readonly page: PageName;
  readonly title: string;
  /** The heading, where it differs from the title. */
  readonly heading?: string;
  /** The step that the person has reached. */
  readonly steps?: { readonly names: readonly string[]; readonly current: number };
  /** Shown before the errors. */
  readonly intro?: VNode | null;
  /** Why the form was not processed. */
  readonly alert?: VNode | null;
  /** All faults to correct, in the order of the page. */
  readonly errors: readonly FieldErrorLink[];
  readonly children: ComponentChildren;
}

/**
 * A form page that may be shown again with errors: the title says that there is one, and the summary is above
 * the form.
 */
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

/** The summary of a page on which at most one field has an error. */
export function listFault(field: string, text: string | null | false): FieldErrorLink[] {
  return text ? [{ field, text }] : [];
}

/** Hidden fields that are sent back unchanged. */
export function Hidden({ values }: { readonly values: Readonly<Record<string, string>> }): VNode {
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} key={name} />
      ))}
    </>
  );
}

/**
 * Makes the form another one at each rendering. On the way back Chromium restores what was typed, also
 * without script and into a page that it fetched again, if the address and the first two names of the form
 * are the same. On a shared computer the next person would read it. First in a form that no session protects.
 * @param id of this rendering
 */
export function FormOnce({ id }: { readonly id: string }): VNode {
  return <input type="hidden" name={`once-${id}`} value="" />;
}

/** The buttons of a form, in one row. */
export function Actions({ children }: { readonly children: ComponentChildren }): VNode {
  return <div class="noegle-actions">{children}</div>;
}

interface SubmitButton {
  readonly text: ComponentChildren;
  readonly kind?: 'primary' | 'secondary' | 'unstyled';
  readonly id?: string;
  /** Identifies which of several buttons was pressed. */
  readonly name?: string;
  readonly value?: string;
  /** The id of the button's form, where the button is outside of it. */
  readonly form?: string;
  /** Submits although required fields are empty. */
  readonly skipsChecks?: boolean;
  /** The language of the text, where it is not that of the page. */
  readonly lang?: Language;
  /** Not shown: only the Enter key presses it. */
  readonly isHidden?: boolean;
}

export function SubmitButton({ text, kind = 'primary', skipsChecks, ...named }: SubmitButton): VNode {
  const { id, name, value, form, lang, isHidden } = named;
  return (
    <button
      id={id}
      lang={lang}
      hidden={isHidden}
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

/** The button that the Enter key presses, where one that does something else stands before the form's own. */
export function FirstButton({ text, form }: Pick<SubmitButton, 'text' | 'form'>): VNode {
  return <SubmitButton kind="unstyled" text={text} isHidden {...(form !== undefined && { form })} />;
}

/** The field that names the language that a person switches to. */
export const SWITCH_FIELD = 'switchTo';

interface LanguageButtons {
  readonly language: Language;
  /** The id of the form that they send, so that nothing typed is lost. */
  readonly form: string;
  /** The text of the form's own button. */
  readonly submit: string;
}

/**
 * The hidden button comes first: the Enter key presses the first button of a form, which must not be the one
 * for another language.
 */
export function LanguageButtons({ language, form, submit }: LanguageButtons): VNode {
  return (
    <div class="noegle-language">
      <FirstButton form={form} text={submit} />
      {otherLanguages(language).map((other) => (
        <SubmitButton
          kind="unstyled"
          form={form}
          name={SWITCH_FIELD}
          value={other}
          lang={other}
          text={LANGUAGE_NAMES[other]}
          skipsChecks
          key={other}
        />
      ))}
    </div>
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

/**
 * How many characters an answer has, by the name of its field: the field's width says so. A field that is not
 * here is as wide as the column.
 */
const USUAL_LENGTH: Readonly<Record<string, 4 | 10 | 20>> = {
  threshold: 4,
  postcode: 4,
  code: 10,
  first: 10,
  second: 10,
  nextCode: 10,
  cpr: 10,
  birthdate: 10,
  idExpires: 10,
  guardianIdExpires: 10,
  idNumber: 20,
  guardianIdNumber: 20,
  serialNumber: 20,
  documentNumber: 20,
  number: 20,
  cardNumber: 20,
};

/** The classes of a text field. @param more what the field is beside that */
export function inputClass(name: string, more?: string): string {
  const length = USUAL_LENGTH[name];
  return ['form-input', length && `noegle-chars-${length}`, more].filter(Boolean).join(' ');
}

export function groupClass(fault: unknown): string {
  return fault ? 'form-group form-error' : 'form-group';
}

/** ARIA attributes of a field with a hint or a fault, where it has them. */
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

/** The error of a field, next to it. */
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
  /** One of several tick boxes of its kind. */
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
