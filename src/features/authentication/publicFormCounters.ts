/**
 * On which counters an answer to a public form counts, which works without a sign-in: by name and network,
 * with a wide bucket over all networks, so that a thief who tries all day keeps no one out. A known browser,
 * and a network from which the person signed in with a key, have separate attempts.
 */
import { findCustomerNetwork, findWidestNetwork, type NetworkBudget } from '../../domain/network/networks.ts';
import type { StoredCredentials } from '../../db/people/identities.ts';
import type { NetworkBucket } from '../../db/signIn/networkLevels.ts';
import type { AppContext } from '../appContext.ts';
import { listNetworkBuckets } from './networks.ts';

export interface PublicFormCounters {
  readonly subject: Buffer;
  /** The bucket of the name over all networks; null for a known browser or network. */
  readonly overall: NetworkBucket | null;
  /** The buckets of the networks over all names; none for a known browser. */
  readonly networks: readonly NetworkBucket[];
}

interface PublicForm {
  /** Which form it is: each has separate counters. */
  readonly form: string;
  /** For one name from all networks. */
  readonly budget: NetworkBudget;
  readonly address: string;
  readonly foldedName: string;
  readonly credentials: StoredCredentials | null;
}

export function composePublicFormCounters(
  context: AppContext,
  { form, budget, address, foldedName, credentials }: PublicForm,
): PublicFormCounters {
  const owner = composeCounterOwner(credentials, foldedName);
  const key = (text: string) => context.keyring.hmac('attempts', `${form} of ${owner} ${text}`);
  if (credentials?.knownBrowser) {
    const browser = credentials.knownBrowser.toString('base64url');
    return { subject: key(`from browser ${browser}`), overall: null, networks: [] };
  }
  const networks = listNetworkBuckets(context, address);
  if (credentials?.knownNetwork) {
    return { subject: key(`from known network ${findCustomerNetwork(address)}`), overall: null, networks };
  }
  return {
    subject: key(`from network ${findWidestNetwork(address)}`),
    overall: { subject: key('from all networks'), budget },
    networks,
  };
}

/** An unknown name is counted under itself, like a known one under its identity. */
export function composeCounterOwner(credentials: StoredCredentials | null, foldedName: string): string {
  return credentials ? `identity ${credentials.identityId}` : `name ${foldedName}`;
}
