/**
 * Ends an authorization code that is presented with a wrong PKCE verifier (RFC 7636), redirect URI or client.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Keyring } from '../../platform/keyring.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { hashRecordId } from '../records/adapter.ts';

/**
 * Ends the code: the caller did not begin the sign-in, or lost its verifier. The grant stays, because nothing
 * was issued for the code. Only a caller that has the code, which cannot be guessed, can cause this, and it
 * has been authenticated as a client, if only as a public one: the provider authenticates before it looks up
 * the code. A code that another client presents has leaked, and is no longer valid for its own client either:
 * the person signs in again. A redeemed code stays unchanged, so that a second redemption is still
 * recognized.
 */
export function createCodeRevoker(keyring: Keyring) {
  return ({ oidc }: KoaContextWithOIDC, error: Error): void => {
    const { code, grant_type: grantType } = oidc.params ?? {};
    if (typeof code !== 'string' || grantType !== 'authorization_code' || !isVerifierMismatch(error)) return;
    requireUnitOfWork().endRecord(hashRecordId(keyring, 'AuthorizationCode', code));
  };
}

/**
 * True for a verifier that is wrong, malformed, or missing where a challenge was sent, and for a redirect URI
 * or client that does not match the code.
 */
function isVerifierMismatch(error: Error): boolean {
  const { error_detail: detail = '', error_description: description = '' } = error as ProviderErrorDetail;
  if (detail.startsWith('code_verifier ') || MALFORMED.test(description)) return true;
  return error.message === 'invalid_grant' && MISMATCHES.has(detail);
}

type ProviderErrorDetail = Error & { readonly error_detail?: string; readonly error_description?: string };

/** These faults are found before the comparison. */
const MALFORMED = /^code_verifier (must be a string with|contains)/;
const MISMATCHES: ReadonlySet<string> = new Set([
  'authorization code redirect_uri mismatch',
  'client mismatch',
]);
