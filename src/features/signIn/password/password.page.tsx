import type { VNode } from 'preact';
import {
  findFaultyField,
  CREDENTIAL_INPUT_FAULTS,
  type CredentialInputFault,
} from '../../../domain/input/nameAndPassword.ts';
import { FirstButton, FormPage, listFault, SubmitButton } from '../../../ui/form.tsx';
import { HelpLinks } from '../../../ui/help.tsx';
import { Page, type PageFrame, type SignInFrame } from '../../../ui/layout.tsx';
import { SecurityKeyAlert, SecurityKeyForm } from '../securityKey/securityKeyForm.page.tsx';
import type { WebAuthnRequest } from '../securityKey/webAuthnRequest.ts';
import type { SecurityKeyFault } from '../../../domain/factors/securityKey.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Field, StepForm } from '../../../ui/stepForm.tsx';

export interface PasswordPage extends PageFrame, SignInFrame {
  readonly typedName: string;
  /** The name is the one that this computer remembers. */
  readonly isRemembered?: boolean;
  readonly isRememberTicked?: boolean;
  /** The ID was activated a moment ago, on the way here. */
  readonly isActivated?: boolean;
  /** No key follows: the password is the only step. */
  readonly passwordAlone: boolean;
  /** The address for a person whose ID is not activated yet. */
  readonly activateAt: string;
  readonly error: PasswordError | null;
  /** Nothing is known about what this browser was last shown. */
  readonly beginsAgain?: boolean;
  /** For a security key or a passkey that knows its person. */
  readonly webAuthn: WebAuthnRequest;
  readonly securityKeyFault: SecurityKeyFault | null;
  /** This browser was last signed in with by a security key or passkey alone. */
  readonly isPasskeyFirst?: boolean;
}

export type PasswordError = 'wrong' | 'lastBeforeLock' | CredentialInputFault;

function composePasswordErrorText(words: Texts['password'], error: PasswordError): string {
  return error === 'lastBeforeLock' ? `${words.wrong} ${words.lastBeforeLock}` : words[error];
}

/** Step 1: user ID (or ID number) and password. Shows the same for a wrong and for an unknown name. */
export function PasswordPage(props: PasswordPage): VNode {
  const { t, error, isPasskeyFirst = false } = props;
  const words = t.password;
  const wrong = error && composePasswordErrorText(words, error);
  // A wrong pair is reported at the name; a fault that is visible in one field, at that field.
  const fault = CREDENTIAL_INPUT_FAULTS.find((one) => one === error);
  const field = fault ? findFaultyField(fault, props.typedName) : 'userId';
  const other = error !== null && (!fault || fault === 'incomplete');
  return (
    <FormPage
      layout={Page}
      frame={props.passwordAlone ? props : ({ ...props, step: 1 } as const)}
      page="password"
      title={words.title}
      heading={words.heading}
      intro={<Intro {...props} />}
      alert={SecurityKeyAlert({
        text: props.securityKeyFault && t.securityKey.faults[props.securityKeyFault],
      })}
      errors={listFault(field, wrong)}
    >
      {isPasskeyFirst ? <PasskeyForm {...props} isFirst /> : null}
      <StepForm {...props} step="password" submit={words.submit} isMain={!isPasskeyFirst}>
        {props.isRemembered ? <FirstButton text={words.submit} /> : null}
        <Field
          name="userId"
          label={words.userId}
          hint={words.userIdHint}
          hasError={field === 'userId' && wrong ? wrong : other}
          autocomplete="username webauthn"
          value={props.typedName}
        />
        {props.isRemembered ? (
          <SubmitButton kind="unstyled" name="forget" value="1" text={words.forget} skipsChecks />
        ) : null}
        <Field
          name="password"
          label={words.password}
          hasError={field === 'password' && wrong ? wrong : other}
          type="password"
          autocomplete="current-password"
          autofocus={props.isRemembered === true && wrong === null}
        />
        <RememberBox {...props} />
      </StepForm>
      {isPasskeyFirst ? null : <PasskeyForm {...props} isFirst={false} />}
      <p class="noegle-first">
        <a href={props.activateAt}>{words.firstTime}</a>
      </p>
      <HelpLinks t={t} topics={['cannot-sign-in']} offersNewPassword />
    </FormPage>
  );
}

/** In place of user ID and password. */
function PasskeyForm(props: PasswordPage & { readonly isFirst: boolean }): VNode {
  const { t, isFirst } = props;
  return (
    <SecurityKeyForm {...props} isOnly isMain={isFirst} submit={t.securityKey.only}>
      {isFirst ? <h2>{t.securityKey.orPassword}</h2> : null}
    </SecurityKeyForm>
  );
}

function Intro({ t, beginsAgain, isActivated }: PasswordPage): VNode | null {
  if (isActivated) return <Notice text={t.password.activated} kind="success" />;
  return beginsAgain ? <p>{t.password.beginAgain}</p> : null;
}

/** Ticked only by the person, or because they ticked it before. */
function RememberBox({ t, isRememberTicked = false }: PasswordPage): VNode {
  return (
    <div class="form-group-checkbox noegle-remember">
      <input
        class="form-checkbox"
        type="checkbox"
        id="rememberUserId"
        name="rememberUserId"
        value="1"
        checked={isRememberTicked}
        aria-describedby="rememberUserId-hint"
      />
      <label class="form-label" for="rememberUserId">
        {t.password.remember}
      </label>
      <span class="form-hint" id="rememberUserId-hint">
        {t.password.rememberHint}
      </span>
    </div>
  );
}
