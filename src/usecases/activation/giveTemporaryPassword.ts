/**
 * Step 1: a name and the temporary password from the letter. From one network one try in half a minute is judged, in
 * the manner of docs/decisions/0017-the-sign-in.md, and none ever locks: ID numbers are dense. Unknown and wrong are answered alike, in bytes and in time; what is the matter with a right
 * one (used, expired, the ID blocked) is told by what follows.
 */
import { checkNameAndPassword, nameToShow } from '../../core/input/nameAndPassword.ts';
import type { ActivationOutcome } from '../../core/issuing/activation.ts';
import { ladders, standing, temporaryBudget } from '../../core/lockout.ts';
import { customerNetworkOf, isFull, networkOf } from '../../core/network/networks.ts';
import { foldTemporaryPassword } from '../../core/password.ts';
import { foldName } from '../../core/userId.ts';
import { acceptTemporary, findTemporaryPassword } from '../../store/issuing/activations.ts';
import { fullOrThrow, judgeAtDoor, readDoor } from '../../store/signIn/doorTries.ts';
import { countWrongFrom } from '../../store/signIn/networkLevels.ts';
import { isAnyFull, networkBuckets } from '../networks.ts';
import { verifyPassword } from '../passwords/keyedPassword.ts';
import { noteFailure } from '../signIn/failures.ts';
import { inTurn, unlessBusy } from '../unlessBusy.ts';
import type { World } from '../world.ts';
import { activationExpiry, activationKey, drawActivation } from './activationKey.ts';

export interface GivenTemporaryPassword {
  /** What the cookie of this browser holds. */
  readonly activation: string;
  readonly typedName: string;
  readonly password: string;
  readonly address: string;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

/**
 * `busy`: too much is being hashed; nothing counted. `slowed`: too many wrong ones came from this network.
 * `renewed`: it was right, and this is what the cookie has to hold from now on: what it held before is worth
 * nothing. An outcome: it was not, and nothing is kept of it but what counts the try.
 */
export async function giveTemporaryPassword(
  world: World,
  given: GivenTemporaryPassword,
): Promise<TemporaryPasswordAnswer> {
  return await inTurn(world, given, () => readAndCompare(world, given));
}

export type TemporaryPasswordAnswer = 'judged' | 'busy' | 'slowed' | { readonly renewed: string } | Mentioned;

/** What the page mentions, with the name as it shows it again. */
export interface Mentioned {
  readonly outcome: ActivationOutcome;
  readonly typed: string;
}

async function readAndCompare(world: World, given: GivenTemporaryPassword): Promise<TemporaryPasswordAnswer> {
  const { database, keyring, clock, rules } = world;
  const now = clock.now();
  const { offsetMs } = clock;
  const expiresAt = activationExpiry(now);
  const mention = (outcome: ActivationOutcome) => ({ outcome, typed: nameToShow(given.typedName) });
  // Tabs and line breaks are the reader's own here, as spaces are.
  const password = foldTemporaryPassword(given.password);
  const fault = checkNameAndPassword(given.typedName, password);
  if (fault) return mention({ kind: fault });
  const name = foldName(given.typedName);

  const found = await findTemporaryPassword(database, name);
  const whose = found ? `identity ${found.identityId}` : `name ${name}`;
  const counter = (from: string) => keyring.hmac('attempts', `temporary password of ${whose} from ${from}`);
  const subject = counter(`network ${customerNetworkOf(given.address)}`);
  const overall = { subject: counter('all networks'), budget: temporaryBudget(rules) };
  const networks = networkBuckets(world, given.address);
  const ladder = ladders(rules).temporary;
  const door = await readDoor(database, { subject, buckets: [overall, ...networks], offsetMs });
  const [levelOverall = null, ...levels] = door.levels;
  if (isAnyFull(networks, levels)) return 'slowed';
  const state = standing(door.attempts, ladder, door.now);
  if (state.kind !== 'open' || isFull(levelOverall, overall.budget)) return mention({ kind: 'too_soon' });

  const stored = {
    identityId: found?.identityId ?? null,
    stored: found?.hash ?? null,
    isOfLetter: true,
  };
  const isRight = await unlessBusy(
    verifyPassword(world, stored, password, {
      identity: overall.subject.toString('base64url'),
      network: networkOf(given.address),
      signal: given.signal,
    }),
  );
  if (isRight === 'busy') return 'busy';
  const renewed = drawActivation(world);
  const accepted = isRight && found?.letterId ? { ...found, letterId: found.letterId } : null;
  const form = keyring.hmac(
    'records',
    `activation form v1 ${JSON.stringify([given.activation, name, password])}`,
  );
  const judging = { subject, ladder, isRight: accepted !== null, form: form.subarray(0, 16), offsetMs };
  const judged = database.transaction(async (db) => {
    const verdict = await judgeAtDoor(db, judging, overall);
    if (accepted && (verdict === 'right' || verdict === 'again')) {
      await acceptTemporary(db, activationKey(world, renewed), { ...accepted, now, expiresAt });
    }
    return verdict;
  });
  const verdict = await judged.catch(fullOrThrow);
  if (verdict === 'busy') return 'busy';
  if (verdict === 'wrong') noteFailure(world, found?.identityId ?? null, 'temporary_password');
  if (verdict === 'wrong') countWrongFrom(database, networks, offsetMs);
  if (verdict !== 'right' && verdict !== 'wrong' && verdict !== 'again') return mention({ kind: 'too_soon' });
  return accepted ? { renewed } : mention({ kind: 'wrong_temporary' });
}
