/** Lifetimes of the provider's records, in seconds. */
import { OFFLINE_DAYS, SESSION_HOURS } from '../../domain/relyingParty/accessLifetimes.ts';

export const CODE_SECONDS = 60;
export const TOKEN_SECONDS = 600;
/** The lifetime of the first refresh token, and so of all that it is exchanged for (refreshFamily.ts). */
export const REFRESH_SECONDS = OFFLINE_DAYS * 24 * 3600;
/** The provider's limit on an interaction; within it, an hour without a step ends it. */
export const INTERACTION_SECONDS = 3 * 3600;
export const SESSION_IDLE_SECONDS = 1800;
export const SESSION_SECONDS = SESSION_HOURS * 3600;
/** A grant lives as long as the last token that may be issued under it. */
export const GRANT_SECONDS = SESSION_SECONDS + TOKEN_SECONDS;
/** The first refresh token is issued when the code is redeemed. */
export const OFFLINE_GRANT_SECONDS = CODE_SECONDS + REFRESH_SECONDS;
