/**
 * Twenty people do everything concurrently on two nodes: rows are locked in one order
 * (docs/decisions/0017-the-sign-in.md), so that transactions never deadlock. PostgreSQL counts the deadlocks
 * that it detects.
 */
import pg from 'pg';
import { describe, expect, test } from '@jest/globals';
import {
  DatabaseUnavailable,
  type Database,
  type Queryable,
  type QueryResult,
  type Statement,
} from '../../src/db/database.ts';
import { sweepExpiredRows } from '../../src/db/sweep.ts';
import { hashKeySubject } from '../../src/features/authentication/attemptSubjectHashes.ts';
import {
  anotherKey,
  aPerson,
  authRequest,
  TestBrowser,
  holdRows,
  keyFor,
  keyOnPage,
  readReturnedCode,
  takeOut,
  type TestPerson,
  toKeyPage,
  waitUntil,
  untilLocked,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';
import { KEYS_SPENT, MixedPeople } from '../support/mixedLocks.ts';

/** All ten thousand take two minutes: `NOEGLE_PROOF_WHOLE=yes`. */
const STEPS = process.env['NOEGLE_PROOF_WHOLE'] === 'yes' ? 10_000 : 700;
const LANES = 16;
const LIMIT_MS = 180_000;

const nodes = useNodes({ count: 2, proxyHops: 1 });
const rp = useRelyingParty(nodes, { kind: 'bank' });

/** Deadlocks in this database so far. A connection reports its count once a second, and when it ends. */
async function deadlocks(): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    'SELECT deadlocks::int AS many FROM pg_stat_database WHERE datname = current_database()',
  );
  return row?.many ?? Number.NaN;
}

/** All errors of the database, on every node, from now on: the SQLSTATE, and the statement. */
function watchRefusals(): string[] {
  const refusals: string[] = [];
  const noteOf =
    (asked: string) =>
    (error: unknown): never => {
      const cause: unknown = error instanceof DatabaseUnavailable ? error.cause : error;
      const { code, where, detail } = (cause ?? {}) as { code?: unknown; where?: unknown; detail?: unknown };
      if (typeof code === 'string')
        refusals.push(`${code} ${String(where)} ${String(detail)}: ${asked.slice(-600)}`);
      else if (error instanceof DatabaseUnavailable) refusals.push(`${error.message}: ${asked}`);
      throw error;
    };
  for (const { app } of nodes.list) {
    const database = app.context.database as Pick<Database, 'query' | 'transaction'>;
    const { query, transaction } = database;
    database.query = async <Row>(statement: Statement, values?: readonly unknown[]) =>
      (await query
        .call(app.context.database, statement, values)
        .catch(noteOf(statement.text))) as QueryResult<Row>;
    database.transaction = async <T>(work: (db: Queryable) => Promise<T>) =>
      (await transaction.call(app.context.database, work).catch(noteOf('a transaction'))) as T;
  }
  return refusals;
}

interface MixedCardRow {
  id: string;
  card_number: string;
  spent: number;
  asks_for_spent: boolean;
  given: number;
  taken_into_use: number;
  waits: number;
  letters: number;
}

/** Every card, with the number of keys that the log records as given. */
async function readCards(): Promise<MixedCardRow[]> {
  return await nodes.database.query<MixedCardRow>(
    `SELECT c.id, c.card_number, bit_count(c.spent)::int AS spent,
       c.challenge IS NOT NULL AND get_bit(c.spent, c.challenge) = 1 AS asks_for_spent,
       count(*) FILTER (WHERE e.kind IN ('signed_in', 'deed_confirmed', 'new_password_key_given', 'key_burnt'))::int AS given,
       count(*) FILTER (WHERE e.kind = 'card_activate')::int AS taken_into_use,
       count(*) FILTER (WHERE e.kind = 'wait_started')::int AS waits,
       (SELECT count(*)::int FROM letters l WHERE l.card_id = c.id) AS letters
     FROM key_cards c LEFT JOIN audit_events e
       ON e.identity_id = c.identity_id AND e.details ->> 'cardNumber' = c.card_number
     GROUP BY c.id`,
  );
}

