/**
 * What PostgreSQL stores of a password (SCRAM-SHA-256, RFC 5803). Computed here, so that the password itself
 * is never in a statement, where the log of the server or `pg_stat_activity` would show it.
 */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** What PostgreSQL uses itself. */
const ITERATIONS = 4_096;
export const SALT_BYTES = 16;

/** @param password printable ASCII, which SASLprep leaves as it is */
export function composeScramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const sign = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(sign('Client Key')).digest('base64');
  const serverKey = sign('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
