/**
 * Whether the rows that make a browser or a network known are this person's own: the subject of their tries
 * is a keyed hash of whose they are. A row that was another's, or was put there by a writer in the
 * database, makes nobody known.
 */
import type { PasswordAttemptQuery, PasswordAttemptState } from '../../db/signIn/passwordReads.ts';
import { hashKnownNetworkSubject } from './networks.ts';
import type { AppContext } from '../appContext.ts';
import { hashBrowserSubject } from './attemptSubjectHashes.ts';

export function isKnownOrigin(
  context: AppContext,
  { knownNetwork }: PasswordAttemptQuery,
  { identityId, knownBrowser, subjects }: PasswordAttemptState,
): boolean {
  if (context.database.rowAuthenticator.mode !== 'require' || identityId === null) return true;
  const { browser: ofBrowser, network: ofNetwork } = subjects;
  if (ofBrowser && knownBrowser && !ofBrowser.equals(hashBrowserSubject(context, identityId, knownBrowser)))
    return false;
  return !ofNetwork || ofNetwork.equals(hashKnownNetworkSubject(context, identityId, knownNetwork));
}

/** The same try from a browser and a network that nobody knows. */
export function dropKnownOrigin(query: PasswordAttemptQuery): PasswordAttemptQuery {
  return { ...query, browsers: [], knownNetwork: Buffer.alloc(0) };
}
