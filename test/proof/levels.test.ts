/** The complete tables of docs/reference/levels.md, every combination to its end. */
import { expect, test } from '@jest/globals';
import { CASES, MAX_AGES, PROMPTS, REQUESTS, SESSIONS, type LevelCase } from '../support/levelTable.ts';
import { LevelWalk } from '../support/levelWalk.ts';
import { IS_WHOLE_PROOF, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2 });

/**
 * All take three minutes beside others. A seventh has every combination of the other columns once, each with
 * another of the seven requests, and so every pair of values.
 */
const WALKED = CASES.filter((one) => IS_WHOLE_PROOF || placesOf(one) % REQUESTS.length === 0);

/** The sum of the places of its values in their columns. */
function placesOf({ minimum, freshKey, request, maxAge, prompt, session }: LevelCase): number {
  return [
    Number(minimum === 'Substantial'),
    Number(freshKey),
    REQUESTS.indexOf(request),
    MAX_AGES.indexOf(maxAge),
    PROMPTS.indexOf(prompt),
    SESSIONS.indexOf(session),
  ].reduce((sum, place) => sum + place, 0);
}

test(`${WALKED.length} of 1,680 combinations, each with the one outcome that is written, none a loop`, async () => {
  const walk = await LevelWalk.prepare(nodes);
  const wrong: unknown[] = [];
  for (const one of WALKED) {
    const { asked, end } = await walk.walk(one);
    if (asked.join() !== one.outcome.asked.join() || end !== one.outcome.end)
      wrong.push({ ...one, asked, end });
  }
  console.info(`${WALKED.length} combinations walked to their end`);
  expect([CASES.length, WALKED.length]).toEqual([1_680, IS_WHOLE_PROOF ? 1_680 : 240]);
  expect(wrong).toEqual([]);
}, 400_000);
