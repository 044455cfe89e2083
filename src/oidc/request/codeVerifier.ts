/** What becomes of a code that comes with what does not fit it: PKCE (RFC 7636), its address, its client. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Keyring } from '../../platform/keyring.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { hashRecordId } from '../records/adapter.ts';

/**
 * The code is over: its holder did not begin the sign-in, or lost what it began with. The grant stays, for
 * nothing was issued on the code. Who can do that has the code, which nobody guesses, and has proven to be
 * a client of ours, if only one without a secret: the provider authenticates before it looks for a code. A
 * code that another client holds has gone astray, and is worth nothing to its own client any more: the
 * person signs in once more. A code that was redeemed stays as it is, so that a second redemption is still
 * seen as one.
 */
export function createCodeRevoker(keyring: Keyring) {
  return ({ oidc }: KoaContextWithOIDC, error: Error): void => {
    const { code, grant_type: grantType } = oidc.params ?? {};
    if (typeof code !== 'string' || grantType !== 'authorization_code' || !isVerifierMismatch(error)) return;
    requireUnitOfWork().endRecord(hashRecordId(keyring, 'AuthorizationCode', code));
  };
}

/**
 * A verifier that is wrong, malformed, or missing where one was announced; an address or a client that is
 * not the code's.
 */
function isVerifierMismatch(error: Error): boolean {
  const { error_detail: detail = '', error_description: description = '' } = error as ProviderErrorDetail;
  if (detail.startsWith('code_verifier ') || MALFORMED.test(description)) return true;
  return error.message === 'invalid_grant' && MISMATCHES.has(detail);
}

type ProviderErrorDetail = Error & { readonly error_detail?: string; readonly error_description?: string };

/** Found before it is compared. */
const MALFORMED = /^code_verifier (must be a string with|contains)/;
const MISMATCHES: ReadonlySet<string> = new Set([
  'authorization code redirect_uri mismatch',
  'client mismatch',
]);
