/**
 * An e-mail address that takes no mail: a mail server refused it for good. Its person gets letters, and sees
 * why in self-service and in the log. Each later notice tries it once: a mailbox that was full may have room
 * again.
 */
import { appendEvent } from '../../db/auditLog.ts';
import type { Recipient } from '../../db/people/recipients.ts';
import type { AppContext } from '../appContext.ts';
import { hashConfirmedEmail, isEmailConfirmed } from './confirmedEmail.ts';
import { deleteRefusedEmail, saveRefusedEmail } from './refusedEmails.queries.ts';

/** The first refusal is in the log; what follows is the same. */
export async function recordEmailRefused(
  context: AppContext,
  { identityId, personId }: { identityId: string; personId: string },
  email: string,
): Promise<void> {
  const refused = hashConfirmedEmail(context, personId, email);
  await context.database.transaction(async (db) => {
    if (!(await saveRefusedEmail(db, personId, refused))) return;
    await appendEvent(db, { kind: 'email_refused', identityId, details: {} });
  });
}

/** Writes only where the address had been refused before. */
export async function recordEmailAccepted(
  context: AppContext,
  { personId, refusedEmail }: Recipient,
  email: string,
): Promise<void> {
  if (!refusedEmail?.equals(hashConfirmedEmail(context, personId, email))) return;
  await deleteRefusedEmail(context.database, personId, refusedEmail);
}

/**
 * @param sealed the address in use; null for none
 * @param refused the keyed hash of the address that was refused
 */
export function isSealedEmailRefused(
  context: Pick<AppContext, 'keyring'>,
  personId: string,
  sealed: Buffer | null,
  refused: Buffer | null,
): boolean {
  return refused !== null && isEmailConfirmed(context, personId, sealed, [refused]);
}
