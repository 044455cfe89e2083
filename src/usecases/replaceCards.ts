/**
 * All cards of a print batch, of a day or of a card key are replaced, at a set pace. Each person is one transaction;
 * what is done is not done again, so a run that was stopped is simply started anew.
 */
import { setTimeout } from 'node:timers/promises';
import type { By } from '../core/auditEvent.ts';
import { countSelected, findSelected, type CardSelection } from '../store/cardSelection.ts';
import { doCardDeed } from './cardDeeds.ts';
import type { World } from './world.ts';

const AT_ONCE = 100;

export interface ReplacementProgress {
  readonly total: number;
  readonly done: number;
  /** Blocked IDs and people without an address: for the desk. */
  readonly left: number;
}

/** @param options.perSecond people a second, so that neither print house nor sign-in feels it. */
export async function replaceCards(
  world: World,
  selection: CardSelection,
  { by, perSecond, report }: { by: By; perSecond: number; report: (progress: ReplacementProgress) => void },
): Promise<ReplacementProgress> {
  const { database } = world;
  if (selection.kind === 'kid' && selection.kid === world.keyring.currentKid('cards')) {
    throw new Error(`new cards are made with ${selection.kid}: put another key into the ring first`);
  }
  let progress = { total: await countSelected(database, selection), done: 0, left: 0 };
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const found = await findSelected(database, selection, { after, limit: AT_ONCE });
    for (const { identityId, cardIds } of found) {
      const startedAt = performance.now();
      const deed = { kind: 'recall', cardIds: new Set(cardIds) } as const;
      const done = await doCardDeed(world, identityId, deed, by);
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
    if (found.length < AT_ONCE) return progress;
  }
}
