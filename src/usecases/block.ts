/**
 * Blocking is immediate and total: in one transaction the card (or the whole ID) is blocked, and every session, grant
 * and token of it ends on every node. Relying parties that want to be told are told from an outbox.
 */
import type { By } from '../core/auditEvent.ts';
import type { Deed } from '../core/cardLife.ts';
import type { Ladder } from '../core/lockout.ts';
import type { Notice } from '../core/notice.ts';
import { beginAgain } from '../store/signIn/judgedTries.ts';
import { appendEvent } from '../store/auditLog.ts';
import { queueBackchannelLogouts, queueMissedLogouts } from '../store/backchannelLogouts.ts';
import { endIdentity } from '../store/cardLife.ts';
import type { Queryable } from '../store/database.ts';
import { forgetBrowsers } from '../store/knownBrowsers.ts';
import { appendNotice } from '../store/notices.ts';
import { forgetNetworks } from '../store/signIn/knownNetworks.ts';
import { doCardDeedWithin, type Done } from './cardDeeds.ts';
import { dropEmailChange } from './contact/callOffEmail.ts';
import type { World } from './world.ts';

export type Blockable = 'card' | 'identity';

export interface Guessed {
  readonly cardId: string;
  readonly subject: Buffer;
  readonly ladder: Ladder;
}

/**
 * When this returns `done`, it is so on every node. No new card follows by itself.
 * @param guessed the card whose keys were tried too often, and the count of it, which begins anew with the block.
 */
export async function block(
  world: World,
  identityId: string,
  what: Blockable,
  by: By,
  guessed?: Guessed,
): Promise<Done> {
  const { database } = world;
  const notice = { kind: 'id_blocked', details: { by: by.by } } as const;
  const came = await database.transaction((db) =>
    blockWithin(world, db, identityId, what, by, { notice, guessed }),
  );
  await queueMissedLogouts(database, identityId);
  return came;
}

/**
 * In a transaction of the caller's, who does more in it, and queues the missed log-outs after it.
 * @param options.notice what the person is told of a blocked ID; null: nothing.
 */
export async function blockWithin(
  world: World,
  db: Queryable,
  identityId: string,
  what: Blockable,
  by: By,
  { notice, guessed }: { notice: Notice | null; guessed?: Guessed | undefined },
): Promise<Done> {
  // The tries first, as everywhere; and of all who find them worn out, one blocks.
  if (guessed && !(await beginAgain(db, guessed.subject, guessed.ladder))) return 'already_blocked';
  const done = await doCardDeedWithin(world, db, identityId, deedOf(what, guessed?.cardId), by);
  const now = world.clock.now();
  // Whoever blocks fears misuse: what is signed in ends also where there was no card left to block.
  await endIdentity(db, identityId, { block: what === 'identity', now });
  if (what === 'identity' && done === 'done') {
    await forgetBrowsers(db, identityId);
    await forgetNetworks(db, identityId);
    // Notices go on where they went: what a thief asked for does not take over while the ID is blocked.
    await dropEmailChange(world, db, identityId, by);
    await appendEvent(db, { kind: 'identity_blocked', identityId, details: by });
    if (notice) await appendNotice(db, { id: world.dice.uuid(), identityId, notice }, now);
  }
  await queueBackchannelLogouts(db, identityId);
  return done;
}

function deedOf(what: Blockable, guessedAt: string | undefined): Deed {
  if (what === 'identity') return { kind: 'block_identity' };
  return { kind: 'block_card', ...(guessedAt ? { guessedAt } : {}) };
}
