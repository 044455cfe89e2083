/** A deed is asked for; nothing has happened yet. The page that follows asks for a key to it. */
import { RowMacMismatch } from '../../../domain/rowMac.ts';
import { CONFIRMATION_MS } from './confirmation.rules.ts';
import { packAction, unpackAction, type SelfServiceAction } from '../../../domain/selfServiceAction.ts';
import { insertConfirmation, type ConfirmationOwner } from './confirmations.queries.ts';
import type { AppContext } from '../../appContext.ts';

/** @returns the id by which it is confirmed: good in this session alone. */
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
 * What was asked for under this id, by this person in this session. One that was put into another's row opens
 * for nobody. A node of the version before knows neither of the two in the context: at `read` it is written
 * as that node reads it, and until `require` it is read in both forms.
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
      // It was sealed in the other form, or is not as it was written.
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
