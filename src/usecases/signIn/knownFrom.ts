/**
 * Whether the rows that make a browser or a network known are this person's own: the subject of their tries
 * is a keyed hash of whose they are. A row that was another's, or was put there by a writer in the
 * database, makes nobody known.
 */
import type { PasswordTryQuery, ReadPasswordTry } from '../../store/signIn/passwordReads.ts';
import { knownNetworkSubject } from '../networks.ts';
import type { World } from '../world.ts';
import { browserSubject } from './triesOf.ts';

export function isKnownFrom(
  world: World,
  { knownNetwork }: PasswordTryQuery,
  { identityId, knownBrowser, subjects }: ReadPasswordTry,
): boolean {
  if (world.database.macs.mode !== 'require' || identityId === null) return true;
  const { browser: ofBrowser, network: ofNetwork } = subjects;
  if (ofBrowser && knownBrowser && !ofBrowser.equals(browserSubject(world, identityId, knownBrowser)))
    return false;
  return !ofNetwork || ofNetwork.equals(knownNetworkSubject(world, identityId, knownNetwork));
}

/** The same try from a browser and a network that nobody knows. */
export function fromUnknown(query: PasswordTryQuery): PasswordTryQuery {
  return { ...query, browsers: [], knownNetwork: Buffer.alloc(0) };
}
