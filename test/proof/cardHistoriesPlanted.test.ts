/** A planted fault in each guard of cards is found by the random histories of cardHistories.test.ts. */
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findViolation, historyPlans } from '../support/cardHistory.ts';
import { takeOut, useNodes } from '../support/index.ts';

const nodes = useNodes({ count: 2, quickCommits: true });

describe('a fault that is planted is found', () => {
  let repairs: (() => unknown)[] = [];
  afterEach(() => {
    for (const repair of repairs) repair();
    repairs = [];
  });

  const drop = async (index: string) => {
    const [found] = await nodes.database.query<{ indexdef: string }>(
      'SELECT indexdef FROM pg_indexes WHERE indexname = $1',
      [index],
    );
    await nodes.database.query(`DROP INDEX ${index}`);
    return found?.indexdef ?? '';
  };

  test.each<[string, { guards: [string, string][]; index?: string }]>([
    [
      'a key is spent whatever is asked for',
      {
        guards: [
          ['AND c.challenge = $19', ''],
          ['get_bit(c.spent, $19::int) = 0', 'true'],
          // One sign-in completes once, by its own row.
          [
            'AND s.signed_in_at IS NULL AND s.answered_at IS NULL\n      AND s.holder IS NOT DISTINCT FROM $17::bytea',
            'AND ($17::bytea IS NULL OR true)',
          ],
        ],
      },
    ],
    [
      'a spending forgets the others',
      {
        guards: [['set_bit(c.spent, $19::int, 1)', "set_bit(repeat('0', 148)::bit(148), $19::int, 1)"]],
      },
    ],
    [
      'a block says done and does nothing',
      {
        guards: [
          ['SET state = $3, challenge = NULL', "SET state = CASE WHEN $3 = '' THEN $3 ELSE state END"],
        ],
      },
    ],
    [
      'both kinds of letter may use a day',
      {
        guards: [[' WHERE d.holds = excluded.holds', '']],
      },
    ],
    [
      'the card on the way is not seen, and no index stands in the way',
      {
        guards: [
          ['WHERE identity_id = $1 ORDER BY', "WHERE identity_id = $1 AND state <> 'ordered' ORDER BY"],
        ],
        index: 'key_cards_one_on_the_way',
      },
    ],
    [
      'the card in use is not seen, and no index stands in the way',
      {
        guards: [
          ['WHERE identity_id = $1 ORDER BY', "WHERE identity_id = $1 AND state <> 'active' ORDER BY"],
        ],
        index: 'key_cards_one_active',
      },
    ],
  ])('%s', async (_fault, { guards, index }) => {
    const definition = index ? await drop(index) : null;
    for (const [guard, instead] of guards) repairs.push(takeOut(nodes, guard, instead));
    const violation = await findViolation(nodes, fc.sample(historyPlans, 300));
    console.info(violation);
    expect(violation).not.toBeNull();
    for (const repair of repairs) repair();
    repairs = [];
    if (definition) {
      await nodes.database.query('DELETE FROM letters');
      await nodes.database.query('DELETE FROM key_cards');
      await nodes.database.query(definition);
    }
  });
});
