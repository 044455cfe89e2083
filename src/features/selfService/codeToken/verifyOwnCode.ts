/** Codes that a person types in self-service, before a key of the card confirms what they are for. */
import { parseCode, type CodeMiss, type MatchedCode } from '../../../domain/factors/codeToken.ts';
import type { SelfServiceAction } from '../../../domain/selfServiceAction.ts';
import { findCodeTokens, type StoredCodeToken } from '../../../db/factors/codeTokens.ts';
import type { AppContext } from '../../appContext.ts';
import { verifyTypedCode } from '../../authentication/index.ts';
import { matchTwoTypedCodes, matchTypedCode } from '../../codeTokens/index.ts';
import type { CodeTokenFault } from './codeToken.page.tsx';

/** `gone`: there is no such code token any more. */
export type CodeVerification =
  | { readonly kind: 'right'; readonly action: SelfServiceAction }
  | { readonly kind: 'fault'; readonly fault: CodeTokenFault }
  | { readonly kind: 'busy' | 'gone' };

type Compare = () => MatchedCode | CodeMiss;

/** The code of one that came by post. */
export async function verifyFirstCode(
  context: AppContext,
  identityId: string,
  typed: string,
  nonce: string,
): Promise<CodeVerification> {
  const { coming } = await findCodeTokens(context.database, identityId);
  if (coming?.state !== 'sent' || coming.activatesAt) return { kind: 'gone' };
  const form = { field: 'code', kind: 'activate_code_token', nonce, typed: [typed] } as const;
  return await verify(context, coming, form, () => {
    const match = matchTypedCode(context, coming, typed);
    return match.kind === 'right' ? match.code : match.kind;
  });
}

/** Two codes in a row of the one in use. */
export async function verifyTwoCodes(
  context: AppContext,
  identityId: string,
  typed: readonly [string, string],
  nonce: string,
): Promise<CodeVerification> {
  const { active } = await findCodeTokens(context.database, identityId);
  if (!active) return { kind: 'gone' };
  const form = { field: 'first', kind: 'adjust_code_token', nonce, typed } as const;
  return await verify(context, active, form, () => matchTwoTypedCodes(context, active, typed) ?? 'wrong');
}

interface CodeForm {
  readonly field: CodeTokenFault['field'];
  readonly kind: 'activate_code_token' | 'adjust_code_token';
  readonly nonce: string;
  readonly typed: readonly string[];
}

async function verify(
  context: AppContext,
  token: StoredCodeToken,
  { field, kind, nonce, typed }: CodeForm,
  compare: Compare,
): Promise<CodeVerification> {
  const { identityId, digits } = token;
  const toFault = (why: CodeTokenFault['why']) => ({ kind: 'fault', fault: { field, why } }) as const;
  // What is no code is not compared, and not counted.
  if (typed.some((one) => parseCode(one, digits) === null)) return toFault({ kind: 'malformed', digits });
  const text = JSON.stringify([token.id, nonce, ...typed]);
  const form = context.keyring.hmac('records', `code form v1 ${text}`).subarray(0, 16);
  let miss: CodeMiss = 'wrong';
  const compareOnce = () => {
    const found = compare();
    if (typeof found !== 'string') return found;
    miss = found;
    return null;
  };
  const result = await verifyTypedCode(context, { identityId, compare: compareOnce, form });
  switch (result.kind) {
    case 'right':
      return { kind: 'right', action: { kind, tokenId: token.id, code: result.match } };
    case 'wrong': {
      const { left, isLastRung } = result;
      // On the last rung what is at stake comes first.
      if (isLastRung) return toFault({ kind: 'wrong', left, isLastRung });
      if (miss !== 'wrong') return toFault({ kind: miss });
      return toFault(
        kind === 'adjust_code_token' ? { kind: 'notInRow' } : { kind: 'wrong', left, isLastRung },
      );
    }
    case 'locked':
      return toFault({ kind: 'locked', opensAt: result.opensAt });
    case 'busy':
      return { kind: 'busy' };
    case 'exhausted':
    case 'again':
      return { kind: 'gone' };
  }
}
