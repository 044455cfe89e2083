/**
 * usecases/: one function, one thing that a person or an officer does. Load, ask the core, save and audit in one
 * transaction, which is never held across hashing. What the core cannot have (time, chance, keys) comes in here.
 */
import type { Random } from '../domain/random.ts';
import type { Rules } from '../domain/rules.ts';
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
  /** What goes on after the answer. */
  readonly background: BackgroundTasks;
}

/** An interaction is over when an hour has passed since its last step; its row may be swept later. */
export const INTERACTION_MS = 60 * 60_000;

export function readInteractionExpiry(now: Date): Date {
  return new Date(now.getTime() + INTERACTION_MS);
}

/** Whatever comes in then, on a page that was left open, is too late. */
export function isSignInOver(stepAt: Date, now: Date): boolean {
  return now.getTime() - stepAt.getTime() > INTERACTION_MS;
}

export function hashInteractionId({ keyring }: AppContext, interactionId: string): Buffer {
  return keyring.hashInteractionId(interactionId);
}
