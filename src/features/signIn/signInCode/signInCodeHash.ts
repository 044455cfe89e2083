/**
 * How a code for the sign-in is made, and under what it is kept. It waits nowhere: it is derived where it is
 * sent.
 */
import { composeSignInCode } from '../../../domain/signIn/signInCode.ts';
import type { AppContext } from '../../appContext.ts';

type SignInCodeKeyring = Pick<AppContext, 'keyring'>;

/** @throws when the ring has lost the key that the code was ordered under. */
export function deriveSignInCode({ keyring }: SignInCodeKeyring, codeId: string): string {
  return composeSignInCode((block) => keyring.hmac('letters', `sign-in code v1 ${codeId} ${block}`));
}

/** @param owner `identity <id>`, or `name <folded name>` of one that nobody has. */
export function hashSignInCode({ keyring }: SignInCodeKeyring, owner: string, folded: string): Buffer {
  return keyring.hmac('records', `sign-in code v1 of ${owner}: ${folded}`);
}
