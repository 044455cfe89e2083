/** What the use cases work with, built from the settings of this node. */
import type { Rules } from './core/rules.ts';
import type { Clock } from './platform/clock.ts';
import type { Dice } from './core/dice.ts';
import { Background } from './platform/background.ts';
import type { Keyring } from './platform/keyring.ts';
import type { Log } from './platform/log.ts';
import { PasswordHasher } from './platform/passwordHasher.ts';
import { openBreachedPasswords } from './platform/passwords/breachedPasswords.ts';
import type { Database } from './store/database.ts';
import type { World } from './usecases/world.ts';

interface Settings {
  readonly rules: Rules;
  readonly breachedPasswordsDir?: string | null;
}

interface Given {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly log: Log;
  readonly hasher?: PasswordHasher;
}

export function createWorld(
  { rules, breachedPasswordsDir }: Settings,
  { clock, dice, log, hasher }: Given,
  { database, keyring }: { readonly database: Database; readonly keyring: Keyring },
): World {
  return {
    database,
    keyring,
    hasher: hasher ?? new PasswordHasher({ setting: rules.hashing }),
    breachedPasswords: openBreachedPasswords(breachedPasswordsDir ?? null, log),
    dice,
    clock,
    rules,
    background: new Background(log),
  };
}
