/**
 * The current password, asked beside the key for what a sign-in stands on. Its tries are the identity's and
 * apart from those of the sign-in: a stolen session guesses five times in eight hours, and locks nobody's
 * sign-in with it. Judged as docs/decisions/0017-the-sign-in.md says: read, compared, then decided on the row
 * that the judging statement locks.
 */
import { hasControlCharacter } from '../../core/input/typedText.ts';
import { ladders, standing } from '../../core/lockout.ts';
import { passwordTyped } from '../../core/password.ts';
import type { CurrentPasswordFault } from '../../core/selfService/currentPassword.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { findPasswordHash } from '../../store/selfService/accounts.ts';
import { judgeTry, readTries } from '../../store/signIn/judgedTries.ts';
import { verifyPassword } from '../passwords/keyedPassword.ts';
import { inTurn, unlessBusy } from '../unlessBusy.ts';
import type { World } from '../world.ts';

export interface GivenCurrentPassword {
  readonly identityId: string;
  readonly typed: string;
  readonly address: string;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

type CurrentPasswordAnswer = 'right' | 'busy' | CurrentPasswordFault;

/** `busy`: too much is being hashed; nothing was judged, and nothing counted. */
export async function giveCurrentPassword(
  world: World,
  given: GivenCurrentPassword,
): Promise<CurrentPasswordAnswer> {
  if (given.typed === '') return { kind: 'missing' };
  if (hasControlCharacter(given.typed)) return { kind: 'unreadable' };
  return await inTurn(world, given, () => readAndCompare(world, given));
}

async function readAndCompare(
  world: World,
  { identityId, typed, signal }: GivenCurrentPassword,
): Promise<CurrentPasswordAnswer> {
  const { database, keyring, clock, dice, rules } = world;
  const { offsetMs } = clock;
  const subject = keyring.hmac('attempts', `current password of identity ${identityId}`);
  const ladder = ladders(rules).currentPassword;
  const { attempts, now } = await readTries(database, subject);
  const state = standing(attempts, ladder, new Date(now.getTime() + offsetMs));
  if (state.kind === 'locked') return state;
  if (state.kind !== 'open') return 'busy';

  const passwordHash = await findPasswordHash(database, identityId);
  const identity = subject.toString('base64url');
  const isRight = await unlessBusy(
    verifyPassword(world, { identityId, stored: passwordHash }, passwordTyped(typed, false), {
      identity,
      isKnown: true,
      signal,
    }),
  );
  if (isRight === 'busy') return 'busy';

  const trying = { subject, ladder, isRight, form: dice.bytes(16), offsetMs };
  const { verdict, wrong, opensAt } = await database.transaction(async (db) => {
    const judged = await judgeTry(db, trying);
    if (judged.verdict === 'wrong' && judged.wrong >= ladder.limit) {
      await appendEvent(db, { kind: 'current_password_locked', identityId, details: {} });
    }
    return judged;
  });
  if (verdict === 'right') return 'right';
  if (verdict === 'busy' || verdict === 'again') return 'busy';
  return wrong >= ladder.limit ? { kind: 'locked', opensAt } : { kind: 'wrong', left: ladder.limit - wrong };
}
