/**
 * Stores a requested action; nothing has happened yet. The page that follows asks for a key to confirm it.
 */
import { RowMacMismatch } from '../../../domain/rowMac.ts';
import { CONFIRMATION_MS } from './confirmation.rules.ts';
import { packAction, unpackAction, type SelfServiceAction } from '../../../domain/selfServiceAction.ts';
import { insertConfirmation, type ConfirmationOwner } from './confirmations.queries.ts';
import type { AppContext } from '../../appContext.ts';

/** @returns the id by which it is confirmed; valid only in this session. */
export async function requestConfirmation(
  appContext: AppContext,
  { identityId, session }: ConfirmationOwner,
  action: SelfServiceAction,
): Promise<string> {
  const { database, random, clock } = appContext;
  const id = random.uuid();
  const isRead = database.rowAuthenticator.mode === 'read';
  const context = isRead ? composeLegacyContext(id) : composeConfirmationContext(id, { identityId, session });
  const actionSealed = appContext.keyring.seal('records', packAction(action), context);
  const expiresAt = new Date(clock.now().getTime() + CONFIRMATION_MS);
  await insertConfirmation(database, { id, identityId, session, kind: action.kind, actionSealed, expiresAt });
  return id;
}

/**
 * Opens the action requested under this id, by this person in this session. A sealed action that was copied
 * into another person's row does not open. A node of the previous version knows neither of the two in the
 * encryption context: at row-MAC mode `read` an action is sealed in that node's form, and until `require`
 * both forms are read.
 *
 * @throws RowMacMismatch
 */
export function openRequestedAction(
  { keyring, database }: AppContext,
  id: string,
  owner: ConfirmationOwner,
  actionSealed: Buffer,
): SelfServiceAction {
  const contexts = [composeConfirmationContext(id, owner)];
  if (database.rowAuthenticator.mode !== 'require') contexts.push(composeLegacyContext(id));
  for (const context of contexts) {
    try {
      return unpackAction(keyring.open('records', actionSealed, context));
    } catch {
      // It was sealed in the other form, or was modified.
    }
  }
  throw new RowMacMismatch('confirmation', id);
}

function composeConfirmationContext(id: string, { identityId, session }: ConfirmationOwner): string {
  return `confirmation v2 ${id} ${identityId} ${session.toString('base64url')}`;
}

function composeLegacyContext(id: string): string {
  return `confirmation v1 ${id}`;
}
