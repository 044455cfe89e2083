/** A card is renewed once, taken into use once, replaced as one of many; over two nodes, and raced for. */
import { describe, expect, test } from '@jest/globals';
import { Keyring } from '../src/platform/keyring.ts';
import { findCard } from '../src/db/cards/keyCards.ts';
import { listHeldFactors } from '../src/db/factors/heldFactors.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { reportCardNotArrived } from '../src/features/identity/reportCardNotArrived.ts';
import { completeContactOfIdentity } from '../src/features/contact/completeContact.ts';
import { readCard } from '../src/features/identity/readCard.ts';
import { replaceCards, type ReplacementProgress } from '../src/features/identity/replaceCards.ts';
import { da } from '../src/ui/words/words.da.ts';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  TestBrowser,
  challengeOf,
  changeThreshold,
  keyFor,
  orderNewCard,
  type BrowserPage,
  readReturnedCode,
  sendAssertion,
  signInAtNode,
  skipWait,
  takeOut,
  type TestPerson,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from './support/index.ts';
import { aCodeToken } from './support/codeTokens.ts';

const BY = { by: 'person' } as const;
const BY_STAFF = { by: 'staff', staffId: '00000000-0000-4000-8000-000000000000', reason: 'seen' } as const;
const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

async function cardsOf({ identityId }: TestPerson) {
  return await nodes.database.query<{ id: string; state: string; spent: number; kid: string }>(
    `SELECT id, state, bit_count(spent)::int AS spent, kid FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at`,
    [identityId],
  );
}

const states = async (person: TestPerson) => (await cardsOf(person)).map(({ state }) => state);

async function count(person: TestPerson, table: 'audit_events' | 'notices', kind: string): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    `SELECT count(*)::int AS many FROM ${table} WHERE identity_id = $1 AND kind = $2`,
    [person.identityId, kind],
  );
  return row?.many ?? 0;
}

const post = () => nodes.node(0).app.tasks['sendLetters']?.({});

/** The key that a page asks for, on any card. */
async function keyOn(person: TestPerson, page: BrowserPage): Promise<string> {
  const { cardNumber, keyNumber } = challengeOf(page);
  for (const { id } of await cardsOf(person)) {
    const card = await findCard(nodes.context.database, id);
    if (!card || card.cardNumber !== cardNumber.replaceAll('-', '')) continue;
    const { keyNumbers, keys } = readCard(nodes.context, card);
    for (const key of keys) nodes.secrets.keys.add(key);
    return keys[keyNumbers.indexOf(keyNumber)] ?? '';
  }
  throw new Error('the page asks for a card that the person has not');
}

/** To the page that asks for a key of the new card, after one of the old. */
async function toNewCardPage(browser: TestBrowser, person: TestPerson): Promise<BrowserPage> {
  const page = await toKeyPage(browser, person, authRequest(rp));
  return page.page === 'new-card' ? page : await browser.send(page, { key: await keyOn(person, page) });
}

