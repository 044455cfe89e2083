/**
 * Races on two nodes for an answer of a security key, beside a password and in place of both. Each runs a
 * second time with its guard removed, and must then be lost.
 */
import { describe, expect, test } from '@jest/globals';
import { endSecurityKey } from '../../src/features/securityKeys/index.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  holdUp,
  redeemCode,
  requestOptionsOf,
  TestBrowser,
  toKeyPage,
  useNodes,
  useRelyingParty,
  type BrowserPage,
  type HeldSecurityKey,
  type TestAuthRequest,
  type TestPerson,
  type Guards,
  withoutGuards,
} from '../support/index.ts';

/** Where an answer is decided, whatever it stands for. */
const DECIDES = 'UPDATE security_keys y SET';
const MANY = 20;

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

/** The row of the sign-in may be any browser's, in any state. */
const anyRow = (isOnly: boolean): Guards => [
  isOnly
    ? ['s.holder IS NOT DISTINCT FROM $18::bytea AND s.answered_at IS NULL', '($18::bytea IS NULL OR true)']
    : [
        's.signed_in_at IS NULL AND s.answered_at IS NULL\n      AND s.holder IS NOT DISTINCT FROM $3::bytea',
        '($3::bytea IS NULL OR true)',
      ],
];
const ANY_COUNT: Guards = [['y.sign_count = $', '-1 <> $']];
/** An answer that was accepted before is accepted again. */
const ANY_ANSWER: Guards = [
  [
    'ON CONFLICT DO NOTHING RETURNING id',
    'ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at RETURNING id',
  ],
];
const anyOwner = (isOnly: boolean): Guards => [
  [
    `i.blocked_at IS NULL AND (i.ended_at IS NULL OR i.ended_at < ${isOnly ? '$8' : '$2'}::timestamptz)`,
    'true',
  ],
];

const without = async <T>(guards: Guards, race: () => Promise<T>) => await withoutGuards(nodes, guards, race);

const codeOf = ({ headers: { location } }: BrowserPage) =>
  location?.startsWith(rp.redirectUri) ? new URL(location).searchParams.get('code') : null;

interface Asked {
  readonly browser: TestBrowser;
  readonly page: BrowserPage;
  readonly login: TestAuthRequest;
}

async function ask(person: TestPerson, isOnly: boolean, node = 0): Promise<Asked> {
  const browser = new TestBrowser(nodes, node);
  const login = authRequest(rp);
  const page = isOnly ? await browser.follow(login.path) : await toKeyPage(browser, person, login);
  return { browser, page, login };
}

const answerTo = ({ authenticator }: HeldSecurityKey, { page }: Asked, signCount?: number) =>
  JSON.stringify(authenticator.get(requestOptionsOf(page), signCount === undefined ? {} : { signCount }));

/** All answers are verified before the first one is decided. */
async function sendTogether(sends: readonly (() => Promise<BrowserPage>)[]): Promise<BrowserPage[]> {
  const held = holdUp(nodes, DECIDES, sends.length);
  const answers = Promise.all(sends.map(async (send) => await send()));
  await held.reached;
  held.release();
  return await answers;
}

const signInsOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM audit_events WHERE identity_id = $1 AND kind = 'signed_in'`,
      [identityId],
    )
  )[0]?.many ?? 0;

const WAYS = [
  ['beside a password', false],
  ['in place of both', true],
] as const;
const COUNTERS = [
  ['that counts', {}, undefined],
  ['that does not count', { synced: true }, 0],
] as const;

describe.each(WAYS)('one answer, sent 20 times at once, %s', (_way, isOnly) => {
  describe.each(COUNTERS)('by a key %s', (_counter, options, signCount) => {
    /** @param isSameForm the form as it is; else each is another form with the same answer */
    async function race(isSameForm: boolean) {
      const person = await aPerson(nodes);
      const held = await aSecurityKey(nodes, person, options);
      const asked = await ask(person, isOnly);
      const credential = answerTo(held, asked, signCount);
      const copies = await Promise.all(Array.from({ length: MANY }, () => asked.browser.copy()));
      const sends = copies.map((copy, i) => async () => {
        const form = isSameForm ? {} : { more: `${i}` };
        // Alternating between the nodes.
        if (i % 2 === 1) await copy.request('/health/live');
        return await copy.post(asked.page, { credential, ...form });
      });
      const answers = await sendTogether(sends);
      return { answers, codes: answers.map(codeOf), signIns: await signInsOf(person) };
    }

    test('from one browser: all get the same code', async () => {
      const { answers, codes, signIns } = await race(true);
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: MANY }, () => 303));
      expect([signIns, new Set(codes).size, codes.includes(null)]).toEqual([1, 1, false]);
    });

    test('from copies of it: one gets a code, and the others nothing', async () => {
      const { codes, signIns } = await race(false);
      expect([signIns, codes.filter((code) => code !== null).length]).toEqual([1, 1]);
    });

    test('control: without the guards several do', async () => {
      const { codes, signIns } = await without([...anyRow(isOnly), ...ANY_COUNT, ...ANY_ANSWER], () =>
        race(false),
      );
      expect([signIns > 1, new Set(codes).size > 1]).toEqual([true, true]);
    });
  });
});

describe.each(WAYS)('two answers with one value of the counter, %s', (_way, isOnly) => {
  async function race() {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    const both = [await ask(person, isOnly, 0), await ask(person, isOnly, 1)];
    const answers = await sendTogether(
      both.map((one) => async () => await one.browser.post(one.page, { credential: answerTo(held, one, 7) })),
    );
    return answers.filter((answer) => codeOf(answer) !== null).length;
  }

  test('one signs in', async () => {
    expect(await race()).toBe(1);
  });

  test('control: when the counter may be another than was read, both do', async () => {
    expect(await without(ANY_COUNT, race)).toBe(2);
  });
});

describe.each(WAYS)('an answer that was verified before something happened, %s', (_way, isOnly) => {
  /** What happens when the answer is verified and not decided yet. */
  const EVENTS: readonly (readonly [
    string,
    (person: TestPerson, keyId: string) => Promise<unknown>,
    Guards,
  ])[] = [
    [
      'a block of the ID',
      async ({ identityId }) => await blockTarget(nodes.context, identityId, 'identity', { by: 'person' }),
      [...anyOwner(isOnly), ['y.ended_at IS NULL AND y.counts_from', 'y.counts_from']],
    ],
    [
      'the removal of the key',
      async ({ identityId }, id) =>
        await endSecurityKey(nodes.context, identityId, { id, by: { by: 'person' } }, () =>
          Promise.resolve(),
        ),
      [['y.ended_at IS NULL AND y.counts_from', 'y.counts_from']],
    ],
    [
      'a wait that began again',
      async (_person, id) =>
        await nodes.database.query(
          `UPDATE security_keys SET counts_from = now() + interval '1 day' WHERE id = $1`,
          [id],
        ),
      [['y.counts_from <= $', `'-infinity' <= $`]],
    ],
  ];

  describe.each(EVENTS)('%s', (_event, happen, guards) => {
    async function race() {
      const person = await aPerson(nodes);
      const held = await aSecurityKey(nodes, person);
      const asked = await ask(person, isOnly);
      const decision = holdUp(nodes, DECIDES);
      const sent = asked.browser.post(asked.page, { credential: answerTo(held, asked) });
      await decision.reached;
      await happen(person, held.id);
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

describe.each(WAYS)('a block of the ID beside five answers, %s', (_way, isOnly) => {
  test('whoever was faster: nothing that they got is alive afterwards', async () => {
    for (let round = 0; round < 6; round += 1) {
      const person = await aPerson(nodes);
      const held = await aSecurityKey(nodes, person, { synced: true });
      const all: Asked[] = [];
      for (let i = 0; i < 5; i += 1) all.push(await ask(person, isOnly, i));
      const sends = all.map(async (one) => ({
        ...one,
        code: codeOf(await one.browser.post(one.page, { credential: answerTo(held, one, 0) })),
      }));
      const block = blockTarget(nodes.context, person.identityId, 'identity', { by: 'person' });
      const [answered] = await Promise.all([Promise.all(sends), block]);
      for (const { code, login } of answered) {
        if (code === null) continue;
        expect((await redeemCode(nodes, rp, code, login.verifier, round)).error).toBe('invalid_grant');
      }
      const [alive] = await nodes.database.query<{ keys: number; records: number }>(
        `SELECT (SELECT count(*)::int FROM security_keys WHERE identity_id = $1 AND ended_at IS NULL) AS keys,
           (SELECT count(*)::int FROM oidc_records r JOIN identities i ON i.id = r.account_id
            WHERE i.id = $1 AND r.ended_at IS NULL AND r.login_at > i.ended_at) AS records`,
        [person.identityId],
      );
      expect(alive).toEqual({ keys: 0, records: 0 });
    }
  });
});

test('the end of the wait: from then on, and not a moment before', async () => {
  const person = await aPerson(nodes);
  const countsFrom = new Date(nodes.clock.now().getTime() + 60_000);
  const held = await aSecurityKey(nodes, person, { synced: true }, { countsFrom });
  const all: Asked[] = [];
  for (let i = 0; i < MANY; i += 1) all.push(await ask(person, true, i));
  nodes.clock.forward(59_500);
  // The clock of a suite stands still but for this.
  setTimeout(() => nodes.clock.forward(1_000), MANY * 15);
  const codes = await Promise.all(
    all.map(async (one, i) => {
      await new Promise((resolve) => setTimeout(resolve, i * 30));
      return codeOf(await one.browser.post(one.page, { credential: answerTo(held, one, 0) }));
    }),
  );
  expect([codes[0], codes.at(-1) === null]).toEqual([null, false]);
  const [used] = await nodes.database.query<{ early: boolean; many: number }>(
    `SELECT bool_or(s.step_at < y.counts_from) AS early, count(*)::int AS many
     FROM sign_ins s JOIN security_keys y ON y.identity_id = s.identity_id
     WHERE y.id = $1 AND s.signed_in_at IS NOT NULL`,
    [held.id],
  );
  expect(used).toEqual({ early: false, many: codes.filter((code) => code !== null).length });
});
