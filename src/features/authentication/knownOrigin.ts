/**
 * Decides whether the rows that make a browser or a network known belong to this person: the subject of their
 * attempts is a keyed hash that includes the identity. A row that belonged to another person, or that was
 * inserted by someone with write access to the database, makes nothing known.
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

/** Returns the query for the same attempt from an unknown browser and an unknown network. */
export function dropKnownOrigin(query: PasswordAttemptQuery): PasswordAttemptQuery {
  return { ...query, browsers: [], knownNetwork: Buffer.alloc(0) };
}
