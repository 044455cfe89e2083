/**
 * Under which subjects a person's tries are counted: keyed hashes, which say nothing of whose they are. They are kept beside the
 * identity, so that one statement reads both; people who were registered by a version that did not keep them are filled in.
 */
import { fillTriesOfMany, findUnfilled } from '../../store/signIn/triesSubjects.ts';
import type { World } from '../world.ts';

type Keys = Pick<World, 'keyring'>;

export interface TriesOf {
  readonly password: Buffer;
  readonly key: Buffer;
}

export function triesOf(world: Keys, identityId: string): TriesOf {
  return {
    password: passwordSubject(world, `identity ${identityId}`),
    key: keySubject(world, identityId),
  };
}

/** @param whose `identity <id>`, or `name <folded name>` of one that nobody has. */
export function passwordSubject({ keyring }: Keys, whose: string): Buffer {
  return keyring.hmac('attempts', `password of ${whose}`);
}

export function browserSubject({ keyring }: Keys, identityId: string, browser: Buffer): Buffer {
  const text = `password of identity ${identityId} from browser ${browser.toString('base64url')}`;
  return keyring.hmac('attempts', text);
}

export function keySubject({ keyring }: Keys, identityId: string): Buffer {
  return keyring.hmac('attempts', `key of identity ${identityId}`);
}

const AT_ONCE = 500;

/** One round; true when there may be more. A name that is not filled in yet costs a statement more: nobody is to tell by that. */
export async function fillTries(world: World): Promise<boolean> {
  const ids = await findUnfilled(world.database, AT_ONCE);
  if (ids.length > 0) {
    await fillTriesOfMany(
      world.database,
      ids.map((id) => ({ id, ...triesOf(world, id) })),
    );
  }
  return ids.length === AT_ONCE;
}
