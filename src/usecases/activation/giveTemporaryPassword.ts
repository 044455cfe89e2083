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
import { acceptTemporary, findTemporaryPassword, noteStart } from '../../store/issuing/activations.ts';
import { fullOrThrow, judgeAtDoor, readDoor } from '../../store/signIn/doorTries.ts';
import { countWrongFrom } from '../../store/signIn/networkLevels.ts';
import { isAnyFull, networkBuckets } from '../networks.ts';
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
 * nothing.
 */
export async function giveTemporaryPassword(
  world: World,
  given: GivenTemporaryPassword,
): Promise<TemporaryPasswordAnswer> {
  return await inTurn(world, given, () => readAndCompare(world, given));
}

type TemporaryPasswordAnswer = 'judged' | 'busy' | 'slowed' | { readonly renewed: string };

async function readAndCompare(world: World, given: GivenTemporaryPassword): Promise<TemporaryPasswordAnswer> {
  const { database, hasher, keyring, clock, rules } = world;
  const now = clock.now();
  const { offsetMs } = clock;
  const expiresAt = activationExpiry(now);
  const id = activationKey(world, given.activation);
  const note = async (outcome: ActivationOutcome) => {
    const typedSealed = keyring.seal('records', nameToShow(given.typedName), id);
    await noteStart(database, id, { outcome, typedSealed, now, expiresAt });
    return 'judged' as const;
  };
  // Tabs and line breaks are the reader's own here, as spaces are.
  const password = foldTemporaryPassword(given.password);
  const fault = checkNameAndPassword(given.typedName, password);
  if (fault) return await note({ kind: fault });
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
  if (state.kind !== 'open' || isFull(levelOverall, overall.budget)) return await note({ kind: 'too_soon' });

  const isRight = await unlessBusy(
    hasher.verify(found?.hash ?? null, password, {
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
  if (verdict === 'wrong') countWrongFrom(database, networks, offsetMs);
  if (verdict !== 'right' && verdict !== 'wrong' && verdict !== 'again')
    return await note({ kind: 'too_soon' });
  return accepted ? { renewed } : await note({ kind: 'wrong_temporary' });
}
