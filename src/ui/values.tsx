import type { ComponentChildren, VNode } from 'preact';

export interface Value {
  readonly label: string;
  /** Omitted when it is empty. */
  readonly value: ComponentChildren;
}

/** A list of labels and values, one line each. */
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
