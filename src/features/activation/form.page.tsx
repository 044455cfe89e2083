import type { ComponentChildren, VNode } from 'preact';
import type { PageFrame } from '../../ui/layout.tsx';
import { Actions, Hidden, LanguageButtons, Submit, SubmitButton } from '../../ui/form.tsx';

/** The props of every page of an activation. */
export interface ActivationFrame extends PageFrame {
  readonly csrf: string;
}

/** The id of the form of a step: the buttons for another language are outside of it. */
const ACTIVATION_FORM = 'step-form';

/** The frame of a page with a typed name: the form is sent with the other language. */
export function keepTypedInSwitch<F extends ActivationFrame>(frame: F, submit: string): F {
  const { language } = frame;
  const languageButtons = <LanguageButtons language={language} form={ACTIVATION_FORM} submit={submit} />;
  return { ...frame, languageButtons };
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
    <form method="post" action="/activate" id={ACTIVATION_FORM}>
      <Hidden values={{ csrf, step, ...hidden }} />
      {children}
      <Submit text={submit} />
    </form>
  );
}

interface AgainForm extends ActivationFrame {
  readonly isMain?: boolean;
  /** What the button says, where it is not the usual. */
  readonly text?: string;
}

/**
 * The way out of every page but the first: the computer may be shared, or another letter may have arrived.
 */
export function AgainForm({ t, csrf, isMain = false, text }: AgainForm): VNode {
  const words = t.activate;
  return (
    <form method="post" action="/activate">
      <input type="hidden" name="csrf" value={csrf} />
      <Actions>
        <SubmitButton
          kind={isMain ? 'secondary' : 'unstyled'}
          name="again"
          value="1"
          text={text ?? (isMain ? words.again : words.another)}
        />
      </Actions>
    </form>
  );
}
