/**
 * What a page gives the browser to ask a security key with (WebAuthn, 5.5), and the challenge in it. The
 * challenge is derived from the sign-in and from the secret of the browser that holds it: it needs no row,
 * and is of no use after the next form, nor to another browser.
 */
import { FIRST_FORM, makeHolderMac } from '../holder/holder.ts';
import type { AppContext } from '../../appContext.ts';
import type { SecurityKey } from '../../../domain/factors/securityKey.ts';

/** `PublicKeyCredentialRequestOptionsJSON`; the origin's own host is the relying party id. */
export interface WebAuthnRequest {
  /** base64url, 32 bytes. */
  readonly challenge: string;
  readonly userVerification: 'required';
  /** Milliseconds. */
  readonly timeout: number;
  readonly allowCredentials: readonly {
    readonly type: 'public-key';
    /** base64url */
    readonly id: string;
    readonly transports: readonly string[];
  }[];
}

/** As long as a person may look for a key, and a telephone for a code. */
const TIMEOUT_MS = 5 * 60_000;

/**
 * @param holder the secret of the browser; null when it has sent no form yet
 * @param keys those of the person, when the person is known; none for a key that knows its person
 */
export function composeWebAuthnRequest(
  context: Pick<AppContext, 'keyring'>,
  interactionId: string,
  holder: string | null,
  keys: readonly Pick<SecurityKey, 'credentialId' | 'transports'>[],
): WebAuthnRequest {
  return {
    challenge: deriveChallenge(context, interactionId, holder),
    userVerification: 'required',
    timeout: TIMEOUT_MS,
    allowCredentials: keys.map(({ credentialId, transports }) => ({
      type: 'public-key',
      id: credentialId.toString('base64url'),
      transports,
    })),
  };
}

export function deriveChallenge(
  context: Pick<AppContext, 'keyring'>,
  interactionId: string,
  holder: string | null,
): string {
  const text = `webauthn challenge v1 ${interactionId} ${holder ?? FIRST_FORM}`;
  return makeHolderMac(context, text).toString('base64url');
}
