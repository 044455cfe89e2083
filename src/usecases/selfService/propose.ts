/** A deed is asked for; nothing has happened yet. The page that follows asks for a key to it. */
import { WrongRow } from '../../core/binding/rowMac.ts';
import { CONFIRMATION_MS } from '../../core/selfService/confirmation.ts';
import { packDeed, unpackDeed, type SelfDeed } from '../../core/selfService/deed.ts';
import { insertConfirmation, type Asker } from '../../store/selfService/confirmations.ts';
import type { World } from '../world.ts';

/** @returns the id by which it is confirmed: good in this session alone. */
export async function propose(world: World, { identityId, session }: Asker, deed: SelfDeed): Promise<string> {
  const { database, dice, clock } = world;
  const id = dice.uuid();
  const isRead = database.macs.mode === 'read';
  const context = isRead ? formerContextOf(id) : contextOf(id, { identityId, session });
  const deedSealed = world.keyring.seal('records', packDeed(deed), context);
  const expiresAt = new Date(clock.now().getTime() + CONFIRMATION_MS);
  await insertConfirmation(database, { id, identityId, session, kind: deed.kind, deedSealed, expiresAt });
  return id;
}

/**
 * What was asked for under this id, by this person in this session. One that was put into another's row opens
 * for nobody. A node of the version before knows neither of the two in the context: at `read` it is written
 * as that node reads it, and until `require` it is read in both forms.
 * @throws WrongRow
 */
export function openProposed(
  { keyring, database }: World,
  id: string,
  asker: Asker,
  deedSealed: Buffer,
): SelfDeed {
  const contexts = [contextOf(id, asker)];
  if (database.macs.mode !== 'require') contexts.push(formerContextOf(id));
  for (const context of contexts) {
    try {
      return unpackDeed(keyring.open('records', deedSealed, context));
    } catch {
      // It was sealed in the other form, or is not as it was written.
    }
  }
  throw new WrongRow('confirmation', id);
}

function contextOf(id: string, { identityId, session }: Asker): string {
  return `confirmation v2 ${id} ${identityId} ${session.toString('base64url')}`;
}

function formerContextOf(id: string): string {
  return `confirmation v1 ${id}`;
}
