/**
 * Step 1: a name and the temporary password from the letter. From one network one try in half a minute is judged, and none
 * ever locks: ID numbers are dense. Unknown and wrong are answered alike, in bytes and in time; what is the matter with a right
 * one (used, expired, the ID blocked) is told by what follows.
 */
import { checkNameAndPassword, nameToShow } from '../../core/input/nameAndPassword.ts';
import type { ActivationOutcome } from '../../core/issuing/activation.ts';
import { ladders, networkOf, temporaryBudget } from '../../core/lockout.ts';
import { foldTemporaryPassword } from '../../core/password.ts';
import { foldName } from '../../core/userId.ts';
import { acceptTemporary, findTemporaryPassword, noteStart } from '../../store/issuing/activations.ts';
import { countTry, giveTryBack, judgeWrong } from '../../store/attempts.ts';
import { networkTry } from '../signIn/givePassword.ts';
import { unlessBusy } from '../unlessBusy.ts';
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
): Promise<'judged' | 'busy' | 'slowed' | { readonly renewed: string }> {
  const { database, hasher, keyring, clock, rules } = world;
  const now = clock.now();
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
  const subject = keyring.hmac(
    'attempts',
    `temporary password of ${whose} from network ${networkOf(given.address)}`,
  );
  const overall = {
    subject: keyring.hmac('attempts', `temporary password of ${whose} from all networks`),
    budget: temporaryBudget(rules),
  };
  const ladder = ladders(rules).temporary;
  const network = networkTry(world, given.address);
  const counted = await countTry(database, subject, ladder, now, network, overall);
  if (counted.kind === 'slowed') return 'slowed';
  if (counted.kind === 'refused') return await note({ kind: 'too_soon' });

  const isRight = await unlessBusy(
    hasher.verify(found?.hash ?? null, password, {
      identity: overall.subject.toString('base64url'),
      network: networkOf(given.address),
      signal: given.signal,
    }),
    async () => await giveTryBack(database, subject, network, overall),
  );
  if (isRight === 'busy') return 'busy';
  if (isRight && found?.letterId) {
    const { identityId, letterId } = found;
    const renewed = drawActivation(world);
    const begun = { identityId, letterId, subject, network, overall, now, expiresAt };
    await acceptTemporary(database, activationKey(world, renewed), begun);
    return { renewed };
  }
  await judgeWrong(database, subject, ladder, now);
  return await note({ kind: 'wrong_temporary' });
}
