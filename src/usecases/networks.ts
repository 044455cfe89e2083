/** The buckets of the networks that a request comes from, and the clock by which they run out. */
import {
  customerNetworkOf,
  isFull,
  networkBudgetOf,
  networksOf,
  type NetworkLevel,
} from '../core/network/networks.ts';
import type { NetworkBucket } from '../store/signIn/networkLevels.ts';
import type { World } from './world.ts';

/** Over all names, narrowest first. */
export function networkBuckets({ keyring, rules }: World, address: string): readonly NetworkBucket[] {
  return networksOf(address).map(({ name, width }) => {
    return { subject: keyring.hmac('attempts', `network ${name}`), budget: networkBudgetOf(width, rules) };
  });
}

export function isAnyFull(
  buckets: readonly NetworkBucket[],
  levels: readonly (NetworkLevel | null)[],
): boolean {
  return buckets.some(({ budget }, i) => isFull(levels[i] ?? null, budget));
}

/**
 * By which a network is known to be somebody's: an IPv4 address or a /56, which is what one household has.
 */
export function knownNetworkKey({ keyring }: Pick<World, 'keyring'>, address: string): Buffer {
  return keyring.hmac('records', `known network ${customerNetworkOf(address)}`);
}

/** Of the tries that this person has from there. */
export function knownNetworkSubject(
  { keyring }: Pick<World, 'keyring'>,
  identityId: string,
  network: Buffer,
): Buffer {
  const text = `password of identity ${identityId} from known network ${network.toString('base64url')}`;
  return keyring.hmac('attempts', text);
}
