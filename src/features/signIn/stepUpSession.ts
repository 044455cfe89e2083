/** A step-up stands on a session: its browser is the one that brings the cookie of that session. */
import type { StoredSignIn } from '../../db/signIn/signIns.ts';

/** @param broughtUid of the session that a key raises in this browser; null where there is none. */
export function hasMatchingSession(
  { sessionUid }: Pick<StoredSignIn, 'sessionUid'>,
  broughtUid: string | null,
): boolean {
  return sessionUid === null || sessionUid === broughtUid;
}

/** What another browser sees of it: nothing that its person has shown. */
export function hidePerson(stored: StoredSignIn): StoredSignIn {
  return {
    ...stored,
    identity: null,
    owner: null,
    logSalt: null,
    card: null,
    comingCard: null,
    lastCardState: null,
    newCardSkipped: false,
    knownBrowser: false,
    passwordAt: null,
    isStepUp: false,
    signedInAt: null,
    factors: new Set(),
    consented: false,
    outcome: null,
    typedNameSealed: null,
  };
}
