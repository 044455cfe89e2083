/** For how long a yes opens something: what the consent page says, and the provider keeps to. */

/** From the first refresh token, however often it is exchanged for another one. */
export const OFFLINE_DAYS = 30;
/** From the first sign-in of a session; a fresh key within it does not begin it again. */
export const SESSION_HOURS = 8;
