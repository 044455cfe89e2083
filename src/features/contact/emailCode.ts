/** How the code for an e-mail address is made, and under what it is kept. It is derived where it is sent. */
import { composeSignInCode } from '../../domain/signIn/signInCode.ts';
import type { AppContext } from '../appContext.ts';

type EmailCodeKeyring = Pick<AppContext, 'keyring'>;

/** @param codeId drawn. @throws when the ring has lost the key that the code was ordered under. */
export function readEmailCode({ keyring }: EmailCodeKeyring, codeId: string): string {
  return composeSignInCode((block) => keyring.hmac('letters', `email code v1 ${codeId} ${block}`));
}

/** @param readRequestId of the address that it was sent to. */
export function hashEmailCode({ keyring }: EmailCodeKeyring, requestId: string, folded: string): Buffer {
  return keyring.hmac('records', `email code v1 of ${requestId}: ${folded}`);
}
