/**
 * The roles of the tests' PostgreSQL, as an installation has them: nodes connect as `noegle_app`, their
 * workers as `noegle_queue`, and suites as the superuser.
 */
import { createHash } from 'node:crypto';
import { realRandom } from '../../src/platform/random.ts';
import { makeDatabase } from '../../src/db/roles/makeDatabase.ts';
import { ROLE_NAMES, type RoleName } from '../../src/db/roles/roles.ts';

/** Every run on one server has the same passwords, which only those know who know the superuser's. */
export function passwordOf(role: RoleName, serverUrl: string): string {
  const { username, password } = new URL(serverUrl);
  return createHash('sha256').update(`${role} ${username} ${password}`).digest('base64url');
}

/** The URL of a database for another role. */
export function connectAs(role: RoleName, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  [url.username, url.password] = [role, passwordOf(role, databaseUrl)];
  return url.href;
}

/** @param serverUrl of the superuser */
export async function makeTestDatabase(serverUrl: string, name: string): Promise<void> {
  const passwords = Object.fromEntries(ROLE_NAMES.map((role) => [role, passwordOf(role, serverUrl)]));
  const drawPassword = (role: RoleName) => passwordOf(role, serverUrl);
  await makeDatabase({ adminUrl: serverUrl, name, passwords, drawPassword, random: realRandom });
}
