import type { ComponentChildren, VNode } from 'preact';
import { ErrorSummary } from '../../layout.tsx';
import type { Texts } from '../../text/da.ts';

/** What was typed wrong, by field, in words. */
export type Faults = Readonly<Partial<Record<string, string>>>;

/** All that has to be corrected, on top, each with a link to its field. */
export function FaultSummary({ t, faults }: { t: Texts; faults: Faults }): VNode | null {
  const errors = Object.entries(faults).map(([field, text]) => ({ field, text: text ?? '' }));
  return <ErrorSummary t={t} errors={errors} />;
}

interface Named {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly faults: Faults;
}

function describedBy({ name, hint, faults }: Omit<Named, 'label'>): string | undefined {
  const ids = [hint ? `${name}-hint` : '', faults[name] ? `${name}-error` : ''].filter((id) => id !== '');
  return ids.join(' ') || undefined;
}

function Fault({ name, faults }: Pick<Named, 'name' | 'faults'>): VNode | null {
  if (!faults[name]) return null;
  return (
    <span class="form-error-message" id={`${name}-error`}>
      {faults[name]}
    </span>
  );
}

function Hint({ name, hint }: Pick<Named, 'name' | 'hint'>): VNode | null {
  if (!hint) return null;
  return (
    <span class="form-hint" id={`${name}-hint`}>
      {hint}
    </span>
  );
}

/** Of somebody else's data: the browser fills in nothing by itself. */
export function TextBox(props: Named & { value: string; inputmode?: 'numeric' | 'email' }): VNode {
  const { name, label, value, faults, inputmode } = props;
  return (
    <div class={faults[name] ? 'form-group form-error' : 'form-group'}>
      <label class="form-label" for={name}>
        {label}
      </label>
      <Hint {...props} />
      <Fault {...props} />
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
        aria-describedby={describedBy(props)}
        aria-invalid={faults[name] ? 'true' : undefined}
      />
    </div>
  );
}

/** One of several; the first of them is where a fault leads to. */
export function Choices(
  props: Named & { value: string; options: readonly { value: string; label: string }[] },
): VNode {
  const { name, label, value, options, faults } = props;
  return (
    <fieldset
      class={faults[name] ? 'form-group form-error' : 'form-group'}
      aria-describedby={describedBy(props)}
    >
      <legend class="form-label">{label}</legend>
      <Hint {...props} />
      <Fault {...props} />
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

export function Tick(props: Named & { checked: boolean }): VNode {
  const { name, label, checked, faults } = props;
  return (
    <div class={faults[name] ? 'form-group form-error' : 'form-group noegle-tick'}>
      <Fault {...props} />
      <div class="form-group-checkbox">
        <input
          class="form-checkbox"
          type="checkbox"
          id={name}
          name={name}
          value="yes"
          checked={checked}
          aria-describedby={describedBy(props)}
          aria-invalid={faults[name] ? 'true' : undefined}
        />
        <label class="form-label" for={name}>
          {label}
        </label>
        <Hint {...props} />
      </div>
    </div>
  );
}

export interface Value {
  readonly label: string;
  /** Left out when there is nothing to say. */
  readonly value: ComponentChildren;
}

export function Values({ list }: { list: readonly (Value | null)[] }): VNode {
  return (
    <dl class="noegle-values">
      {list.map((one) =>
        one ? (
          <div key={one.label}>
            <dt>{one.label}</dt>
            <dd>{one.value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
