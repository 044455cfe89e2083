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
 * @throws RowMacMismatch; another error for an action that only a later version knows, whose nodes execute it
 */
export function openRequestedAction(
  { keyring, database }: AppContext,
  id: string,
  owner: ConfirmationOwner,
  actionSealed: Buffer,
): SelfServiceAction {
  const contexts = [composeConfirmationContext(id, owner)];
  if (database.rowAuthenticator.mode !== 'require') contexts.push(composeLegacyContext(id));
  const packed = contexts
    .map((context) => openOrNull(keyring, actionSealed, context))
    .find((one) => one !== null);
  if (packed === undefined || packed === null) throw new RowMacMismatch('confirmation', id);
  try {
    return unpackAction(packed);
  } catch {
    throw new Error('a confirmation of an action that this version does not know');
  }
}

/** Returns null for one that was sealed in another form, or was modified. */
function openOrNull(keyring: AppContext['keyring'], actionSealed: Buffer, context: string): string | null {
  try {
    return keyring.open('records', actionSealed, context);
  } catch {
    return null;
  }
}

function composeConfirmationContext(id: string, { identityId, session }: ConfirmationOwner): string {
  return `confirmation v2 ${id} ${identityId} ${session.toString('base64url')}`;
}

function composeLegacyContext(id: string): string {
  return `confirmation v1 ${id}`;
}
