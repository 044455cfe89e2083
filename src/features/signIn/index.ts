/**
 * A sign-in, from the authorization request to the provider's response: `/auth`, `/login/:uid`.
 *
 * This feature owns the pages and the steps (password, code, key, new card, public sites, consent), the
 * holder's secret, and which browser may continue. It leaves which step is next to `domain/signIn`, verifying
 * factors and limiting attempts to `authentication`, cards and passwords to `identity`, and the protocol to
 * `oidc`. Other features use only its messages about keys, and tell it of an ID that was just activated.
 */
export { keepActivatedName } from './holder/signInOutcomeCookie.ts';
export { composeKeyErrorText, keyError } from './key/key.page.tsx';
export type { KeyError } from './key/key.page.tsx';
