import type { ComponentChildren, VNode } from 'preact';
import type { PageFrame } from '../../ui/layout.tsx';
import { Actions, Hidden, Submit, SubmitButton } from '../../ui/form.tsx';

/** The props of every page of an activation. */
export interface ActivationFrame extends PageFrame {
  readonly csrf: string;
}

interface ActivationForm extends ActivationFrame {
  /** The step that the form belongs to; the dispatcher reads it. */
  readonly step: 'start' | 'key' | 'choose';
  /** Hidden fields, sent back unchanged. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly submit: string;
  readonly children: ComponentChildren;
}

export function ActivationForm({ csrf, step, hidden = {}, submit, children }: ActivationForm): VNode {
  return (
    <form method="post" action="/activate">
      <Hidden values={{ csrf, step, ...hidden }} />
      {children}
      <Submit text={submit} />
    </form>
  );
}

/**
 * The way out of every page but the first: the computer may be shared, or another letter may have arrived.
 */
export function AgainForm({ t, csrf, isMain }: ActivationFrame & { isMain: boolean }): VNode {
  const words = t.activate;
  return (
    <form method="post" action="/activate">
      <input type="hidden" name="csrf" value={csrf} />
      <Actions>
        <SubmitButton
          kind={isMain ? 'secondary' : 'unstyled'}
          name="again"
          value="1"
          text={isMain ? words.again : words.another}
        />
      </Actions>
    </form>
  );
}
