/**
 * Wrong keys at a confirmation count once more, for themselves. What counts for keys and codes together is
 * reset by a code at a sign-in: who has the password and a code token would otherwise guess at a key of the
 * card for as long as the device shows codes, and what is confirmed here the card alone gives. Only a right
 * key resets these; they lock, and block nothing.
 */
import { readLockoutPolicies, readLockStatus } from '../../../domain/signIn/lockout.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import { readAttempts, type AttemptResult, type AttemptToRecord } from '../../../db/signIn/attempts.ts';
import type { AppContext } from '../../appContext.ts';

type Locked = Extract<SignInOutcome, { kind: 'locked' }>;

/** @returns an outcome while no key is accepted here */
export async function prepareConfirmationAttempt(
  { database, keyring, clock, rules }: AppContext,
  identityId: string,
  form: Buffer,
): Promise<Omit<AttemptToRecord, 'isRight'> | Locked> {
  const lockoutPolicy = { ...readLockoutPolicies(rules).key, inARow: null };
  const subject = keyring.hmac('attempts', `key at a confirmation of identity ${identityId}`);
  const { attempts, now } = await readAttempts(database, subject);
  const state = readLockStatus(attempts, lockoutPolicy, new Date(now.getTime() + clock.offsetMs));
  if (state.kind === 'locked') return { kind: 'locked', step: 'key', opensAt: state.opensAt };
  return { subject, lockoutPolicy, form, offsetMs: clock.offsetMs };
}

/** The outcome of a wrong key, by whichever of the two counts leaves fewer. */
export function lowerAttemptsLeft(
  outcome: SignInOutcome,
  { wrong, opensAt }: AttemptResult,
  limit: number,
): SignInOutcome {
  if (outcome.kind !== 'wrong_key') return outcome;
  if (wrong >= limit) return { kind: 'locked', step: 'key', opensAt };
  return { ...outcome, left: Math.min(outcome.left, limit - wrong) };
}
