/**
 * Derives the code for an e-mail address, and the hash that is stored of it. The code is derived again when
 * it is sent.
 */
import { composeSignInCode } from '../../domain/signIn/signInCode.ts';
import type { AppContext } from '../appContext.ts';

type EmailCodeKeyring = Pick<AppContext, 'keyring'>;

/**
 * @param codeId random
 * @throws Error when the ring no longer has the key that the code was ordered under
 */
export function readEmailCode({ keyring }: EmailCodeKeyring, codeId: string): string {
  return composeSignInCode((block) => keyring.hmac('letters', `email code v1 ${codeId} ${block}`));
}

/** @param requestId of the address that the code is sent to */
export function hashEmailCode({ keyring }: EmailCodeKeyring, requestId: string, folded: string): Buffer {
  return keyring.hmac('records', `email code v1 of ${requestId}: ${folded}`);
}
