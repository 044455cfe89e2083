/**
 * Verifies what was typed from a code token outside a sign-in: reads the attempts, compares, and counts. Wrong
 * codes count with wrong keys of the card, so that two factors give no more guesses than one.
 */
import { readLockoutPolicies, readLockStatus } from '../../domain/signIn/lockout.ts';
import { recordAttempt, readAttempts } from '../../db/signIn/attempts.ts';
import { findActiveCard } from '../../db/cards/keyCards.ts';
import type { AppContext } from '../appContext.ts';
import { hashKeySubject } from './attemptSubjectHashes.ts';
import { recordSignInFailure } from './failures.ts';
import { reportAttempt, reportFailedStep } from './reportAttempt.ts';
import { blockExhaustedCard, composeKeyOutcome } from './verifyKey.ts';

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
 * A right code resets nothing: who has taken a device out of a letter must not get new attempts at the keys of
 * the card with it.
 * @throws DamagedSeal as `compare` does
 */
export async function verifyTypedCode<Match>(
  context: AppContext,
  { identityId, compare, form }: TypedCode<Match>,
): Promise<TypedCodeResult<Match>> {
  const { database, clock, random } = context;
  const step = { step: 'code_token', identityId } as const;
  const lockoutPolicy = readLockoutPolicies(context.rules).key;
  const subject = hashKeySubject(context, identityId);
  const current = await readAttempts(database, subject);
  const state = readLockStatus(
    current.attempts,
    lockoutPolicy,
    new Date(current.now.getTime() + clock.offsetMs),
  );
  if (state.kind !== 'open') {
    reportFailedStep(context, step, state.kind === 'busy' ? 'refused' : 'locked');
    return state.kind === 'worn_out' ? { kind: 'exhausted' } : state;
  }
  const match = compare();
  const attempt = {
    subject,
    lockoutPolicy,
    isRight: match !== null,
    forgives: false,
    form,
    offsetMs: clock.offsetMs,
  };
  const notice = { identityId, noticeId: random.uuid(), locked: 'keys_locked', exhausted: null } as const;
  const result = await recordAttempt(database, attempt, notice);
  reportAttempt(context, step, result, lockoutPolicy);
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
      if (result.verdict === 'wrong')
        await blockExhaustedCard(context, identityId, await findActiveCard(database, identityId));
      return { kind: 'exhausted' };
  }
}
