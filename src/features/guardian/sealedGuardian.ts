/**
 * The guardian as an audit event names them, sealed under a salt of the person: a reader of the log who does
 * not have that person's row learns nothing, and a new salt makes it unreadable permanently.
 */
import { z } from 'zod';
import type { Guardian } from '../../domain/factors/guardian.ts';
import type { Keyring } from '../../platform/keyring.ts';

const GUARDIAN = 'guardian v1';
const guardianSchema = z.object({ name: z.string(), proof: z.string().nullable() });

export function sealGuardian(keyring: Keyring, logSalt: Buffer, { name, proof }: Guardian): string {
  const text = JSON.stringify({ name, proof });
  return keyring.seal('seal', text, GUARDIAN, logSalt).toString('base64url');
}

/** Returns null for a value that was erased or whose key was taken out: it does not open under this salt. */
export function openGuardian(keyring: Keyring, logSalt: Buffer, sealed: string): Guardian | null {
  try {
    const text = keyring.open('seal', Buffer.from(sealed, 'base64url'), GUARDIAN, logSalt);
    return guardianSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
