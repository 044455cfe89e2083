/** The buckets of the networks that a request comes from, and the keyed hashes of known networks. */
import {
  findCustomerNetwork,
  isBudgetFull,
  readNetworkBudget,
  listNetworks,
  type NetworkLevel,
} from '../../domain/network/networks.ts';
import type { NetworkBucket } from '../../db/signIn/networkLevels.ts';
import type { AppContext } from '../appContext.ts';

/** Returns the buckets over all names, narrowest network first. */
export function listNetworkBuckets(
  { keyring, rules }: AppContext,
  address: string,
): readonly NetworkBucket[] {
  return listNetworks(address).map(({ name, width }) => {
    return { subject: keyring.hmac('attempts', `network ${name}`), budget: readNetworkBudget(width, rules) };
  });
}

export function isAnyBucketFull(
  buckets: readonly NetworkBucket[],
  levels: readonly (NetworkLevel | null)[],
): boolean {
  return buckets.some(({ budget }, i) => isBudgetFull(levels[i] ?? null, budget));
}

/**
 * Identifies a network that a person signed in from: an IPv4 address or a /56, which is what one household
 * has.
 */
export function hashKnownNetwork({ keyring }: Pick<AppContext, 'keyring'>, address: string): Buffer {
  return keyring.hmac('records', `known network ${findCustomerNetwork(address)}`);
}

/** The subject under which this person's attempts from that network are counted. */
export function hashKnownNetworkSubject(
  { keyring }: Pick<AppContext, 'keyring'>,
  identityId: string,
  network: Buffer,
): Buffer {
  const text = `password of identity ${identityId} from known network ${network.toString('base64url')}`;
  return keyring.hmac('attempts', text);
}
