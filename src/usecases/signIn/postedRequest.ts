/**
 * A relying party posts an authorization request that is longer than an address may be. The browser is given
 * a reference to it and a secret, and brings both back within a minute. What is kept is sealed, and found by
 * the secret alone.
 */
import { longRequestBudget } from '../../core/lockout.ts';
import { networkOf } from '../../core/network/networks.ts';
import { findPostedRequest, insertPostedRequest } from '../../store/signIn/postedRequests.ts';
import type { World } from '../world.ts';

/** A redirect takes no longer, also on a slow network. */
export const POSTED_SECONDS = 60;

/** At most 56 kB each: a little more than a hundred megabytes. */
const MAX_ROWS = 2_000;

/** What the browser is given: the one in the address, the other in a cookie. */
export interface PostedReference {
  readonly id: string;
  readonly secret: string;
}

const REFERENCE = /^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/;

/** @param request as a query string @returns null where too much was posted lately */
export async function keepPostedRequest(
  world: World,
  { request, address }: { request: string; address: string },
): Promise<PostedReference | null> {
  const { database, keyring, dice, clock, rules } = world;
  const draw = (bytes: number) => dice.bytes(bytes).toString('base64url');
  const reference = { id: draw(16), secret: draw(32) };
  const id = rowOf(world, reference);
  const posted = {
    id,
    sealed: keyring.seal('records', request, id),
    seconds: POSTED_SECONDS,
    network: keyring.hmac('attempts', `long requests from network ${networkOf(address)}`),
    kilobytes: Math.ceil(request.length / 1_024),
  };
  const limits = { budget: longRequestBudget(rules), rows: MAX_ROWS, now: clock.now() };
  return (await insertPostedRequest(database, posted, limits)) ? reference : null;
}

/** @returns the query string; null when it is over, or is that of another browser */
export async function readPostedRequest(world: World, reference: PostedReference): Promise<string | null> {
  if (!REFERENCE.test(`${reference.id}.${reference.secret}`)) return null;
  const id = rowOf(world, reference);
  const sealed = await findPostedRequest(world.database, id);
  return sealed && world.keyring.open('records', sealed, id);
}

function rowOf({ keyring }: World, { id, secret }: PostedReference): Buffer {
  return keyring.hmac('records', `posted request v1 ${id} ${secret}`);
}
