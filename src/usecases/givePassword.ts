/**
 * A name and a password are given. Unknown, wrong and locked are answered alike, in bytes and in time: the same
 * statements run, and where there is nothing to verify against, a dummy hash is verified.
 */
import { PASSWORD_LADDER, standing } from '../core/lockout.ts';
import { preparePassword } from '../core/password.ts';
import type { Outcome } from '../core/signIn.ts';
import { foldName } from '../core/userId.ts';
import { countTry, giveTryBack, judgeWrong } from '../store/attempts.ts';
import { TooBusy } from '../platform/passwordHasher.ts';
import { findCredentials } from '../store/identities.ts';
import { acceptPassword, noteOutcome } from '../store/signIns.ts';
import { interactionExpiry, interactionKey, type World } from './world.ts';

export interface GivenPassword {
  readonly interactionId: string;
  readonly typedName: string;
  readonly password: string;
}

/** `busy`: five tries at this name are being judged right now, or the hashing queue is full; nothing counted. */
export async function givePassword(world: World, given: GivenPassword): Promise<'judged' | 'busy'> {
  const { database, hasher, keyring, clock } = world;
  const interaction = interactionKey(world, given.interactionId);
  const now = clock.now();
  const note = async (outcome: Outcome) => {
    const typedNameSealed = keyring.seal('records', given.typedName, interaction);
    await noteOutcome(database, interaction, {
      outcome,
      typedNameSealed,
      now,
      expiresAt: interactionExpiry(now),
    });
    return 'judged' as const;
  };
  const name = foldName(given.typedName);
  if (name === '' || given.password === '') return await note({ kind: 'incomplete' });
  const credentials = await findCredentials(database, name);
  const subject = keyring.hmac(
    'attempts',
    credentials ? `password of identity ${credentials.identityId}` : `password of name ${name}`,
  );

  const counted = await countTry(database, subject, PASSWORD_LADDER, now);
  if (!counted.counted && standing(counted.attempts, PASSWORD_LADDER, now).kind !== 'locked') return 'busy';

  const hash = counted.counted ? (credentials?.passwordHash ?? null) : null;
  const isRight = await hasher.verify(hash, preparePassword(given.password)).catch(busyOrThrow);
  if (isRight === 'busy') {
    if (counted.counted) await giveTryBack(database, subject);
    return 'busy';
  }

  if (isRight && credentials && hash) {
    const { identityId } = credentials;
    const accepted = { identityId, passwordHash: hash, subject, now, expiresAt: interactionExpiry(now) };
    await acceptPassword(database, interaction, accepted);
    return 'judged';
  }

  const attempts = await judgeWrong(database, subject, PASSWORD_LADDER, now, counted.counted);
  const stands = standing(attempts, PASSWORD_LADDER, now);
  if (stands.kind !== 'locked') return await note({ kind: 'wrong_password' });
  return await note({ kind: 'locked', step: 'password', opensAt: stands.opensAt });
}

function busyOrThrow(error: unknown): 'busy' {
  if (error instanceof TooBusy) return 'busy';
  throw error;
}
