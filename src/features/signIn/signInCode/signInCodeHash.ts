/**
 * Derives a code for the sign-in, and the hash that is stored of it. The code is stored nowhere: it is
 * derived where it is sent.
 */
import { composeSignInCode } from '../../../domain/signIn/signInCode.ts';
import type { AppContext } from '../../appContext.ts';

type SignInCodeKeyring = Pick<AppContext, 'keyring'>;

/** @throws Error when the ring no longer has the key that the code was ordered under */
export function deriveSignInCode({ keyring }: SignInCodeKeyring, codeId: string): string {
  return composeSignInCode((block) => keyring.hmac('letters', `sign-in code v1 ${codeId} ${block}`));
}

/** @param owner `identity <id>`, or `name <folded name>` of an unknown name */
export function hashSignInCode({ keyring }: SignInCodeKeyring, owner: string, folded: string): Buffer {
  return keyring.hmac('records', `sign-in code v1 of ${owner}: ${folded}`);
}
