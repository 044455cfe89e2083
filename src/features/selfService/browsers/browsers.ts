/**
 * The browsers that a person marked as their own. A removed browser is unknown on every node from the next
 * form on, because each form checks the row. A session in that browser continues.
 */
import type { ClientContext, RequestSource } from '../../../domain/clientContext.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { lockIdentity } from '../../../db/cards/cardSets.ts';
import type { Queryable } from '../../../db/database.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import {
  deleteKnownBrowsers,
  deleteNamedBrowser,
  listKnownBrowsers,
} from '../../../db/signIn/knownBrowsers.ts';
import { enqueueNotice } from '../../../db/cards/notices.ts';
import { openClientContext, sealClientContext } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

export interface KnownBrowserView {
  /** The name by which it is removed. */
  readonly name: string;
  readonly firstAt: Date;
  /** Time of the last sign-in with a key; null where none was recorded. */
  readonly lastAt: Date | null;
  /** Null where it was not recorded, or was erased. */
  readonly seen: ClientContext | null;
}

/** Lists them, the most recently used first. */
export async function listKnownBrowsersOfPerson(
  { database, keyring }: AppContext,
  identityId: string,
): Promise<KnownBrowserView[]> {
  const found = await findIdentityWithPerson(database, identityId);
  if (!found) return [];
  const stored = await listKnownBrowsers(database, identityId);
  return stored.map(({ seen: clientContext, ...rest }) => {
    return {
      ...rest,
      seen: clientContext === null ? null : openClientContext(keyring, found.logSalt, clientContext),
    };
  });
}

/** Removes one browser. Returns false where it was removed already, or is not this person's. */
export async function removeKnownBrowser(
  context: AppContext,
  identityId: string,
  { name, requestSource }: { name: string; requestSource: RequestSource },
): Promise<boolean> {
  const deleteRows = async (db: Queryable) => ((await deleteNamedBrowser(db, identityId, name)) ? 1 : 0);
  return (await removeAndRecord(context, identityId, { requestSource, deleteRows })) > 0;
}

/** @returns how many there were. */
export async function removeKnownBrowsers(
  context: AppContext,
  identityId: string,
  requestSource: RequestSource,
): Promise<number> {
  const deleteRows = async (db: Queryable) => await deleteKnownBrowsers(db, identityId);
  return await removeAndRecord(context, identityId, { requestSource, deleteRows });
}

async function removeAndRecord(
  context: AppContext,
  identityId: string,
  {
    requestSource,
    deleteRows,
  }: { requestSource: RequestSource; deleteRows: (db: Queryable) => Promise<number> },
): Promise<number> {
  const { database, random, clock, keyring } = context;
  return await database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    const many = await deleteRows(db);
    if (many === 0) return 0;
    const logSalt = (await findIdentityWithPerson(db, identityId))?.logSalt ?? null;
    const details = { many, ...sealClientContext(keyring, logSalt, requestSource) };
    await appendEvent(db, { kind: 'browsers_taken_back', identityId, details });
    const now = clock.now();
    const notice = { kind: 'browsers_taken_back', details: { many, at: now.toISOString() } } as const;
    await enqueueNotice(db, { id: random.uuid(), identityId, notice }, now);
    return many;
  });
}
