/**
 * The choice of the format in which a person's next card comes. A card that is on its way stays what it is;
 * at the desk it can be replaced at once.
 */
import type { AuditActor } from '../../domain/auditEvent.ts';
import type { CardFormat } from '../../domain/card/cardFormat.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { findCardFormats, setCardFormat } from '../../db/cards/cardFormats.ts';
import type { Queryable } from '../../db/database.ts';
import { enqueueNotice } from '../../db/cards/notices.ts';
import { applyCardCommandInTransaction, type CardCommandOutcome } from './cardCommands.ts';
import type { AppContext } from '../appContext.ts';

/** Changes the format in the caller's transaction, which holds the owner's lock. Nothing for the same one. */
export async function changeCardFormatInTransaction(
  { random, clock }: AppContext,
  db: Queryable,
  identityId: string,
  format: CardFormat,
  by: AuditActor,
): Promise<void> {
  if (!(await setCardFormat(db, identityId, format))) return;
  await appendEvent(db, { kind: 'card_format_changed', identityId, details: { format, ...by } });
  const notice = { kind: 'card_format_changed', details: { format } } as const;
  await enqueueNotice(db, { id: random.uuid(), identityId, notice }, clock.now());
}

/**
 * Orders a card in this format, in the caller's transaction. A card on its way in another format is given up
 * for it, so that no one waits for a card that they cannot read. A refused order changes nothing.
 */
export async function orderCardInFormat(
  context: AppContext,
  db: Queryable,
  identityId: string,
  format: CardFormat,
  by: AuditActor,
): Promise<CardCommandOutcome> {
  const coming = (await findCardFormats(db, identityId))?.coming ?? null;
  const command = { kind: 'order', replacesComing: coming !== null && coming !== format } as const;
  const done = await applyCardCommandInTransaction(context, db, identityId, command, by);
  if (done === 'done') await changeCardFormatInTransaction(context, db, identityId, format, by);
  return done;
}