describe('a new card is ordered', () => {
  test('when the keys left reach the threshold, and once', async () => {
    const person = await aPerson(nodes, { keysSpent: 126 });
    await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
    expect(await states(person)).toEqual(['active']);
    await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
    expect(await states(person)).toEqual(['active', 'ordered']);
    await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
    expect(await states(person)).toEqual(['active', 'ordered']);
    expect(await count(person, 'notices', 'card_ordered')).toBe(1);
    const page = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect(page.text).toContain(da.comingCard.ordered);
  });

  test('with the key that leads to it, or neither is: an order that fails leaves the key unspent', async () => {
    const person = await aPerson(nodes, { keysSpent: 127 });
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(rp));
    const repair = takeOut(nodes, 'INSERT INTO letters', 'INSERT INTO nowhere');
    try {
      expect((await browser.post(page, { key: keyFor(person, page) })).status).toBe(500);
    } finally {
      repair();
    }
    expect(await cardsOf(person)).toMatchObject([{ state: 'active', spent: 127 }]);
    await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
    expect(await states(person)).toEqual(['active', 'ordered']);
  });

  test('immediately when the threshold is raised to what is left; a lower or a wrong one orders nothing', async () => {
    const person = await aPerson(nodes, { keysSpent: 100 });
    for (const wrong of [4, 101, 20.5, Number.NaN, -1]) {
      expect(await changeThreshold(nodes.context, person.identityId, wrong)).toBe('threshold_out_of_range');
    }
    expect(await changeThreshold(nodes.context, person.identityId, 47)).toBe('done');
    expect(await states(person)).toEqual(['active']);
    expect(await changeThreshold(nodes.context, person.identityId, 48)).toBe('done');
    expect(await states(person)).toEqual(['active', 'ordered']);
    expect(await count(person, 'notices', 'threshold_changed')).toBe(2);
  });

  test('once, of twenty orders, thresholds and keys at the same moment on two nodes', async () => {
    for (let round = 0; round < 3; round += 1) {
      const person = await aPerson(nodes, { keysSpent: 126 });
      const browser = new TestBrowser(nodes, round);
      const page = await toKeyPage(browser, person, authRequest(rp));
      await Promise.all([
        browser.post(page, { key: keyFor(person, page) }),
        ...Array.from({ length: 20 }, (_, i) =>
          i % 2
            ? orderNewCard(nodes.node(i % 4).app.context, person.identityId, BY)
            : changeThreshold(nodes.node(i).app.context, person.identityId, 30 + i),
        ),
      ]);
      expect(await states(person)).toEqual(['active', 'ordered']);
      expect(await count(person, 'audit_events', 'card_ordered')).toBe(1);
      const letters = await nodes.database.query(`SELECT FROM letters WHERE identity_id = $1`, [
        person.identityId,
      ]);
      expect(letters).toHaveLength(1);
    }
  });

  test('control: without the lock on the owner, and without the index behind it, more are', async () => {
    const person = await aPerson(nodes);
    const [index] = await nodes.database.query<{ definition: string }>(
      `SELECT indexdef AS definition FROM pg_indexes WHERE indexname = 'key_cards_one_on_the_way'`,
    );
    await nodes.database.query('DROP INDEX key_cards_one_on_the_way');
    const repair = takeOut(nodes, 'FOR NO KEY UPDATE OF i');
    try {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => orderNewCard(nodes.node(i).app.context, person.identityId, BY)),
      );
    } finally {
      repair();
    }
    expect((await states(person)).length).toBeGreaterThan(2);
    await nodes.database.query(`UPDATE key_cards SET state = 'void' WHERE identity_id = $1`, [
      person.identityId,
    ]);
    await nodes.database.query(index?.definition ?? '');
  });

  test('immediately when there is an address by that time, also where the last key is gone', async () => {
    const person = await aPerson(nodes, { keysSpent: 147, address: null });
    await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
    expect(await states(person)).toEqual(['used_up']);
    const address = { street: 'Storegade 1', postcode: '8900', city: 'Randers C' };
    await completeContactOfIdentity(nodes.context, person.identityId, { address });
    expect(await changeThreshold(nodes.context, person.identityId, 21)).toBe('done');
    expect(await states(person)).toEqual(['used_up', 'ordered']);
  });

  test('the last key uses the card up; the page then says when the new one is expected', async () => {
    const person = await aPerson(nodes, { keysSpent: 147 });
    await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
    expect(await states(person)).toEqual(['used_up', 'ordered']);
    const browser = new TestBrowser(nodes);
    const refused = await toKeyPage(browser, person, authRequest(rp));
    expect([refused.page, refused.text.includes(da.comingCard.ordered)]).toEqual(['refused', true]);
    const back = readReturnedCode(await browser.send(refused, { cancel: '1' }));
    expect(back.get('error_description')).toMatch(/^no_keys_left: /);
    await post();
    const instead = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect(instead.page).toBe('new-card');
  });
});

