/** PKCE (RFC 7636): what becomes of a code that comes with a wrong verifier. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Keyring } from '../../platform/keyring.ts';
import { currentUnitOfWork } from '../../store/unitOfWork.ts';
import { recordKey } from '../adapter.ts';

/**
 * The code is over: its holder did not begin the sign-in, or lost what it began with. The grant stays, for
 * nothing was issued on the code. The provider has seen by then that the code is of the client that asks.
 */
export function createCodeEnding(keyring: Keyring) {
  return ({ oidc }: KoaContextWithOIDC, error: Error): void => {
    const code = oidc.params?.['code'];
    if (typeof code !== 'string' || !isWrongVerifier(error)) return;
    currentUnitOfWork().end(recordKey(keyring, 'AuthorizationCode', code));
  };
}

/** Wrong, or missing where one was announced. */
function isWrongVerifier({ cause }: Error): boolean {
  return cause instanceof Error && cause.message.startsWith('code_verifier ');
}
