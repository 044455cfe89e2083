/**
 * The latest use of a session: when, and in which browser and network. It is saved where the provider saves
 * the session anyway, so it may be older than the newest request at a relying party.
 */
import type { ClientContext } from './clientContext.ts';

export interface SessionUse extends ClientContext {
  readonly at: Date;
}
