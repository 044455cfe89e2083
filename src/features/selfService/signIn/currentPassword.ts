/**
 * The current password, asked beside the key for what a sign-in stands on. Its tries are the identity's and
 * apart from those of the sign-in: a stolen session guesses five times in eight hours, and locks nobody's
 * sign-in with it. Judged as docs/decisions/0017-the-sign-in.md says: read, compared, then decided on the row
 * that the judging statement locks.
 */
import { hasControlCharacter } from '../../../domain/input/typedText.ts';
import { readLockoutPolicies, readLockStatus } from '../../../domain/signIn/lockout.ts';
import { cleanTypedPassword } from '../../../domain/signIn/password.ts';
import type { CurrentPasswordRefusal } from './currentPassword.rules.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { findPasswordHash } from '../accountDetails.queries.ts';
import { recordAttempt, readAttempts } from '../../../db/signIn/attempts.ts';
import { verifyPassword } from '../../identity/index.ts';
import { runInNetworkTurn, toBusyWhenFull } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

export interface SubmittedCurrentPassword {
  readonly identityId: string;
  readonly typed: string;
  readonly address: string;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

type CurrentPasswordResult = 'right' | 'busy' | CurrentPasswordRefusal;

/** `busy`: too much is being hashed; nothing was judged, and nothing counted. */
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
  if (verdict === 'right') return 'right';
  if (verdict === 'busy' || verdict === 'again') return 'busy';
  return wrong >= lockoutPolicy.limit
    ? { kind: 'locked', opensAt }
    : { kind: 'wrong', left: lockoutPolicy.limit - wrong };
}
