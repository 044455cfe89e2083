/**
 * Calls of one turn of the event loop, and those made while a batch is in flight, form one batch; no call
 * waits for others to join, and none for a batch that is delayed.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Batcher } from '../src/db/batcher.ts';
import { expectWithin, timedToo } from './support/index.ts';

/** Answers with ten times the input; `hold` is how long each batch takes. */
function tens(options: { hold?: number[]; fails?: number } = {}) {
  const batches: number[][] = [];
  const batcher = new Batcher<number, number>(
    async (inputs) => {
      batches.push([...inputs]);
      await setTimeout(options.hold?.[batches.length - 1] ?? 5);
      if (inputs.includes(options.fails ?? Number.NaN)) throw new Error('no');
      return inputs.map((input) => input * 10);
    },
    (input, others) => others.includes(input),
  );
  return { batcher, batches };
}

/** One call that is in flight, and then the others. */
async function callBehindFirst(batcher: Batcher<number, number>, [first = 0, ...others]: number[]) {
  const ahead = batcher.submit(first);
  await setImmediate();
  return await Promise.allSettled([ahead, ...others.map((input) => batcher.submit(input))]);
}

test('those of one turn go together, at its end', async () => {
  const { batcher, batches } = tens({ hold: [50] });
  expect(await Promise.all([1, 2, 3].map((input) => batcher.submit(input)))).toEqual([10, 20, 30]);
  expect(batches).toEqual([[1, 2, 3]]);
  void batcher.submit(4);
  await setImmediate();
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test('one goes immediately, those that come in the meantime go together, each with its own answer', async () => {
  const { batcher, batches } = tens();
  const answers = await callBehindFirst(batcher, [1, 2, 3, 4]);
  expect(answers.map((one) => one.status === 'fulfilled' && one.value)).toEqual([10, 20, 30, 40]);
  expect(batches).toEqual([[1], [2, 3, 4]]);
  expect(await batcher.submit(5)).toBe(50);
  expect(batches.at(-1)).toEqual([5]);
});

test('what cannot go together goes after', async () => {
  const { batcher, batches } = tens();
  await callBehindFirst(batcher, [1, 7, 7, 8]);
  expect(batches).toEqual([[1], [7, 8], [7]]);
});

test('a batch that fails is made one by one: only the call that caused it fails, and the next continues', async () => {
  const { batcher } = tens({ fails: 3 });
  const outcome = await callBehindFirst(batcher, [1, 2, 3, 4]);
  expect(outcome.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await batcher.submit(4)).toBe(40);
});

timedToo('behind one that is held up no one waits for long', async () => {
  const { batcher, batches } = tens({ hold: [2_000, 5] });
  const held = batcher.submit(1);
  await setImmediate();
  const startedAt = performance.now();
  expect(await Promise.all([batcher.submit(2), batcher.submit(3)])).toEqual([20, 30]);
  expectWithin(performance.now() - startedAt, 300);
  expect(batches).toEqual([[1], [2, 3]]);
  expect(await held).toBe(10);
});
