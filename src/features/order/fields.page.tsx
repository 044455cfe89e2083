/** Form fields that each have their own error; the summary at the top links to them. */
import type { ComponentChildren, VNode } from 'preact';
import { describedBy, FieldFault, FieldHint, groupClass, inputClass } from '../../ui/form.tsx';

interface OrderFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly error: string | undefined;
}

interface TextField extends OrderFieldProps {
  readonly value: string;
  readonly autocomplete: 'off' | 'name' | 'email';
  /**
   * `inputmode` instead of `type="email"`: browsers rewrite or refuse letters outside ASCII in such a field.
   */
  readonly inputmode?: 'numeric' | 'email';
  readonly maxlength: number;
  readonly isOptional?: boolean;
}

export function TextField(props: TextField): VNode {
  const { name, label, value, autocomplete, inputmode, maxlength } = props;
  const attributes = {
    ...describedBy(name, { hint: props.hint, fault: props.error }),
    class: inputClass(name),
    id: name,
    name,
    value,
    autocomplete,
    maxlength,
    required: !props.isOptional,
    autocapitalize: autocomplete === 'name' ? 'words' : 'none',
    spellcheck: false,
    ...(inputmode ? { inputmode } : {}),
  } as const;
  return (
    <div class={groupClass(props.error)}>
      <label class="form-label" for={name}>
        {label}
      </label>
      <FieldHint name={name} hint={props.hint} />
      <FieldFault name={name} fault={props.error} />
      <input {...attributes} type="text" />
    </div>
  );
}

interface CheckField extends OrderFieldProps {
  readonly isChecked: boolean;
  readonly isOptional?: boolean;
}

export function CheckField(props: CheckField): VNode {
  const { name, label, isChecked, isOptional } = props;
  return (
    <div class={groupClass(props.error)}>
      <FieldFault name={name} fault={props.error} />
      <div class="form-group-checkbox">
        <input
          {...describedBy(name, { hint: props.hint, fault: props.error })}
          class="form-checkbox"
          type="checkbox"
          id={name}
          name={name}
          value="yes"
          checked={isChecked}
          required={!isOptional}
        />
        <label class="form-label" for={name}>
          {label}
        </label>
        <FieldHint name={name} hint={props.hint} />
      </div>
    </div>
  );
}

interface RadioField extends OrderFieldProps {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly chosen: string;
}

/** The first radio button has the id of the field, so that the summary links to it. */
export function RadioField(props: RadioField): VNode {
  const { name, label, options, chosen, error } = props;
  return (
    <div class={groupClass(error)}>
      <fieldset {...describedBy(name, { hint: props.hint, fault: props.error })}>
        <legend class="form-label">{label}</legend>
        <FieldFault name={name} fault={props.error} />
        {options.map((option, i) => (
          <div class="form-group-radio" key={option.value}>
            <input
              class="form-radio"
              type="radio"
              id={i === 0 ? name : `${name}-${option.value}`}
              name={name}
              value={option.value}
              checked={chosen === option.value}
              required
            />
            <label class="form-label" for={i === 0 ? name : `${name}-${option.value}`}>
              {option.label}
            </label>
          </div>
        ))}
      </fieldset>
    </div>
  );
}

/** Fields that belong together, under a separate heading. */
export function Group({ legend, children }: { legend: string; children: ComponentChildren }): VNode {
  return (
    <fieldset>
      <legend>
        <h2>{legend}</h2>
      </legend>
      {children}
    </fieldset>
  );
}
