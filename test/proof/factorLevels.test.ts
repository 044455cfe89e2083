/** The tables about factors in docs/reference/levels.md, every combination to its end. */
import { expect, test } from '@jest/globals';
import {
  FACTOR_CASES,
  FACTOR_REQUESTS,
  GIVEN,
  GIVEN_BEFORE,
  isIssued,
  outcomeAgain,
  type FactorCase,
} from '../support/factorTable.ts';
import { FactorWalk } from '../support/factorWalk.ts';
import { IS_WHOLE_PROOF, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2 });

/**
 * A part has every factor with every request once, each in another session and at another registration, and
 * so every pair of values.
 */
const WALKED = FACTOR_CASES.filter((one) => IS_WHOLE_PROOF || isInSample(one));
/** With `prompt=none`, it does not matter what the person would give. */
const SILENT = WALKED.filter(({ given }) => given === 'password');
/** With `prompt=login`, and where a fresh key is required. */
const AGAIN = WALKED.filter(({ given }) => given === 'password and attested key');

function isInSample(one: FactorCase): boolean {
  const [given = 0, request = 0, session = 0, ...others] = placesOf(one);
  const wanted = [
    given + request,
    Math.floor(given / 2) + Math.floor(request / 2),
    Math.floor(request / 4) + given,
  ];
  return (
    (given + 2 * request) % GIVEN_BEFORE.length === session &&
    others.every((place, i) => place === (wanted[i] ?? 0) % 2)
  );
}

/** The places of its values in their columns. */
function placesOf(one: FactorCase): number[] {
  return [
    GIVEN.indexOf(one.given),
    FACTOR_REQUESTS.indexOf(one.request),
    GIVEN_BEFORE.indexOf(one.session),
    Number(one.proofing === 'Substantial'),
    Number(one.minimumProofing === 'Substantial'),
    Number(one.minimum === 'Substantial'),
  ];
}

function countPairs(cases: readonly FactorCase[]): number {
  const pairs = cases.flatMap((one) => {
    const places = placesOf(one);
    return places.flatMap((a, i) => places.slice(i + 1).map((b, j) => [i, a, i + 1 + j, b].join()));
  });
  return new Set(pairs).size;
}

test('the sample has every pair of values of any two columns', () => {
  const sample = FACTOR_CASES.filter(isInSample);
  expect([sample.length, countPairs(sample)]).toEqual([144, countPairs(FACTOR_CASES)]);
});

test(`${WALKED.length} of 5,760 combinations, each with the one outcome that is written, none a loop`, async () => {
  const walk = await FactorWalk.prepare(nodes);
  const wrong: unknown[] = [];
  let issued = 0;
  for (const one of WALKED) {
    const walked = await walk.walk(one);
    if (isIssued(walked.end)) issued += 1;
    if (JSON.stringify(walked) !== JSON.stringify(one.outcome)) wrong.push({ ...one, walked });
  }
  for (const one of SILENT) {
    const { asked, end } = await walk.walk(one, 'none');
    const { outcome } = one;
    if (asked.length > 0 || end !== (outcome.asked.length > 0 ? 'login_required' : outcome.end))
      wrong.push({ ...one, prompt: 'none', asked, end });
  }
  for (const one of AGAIN) {
    for (const why of ['login', 'fresh key'] as const) {
      const walked = await walk.walk(one, why);
      if (JSON.stringify(walked) !== JSON.stringify(outcomeAgain(one, why)))
        wrong.push({ ...one, why, walked });
    }
  }
  console.info(`${WALKED.length} combinations walked to their end, ${issued} to a code`);
  console.info(
    `${SILENT.length} again with prompt=none, ${2 * AGAIN.length} with prompt=login or a fresh key`,
  );
  expect(wrong.slice(0, 5)).toEqual([]);
  expect([FACTOR_CASES.length, wrong.length]).toEqual([5_760, 0]);
}, 2_400_000);
