/**
 * Races on two nodes for a code of a code token, and for what is added in self-service. Each runs a second
 * time with its guard removed, and must then be lost.
 */
import { describe, expect, test } from '@jest/globals';
import { lockIdentity } from '../../src/db/cards/cardSets.ts';
import { MAX_SECURITY_KEYS } from '../../src/domain/factors/securityKey.ts';
import { addSecurityKeyInTransaction } from '../../src/features/securityKeys/index.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  holdTransactions,
  holdUp,
  keyFor,
  signInAt,
  slowDown,
  TestBrowser,
  toKeyPage,
  useNodes,
  useRelyingParty,
  waitUntil,
  type BrowserPage,
  type TestPerson,
  type Guards,
  withoutGuards,
} from '../support/index.ts';
import { aCodeToken } from '../support/codeTokens.ts';
import {
  addSecurityKey,
  anAuthenticator,
  SECURITY_KEYS,
  sendCreation,
} from '../support/securityKeyCreation.ts';

const MANY = 20;
const CODE_DECIDES = 'UPDATE code_tokens t SET last_step';

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

const without = async <T>(guards: Guards, race: () => Promise<T>) => await withoutGuards(nodes, guards, race);

const codeOf = ({ headers: { location } }: BrowserPage) =>
  location?.startsWith(rp.redirectUri) ? new URL(location).searchParams.get('code') : null;
const codesOf = (answers: readonly BrowserPage[]) => answers.map(codeOf).filter((code) => code !== null);

interface Asked {
  readonly browser: TestBrowser;
  readonly page: BrowserPage;
}

async function askAt(person: TestPerson, node: number): Promise<Asked> {
  const browser = new TestBrowser(nodes, node);
  return { browser, page: await toKeyPage(browser, person, authRequest(rp)) };
}

describe.each(['totp', 'hotp'] as const)(
  'one code of a code token (%s), from 20 browsers at once',
  (kind) => {
    async function race() {
      const person = await aPerson(nodes);
      const token = await aCodeToken(nodes, person, kind);
      const all: Asked[] = [];
      for (let i = 0; i < MANY; i += 1) all.push(await askAt(person, i));
      const sent = { step: 'code-token', code: token.show() };
      const held = holdUp(nodes, CODE_DECIDES, MANY);
      const answers = Promise.all(all.map(async ({ browser, page }) => await browser.post(page, sent)));
      await held.reached;
      held.release();
      return codesOf(await answers).length;
    }

    test('one signs in', async () => {
      expect(await race()).toBe(1);
    });

    test('control: when a code serves again, several do', async () => {
      expect(
        await without([[`t.state = 'active' AND t.last_step < $`, `t.state = 'active' AND -1 < $`]], race),
      ).toBeGreaterThan(1);
    });
  },
);

describe('one form with a code, sent 20 times at once', () => {
  async function race(isSameForm: boolean) {
    const person = await aPerson(nodes);
    const token = await aCodeToken(nodes, person);
    const { browser, page } = await askAt(person, 0);
    const sent = { step: 'code-token', code: token.show() };
    const copies = await Promise.all(Array.from({ length: MANY }, () => browser.copy()));
    const answers = await Promise.all(
      copies.map(async (copy, i) => {
        if (i % 2 === 1) await copy.request('/health/live');
        return await copy.post(
          page,
          isSameForm ? sent : { ...sent, form: Buffer.alloc(32, i).toString('base64url') },
        );
      }),
    );
    return codesOf(answers);
  }

  test('from one browser: no second code', async () => {
    expect(new Set(await race(true)).size).toBe(1);
  });

  test('from copies of it: one gets a code', async () => {
    expect(await race(false)).toHaveLength(1);
  });
});

describe('a code that was compared before something happened', () => {
  const EVENTS: readonly (readonly [string, (person: TestPerson) => Promise<unknown>, Guards])[] = [
    [
      'a block of the ID',
      async ({ identityId }) => await blockTarget(nodes.context, identityId, 'identity', { by: 'person' }),
      [
        [
          'i.blocked_at IS NULL AND (i.ended_at IS NULL OR i.ended_at < ',
          '(i.ended_at IS NOT NULL OR now() > ',
        ],
        [`t.state = 'active' AND t.last_step`, 't.last_step'],
      ],
    ],
    [
      'a block of the code token',
      async ({ identityId }) =>
        await nodes.database.query(
          `UPDATE code_tokens SET state = 'blocked', ended_at = now(), mac = NULL WHERE identity_id = $1`,
          [identityId],
        ),
      [[`t.state = 'active' AND t.last_step`, 't.last_step']],
    ],
  ];
  describe.each(EVENTS)('%s', (_event, happen, guards) => {
    async function race() {
      const person = await aPerson(nodes);
      const token = await aCodeToken(nodes, person);
      const { browser, page } = await askAt(person, 0);
      const decision = holdUp(nodes, CODE_DECIDES);
      const sent = browser.post(page, { step: 'code-token', code: token.show() });
      await decision.reached;
      await happen(person);
      decision.release();
      return codeOf(await sent);
    }

    test('signs no one in', async () => {
      expect(await race()).toBeNull();
    });

    test('control: without the guard it does', async () => {
      expect(await without(guards, race)).not.toBeNull();
    });
  });
});

const aliveKeysOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ many: number }>(
      'SELECT count(*)::int AS many FROM security_keys WHERE identity_id = $1 AND ended_at IS NULL',
      [identityId],
    )
  )[0]?.many ?? 0;
