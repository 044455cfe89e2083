import type { VNode } from 'preact';
import type { FieldErrorLink } from '../../ui/layout.tsx';
import { describedBy, FieldFault, FieldHint, groupClass, TickBox } from '../../ui/form.tsx';

/** What was typed wrong, by field, in words. */
export type FieldFaultWords = Readonly<Partial<Record<string, string>>>;

/** All that has to be corrected, for the summary on top. */
export function listFaults(faults: FieldFaultWords): FieldErrorLink[] {
  return Object.entries(faults).map(([field, text]) => ({ field, text: text ?? '' }));
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

/** Of somebody else's data: the browser fills in nothing by itself. */
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
        class="form-input"
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

/** One of several; the first of them is where a fault leads to. */
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
