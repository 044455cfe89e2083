import type { ComponentChildren, VNode } from 'preact';
import type { EmailCodeRefusal } from '../../domain/person/emailCode.ts';
import type { UnconfirmedEmail } from './submitEmail.ts';
import type { Texts } from '../../ui/words/words.da.ts';
import { Field } from '../../ui/stepForm.tsx';

/** The form of the surrounding page, with its CSRF token. */
export type EmailForm = (props: {
  readonly do: string;
  readonly submit: string;
  readonly isMain: boolean;
  readonly children?: ComponentChildren;
}) => VNode;

interface EmailCode {
  readonly t: Texts;
  readonly form: EmailForm;
  readonly shown: Pick<UnconfirmedEmail, 'email' | 'kind' | 'code'>;
  readonly fault: EmailCodeRefusal | null;
  /** The code as it was last entered. */
  readonly typed: string;
}

/**
 * The address that may be the person's, the field for the code when one was sent, and the button for a new
 * code.
 */
export function EmailCode({ t, form: Form, shown, fault, typed }: EmailCode): VNode {
  const words = t.email;
  const isSent = shown.code === 'sent';
  const fieldFault = isSent && fault !== null && fault !== 'limit' ? words.faults[fault] : false;
  return (
    <>
      <p>{words[shown.kind](shown.email)}</p>
      <p>{words[shown.code]}</p>
      {isSent ? (
        <Form do="code" submit={words.submit} isMain>
          <Field
            name="code"
            label={words.code}
            hint={words.codeHint}
            hasError={fieldFault}
            autocomplete="one-time-code"
            value={typed}
          />
        </Form>
      ) : null}
      <Form do="again" submit={shown.code === 'none' ? words.send : words.sendAgain} isMain={!isSent}>
        {isSent ? <p class="form-hint">{words.newest}</p> : null}
      </Form>
    </>
  );
}

/** The id of the field that the error summary links to. */
export function findCodeField(shown: Pick<UnconfirmedEmail, 'code'>): 'code' | 'content' {
  return shown.code === 'sent' ? 'code' : 'content';
}
