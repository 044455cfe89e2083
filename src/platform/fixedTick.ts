/** Responses that must not reveal through timing what was done for them: they are sent on a fixed tick. */
import { setTimeout } from 'node:timers/promises';

/** Does the work and responds at the next whole multiple of `everyMs` after the call. */
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
