/**
 * The public forms, which work without a sign-in: strangers who try all day do not use up a person's own
 * attempts.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { sweepExpiredRows } from '../../src/db/sweep.ts';
import { drawActivationId } from '../../src/features/activation/activationId.ts';
import { submitTemporaryPassword } from '../../src/features/activation/submitTemporaryPassword.ts';
import { da } from '../../src/ui/words/words.da.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  holdUp,
  HOUR,
  issueApplication,
  waitForLetters,
  type BrowserPage,
  startActivation,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
} from '../support/index.ts';

let bank: TestRelyingParty;
const nodes = useNodes({ count: 2, rules: DEFAULT_RULES, proxyHops: 1 });
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank' });
});

let serial = 0;
/** A unique /24. */
function anAddress(host = 7): string {
  serial += 1;
  return `10.${serial >> 8}.${serial & 255}.${host}`;
}

interface PublicFormTyped {
  readonly userId: string;
  readonly password: string;
  readonly what?: string;
}

async function askToBlock(typed: PublicFormTyped, address: string, node = 0): Promise<BrowserPage> {
  const browser = new TestBrowser(nodes, node, address);
  return await browser.post(await browser.follow('/block/card'), { what: 'card', ...typed });
}

async function stateOf({ cardId }: TestPerson): Promise<string> {
  const [card] = await nodes.database.query<{ state: string }>('SELECT state FROM key_cards WHERE id = $1', [
    cardId,
  ]);
  return card?.state ?? 'none';
}

const statuses = (pages: readonly BrowserPage[]) => pages.map(({ status }) => status);

/** The counts of networks are updated after the answer: no request waits for them. */
async function levelsSettle(): Promise<void> {
  let before = '';
  for (let i = 0; i < 100; i += 1) {
    const [row] = await nodes.database.query<{ sum: string }>(
      'SELECT sum(level)::text AS sum FROM network_tries',
    );
    if (row?.sum === before) return;
    before = row?.sum ?? '';
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

describe('/block', () => {
  test('ten networks that try ten times each keep nobody from blocking', async () => {
    const person = await aPerson(nodes);
    const wrong = { userId: person.userId, password: 'not it at all' };
    const besiege = async () => {
      const address = anAddress();
      const pages = await Promise.all(Array.from({ length: 10 }, (_, i) => askToBlock(wrong, address, i)));
      expect(statuses(pages)).toEqual(Array(10).fill(303));
      // The next from there, and from its neighbour, is not verified.
      expect((await askToBlock(wrong, address)).status).toBe(429);
      expect((await askToBlock(person, address.replace(/7$/, '8'))).status).toBe(429);
    };
    await Promise.all(Array.from({ length: 10 }, besiege));
    expect(await stateOf(person)).toBe('active');
    expect((await askToBlock(person, anAddress())).headers.location).toBe('/block/received');
    expect(await stateOf(person)).toBe('blocked');
  }, 60_000);

  test('of 16 concurrently from one network at one name, ten are verified, on two nodes', async () => {
    const person = await aPerson(nodes);
    const address = anAddress();
    const held = holdUp(nodes, 'overall AS (', 16);
    const all = Array.from({ length: 16 }, (_, i) =>
      askToBlock({ userId: person.userId, password: `guess ${i}` }, address, i),
    );
    await held.reached.finally(held.release);
    const seen = statuses(await Promise.all(all));
    expect(seen.filter((status) => status === 303)).toHaveLength(10);
    expect(seen.filter((status) => status === 429)).toHaveLength(6);
  }, 60_000);

  test('all networks together have so many an hour, and it runs out by the hour', async () => {
    const person = await aPerson(nodes);
    const rules = { ...DEFAULT_RULES, block: { ...DEFAULT_RULES.block, perHour: 100 } };
    for (const node of nodes.list) Object.assign(node.app.context, { rules });
    const wrong = { userId: person.userId, password: 'not it at all' };
    const at = async (many: number) =>
      statuses(await Promise.all(Array.from({ length: many }, (_, i) => askToBlock(wrong, anAddress(), i))));
    const seen = [...(await at(40)), ...(await at(40)), ...(await at(30))];
    expect(seen.filter((status) => status === 303).length).toBeGreaterThanOrEqual(100);
    expect(seen.filter((status) => status === 303).length).toBeLessThanOrEqual(101);
    expect((await askToBlock(person, anAddress())).status).toBe(429);
    nodes.clock.forward(HOUR / 50);
    expect((await askToBlock(person, anAddress())).headers.location).toBe('/block/received');
    for (const node of nodes.list) Object.assign(node.app.context, { rules: DEFAULT_RULES });
  }, 60_000);

  test('of a form that found all networks together full, nothing is kept: sent again it is verified', async () => {
    const person = await aPerson(nodes);
    const rules = { ...DEFAULT_RULES, block: { ...DEFAULT_RULES.block, perHour: 5 } };
    for (const node of nodes.list) Object.assign(node.app.context, { rules });
    const browser = new TestBrowser(nodes, 0, anAddress());
    const form = await browser.follow('/block/card');
    const press = () =>
      browser.post(form, { userId: person.userId, password: person.password, what: 'card' });
    // It has read, and others take the last places before it is verified.
    const held = holdUp(nodes, 'overall AS (');
    const pressed = press();
    await held.reached;
    const wrong = { userId: person.userId, password: 'not it at all' };
    const others = await Promise.all(Array.from({ length: 8 }, (_, i) => askToBlock(wrong, anAddress(), i)));
    held.release();
    expect(statuses(others).filter((status) => status === 303)).toHaveLength(5);
    expect((await pressed).status).toBe(429);
    expect(await stateOf(person)).toBe('active');
    nodes.clock.forward(2 * HOUR);
    expect((await press()).headers.location).toBe('/block/received');
    expect(await stateOf(person)).toBe('blocked');
    for (const node of nodes.list) Object.assign(node.app.context, { rules: DEFAULT_RULES });
  });

  test('what is counted there is counted for as long as it locks, and swept after two days', async () => {
    const person = await aPerson(nodes);
    await nodes.database.query('DELETE FROM attempts');
    const count = async () => (await nodes.database.query('SELECT FROM attempts')).length;
    const wrong = { userId: person.userId, password: 'not it at all' };
    await Promise.all(Array.from({ length: 6 }, (_, i) => askToBlock(wrong, anAddress(), i)));
    expect(await count()).toBeGreaterThan(0);
    const twoDays = nodes.clock.offsetMs + 48 * HOUR;
    await sweepExpiredRows(nodes.context.database, twoDays, (error) => {
      throw error;
    });
    expect(await count()).toBe(0);
  });

  test('what fails half-way is not taken for done: the same form blocks', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes, 0, anAddress());
    const form = await browser.follow('/block/card');
    const press = () =>
      browser.post(form, { userId: person.userId, password: person.password, what: 'card' });
    const repair = takeOut(nodes, 'UPDATE identities SET', 'UPDATE no_such_table SET');
    expect((await press()).status).toBe(500);
    repair();
    expect(await stateOf(person)).toBe('active');
    expect((await press()).headers.location).toBe('/block/received');
    expect(await stateOf(person)).toBe('blocked');
  });

  test('one form blocks the card and then the whole ID, when it is asked for both', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes, 0, anAddress());
    const form = await browser.follow('/block/card');
    const { userId, password } = person;
    await browser.post(form, { userId, password, what: 'card' });
    await browser.post(form, { userId, password, what: 'identity' });
    const page = await toKeyPage(new TestBrowser(nodes, 0, anAddress()), person, authRequest(bank));
    expect(page.text).toContain(da.refused.id_blocked?.title ?? 'spærret');
  });
});

