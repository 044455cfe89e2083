/** How long the engine's records live, in seconds. */
export const CODE_SECONDS = 60;
export const TOKEN_SECONDS = 600;
export const REFRESH_SECONDS = 30 * 24 * 3600;
/** The engine's bound on an interaction; within it, an hour after its last step ends it (usecases/world). */
export const INTERACTION_SECONDS = 3 * 3600;
export const SESSION_IDLE_SECONDS = 1800;
/** From its first sign-in; a fresh key within it does not begin it anew. */
export const SESSION_SECONDS = 8 * 3600;
/** A grant lives as long as the last token that may be issued under it. */
export const GRANT_SECONDS = SESSION_SECONDS + TOKEN_SECONDS;
