/** Adds a security key right after an activation: one, while the person who activated the ID is present. */
import type { CreatedSecurityKey, ListedSecurityKey } from '../../domain/factors/securityKey.ts';
import { isRecentlyDone } from '../../domain/issuing/activation.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import type { Queryable } from '../../db/database.ts';
import { listSecurityKeys } from '../../db/factors/securityKeyLife.ts';
import { findIdentityWithPerson } from '../../db/people/identities.ts';
import { addSecurityKeyInTransaction, type CreationFault } from '../securityKeys/index.ts';
import type { AppContext } from '../appContext.ts';
import type { ActivationView } from './showActivation.ts';

type DoneActivation = Pick<Extract<ActivationView, { page: 'done' }>, 'identity' | 'doneAt'>;

/** The one that was added at this activation; null for none. */
export async function findActivationKey(
  { database }: AppContext,
  done: DoneActivation,
): Promise<ListedSecurityKey | null> {
  return await findKeyOf(database, done);
}

async function findKeyOf(
  db: Queryable,
  { identity, doneAt }: DoneActivation,
): Promise<ListedSecurityKey | null> {
  const all = await listSecurityKeys(db, identity.id, { withEnded: true });
  return all.find(({ addedBy, addedAt }) => addedBy === 'activation' && addedAt >= doneAt) ?? null;
}

/** @returns why it was not added; null when it was, or one was added here before */
export async function addActivationKey(
  context: AppContext,
  done: DoneActivation,
  { key, name }: { readonly key: CreatedSecurityKey; readonly name: string },
): Promise<CreationFault | null> {
  const { database, clock } = context;
  const { identity, doneAt } = done;
  return await database.transaction(async (db) => {
    await lockIdentity(db, identity.id);
    if ((await findIdentityWithPerson(db, identity.id))?.identity.isBlocked !== false) return 'failed';
    if (!isRecentlyDone(doneAt, clock.now())) return 'expired';
    if (await findKeyOf(db, done)) return null;
    const toAdd = { key, name, place: 'activation', isConfirmed: false } as const;
    const refused = await addSecurityKeyInTransaction(context, db, identity.id, toAdd, { by: 'person' });
    // The page says it in place of the form.
    if (refused === 'needs_guardian') return 'expired';
    return refused === null ? null : 'known';
  });
}
