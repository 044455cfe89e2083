/**
 * The application context: the dependencies of every command. A command is one function for one thing that a
 * person or an officer does: it loads, asks the rules of src/domain, and saves and audits in one transaction,
 * which is never held while a password is hashed. Time, randomness and keys, which the rules cannot obtain
 * themselves, come from here.
 */
import type { Random } from '../domain/random.ts';
import type { Rules } from '../domain/rules.ts';
import type { ReportEvent } from '../domain/securityEvent.ts';
import type { BackgroundTasks } from '../platform/background.ts';
import type { BreachedPasswords } from '../platform/breachedPasswords.ts';
import type { Clock } from '../platform/clock.ts';
import type { Keyring } from '../platform/keyring.ts';
import type { PasswordHasher } from '../platform/hashing/passwordHasher.ts';
import type { Database } from '../db/database.ts';

export interface AppContext {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly hasher: PasswordHasher;
  readonly breachedPasswords: BreachedPasswords;
  readonly random: Random;
  readonly clock: Clock;
  readonly rules: Rules;
  /** Work that continues after the response is sent. */
  readonly background: BackgroundTasks;
  /** Reports to operators what happened at the front door. Never throws, and costs no statement. */
  readonly report: ReportEvent;
}

/** An interaction ends an hour after its last step; its row may be swept later. */
export const INTERACTION_MS = 60 * 60_000;

export function readInteractionExpiry(now: Date): Date {
  return new Date(now.getTime() + INTERACTION_MS);
}

/** A form that is sent later than that, from a page that was left open, is rejected. */
export function isSignInOver(stepAt: Date, now: Date): boolean {
  return now.getTime() - stepAt.getTime() > INTERACTION_MS;
}

export function hashInteractionId({ keyring }: AppContext, interactionId: string): Buffer {
  return keyring.hashInteractionId(interactionId);
}
