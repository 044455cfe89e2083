/** Builds the application context, which the use cases work with, from the settings of this node. */
import type { Rules } from '../domain/rules.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../domain/random.ts';
import type { ReportEvent } from '../domain/securityEvent.ts';
import { BackgroundTasks } from '../platform/background.ts';
import type { Keyring } from '../platform/keyring.ts';
import type { Log } from '../platform/log.ts';
import { PasswordHasher } from '../platform/hashing/passwordHasher.ts';
import { openBreachedPasswords } from '../platform/breachedPasswords.ts';
import type { Database } from '../db/database.ts';
import type { AppContext } from '../features/appContext.ts';

interface ContextSettings {
  readonly rules: Rules;
  readonly breachedPasswordsDir?: string | null;
}

interface ContextDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly hasher?: PasswordHasher;
  readonly report: ReportEvent;
}

export function createAppContext(
  { rules, breachedPasswordsDir }: ContextSettings,
  { clock, random, log, hasher, report }: ContextDependencies,
  { database, keyring }: { readonly database: Database; readonly keyring: Keyring },
): AppContext {
  return {
    database,
    keyring,
    hasher: hasher ?? new PasswordHasher({ setting: rules.hashing }),
    breachedPasswords: openBreachedPasswords(breachedPasswordsDir ?? null, log),
    random,
    clock,
    rules,
    background: new BackgroundTasks(log),
    report,
  };
}
