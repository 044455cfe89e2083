/**
 * The part of the commands that shows wrong answers over all names, by the hour: a few at each of many names
 * stand out here.
 */
import type { App } from '../app.ts';
import type { CommandOutcome } from './keys.ts';
import { listFailureTotals } from '../db/signIn/failures.ts';

const HOURS = 24;

/** @returns null where the command is written wrongly */
export async function runFailuresCommand(
  { context }: App,
  hours: string | undefined,
): Promise<CommandOutcome | null> {
  if (hours !== undefined && !/^[1-9]\d{0,3}$/.test(hours)) return null;
  const many = hours === undefined ? HOURS : Number(hours);
  const shown = await listFailureTotals(context.database, context.clock.offsetMs, many);
  const lines = shown.map(
    ({ from, what, many: all, people, unknown, isOver }) =>
      `${from}  ${what}: ${all} at ${people} identities, ${unknown} of them at names that nobody has` +
      (isOver ? '' : '; this hour is not over'),
  );
  return { text: lines.join('\n') || 'no wrong answers', json: shown };
}
