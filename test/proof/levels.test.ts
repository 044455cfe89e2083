/** The complete tables of docs/reference/levels.md, every combination to its end. */
import { expect, test } from '@jest/globals';
import { CASES, MAX_AGES, PROMPTS, REQUESTS, SESSIONS, type LevelCase } from '../support/levelTable.ts';
import { LevelWalk } from '../support/levelWalk.ts';
import { IS_WHOLE_PROOF, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2 });

/**
 * All take twelve minutes beside others. A part has every combination of the other columns once, each with
 * another of the seven requests and another of the four prompts, and so every pair of values.
 */
const WALKED = CASES.filter((one) => IS_WHOLE_PROOF || isInSample(one));

function isInSample(one: LevelCase): boolean {
  const [request = 0, prompt = 0, ...others] = placesOf(one);
  const [maxAge = 0, session = 0] = others;
  const sum = others.reduce((all, place) => all + place, request + prompt);
  const shifted = prompt + 3 * request + 2 * maxAge + 3 * session;
  return sum % REQUESTS.length === 0 && shifted % PROMPTS.length === 0;
}

/** The places of its values in their columns. */
function placesOf(one: LevelCase): number[] {
  return [
    REQUESTS.indexOf(one.request),
    PROMPTS.indexOf(one.prompt),
    MAX_AGES.indexOf(one.maxAge),
    SESSIONS.indexOf(one.session),
    Number(one.proofing === 'Substantial'),
    Number(one.minimumProofing === 'Substantial'),
    Number(one.minimum === 'Substantial'),
    Number(one.freshKey),
  ];
}

function countPairs(cases: readonly LevelCase[]): number {
  const pairs = cases.flatMap((one) => {
    const places = placesOf(one);
    return places.flatMap((a, i) => places.slice(i + 1).map((b, j) => [i, a, i + 1 + j, b].join()));
  });
  return new Set(pairs).size;
}

test('the sample has every pair of values of any two columns', () => {
  const sample = CASES.filter(isInSample);
  expect([sample.length, countPairs(sample)]).toEqual([240, countPairs(CASES)]);
});

test(`${WALKED.length} of 6,720 combinations, each with the one outcome that is written, none a loop`, async () => {
  const walk = await LevelWalk.prepare(nodes);
  const wrong: unknown[] = [];
  for (const one of WALKED) {
    const { asked, end } = await walk.walk(one);
    if (asked.join() !== one.outcome.asked.join() || end !== one.outcome.end)
      wrong.push({ ...one, asked, end });
  }
  console.info(`${WALKED.length} combinations walked to their end`);
  expect([CASES.length, WALKED.length]).toEqual([6_720, IS_WHOLE_PROOF ? 6_720 : 240]);
  expect(wrong).toEqual([]);
}, 1_600_000);
