/**
 * For how many days personal data is kept that does not stay as long as the ID does. The sweep (db/sweep.ts)
 * deletes by these numbers, and the page about privacy states them.
 */

export const RETENTION_DAYS = {
  /** What a request in progress needs, after it is over. */
  requests: 1,
  /** Browsers of a person, also those that were not marked as their own, after the last sign-in there. */
  browsers: 400,
  /** Counts of wrong answers in a row, after the last one. */
  wrongInARow: 400,
  /** Networks of sign-ins with a key, after the last one. */
  knownNetworks: 90,
  /** Notices that were sent by e-mail. */
  notices: 90,
  /** Sign-in codes, after they expire: the latest one decides whether another may be ordered. */
  signInCodes: 90,
  /** Orders of a new password by a key: those of the last month limit further ones. */
  newPasswords: 90,
  /** An e-mail address that was given with an application and not confirmed; the ID may be activated late. */
  applicationEmail: 180,
  /** An e-mail address that was given later and not confirmed. */
  unconfirmedEmail: 14,
  /**
   * An e-mail address that another has replaced, to send the notice of the change in case the mail server was
   * unavailable.
   */
  replacedEmail: 14,
  /** Security keys and passkeys, after they ended. */
  endedSecurityKeys: 90,
  /** Refusals at the desk, of a member of staff. */
  deskRefusals: 90,
} as const satisfies Readonly<Record<string, number>>;

export type RetentionKind = keyof typeof RETENTION_DAYS;
