/**
 * Verifies what was typed from a code token outside a sign-in: reads the attempts, compares, and counts.
 * Wrong codes count with wrong keys of the card, so that two factors give no more guesses than one.
 */
import { recordAttempt } from '../../db/signIn/attempts.ts';
import { findActiveCard } from '../../db/cards/keyCards.ts';
import type { AppContext } from '../appContext.ts';
import { recordSignInFailure } from './failures.ts';
import { reportAttempt } from './reportAttempt.ts';
import { blockExhaustedCard, composeKeyOutcome, prepareSharedAttempt } from './verifyKey.ts';

export interface TypedCode<Match> {
  readonly identityId: string;
  /** Returns null for a wrong code. Called once, and only while attempts are left. */
  readonly compare: () => Match | null;
  /** 16 bytes that are unique to this form. */
  readonly form: Buffer;
}

/**
 * `exhausted`: card and code token were blocked, and all sessions ended. `again`: the same form was processed
 * before. `left`: wrong answers until it is locked, or, on the last rung, until both are blocked.
 */
export type TypedCodeResult<Match> =
  | { readonly kind: 'right'; readonly match: Match }
  | { readonly kind: 'wrong'; readonly left: number; readonly isLastRung: boolean }
  | { readonly kind: 'locked'; readonly opensAt: Date }
  | { readonly kind: 'exhausted' | 'busy' | 'again' };

/**
 * A right code resets nothing: who has taken a device out of a letter must not get new attempts at the keys
 * of the card with it.
 * @throws DamagedSeal as `compare` does
 */
export async function verifyTypedCode<Match>(
  context: AppContext,
  { identityId, compare, form }: TypedCode<Match>,
): Promise<TypedCodeResult<Match>> {
  const { database } = context;
  const card = await findActiveCard(database, identityId);
  const submission = { identityId, card, form, failure: 'code_token', step: 'code_token' } as const;
  const prepared = await prepareSharedAttempt(context, submission);
  if (prepared === 'busy') return { kind: 'busy' };
  if ('kind' in prepared) {
    const opensAt = prepared.kind === 'locked' ? prepared.opensAt : null;
    return opensAt ? { kind: 'locked', opensAt } : { kind: 'exhausted' };
  }
  const { lockoutPolicy } = prepared.attempt;
  const match = compare();
  const attempt = { ...prepared.attempt, isRight: match !== null, forgives: false };
  const result = await recordAttempt(database, attempt, prepared.notice);
  reportAttempt(context, prepared.step, result, lockoutPolicy);
  if (result.verdict === 'right' && match !== null) return { kind: 'right', match };
  if (result.verdict === 'busy' || result.verdict === 'again') return { kind: result.verdict };
  if (result.verdict === 'wrong') recordSignInFailure(context, identityId, 'code_token');
  const outcome = composeKeyOutcome(result, lockoutPolicy);
  switch (outcome.kind) {
    case 'wrong_key':
      return { ...outcome, kind: 'wrong' };
    case 'locked':
      return { kind: 'locked', opensAt: result.opensAt };
    default:
      if (result.verdict === 'wrong') await blockExhaustedCard(context, identityId, card);
      return { kind: 'exhausted' };
  }
}
