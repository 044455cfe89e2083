/** How long a consent gives access: the consent page states these times and the provider enforces them. */

/** Counted from the first refresh token, regardless of how often it is exchanged. */
export const OFFLINE_DAYS = 30;
/** Counted from the first sign-in of a session; a fresh key does not extend it. */
export const SESSION_HOURS = 8;