test(
  `${STEPS} mixed sign-ins, blocks, passwords and cards of twenty people: no ring, no key twice`,
  async () => {
    const people = new MixedPeople(nodes, rp);
    await people.settle(20);
    const before = await deadlocks();
    const refusals = watchRefusals();
    const startedAt = performance.now();
    let steps = 0;
    await people.live(LANES, () => steps++ >= STEPS || performance.now() - startedAt > LIMIT_MS);
    const seconds = (performance.now() - startedAt) / 1000;
    const lines = [...people.counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, n]) => `${what}: ${n}`);
    console.info(`${people.happened(/./)} in ${seconds.toFixed(0)} s\n${lines.join('\n')}`);

    // The connections end, so that all their deadlocks are counted.
    await nodes.restart();
    expect([await deadlocks(), refusals]).toEqual([before, []]);
    expect(people.happened(/./)).toBe(STEPS);
    expect(nodes.log.split('\n').filter((line) => line.includes('"level":"error"'))).toEqual([]);
    expect(people.happened(/[:,] code$/)).toBeGreaterThan(STEPS / 8);
    expect(people.happened(/^changePassword: changed/)).toBeGreaterThan(STEPS / 50);
    expect(people.happened(/^block.*: (done|received)/)).toBeGreaterThan(STEPS / 100);
    expect(people.happened(/new card, code/)).toBeGreaterThan(STEPS / 200);
    const [renewed] = await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM audit_events WHERE kind = 'card_ordered' AND details ->> 'by' = 'system'`,
    );
    console.info(`${renewed?.many} cards were ordered by a key`);
    expect(renewed?.many).toBeGreaterThan(STEPS / 2_000);

    const cards = await readCards();
    for (const card of cards) {
      const isFirst = people.firstCards.has(card.id);
      const shown = people.shown.get(card.card_number)?.size ?? 0;
      // The first key of a card that came by post takes it into use, or begins the wait.
      const first = !isFirst && card.taken_into_use + card.waits > 0 ? 1 : 0;
      const accepted = card.given + first;
      expect({ ...card, accepted }).toMatchObject({
        asks_for_spent: false,
        accepted: card.spent - (isFirst ? KEYS_SPENT : 0),
        letters: isFirst ? 0 : 1,
      });
      expect([card.taken_into_use <= 1, card.waits <= 1]).toEqual([true, true]);
      // A challenge stayed until it was answered rightly.
      expect(shown).toBeLessThanOrEqual(accepted + 1);
    }
    const twice = await nodes.database.query(
      `SELECT identity_id FROM key_cards WHERE state IN ('active', 'ordered', 'sent')
       GROUP BY identity_id, state = 'active' HAVING count(*) > 1`,
    );
    expect(twice).toEqual([]);
  },
  LIMIT_MS + 50_000,
);

describe('two people sign in concurrently, each in a tab of the browser that both call their own', () => {
  test('and both arrive', async () => {
    const refusals = watchRefusals();
    for (let round = 0; round < 10; round += 1) {
      expect([await signInTogether(), refusals]).toEqual([[303, 303], []]);
    }
  });

  test('control: where each takes the row of the other too, one does not', async () => {
    const guard = '  ), renewed AS (';
    const moved = `  ), moved AS (
    UPDATE known_browsers b SET tries = NULL FROM spent
    WHERE b.browser = ANY ($31::bytea[]) AND b.identity_id <> spent.identity_id AND $32::bytea IS NOT NULL
`;
    const repair = takeOut(nodes, guard, `${moved}${guard}`);
    // The test does not determine their order.
    const rounds: number[] = [];
    for (let round = 0; round < 80 && !rounds.includes(503); round += 1)
      rounds.push(...(await signInTogether()));
    repair();
    expect(rounds).toContain(503);
  });
});

async function signInTogether(): Promise<number[]> {
  const home = new TestBrowser(nodes, 0, '198.18.8.1');
  const own = { ownComputer: '1' };
  const [one, other] = [await aPerson(nodes), await aPerson(nodes)];
  for (const person of [one, other]) {
    const page = await toKeyPage(home, person, authRequest(rp));
    expect(
      readReturnedCode(await home.send(page, { key: keyFor(person, page), ...own })).get('code'),
    ).toBeTruthy();
  }
  const open = async (person: TestPerson) => {
    const tab = await home.copy();
    const page = await toKeyPage(tab, person, authRequest(rp));
    return async () => await tab.post(page, { key: keyFor(person, page), ...own });
  };
  const forms = [await open(one), await open(other)];
  const rows = await holdRows(
    nodes,
    'SELECT FROM known_browsers WHERE identity_id = ANY ($1::uuid[]) FOR UPDATE',
    [[one.identityId, other.identityId]],
  );
  const answers = forms.map((send) => send());
  await untilLocked(nodes, 2);
  await rows.release();
  const ends = await Promise.all(answers);
  return ends.map(({ status }) => status);
}

test('what networks got wrong is counted while what is old is swept', async () => {
  const address = '198.18.7.1';
  const guess = async () => {
    const browser = new TestBrowser(nodes, 0, address);
    const page = await browser.follow(authRequest(rp).path);
    return await browser.send(page, { userId: 'nobody-at-all', password: 'not it at all' });
  };
  const counted = async () =>
    await nodes.database.query('SELECT subject FROM network_tries ORDER BY subject');
  await nodes.database.query('DELETE FROM network_tries');
  await guess();
  await waitUntil('it is counted', async () => (await counted()).length > 1);
  const refusals = watchRefusals();
  // The first that is counted is the last that is swept.
  const first = 'SELECT subject FROM network_tries ORDER BY subject LIMIT 1';
  await nodes.database.query(`UPDATE network_tries SET level = level WHERE subject = (${first})`);
  nodes.clock.forward(25 * 3_600_000);
  const rows = await holdRows(nodes, `${first} FOR UPDATE`);
  await guess();
  await untilLocked(nodes);
  const { database, clock } = nodes.context;
  const sweeping = sweepExpiredRows(database, clock.offsetMs, () => undefined);
  await Promise.race([sweeping, untilLocked(nodes, 2).catch(() => undefined)]);
  await rows.release();
  await sweeping;
  await waitUntil('it is counted again', async () => (await counted()).length > 1);
  expect(refusals).toEqual([]);
});

describe('control: a transaction that locks in another order', () => {
  const IDENTITY = 'SELECT FROM identities WHERE id = $1 FOR NO KEY UPDATE';
  const TRIES = 'SELECT FROM attempts WHERE subject = $1 FOR UPDATE';
  const CARD = 'SELECT FROM key_cards WHERE id = $1 FOR UPDATE';

  test.each([
    ['the identity before the attempts', IDENTITY, TRIES],
    ['the card before the identity', CARD, IDENTITY],
  ])('%s: one of both is undone, and the figure says so', async (_what, first, second) => {
    const person = await aPerson(nodes);
    const ids = new Map<string, unknown>([
      [IDENTITY, person.identityId],
      [TRIES, hashKeySubject(nodes.context, person.identityId)],
      [CARD, person.cardId],
    ]);
    const browser = new TestBrowser(nodes, 0, '198.18.9.1');
    const page = await toKeyPage(browser, person, authRequest(rp));
    const key = await keyOnPage(nodes, page);
    // From now on there is a row of attempts.
    const again = await browser.send(page, { key: anotherKey(key) });
    const before = await deadlocks();

    const client = new pg.Client(nodes.database.url);
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query(first, [ids.get(first)]);
      const answer = browser.post(again, { key });
      await untilLocked(nodes);
      await client.query(second, [ids.get(second)]).catch(() => undefined);
      await client.query('ROLLBACK');
      expect([303, 503]).toContain((await answer).status);
    } finally {
      await client.end();
    }
    await waitUntil('PostgreSQL has counted it', async () => (await deadlocks()) > before);
  });
});
