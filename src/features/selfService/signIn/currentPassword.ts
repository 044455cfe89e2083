/**
 * The current password, required in addition to the key for changes to what a sign-in depends on. Its
 * attempts count for the identity and separately from those of the sign-in: a stolen session can guess five
 * times in eight hours, and cannot lock the person out of signing in. It is verified as
 * docs/decisions/0017-the-sign-in.md describes: read, compared, then decided on the row that the recording
 * statement locks.
 */
import { hasControlCharacter } from '../../../domain/input/typedText.ts';
import { readLockoutPolicies, readLockStatus } from '../../../domain/signIn/lockout.ts';
import { cleanTypedPassword } from '../../../domain/signIn/password.ts';
import type { CurrentPasswordRefusal } from './currentPassword.rules.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { findPasswordHash } from '../accountDetails.queries.ts';
import { recordAttempt, readAttempts } from '../../../db/signIn/attempts.ts';
import { verifyPassword } from '../../identity/index.ts';
import { reportFailedStep, runInNetworkTurn, toBusyWhenFull } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

export interface SubmittedCurrentPassword {
  readonly identityId: string;
  readonly typed: string;
  readonly address: string;
  /** Aborted when the browser disconnects. */
  readonly signal?: AbortSignal;
}

type CurrentPasswordResult = 'right' | 'busy' | CurrentPasswordRefusal;

/** `busy`: too much is being hashed; nothing was verified or counted. */
export async function submitCurrentPassword(
  context: AppContext,
  submitted: SubmittedCurrentPassword,
): Promise<CurrentPasswordResult> {
  if (submitted.typed === '') return { kind: 'missing' };
  if (hasControlCharacter(submitted.typed)) return { kind: 'unreadable' };
  return await runInNetworkTurn(context, submitted, () => verifyCurrentPassword(context, submitted));
}

async function verifyCurrentPassword(
  context: AppContext,
  { identityId, typed, signal }: SubmittedCurrentPassword,
): Promise<CurrentPasswordResult> {
  const { database, keyring, clock, random, rules } = context;
  const { offsetMs } = clock;
  const subject = keyring.hmac('attempts', `current password of identity ${identityId}`);
  const lockoutPolicy = readLockoutPolicies(rules).currentPassword;
  const { attempts, now } = await readAttempts(database, subject);
  const state = readLockStatus(attempts, lockoutPolicy, new Date(now.getTime() + offsetMs));
  if (state.kind === 'locked') return state;
  if (state.kind !== 'open') return 'busy';

  const passwordHash = await findPasswordHash(database, identityId);
  const identity = subject.toString('base64url');
  const isRight = await toBusyWhenFull(
    verifyPassword(context, { identityId, stored: passwordHash }, cleanTypedPassword(typed, false), {
      identity,
      isKnown: true,
      signal,
    }),
  );
  if (isRight === 'busy') return 'busy';

  const attempt = { subject, lockoutPolicy, isRight, form: random.bytes(16), offsetMs };
  const { verdict, wrong, opensAt } = await database.transaction(async (db) => {
    const result = await recordAttempt(db, attempt);
    if (result.verdict === 'wrong' && result.wrong >= lockoutPolicy.limit) {
      await appendEvent(db, { kind: 'current_password_locked', identityId, details: {} });
    }
    return result;
  });
  if (verdict === 'wrong') reportFailedStep(context, { step: 'current_password', identityId }, 'wrong');
  if (verdict === 'right') return 'right';
  if (verdict === 'busy' || verdict === 'again') return 'busy';
  return wrong >= lockoutPolicy.limit
    ? { kind: 'locked', opensAt }
    : { kind: 'wrong', left: lockoutPolicy.limit - wrong };
}
