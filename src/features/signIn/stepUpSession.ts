/** A step-up is based on a session: its browser is the one that sends the cookie of that session. */
import type { StoredSignIn } from '../../db/signIn/signIns.ts';

/** @param broughtUid the session that a step-up raises in this browser; null without one */
export function hasMatchingSession(
  { sessionUid }: Pick<StoredSignIn, 'sessionUid'>,
  broughtUid: string | null,
): boolean {
  return sessionUid === null || sessionUid === broughtUid;
}

/** Hides from another browser everything that the person has given. */
export function hidePerson(stored: StoredSignIn): StoredSignIn {
  return {
    ...stored,
    identity: null,
    owner: null,
    logSalt: null,
    card: null,
    comingCard: null,
    lastCardState: null,
    securityKeys: [],
    codeToken: null,
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