const spentOf = async ({ cardId }: TestPerson) =>
  (
    await nodes.database.query<{ spent: number }>(
      'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE id = $1',
      [cardId],
    )
  )[0]?.spent ?? 0;

describe('one key of the card for 20 additions at once', () => {
  async function race() {
    const person = await aPerson(nodes);
    // Each in a session of its own, which has one change that waits. A sign-in changes what is asked for.
    const browsers = Array.from({ length: MANY }, (_, i) => new TestBrowser(nodes, i));
    for (const browser of browsers) await signInAt(browser, person, '/self-service');
    const all: Asked[] = [];
    for (const browser of browsers) {
      const page = await browser.follow(`${SECURITY_KEYS}/add`);
      all.push({ browser, page: await sendCreation(browser, page, anAuthenticator(nodes)) });
    }
    const before = await spentOf(person);
    expect(all.every(({ page }) => page.page === 'self-confirm')).toBe(true);
    const key = keyFor(person, all.at(-1)?.page as BrowserPage);
    // All are compared before one of them is decided.
    const held = holdTransactions(nodes);
    let answered = 0;
    const sent = all.map(async (one) => {
      const answer = await one.browser.post(one.page, { key });
      answered += 1;
      return answer.status;
    });
    await waitUntil('all wait, or are answered', () => held.count() + answered >= MANY);
    held.release();
    expect((await Promise.all(sent)).every((status) => status === 303 || status === 503)).toBe(true);
    return { added: await aliveKeysOf(person), spent: (await spentOf(person)) - before };
  }

  test('one is added', async () => {
    expect(await race()).toEqual({ added: 1, spent: 1 });
  });

  test('control: when a key of the card serves again, several are', async () => {
    const guards: Guards = [['AND challenge = $5 AND get_bit(spent, $5::int) = 0', '']];
    expect((await without(guards, race)).added).toBeGreaterThan(1);
  });
});

test('one confirmation, sent 20 times at once: one is added, and one key is spent', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes);
  await signInAt(browser, person, '/self-service');
  const before = await spentOf(person);
  const page = await browser.follow(`${SECURITY_KEYS}/add`);
  const asked = await sendCreation(browser, page, anAuthenticator(nodes));
  const copies = await Promise.all(Array.from({ length: MANY }, () => browser.copy()));
  const key = keyFor(person, asked);
  const answers = await Promise.all(
    copies.map(async (copy, i) => {
      if (i % 2 === 1) await copy.request('/health/live');
      return await copy.post(asked, { key });
    }),
  );
  expect(answers.every(({ status }) => status === 303 || status === 503)).toBe(true);
  expect([await aliveKeysOf(person), (await spentOf(person)) - before]).toEqual([1, 1]);
});

describe('two tenth security keys at once, from self-service and from a desk', () => {
  /** As both do it: the lock on the identity, and what a verified answer of a browser says. */
  async function add({ identityId }: TestPerson, node: number): Promise<string | null> {
    const context = nodes.node(node).app.context;
    const key = {
      credentialId: Buffer.from(`credential ${identityId} ${node}`),
      publicKey: Buffer.from('public key'),
      signCount: 0,
      transports: [],
      aaguid: '00000000-0000-0000-0000-000000000000',
      isDiscoverable: true,
      isSynced: false,
      isBackedUp: false,
      isAttested: false,
    };
    const added = { key, name: 'Nøgle', place: 'desk', isConfirmed: false } as const;
    return await context.database.transaction(async (db) => {
      await lockIdentity(db, identityId);
      return await addSecurityKeyInTransaction(context, db, identityId, added, { by: 'person' });
    });
  }

  async function race() {
    const person = await aPerson(nodes);
    for (let i = 1; i < MAX_SECURITY_KEYS; i += 1) await aSecurityKey(nodes, person);
    const repair = slowDown(nodes, 'INSERT INTO security_keys', 150);
    const outcomes = await Promise.all([add(person, 0), add(person, 1)]);
    repair();
    return { outcomes: new Set(outcomes), alive: await aliveKeysOf(person) };
  }

  test('one is added', async () => {
    expect(await race()).toEqual({ outcomes: new Set([null, 'too_many_security_keys']), alive: 10 });
  });

  test('control: without the lock there are eleven', async () => {
    const guards: Guards = [['WHERE i.id = $1 FOR NO KEY UPDATE OF i', 'WHERE i.id = $1']];
    // Both count before one of them is committed.
    const repair = slowDown(nodes, 'INSERT INTO audit_events', 300);
    const { alive } = await without(guards, race);
    repair();
    expect(alive).toBe(11);
  });
});

test('one credential, added by two people at once: one has it', async () => {
  const people = [await aPerson(nodes), await aPerson(nodes)];
  const authenticator = anAuthenticator(nodes);
  const id = Buffer.alloc(32, 7).toString('base64url');
  const outcomes = await Promise.all(
    people.map(async (person, i) => {
      const browser = new TestBrowser(nodes, i);
      await signInAt(browser, person, '/self-service');
      return await addSecurityKey(browser, person, authenticator, { credentialId: id });
    }),
  );
  expect(outcomes.every(({ status }) => status === 200)).toBe(true);
  const owners = await nodes.database.query('SELECT FROM security_keys WHERE credential_id = $1', [
    Buffer.from(id, 'base64url'),
  ]);
  expect(owners).toHaveLength(1);
});
