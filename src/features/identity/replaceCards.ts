/**
 * Replaces all cards of a print batch, a day or a card key, at a set pace. Each person is one transaction and
 * is not processed twice, so a stopped run is simply started again.
 */
import { setTimeout } from 'node:timers/promises';
import type { AuditActor } from '../../domain/auditEvent.ts';
import { countSelectedCards, findSelectedCards, type CardSelection } from './cardSelection.queries.ts';
import { applyCardCommand } from './cardCommands.ts';
import type { AppContext } from '../appContext.ts';

const BATCH_SIZE = 100;

export interface ReplacementProgress {
  readonly total: number;
  readonly done: number;
  /** Blocked IDs and persons without an address, which the desk has to handle. */
  readonly left: number;
}

/**
 * @param options.perSecond persons per second, low enough that neither the print house nor sign-ins are
 * slowed
 * @throws Error when the selection is the current card key: the new cards would be made with it again
 */
export async function replaceCards(
  context: AppContext,
  selection: CardSelection,
  {
    by,
    perSecond,
    report,
  }: { by: AuditActor; perSecond: number; report: (progress: ReplacementProgress) => void },
): Promise<ReplacementProgress> {
  const { database } = context;
  if (selection.kind === 'kid' && selection.kid === context.keyring.currentKid('cards')) {
    throw new Error(`new cards are made with ${selection.kid}: put another key into the ring first`);
  }
  let progress = { total: await countSelectedCards(database, selection), done: 0, left: 0 };
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const found = await findSelectedCards(database, selection, { after, limit: BATCH_SIZE });
    for (const { identityId, cardIds } of found) {
      const startedAt = performance.now();
      const command = { kind: 'recall', cardIds: new Set(cardIds) } as const;
      const done = await applyCardCommand(context, identityId, command, by);
      const isDone = done === 'done' || done === 'on_the_way' || done === 'not_recalled';
      progress = {
        ...progress,
        done: progress.done + (isDone ? 1 : 0),
        left: progress.left + (isDone ? 0 : 1),
      };
      report(progress);
      after = identityId;
      await setTimeout(Math.max(1000 / perSecond - (performance.now() - startedAt), 0));
    }
    if (found.length < BATCH_SIZE) return progress;
  }
}
