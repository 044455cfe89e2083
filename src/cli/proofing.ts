/** The commands `proofing …`: IDs that a version before called Substantial, though ordered online. */
import type { App } from '../app.ts';
import { countOverratedIds, lowerOverratedIds } from '../features/identity/lowerProofings.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';
import { drawProgress, endProgress } from './progress.ts';
import { readPace } from './replaceCards.ts';

export function describeOverrated(total: number): string {
  const what = total === 1 ? 'ID was ordered online, and has' : 'IDs were ordered online, and have';
  return `${total} ${what} the proofing Substantial from a version before`;
}

/** @returns null when the arguments are wrong */
export async function runProofingCommand(
  { context }: App,
  [action, ...more]: readonly string[],
  options: { readonly 'per-second'?: string | undefined },
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (more.length > 0 || (action !== 'count' && action !== 'lower')) return null;
  const perSecond = readPace(options['per-second']);
  const total = await countOverratedIds(context);
  if (action === 'count') {
    return { text: describeOverrated(total), json: { total } };
  }
  // Each ID is a separate transaction: a run that is killed has recorded that it began.
  await record(context.database, { step: 'begun', total });
  const report = (done: number) => drawProgress(total === 0 ? 1 : done / total, `${done} of ${total}`);
  const done = await lowerOverratedIds(context, { perSecond, report });
  endProgress();
  await record(context.database, { step: 'done', done });
  return { text: `${done} of ${total} have the proofing Low now, and were told`, json: { total, done } };
}
