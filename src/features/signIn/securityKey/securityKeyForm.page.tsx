import type { ComponentChildren, VNode } from 'preact';
import { Actions, SubmitButton } from '../../../ui/form.tsx';
import type { PageFrame, SignInFrame } from '../../../ui/layout.tsx';
import { BrowserFaultAlert } from '../../../ui/webauthn/browserFaultAlert.tsx';
import { WEBAUTHN_PATH } from '../../../ui/webauthn/webauthn.ts';
import type { WebAuthnRequest } from './webAuthnRequest.ts';

interface SecurityKeyForm extends PageFrame, SignInFrame {
  readonly webAuthn: WebAuthnRequest;
  /** In place of user ID and password: the browser may offer a passkey in the field of the user ID. */
  readonly isOnly: boolean;
  /** Not where another way is shown before it. */
  readonly isMain: boolean;
  readonly submit: string;
  readonly intro?: VNode;
  /** Below the button. */
  readonly children?: ComponentChildren;
}

/**
 * The form with which a browser answers for a security key. It is hidden until the script finds that the
 * browser can; a page without it says what serves, where that is needed. It has no proof of its own: the page
 * has these fields once, in the form of what else serves or of the way out, and the script takes them over.
 */
export function SecurityKeyForm(props: SecurityKeyForm): VNode {
  const { t, webAuthn, isOnly, isMain, submit, intro, children } = props;
  return (
    <>
      <form
        method="post"
        action={props.formsGoTo}
        hidden
        data-webauthn="get"
        data-options={JSON.stringify(webAuthn)}
        data-offers-in-field={isOnly ? '' : undefined}
      >
        <input type="hidden" name="credential" value="" />
        <BrowserFaultAlert faults={t.securityKey.browserFaults} />
        {intro}
        <Actions>
          <SubmitButton kind={isMain ? 'primary' : 'secondary'} text={submit} />
        </Actions>
        {children}
      </form>
      <script src={WEBAUTHN_PATH} defer />
    </>
  );
}

/** What was wrong with the answer of a security key, or why nothing else is asked for. */
export function SecurityKeyAlert({ text }: { readonly text: string | null }): VNode | null {
  return text === null ? null : (
    <div class="alert alert-error noegle-errors" role="alert" tabindex={-1}>
      <div class="alert-body">
        <p class="alert-text">{text}</p>
      </div>
    </div>
  );
}
