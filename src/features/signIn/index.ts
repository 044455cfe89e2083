/**
 * A sign-in, from the authorization request to the provider's response: `/auth`, `/login/:uid`.
 *
 * This feature owns the pages and the steps (password, code, key, new card, public sites, consent), the
 * holder's secret, and which browser may continue. It leaves which step is next to `domain/signIn`, verifying
 * factors and limiting attempts to `authentication`, cards and passwords to `identity`, and the protocol to
 * `oidc`. Other features use only its messages about keys and its reading of answers of security keys, and
 * tell it of an ID that was just activated.
 */
export { codeError, composeCodeErrorText, type CodeError } from './codeToken/codeTokenForm.page.tsx';
export { keepActivatedName } from './holder/signInOutcomeCookie.ts';
export { composeKeyErrorText, keyError } from './key/key.page.tsx';
export type { KeyError } from './key/key.page.tsx';
export { SecurityKeyAlert } from './securityKey/securityKeyForm.page.tsx';
export { hashAnswer, parseAssertion, verifyAssertion } from './securityKey/verifyAssertion.ts';
export type { VerifiedAssertion } from './securityKey/verifyAssertion.ts';
export { composeChallenge, composeWebAuthnRequest } from './securityKey/webAuthnRequest.ts';
export type { WebAuthnRequest } from './securityKey/webAuthnRequest.ts';