describe('taking an ID into use', () => {
  /** A stranger's attempt without pages, on one node or the other. */
  async function guess(idNumber: string, address: string, node: number): Promise<string> {
    const { context } = nodes.node(node).app;
    const activation = drawActivationId(context);
    const fields = { activation, typedName: idNumber, password: 'a stranger guesses', address };
    const outcome = await submitTemporaryPassword(context, fields);
    if (typeof outcome === 'string') return outcome;
    return 'renewed' in outcome ? 'right' : outcome.outcome.kind;
  }

  test('five /48 that try as fast as they may keep no one out', async () => {
    const person = await waitForLetters(nodes, await issueApplication(nodes));
    const seen: string[] = [];
    // Each time from another customer of one of the five providers: as many as locked it for an hour.
    for (let round = 0; round < 67; round += 1) {
      const from = (i: number) => `2001:db8:${i % 5}:${(round * 256 + i).toString(16)}::1`;
      seen.push(
        ...(await Promise.all(Array.from({ length: 9 }, (_, i) => guess(person.idNumber, from(i), i)))),
      );
    }
    const verified = seen.filter((kind) => kind === 'wrong_temporary').length;
    console.info(`${seen.length} attempts from five /48: ${verified} verified`);
    expect(verified).toBeGreaterThan(300);
    expect((await startActivation(new TestBrowser(nodes, 1, anAddress()), person)).page).toBe('activate-key');
  }, 60_000);

  test('a /48 is slowed, of however many networks it is made; right answers slow no one', async () => {
    const seen: string[] = [];
    for (let i = 0; i < 300; i += 20) {
      const from = (k: number) => `2001:db8:aa:${(i + k).toString(16)}00::1`;
      const name = (k: number) => String(700_000_000 + i + k);
      seen.push(...(await Promise.all(Array.from({ length: 20 }, (_, k) => guess(name(k), from(k), k)))));
      await levelsSettle();
    }
    const verified = seen.filter((kind) => kind === 'wrong_temporary').length;
    console.info(`300 attempts from 256 /56 of one /48: ${verified} verified`);
    // 48 a minute are refilled into the bucket of 240, and twenty concurrent ones are compared before any of
    // them is counted.
    expect(verified).toBeGreaterThanOrEqual(240);
    expect(verified).toBeLessThan(300);
    expect(seen.filter((kind) => kind === 'slowed')).toHaveLength(300 - verified);
    expect(await guess('700000999', '2001:db8:ab::1', 0)).toBe('wrong_temporary');

    const person = await waitForLetters(nodes, await issueApplication(nodes));
    const address = anAddress();
    for (let i = 0; i < 35; i += 1) {
      expect((await startActivation(new TestBrowser(nodes, i, address), person)).page).toBe('activate-key');
    }
  }, 60_000);

  test('no network row is waited for: one that is held keeps no one', async () => {
    const address = anAddress();
    await startActivation(new TestBrowser(nodes, 0, address), {
      idNumber: '600000001',
      temporaryPassword: 'no',
    });
    await levelsSettle();
    const held = holdUp(
      nodes,
      'INSERT INTO network_tries AS n (subject, level, at) SELECT subject, many, now',
      1,
    );
    const seen = await Promise.all(Array.from({ length: 5 }, (_, i) => guess(`60000001${i}`, address, i)));
    await held.reached;
    expect(seen).toEqual(Array(5).fill('wrong_temporary'));
    held.release();
  });
});
