/**
 * Random histories over all factors by use cases, on two nodes, and faults planted in their statements, each
 * of which is found.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CountingPrintHouse } from '../support/cardHistory.ts';
import { FactorNodeHistory, factorNodePlans } from '../support/factorNodeHistory.ts';
import { IS_WHOLE_PROOF, takeOut, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2, quickCommits: true });

/** Two hundred take two minutes alone, and more beside others. */
const MANY = IS_WHOLE_PROOF ? 200 : 20;

/** @throws at the first violation */
async function walkAll(many: number): Promise<Map<string, number>> {
  const house = new CountingPrintHouse();
  const counts = new Map<string, number>();
  const left = fc.sample(factorNodePlans, many);
  const walk = async () => {
    for (let plan = left.pop(); plan; plan = left.pop()) {
      const history = new FactorNodeHistory(nodes, house);
      await history.walk(plan).catch((error: unknown) => {
        left.length = 0;
        throw error;
      });
      for (const [what, times] of history.counts) counts.set(what, (counts.get(what) ?? 0) + times);
    }
  };
  // A walker that still runs would write into what the next test begins with.
  const walked = await Promise.allSettled(Array.from({ length: 6 }, walk));
  for (const one of walked) if (one.status === 'rejected') throw one.reason;
  return counts;
}

test(`${MANY} histories over two nodes: what must never be never is`, async () => {
  const counts = await walkAll(MANY);
  const lines = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([what, many]) => `${what}: ${many}`);
  console.info(`${MANY} histories over two nodes, 0 violations\n${lines.join('\n')}`);
  const happened = (pattern: RegExp) =>
    [...counts].reduce((sum, [what, many]) => sum + (pattern.test(what) ? many : 0), 0);
  for (const pattern of [
    /^key-alone: signed in/,
    /^key-beside: signed in/,
    /^key-twice-at-once: signed in/,
    /^key-again: processed/,
    /^key-add: added/,
    /^key-add-confirmed: added/,
    /^key-end: ended/,
    /^token-first-code: done/,
    /^sign-in: signed in/,
    /^page: key/,
    // Too rare for the short run.
    ...(IS_WHOLE_PROOF ? [/^token-code: signed in/, /^token-code-twice-at-once: signed in/] : []),
  ])
    expect([pattern.source, happened(pattern) > 0]).toEqual([pattern.source, true]);
}, 900_000);

describe('a fault that is planted is found', () => {
  let repairs: (() => void)[] = [];
  afterEach(() => {
    for (const repair of repairs.toReversed()) repair();
    repairs = [];
  });

  test.each<[string, [guard: string, instead: string][], RegExp]>([
    [
      'an answer of a security key serves in any state of the sign-in',
      [
        ['y.sign_count = $', '-1 <> $'],
        [
          'ON CONFLICT DO NOTHING RETURNING id',
          'ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at RETURNING id',
        ],
        [
          's.holder IS NOT DISTINCT FROM $18::bytea AND s.answered_at IS NULL',
          '($18::bytea IS NULL OR true)',
        ],
        [
          's.signed_in_at IS NULL AND s.answered_at IS NULL\n      AND s.holder IS NOT DISTINCT FROM $3::bytea',
          '($3::bytea IS NULL OR true)',
        ],
      ],
      /accepted twice/,
    ],
    [
      'a security key does not wait',
      [
        ["'counts_from', y.counts_from", "'counts_from', timestamptz '1970-01-01'"],
        ['y.counts_from <= $', "'-infinity' <= $"],
      ],
      /counted before its wait|the page asks for/,
    ],
    [
      'a security key that was taken away lives on',
      [
        [
          'SET ended_at = $2, end_reason = $3, mac = $4',
          'SET name = coalesce(name, $2::timestamptz::text, $3, $4::text)',
        ],
      ],
      /security keys live|lives on|the page asks for/,
    ],
    [
      'a code serves again',
      [["t.state = 'active' AND t.last_step < $", "t.state = 'active' AND -1 < $"]],
      /accepted twice/,
    ],
  ])('%s', async (_fault, guards, words) => {
    repairs = guards.map(([guard, instead]) => takeOut(nodes, guard, instead));
    await expect(walkAll(120)).rejects.toThrow(words);
  });
});
