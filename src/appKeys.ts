/** Whether the key rings of this node are those that its database was made with. */
import { KEY_USES, type Keyring } from './platform/keyring.ts';
import type { Database } from './store/database.ts';
import { keepKeyChecks } from './store/installation.ts';

/** The keys do not belong to the data: said at start, before anything is answered with them. */
export class WrongKeys extends Error {}

/** @throws WrongKeys, DatabaseAway */
export async function checkKeys(database: Database, keyring: Keyring): Promise<void> {
  const checks = Object.fromEntries(
    KEY_USES.map((use) => [
      use,
      keyring.hmac(use, 'key check v1', keyring.oldestKid(use)).toString('base64url'),
    ]),
  );
  const made = await keepKeyChecks(database, checks);
  const wrong = KEY_USES.filter((use) => made[use] !== checks[use]);
  if (wrong.length > 0) {
    throw new WrongKeys(`the keys for ${wrong.join(', ')} are not those that this database was made with`);
  }
}
