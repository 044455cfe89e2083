/**
 * The command `failures`: wrong answers over all names, by the hour. An attack that makes a few guesses at
 * each of many names is visible here.
 */
import type { App } from '../app.ts';
import type { CommandOutcome } from './keys.ts';
import { listFailureTotals } from '../db/signIn/failures.ts';

const HOURS = 24;

/** @returns null when the arguments are wrong */
export async function runFailuresCommand(
  { context }: App,
  hours: string | undefined,
): Promise<CommandOutcome | null> {
  if (hours !== undefined && !/^[1-9]\d{0,3}$/.test(hours)) return null;
  const hourCount = hours === undefined ? HOURS : Number(hours);
  const totals = await listFailureTotals(context.database, context.clock.offsetMs, hourCount);
  const lines = totals.map(
    ({ from, what, many: all, people, unknown, isOver }) =>
      `${from}  ${what}: ${all} at ${people} identities, ${unknown} of them at names that nobody has` +
      (isOver ? '' : '; this hour is not over'),
  );
  return { text: lines.join('\n') || 'no wrong answers', json: totals };
}