describe('a new card is taken into use', () => {
  test('once, of twenty browsers with the same key on two nodes; the old one is replaced', async () => {
    const person = await aPerson(nodes, { keysSpent: 100 });
    await orderNewCard(nodes.context, person.identityId, BY);
    await post();
    const browsers = Array.from({ length: 10 }, (_, i) => new TestBrowser(nodes, i));
    const pages: BrowserPage[] = [];
    for (const browser of browsers) pages.push(await toNewCardPage(browser, person));
    const newKey = await keyOn(person, pages[0] as BrowserPage);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (browsers[i % 10] as TestBrowser).post(pages[i % 10] as BrowserPage, { newKey }),
      ),
    );
    const [old, fresh] = await cardsOf(person);
    expect([old?.state, fresh?.state, fresh?.spent]).toEqual(['replaced', 'active', 1]);
    expect(await count(person, 'audit_events', 'card_activate')).toBe(1);
    expect(await count(person, 'notices', 'card_active')).toBe(1);
    // All of them had both factors authenticated, and continue. Of a form that was sent twice one may find
    // the card on its way, and is redirected to the next page.
    const codesOf = (browser: number) =>
      [answers[browser], answers[browser + 10]].flatMap((answer) =>
        answer?.headers.location?.includes('code=') ? [readReturnedCode(answer).get('code')] : [],
      );
    expect(browsers.map((_, i) => new Set(codesOf(i)).size)).toEqual(Array(10).fill(1));
  });

  async function withoutOldCard(): Promise<TestPerson> {
    const person = await aPerson(nodes, { keysSpent: 100 });
    await orderNewCard(nodes.context, person.identityId, BY);
    await post();
    expect(await blockTarget(nodes.context, person.identityId, 'card', BY)).toBe('done');
    return person;
  }

  async function raceForTheWait(person: TestPerson): Promise<void> {
    const browsers = Array.from({ length: 5 }, (_, i) => new TestBrowser(nodes, i));
    const pages: BrowserPage[] = [];
    for (const browser of browsers) pages.push(await toKeyPage(browser, person, authRequest(rp)));
    expect(pages.map(({ page }) => page)).toEqual(pages.map(() => 'new-card'));
    const newKey = await keyOn(person, pages[0] as BrowserPage);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (browsers[i % 5] as TestBrowser).post(pages[i % 5] as BrowserPage, { newKey }),
      ),
    );
  }

  test('where there is no old one, after a wait that begins once and is notified immediately', async () => {
    const person = await withoutOldCard();
    await raceForTheWait(person);
    expect(await count(person, 'audit_events', 'wait_started')).toBe(1);
    expect(await count(person, 'notices', 'wait_started')).toBe(1);
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(rp));
    expect(page.text).toContain(da.refused.card_waiting.title);
    expect(readReturnedCode(await browser.send(page, { cancel: '1' })).get('error_description')).toMatch(
      /^card_waiting: /,
    );

    nodes.clock.forward(24 * 3_600_000 - 60_000);
    expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('refused');
    nodes.clock.forward(60_000);
    // No job has run: sign-ins work before it does.
    const key = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    expect(key.page).toBe('key');
    expect(await states(person)).toEqual(['blocked', 'active']);
    expect(await count(person, 'notices', 'card_active')).toBe(1);
  });

  test.each(['a security key', 'a code'] as const)(
    'after %s it waits with a notice: the old card serves meanwhile, and one key of it ends the wait',
    async (factor) => {
      const person = await aPerson(nodes, { keysSpent: 100 });
      const held = factor === 'a code' ? null : await aSecurityKey(nodes, person);
      const token = factor === 'a code' ? await aCodeToken(nodes, person) : null;
      await orderNewCard(nodes.context, person.identityId, BY);
      await post();
      const signIn = async () => {
        const browser = new TestBrowser(nodes);
        const page = await toKeyPage(browser, person, authRequest(rp));
        if (held) return { browser, page: await sendAssertion(browser, page, held) };
        nodes.clock.forward(60_000);
        return { browser, page: await browser.send(page, { step: 'code-token', code: token?.show() ?? '' }) };
      };
      const { browser, page } = await signIn();
      expect([page.page, page.text.includes(da.newCard.whyWaits(24))]).toEqual(['new-card', true]);
      const after = await browser.send(page, { newKey: await keyOn(person, page) });
      expect(readReturnedCode(after).get('code')).not.toBeNull();
      expect(await states(person)).toEqual(['active', 'sent']);
      expect(await count(person, 'notices', 'wait_started')).toBe(1);
      // It is not asked for again, except by who holds the old card.
      expect(readReturnedCode((await signIn()).page).get('code')).not.toBeNull();
      const again = new TestBrowser(nodes);
      const asked = await toNewCardPage(again, person);
      expect([asked.page, asked.text.includes(da.newCard.why)]).toEqual(['new-card', true]);
      if (held) {
        await again.send(asked, { newKey: await keyOn(person, asked) });
      } else {
        nodes.clock.forward(24 * 3_600_000);
        expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('key');
      }
      expect(await states(person)).toEqual(['replaced', 'active']);
      expect(await count(person, 'notices', 'card_active')).toBe(1);
      // Its file does not say that it can be used from tomorrow.
      const { database } = nodes.context;
      const factors = await listHeldFactors(database, person.identityId, { now: nodes.clock.now() });
      expect(factors.filter(({ kind }) => kind === 'card')).toMatchObject([
        { state: 'counts', countsFrom: null },
      ]);
    },
  );

  test('a first key proves the password that it came with; of those without any key the person is notified once a day', async () => {
    const person = await withoutOldCard();
    await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(rp));
    await browser.send(page, { newKey: await keyOn(person, page) });
    nodes.clock.forward(31 * 60_000);
    await nodes.node(1).app.tasks['checkDue']?.({});
    expect(await count(person, 'audit_events', 'password_without_key')).toBe(2);
    expect(await count(person, 'notices', 'password_without_key')).toBe(1);
  });

  test('a desk can skip the wait, once; and stop nothing that does not wait', async () => {
    const person = await withoutOldCard();
    expect(await skipWait(nodes.context, person.identityId, BY_STAFF)).toBe('not_waiting');
    await raceForTheWait(person);
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) => skipWait(nodes.node(i).app.context, person.identityId, BY_STAFF)),
    );
    expect(all.filter((one) => one === 'done')).toHaveLength(1);
    expect(await states(person)).toEqual(['blocked', 'active']);
  });
});

