/** A deed is asked for; nothing has happened yet. The page that follows asks for a key to it. */
import { CONFIRMATION_MS } from '../../core/selfService/confirmation.ts';
import { packDeed, type SelfDeed } from '../../core/selfService/deed.ts';
import { insertConfirmation, type Asker } from '../../store/selfService/confirmations.ts';
import type { World } from '../world.ts';

/** @returns the id by which it is confirmed: good in this session alone. */
export async function propose(world: World, { identityId, session }: Asker, deed: SelfDeed): Promise<string> {
  const { database, dice, clock } = world;
  const id = dice.uuid();
  const deedSealed = world.keyring.seal('records', packDeed(deed), sealedUnder(id));
  const expiresAt = new Date(clock.now().getTime() + CONFIRMATION_MS);
  await insertConfirmation(database, { id, identityId, session, kind: deed.kind, deedSealed, expiresAt });
  return id;
}

export function sealedUnder(id: string): string {
  return `confirmation v1 ${id}`;
}
