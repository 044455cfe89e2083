import type { VNode } from 'preact';
import type { SecurityKeyFault } from '../../../domain/factors/securityKey.ts';
import { SubmitButton } from '../../../ui/form.tsx';
import { CodeField } from '../../../ui/stepForm.tsx';
import { BrowserFaultAlert } from '../../../ui/webauthn/browserFaultAlert.tsx';
import { WEBAUTHN_PATH } from '../../../ui/webauthn/webauthn.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { composeCodeErrorText, type CodeError, type WebAuthnRequest } from '../../signIn/index.ts';

/** What the person signs in with already, and may confirm an addition with beside the card's key. */
export interface OfferedSecondWay {
  /** The field from which the browser makes its challenge. */
  readonly form: string;
  readonly webAuthn: WebAuthnRequest | null;
  /** Of the code token in use; null without one. */
  readonly serialNumber: string | null;
}

/** `gone`: the code token whose code was typed is not in use any more. */
export type SecondWayError =
  | CodeError
  | { readonly kind: 'gone' }
  | { readonly kind: 'security_key'; readonly why: SecurityKeyFault };

/** The error of the code's field, and the one of no field. */
export function composeSecondWayErrors(
  t: Texts,
  error: SecondWayError | null,
): { readonly code: string | null; readonly alert: string | null } {
  const words = t.selfService.confirm.secondWay;
  if (error === null) return { code: null, alert: null };
  switch (error.kind) {
    case 'gone':
      return { code: null, alert: words.gone };
    case 'security_key':
      return { code: null, alert: words.faults[error.why] };
    case 'far':
      return { code: words.far, alert: null };
    default:
      return { code: composeCodeErrorText(t, error), alert: null };
  }
}

interface SecondWayFields {
  readonly t: Texts;
  readonly secondWay: OfferedSecondWay;
  readonly codeFault: string | null;
}

/** In the form of the card's key: what is added then counts at once. All of it may be left alone. */
export function SecondWayFields({ t, secondWay, codeFault }: SecondWayFields): VNode {
  const words = t.selfService.confirm.secondWay;
  const { serialNumber } = secondWay;
  return (
    <>
      <h2>{words.heading}</h2>
      <p>{words.means}</p>
      {serialNumber === null ? null : (
        <CodeField
          label={words.code(serialNumber)}
          hint={words.codeHint}
          fault={codeFault}
          isAfter
          isOptional
        />
      )}
      {secondWay.webAuthn ? (
        <>
          <input type="hidden" name="credential" value="" />
          <BrowserFaultAlert faults={t.securityKey.browserFaults} />
        </>
      ) : null}
    </>
  );
}

/** Of the form: the script asks for a security key where the button without a name was pressed. */
export function secondWayAttributes({ webAuthn }: OfferedSecondWay): Readonly<Record<string, string>> {
  return webAuthn === null ? {} : { 'data-webauthn': 'get', 'data-options': JSON.stringify(webAuthn) };
}

/** Not shown until the script finds that the browser can. */
export function SecondWayButton({
  t,
  webAuthn,
}: { t: Texts } & Pick<OfferedSecondWay, 'webAuthn'>): VNode | null {
  return webAuthn === null ? null : (
    <>
      <span hidden data-webauthn-offer>
        <SubmitButton kind="secondary" text={t.selfService.confirm.secondWay.submit} />
      </span>
      <script src={WEBAUTHN_PATH} defer />
    </>
  );
}
