/** The command `replace-cards`. */
import type { App } from '../app.ts';
import type { CardSelection } from '../features/identity/cardSelection.queries.ts';
import { replaceCards } from '../features/identity/replaceCards.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';
import { drawProgress, endProgress } from './progress.ts';

export interface ReplaceCardsOptions {
  readonly batch?: string | undefined;
  readonly day?: string | undefined;
  readonly kid?: string | undefined;
}

/**
 * @returns null unless exactly one of the options is set
 * @throws Error when the day is not a date
 */
export function readSelection({ batch, day, kid }: ReplaceCardsOptions): CardSelection | null {
  const selectors = [batch, day, kid].filter((one) => one !== undefined);
  if (selectors.length !== 1) return null;
  if (batch !== undefined) return { kind: 'batch', batch };
  if (kid !== undefined) return { kind: 'kid', kid };
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day ?? '')) throw new Error(`${day} is no day; YYYY-MM-DD`);
  return { kind: 'day', day: day ?? '' };
}

/**
 * @returns people a second
 * @throws Error when the text is not a number up to 1000
 */
export function readPace(text = '20'): number {
  const perSecond = Number(text);
  if (!(perSecond > 0 && perSecond <= 1_000)) throw new Error('--per-second must be a number from 1 to 1000');
  return perSecond;
}

export async function replaceSelectedCards(
  app: App,
  selection: CardSelection,
  perSecond: number,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const { database } = app.context;
  const by = { by: 'system' } as const;
  // Each person is a separate transaction: a run that is killed has recorded that it began.
  await record(database, { ...selection, step: 'begun' });
  const progress = await replaceCards(app.context, selection, {
    by,
    perSecond,
    report: ({ total, done, left }) =>
      drawProgress(total === 0 ? 1 : (done + left) / total, `${done + left} of ${total}`),
  });
  endProgress();
  const { total, done, left } = progress;
  await record(database, { ...selection, step: 'done', total, done, left });
  const text = `${done} of ${total} have a new card on the way; ${left} could not: blocked, or without an address`;
  return { text, json: progress };
}
