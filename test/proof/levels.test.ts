/** The complete tables of docs/reference/levels.md, every combination to its end. */
import { expect, test } from '@jest/globals';
import { CASES } from '../support/levelTable.ts';
import { LevelWalk } from '../support/levelWalk.ts';
import { IS_WHOLE_PROOF, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2 });

/** All take three minutes beside others; a third is spread over every column. */
const WALKED = CASES.filter(
  (_, i) => IS_WHOLE_PROOF || (i + Math.floor(i / 3) + Math.floor(i / 9)) % 3 === 0,
);

test(`${WALKED.length} of 1,680 combinations, each with the one outcome that is written, none a loop`, async () => {
  const walk = await LevelWalk.prepare(nodes);
  const wrong: unknown[] = [];
  for (const one of WALKED) {
    const { asked, end } = await walk.walk(one);
    if (asked.join() !== one.outcome.asked.join() || end !== one.outcome.end)
      wrong.push({ ...one, asked, end });
  }
  console.info(`${WALKED.length} combinations walked to their end`);
  expect(CASES.length).toBe(1_680);
  expect(wrong).toEqual([]);
}, 400_000);
