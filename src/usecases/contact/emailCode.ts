/** How the code for an e-mail address is made, and under what it is kept. It is derived where it is sent. */
import { signInCode } from '../../core/signIn/signInCode.ts';
import type { World } from '../world.ts';

type Keys = Pick<World, 'keyring'>;

/** @param codeId drawn. @throws when the ring has lost the key that the code was ordered under. */
export function readEmailCode({ keyring }: Keys, codeId: string): string {
  return signInCode((block) => keyring.hmac('letters', `email code v1 ${codeId} ${block}`));
}

/** @param requestId of the address that it was sent to. */
export function emailCodeKey({ keyring }: Keys, requestId: string, folded: string): Buffer {
  return keyring.hmac('records', `email code v1 of ${requestId}: ${folded}`);
}
