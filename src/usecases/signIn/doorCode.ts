/**
 * How a code for the sign-in is made, and under what it is kept. It waits nowhere: it is derived where it is
 * sent.
 */
import { signInCode } from '../../core/signIn/signInCode.ts';
import type { World } from '../world.ts';

type Keys = Pick<World, 'keyring'>;

/** @throws when the ring has lost the key that the code was ordered under. */
export function readDoorCode({ keyring }: Keys, codeId: string): string {
  return signInCode((block) => keyring.hmac('letters', `sign-in code v1 ${codeId} ${block}`));
}

/** @param whose `identity <id>`, or `name <folded name>` of one that nobody has. */
export function doorCodeKey({ keyring }: Keys, whose: string, folded: string): Buffer {
  return keyring.hmac('records', `sign-in code v1 of ${whose}: ${folded}`);
}
