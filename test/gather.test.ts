/** Calls that come while one is under way go together; nobody waits for company, and nobody for one that is held up. */
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Gather } from '../src/store/gather/gather.ts';

/** Answers with ten times the input; `hold` is how long each batch takes. */
function tens(options: { hold?: number[]; fails?: number } = {}) {
  const batches: number[][] = [];
  const gather = new Gather<number, number>(
    async (inputs) => {
      batches.push([...inputs]);
      await setTimeout(options.hold?.[batches.length - 1] ?? 5);
      if (inputs.includes(options.fails ?? Number.NaN)) throw new Error('no');
      return inputs.map((input) => input * 10);
    },
    (input, others) => others.includes(input),
  );
  return { gather, batches };
}

test('one goes at once, those that come meanwhile go together, each with its own answer', async () => {
  const { gather, batches } = tens();
  const answers = await Promise.all([1, 2, 3, 4].map((input) => gather.call(input)));
  expect(answers).toEqual([10, 20, 30, 40]);
  expect(batches).toEqual([[1], [2, 3, 4]]);
  expect(await gather.call(5)).toBe(50);
  expect(batches.at(-1)).toEqual([5]);
});

test('what cannot go together goes after', async () => {
  const { gather, batches } = tens();
  await Promise.all([1, 7, 7, 8].map((input) => gather.call(input)));
  expect(batches).toEqual([[1], [7, 8], [7]]);
});

test('a batch that fails is made one by one: it fails for who stood in the way alone, and the next goes on', async () => {
  const { gather } = tens({ fails: 3 });
  const came = await Promise.allSettled([1, 2, 3, 4].map((input) => gather.call(input)));
  expect(came.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await gather.call(4)).toBe(40);
});

test('behind one that is held up nobody waits for long', async () => {
  const { gather, batches } = tens({ hold: [2_000, 5] });
  const held = gather.call(1);
  const startedAt = performance.now();
  expect(await Promise.all([gather.call(2), gather.call(3)])).toEqual([20, 30]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(batches).toEqual([[1], [2, 3]]);
  expect(await held).toBe(10);
});
