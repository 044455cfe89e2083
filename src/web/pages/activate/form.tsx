import type { ComponentChildren, VNode } from 'preact';
import type { Frame } from '../../layout.tsx';

/** What every page of an activation is handed. */
export interface ActivationFrame extends Frame {
  readonly csrf: string;
}

interface ActivationForm extends ActivationFrame {
  /** Which step's form it is; the dispatcher reads it. */
  readonly step: 'start' | 'key' | 'choose';
  /** Sent back as they are. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly submit: string;
  readonly children: ComponentChildren;
}

export function ActivationForm({ csrf, step, hidden = {}, submit, children }: ActivationForm): VNode {
  return (
    <form method="post" action="/activate">
      {Object.entries({ csrf, step, ...hidden }).map(([name, value]) => (
        <input type="hidden" name={name} value={value} key={name} />
      ))}
      {children}
      <div class="noegle-actions">
        <button class="button button-primary" type="submit">
          {submit}
        </button>
      </div>
    </form>
  );
}

/** The way out of every page but the first: the computer may be shared, or another letter may have come. */
export function AgainForm({ t, csrf, isMain }: ActivationFrame & { isMain: boolean }): VNode {
  const words = t.activate;
  return (
    <form method="post" action="/activate">
      <input type="hidden" name="csrf" value={csrf} />
      <div class="noegle-actions">
        <button
          class={isMain ? 'button button-secondary' : 'button button-unstyled'}
          type="submit"
          name="again"
          value="1"
        >
          {isMain ? words.again : words.another}
        </button>
      </div>
    </form>
  );
}
