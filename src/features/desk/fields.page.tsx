import type { VNode } from 'preact';
import type { FieldErrorLink } from '../../ui/layout.tsx';
import { describedBy, FieldFault, FieldHint, groupClass, inputClass, TickBox } from '../../ui/form.tsx';

/** The texts of the faults, by field. */
export type FieldFaultWords = Readonly<Partial<Record<string, string>>>;

/**
 * All faults, for the summary at the top of the page: in the order in which the page has the fields, and a
 * sentence that is said of two fields once.
 */
export function listFaults(faults: FieldFaultWords, order: readonly string[]): FieldErrorLink[] {
  const links = order
    .map((field) => ({ field, text: faults[field] ?? '' }))
    .filter(({ text }) => text !== '');
  return links.filter(({ text }, i) => links.findIndex((one) => one.text === text) === i);
}

interface DeskFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly faults: FieldFaultWords;
}

function described({ name, hint, faults }: DeskFieldProps) {
  return describedBy(name, { hint, fault: faults[name] });
}

/** A text field for another person's data: browser autofill is off. */
export function TextBox(props: DeskFieldProps & { value: string; inputmode?: 'numeric' | 'email' }): VNode {
  const { name, label, value, faults, inputmode } = props;
  return (
    <div class={groupClass(faults[name])}>
      <label class="form-label" for={name}>
        {label}
      </label>
      <FieldHint name={name} hint={props.hint} />
      <FieldFault name={name} fault={faults[name]} />
      <input
        type="text"
        class={inputClass(name)}
        id={name}
        name={name}
        value={value}
        inputmode={inputmode}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        {...described(props)}
      />
    </div>
  );
}

/** A field for a few sentences. */
export function TextArea(props: DeskFieldProps & { value: string }): VNode {
  const { name, label, value, faults } = props;
  return (
    <div class={groupClass(faults[name])}>
      <label class="form-label" for={name}>
        {label}
      </label>
      <FieldHint name={name} hint={props.hint} />
      <FieldFault name={name} fault={faults[name]} />
      <textarea class="form-input" id={name} name={name} rows={4} autocomplete="off" {...described(props)}>
        {value}
      </textarea>
    </div>
  );
}

/** Radio buttons; the fault summary links to the first of them. */
export function Choices(
  props: DeskFieldProps & { value: string; options: readonly { value: string; label: string }[] },
): VNode {
  const { name, label, value, options, faults } = props;
  return (
    <fieldset class={groupClass(faults[name])} aria-describedby={described(props)['aria-describedby']}>
      <legend class="form-label">{label}</legend>
      <FieldHint name={name} hint={props.hint} />
      <FieldFault name={name} fault={faults[name]} />
      {options.map((option, i) => {
        const id = i === 0 ? name : `${name}-${option.value}`;
        return (
          <div class="form-group-radio" key={option.value}>
            <input
              class="form-radio"
              type="radio"
              id={id}
              name={name}
              value={option.value}
              checked={value === option.value}
            />
            <label class="form-label" for={id}>
              {option.label}
            </label>
          </div>
        );
      })}
    </fieldset>
  );
}

export function Tick({ name, label, hint, checked, faults }: DeskFieldProps & { checked: boolean }): VNode {
  const box = { name, label, hint, checked, fault: faults[name] };
  return <TickBox {...box} value="yes" isOneOfSeveral />;
}