describe('a sign-in that is over is not woken by anyone who comes later', () => {
  async function leftAtNewCardPage() {
    const person = await aPerson(nodes, { keysSpent: 100 });
    await orderNewCard(nodes.context, person.identityId, BY);
    await post();
    const browser = new TestBrowser(nodes);
    const page = await toNewCardPage(browser, person);
    nodes.clock.forward(61 * 60_000);
    return { person, browser, page };
  }

  test.each([
    ['going on without the new card', { skip: '1' }],
    ['a wrong password', { step: 'password', userId: 'somebody', password: 'not it at all' }],
    ['a wrong key', { newKey: '000000' }],
  ])('by %s', async (_what, fields) => {
    const { browser, page } = await leftAtNewCardPage();
    await browser.post(page, fields);
    const after = await browser.follow(page.formUrl);
    expect([after.status, after.page]).toEqual([400, 'trouble']);
  });

  test('and where nothing is to be skipped, skipping does nothing', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(rp));
    expect((await browser.send(page, { skip: '1' })).page).toBe('key');
  });
});

describe('what cannot be is refused, and changes nothing', () => {
  test('blocking a blocked card, an unknown card, a report of nothing', async () => {
    const person = await aPerson(nodes);
    expect(await reportCardNotArrived(nodes.context, person.identityId, BY)).toBe('not_on_the_way');
    expect(await blockTarget(nodes.context, person.identityId, 'card', BY)).toBe('done');
    expect(await blockTarget(nodes.context, person.identityId, 'card', BY)).toBe('already_blocked');
    expect(await blockTarget(nodes.context, person.identityId, 'identity', BY)).toBe('done');
    expect(await blockTarget(nodes.context, person.identityId, 'identity', BY)).toBe('already_blocked');
    expect(await orderNewCard(nodes.context, person.identityId, BY)).toBe('id_blocked');
    expect(await changeThreshold(nodes.context, person.identityId, 30)).toBe('id_blocked');
    expect(await orderNewCard(nodes.context, '00000000-0000-4000-8000-000000000000', BY)).toBe('no_card');
    expect(await states(person)).toEqual(['blocked']);
  });
});

