/** A person ends their own code token; neither takes a key, as it only takes access away. */
import { endIdentity, lockIdentity } from '../../../db/cards/cardSets.ts';
import { enqueueBackchannelLogouts, enqueueMissedLogouts } from '../../../db/oidc/backchannelLogouts.ts';
import { keepOwnSession } from '../../../db/oidc/firstPartySessions.ts';
import type { AppContext } from '../../appContext.ts';
import { blockCodeTokens, stopCodeToken, voidLostCodeToken } from '../../codeTokens/index.ts';

const BY_PERSON = { by: 'person' } as const;

/** It did not arrive. @returns false when none is on its way, or it waits already */
export async function reportCodeTokenLost(context: AppContext, identityId: string): Promise<boolean> {
  const refused = await context.database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    return await voidLostCodeToken(context, db, identityId, BY_PERSON);
  });
  return refused === null;
}

/** Stops one that waits. @returns false when none does */
export async function stopOwnCodeToken(context: AppContext, identityId: string): Promise<boolean> {
  return await context.database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    return await stopCodeToken(context, db, identityId, BY_PERSON);
  });
}

/** A thief of it may be signed in: all other sessions end. @returns false when there was none to block */
export async function blockOwnCodeToken(
  context: AppContext,
  { identityId, session }: { readonly identityId: string; readonly session: Buffer },
): Promise<boolean> {
  const { database, clock } = context;
  const blocked = await database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    const many = await blockCodeTokens(context, db, identityId, BY_PERSON, { all: false });
    if (many === 0) return 0;
    await endIdentity(db, identityId, { block: false, now: clock.now() });
    await keepOwnSession(db, session, identityId);
    await enqueueBackchannelLogouts(db, identityId);
    return many;
  });
  if (blocked > 0) await enqueueMissedLogouts(database, identityId);
  return blocked > 0;
}
