/** Answers that must not tell by the clock what was done for them: they come when it strikes. */
import { setTimeout } from 'node:timers/promises';

/** Does the work and answers at the next whole multiple of `everyMs` since it was asked for. */
export async function respondOnFixedTick<Answer>(
  everyMs: number,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await work();
  const took = performance.now() - startedAt;
  await setTimeout(Math.ceil(took / everyMs) * everyMs - took);
  return answer;
}