describe('many cards are replaced concurrently', () => {
  async function posted(keysSpent = 0): Promise<TestPerson> {
    const person = await aPerson(nodes, { keysSpent });
    await orderNewCard(nodes.context, person.identityId, BY);
    return person;
  }

  async function batchOf(person: TestPerson) {
    const [row] = await nodes.database.query<{ batch: string; day: string }>(
      `SELECT batch, post_on::text AS day FROM letters WHERE identity_id = $1 AND kind = 'card'`,
      [person.identityId],
    );
    return row ?? { batch: '', day: '' };
  }

  const quickly = { by: { by: 'system' }, perSecond: 1_000 } as const;

  test('those of a batch or a day: who has one gets a new one, once, also when it was stopped on the way', async () => {
    nodes.clock.forward(new Date('2031-02-03T09:00:00Z').getTime() - nodes.clock.now().getTime());
    const people = [];
    for (let i = 0; i < 12; i += 1) people.push(await posted());
    await post();
    nodes.clock.forward(3 * 24 * 3_600_000);
    const other = await posted();
    await post();
    const [first, second, third] = people as [TestPerson, TestPerson, TestPerson];
    const page = await toNewCardPage(new TestBrowser(nodes), first);
    await new TestBrowser(nodes).follow(page.formUrl);
    expect(await blockTarget(nodes.context, second.identityId, 'identity', BY)).toBe('done');
    const { batch, day } = await batchOf(third);
    expect((await batchOf(other)).day).not.toBe(day);

    let reports = 0;
    const stopped = replaceCards(
      nodes.context,
      { kind: 'batch', batch },
      {
        ...quickly,
        report: () => {
          reports += 1;
          if (reports === 4) throw new Error('stopped');
        },
      },
    );
    await expect(stopped).rejects.toThrow('stopped');
    let seen: ReplacementProgress | null = null;
    const again = await replaceCards(
      nodes.context,
      { kind: 'batch', batch },
      { ...quickly, report: (one) => (seen = one) },
    );
    expect(again).toEqual(seen);
    expect(again).toEqual({ total: 7, done: 7, left: 0 });
    for (const person of people) {
      if (person === second) expect(await states(person)).toEqual(['blocked', 'blocked']);
      else expect(await states(person)).toEqual(['active', 'void', 'ordered']);
    }
    expect(await states(other)).toEqual(['active', 'sent']);
    expect(
      await replaceCards(nodes.context, { kind: 'day', day }, { ...quickly, report: () => undefined }),
    ).toEqual({
      total: 0,
      done: 0,
      left: 0,
    });
  });

  test('those of a card key, once the ring has another; the old ones work until the new ones have come', async () => {
    const person = await aPerson(nodes);
    const noAddress = await aPerson(nodes, { address: null });
    const kid = nodes.context.keyring.currentKid('cards');
    const report = () => undefined;
    await expect(replaceCards(nodes.context, { kind: 'kid', kid }, { ...quickly, report })).rejects.toThrow(
      'put another key into the ring first',
    );
    const k2 = Buffer.alloc(32, 9).toString('base64url');
    const { cards } = nodes.keyringFile;
    const keyring = new Keyring({
      ...nodes.keyringFile,
      cards: { current: 'k2', keys: { ...cards.keys, k2 } },
    });
    const context = { ...nodes.context, keyring };
    const done = await replaceCards(context, { kind: 'kid', kid }, { ...quickly, report });
    expect(done.left).toBeGreaterThan(0);
    expect((await cardsOf(person)).map(({ state, kid: made }) => [state, made])).toEqual([
      ['active', kid],
      ['ordered', 'k2'],
    ]);
    expect(await states(noAddress)).toEqual(['active']);
    await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
    const again = await replaceCards(context, { kind: 'kid', kid }, { ...quickly, report });
    expect(again.done).toBe(0);
  });
});
