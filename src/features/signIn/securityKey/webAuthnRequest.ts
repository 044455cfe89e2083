/**
 * What a page gives the browser to ask a security key with (WebAuthn, 5.5), and the challenge of its form.
 * The challenge is the form itself: its token, which only Nøgle makes and only for this interaction, and the
 * number of this page. So it takes no row and no value of its own. The number is bound
 * to the secret under which the browser held the sign-in (holder.ts): after the next form of that browser the
 * answer is of no use.
 */
import type { SecurityKey } from '../../../domain/factors/securityKey.ts';

/**
 * `PublicKeyCredentialRequestOptionsJSON` without the challenge, which the script makes of the form's fields;
 * the origin's own host is the relying party id.
 */
export interface WebAuthnRequest {
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

/** @param keys those of the person, when the person is known; none for a key that knows its person */
export function composeWebAuthnRequest(
  keys: readonly Pick<SecurityKey, 'credentialId' | 'transports'>[],
): WebAuthnRequest {
  return {
    userVerification: 'required',
    timeout: TIMEOUT_MS,
    allowCredentials: keys.map(({ credentialId, transports }) => ({
      type: 'public-key',
      id: credentialId.toString('base64url'),
      transports,
    })),
  };
}

/**
 * @param csrf the token of the interaction, which was verified
 * @param form the number of the page
 * @returns base64url of the bytes that the script makes of them
 */
export function composeChallenge(csrf: string, form: string): string {
  return Buffer.from(`${csrf}.${form}`).toString('base64url');
}
