/** The complete tables of docs/reference/levels.md, every combination to its end. */
import { expect, test } from '@jest/globals';
import { CASES } from '../support/levelTable.ts';
import { LevelWalk } from '../support/levelWalk.ts';
import { useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2 });

test('1,680 combinations, each with the one outcome that is written, none a loop', async () => {
  const walk = await LevelWalk.prepare(nodes);
  const wrong: unknown[] = [];
  for (const one of CASES) {
    const { asked, end } = await walk.walk(one);
    if (asked.join() !== one.outcome.asked.join() || end !== one.outcome.end)
      wrong.push({ ...one, asked, end });
  }
  console.info(`${CASES.length} combinations walked to their end`);
  expect(CASES.length).toBe(1_680);
  expect(wrong).toEqual([]);
}, 400_000);
