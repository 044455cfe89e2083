/**
 * Races on two nodes for an addition that a second way confirms. Each runs a second time with its guard
 * removed, and must then be lost.
 */
import { expect, test } from '@jest/globals';
import { findConfirmation } from '../../src/features/selfService/confirm/confirmations.queries.ts';
import { lockIdentity } from '../../src/db/cards/cardSets.ts';
import { useSecurityKey } from '../../src/db/factors/securityKeyUse.ts';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  holdUp,
  keyFor,
  signInAt,
  TestBrowser,
  toKeyPage,
  useNodes,
  useRelyingParty,
  type BrowserPage,
  type TestPerson,
  type Guards,
  withoutGuards,
} from '../support/index.ts';
import { aCodeToken } from '../support/codeTokens.ts';
import { answerAt, askToAdd, secondWayFacts } from '../support/secondWay.ts';

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);
const { keysOf, newOf } = secondWayFacts(nodes);

const MANY = 20;

const without = async <T>(guards: Guards, race: () => Promise<T>) => await withoutGuards(nodes, guards, race);

/** All are held where the attempt is decided, and then let go at once. */
async function sendTogether(sends: readonly (() => Promise<BrowserPage>)[]): Promise<BrowserPage[]> {
  const held = holdUp(nodes, 'INSERT INTO attempts AS a', sends.length);
  const answers = Promise.all(sends.map(async (send) => await send()));
  await held.reached;
  held.release();
  return await answers;
}

async function enter(person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes);
  await signInAt(browser, person, '/self-service');
  return browser;
}

const confirmedOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM audit_events WHERE identity_id = $1 AND kind = 'deed_confirmed'`,
      [identityId],
    )
  )[0]?.many ?? 0;

/** @param isSameForm else each has another form, with the same key and the same answer */
async function raceForAddition(isSameForm: boolean) {
  const person = await aPerson(nodes);
  const held = await aSecurityKey(nodes, person, { synced: true });
  const browser = await enter(person);
  const asked = await askToAdd(nodes, browser);
  const answer = answerAt(asked, held, { signCount: 0 });
  const key = keyFor(person, asked);
  const copies = await Promise.all(Array.from({ length: MANY }, () => browser.copy()));
  const sends = copies.map((copy, i) => async () => {
    // Alternating between the nodes.
    if (i % 2 === 1) await copy.request('/health/live');
    return await copy.post(asked, { ...answer, key: isSameForm ? key : `${key}${' '.repeat(i)}` });
  });
  const pages = await sendTogether(sends);
  expect(pages.map(({ status }) => status)).toEqual(Array.from({ length: MANY }, () => 303));
  return { confirmed: await confirmedOf(person), added: await newOf(person) };
}

test.each([
  ['the same form', true],
  ['forms of its own', false],
])('one confirmation sent 20 times in %s: one addition, by one key and one answer', async (_way, isSame) => {
  expect(await raceForAddition(isSame)).toEqual({ confirmed: 1, added: [false] });
});

test('control: without the guards it is confirmed again and again', async () => {
  const guards: Guards = [
    ['AND f.expires_at > $6 AND f.done_at IS NULL', 'AND f.expires_at > $6'],
    ['AND challenge = $5 AND get_bit(spent, $5::int) = 0', ''],
    ['WHERE id = $1 AND done_at IS NULL AND EXISTS (SELECT FROM spent)', 'WHERE id = $1'],
    [
      'ON CONFLICT DO NOTHING RETURNING id',
      'ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at RETURNING id',
    ],
    [
      'ON CONFLICT (credential_id) DO NOTHING',
      'ON CONFLICT (credential_id) DO UPDATE SET name = excluded.name',
    ],
  ];
  expect((await without(guards, () => raceForAddition(false))).confirmed).toBeGreaterThan(1);
});

/** @returns how often an answer of a key is accepted of 20 times at once; of one that does not count */
async function raceForAnswer(): Promise<number> {
  const person = await aPerson(nodes);
  await aSecurityKey(nodes, person, { synced: true });
  const browser = await enter(person);
  const asked = await askToAdd(nodes, browser);
  const id = asked.formUrl.split('/').at(-1) ?? '';
  const [session] = await nodes.database.query<{ own_session: Buffer }>(
    'SELECT own_session FROM confirmations WHERE id = $1',
    [id],
  );
  const owner = { identityId: person.identityId, session: session?.own_session ?? Buffer.alloc(0) };
  const stored = await findConfirmation(nodes.context.database, id, owner);
  const [key] = stored?.securityKeys ?? [];
  if (!key) throw new Error('the person has no security key');
  const use = { key, signCount: 0, isBackedUp: true, challenge: Buffer.from(id) };
  const accepted = await Promise.all(
    Array.from({ length: MANY }, async (_, i) => {
      const { context } = nodes.node(i % 2).app;
      return await context.database.transaction(async (db) => {
        await lockIdentity(db, person.identityId);
        return await useSecurityKey(db, use, context.clock.now());
      });
    }),
  );
  expect(await keysOf(person)).toMatchObject([{ uses: 0 }]);
  return accepted.filter(Boolean).length;
}

test('one answer of a key that does not count is accepted once; control: without its memory, often', async () => {
  expect(await raceForAnswer()).toBe(1);
  const again: Guards = [
    [
      'ON CONFLICT DO NOTHING RETURNING id',
      'ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at RETURNING id',
    ],
  ];
  expect(await without(again, raceForAnswer)).toBe(MANY);
});

/** One code, at once at a sign-in and at a confirmation. */
async function raceForCode(round: number): Promise<{ signedIn: boolean; added: boolean }> {
  const person = await aPerson(nodes);
  const token = await aCodeToken(nodes, person);
  const browser = await enter(person);
  const asked = await askToAdd(nodes, browser);
  const other = new TestBrowser(nodes, round);
  const login = await toKeyPage(other, person, authRequest(rp));
  const code = token.show();
  const sends = [
    async () => await other.post(login, { step: 'code-token', code }),
    async () => await browser.post(asked, { key: keyFor(person, asked), code }),
  ];
  await sendTogether(round % 2 === 0 ? sends : sends.toReversed());
  const signedIn = await nodes.database.query(
    `SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'signed_in' AND details ->> 'factor' = 'code_token'`,
    [person.identityId],
  );
  return { signedIn: signedIn.length > 0, added: (await newOf(person)).length > 0 };
}

test('one code for a sign-in and a confirmation: one wins, and the loser spends nothing', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { signedIn, added } = await raceForCode(round);
    expect([signedIn, added].filter(Boolean)).toHaveLength(1);
  }
});

test('control: when a code serves again, both win', async () => {
  const both = await without([['t.last_step < ', '-2 < ']], () => raceForCode(0));
  expect(both).toEqual({ signedIn: true, added: true });
});

test('a key that was removed after its answer was verified confirms nothing; control: without the guard it does', async () => {
  async function race() {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    const browser = await enter(person);
    const asked = await askToAdd(nodes, browser);
    const decision = holdUp(nodes, 'INSERT INTO attempts AS a');
    const sent = browser.post(asked, { key: keyFor(person, asked), ...answerAt(asked, held) });
    await decision.reached;
    await nodes.database.query(
      `UPDATE security_keys SET ended_at = now(), end_reason = 'removed' WHERE id = $1`,
      [held.id],
    );
    decision.release();
    await sent;
    return await newOf(person);
  }
  expect(await race()).toEqual([]);
  expect(await without([['y.ended_at IS NULL AND y.counts_from', 'y.counts_from']], race)).toEqual([false]);
});
