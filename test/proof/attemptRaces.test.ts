/**
 * Races on two nodes for what one statement decides after the comparison. Each race runs a second time with
 * its guard removed, and must then be lost: docs/decisions/0017-the-sign-in.md.
 */
import { request as httpRequest } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { readLockoutPolicies } from '../../src/domain/signIn/lockout.ts';
import { sweepExpiredRows } from '../../src/db/sweep.ts';
import {
  hashKeySubject,
  hashPasswordSubject,
} from '../../src/features/authentication/attemptSubjectHashes.ts';
import {
  anotherKey,
  aPerson,
  authRequest,
  TestBrowser,
  countVerdicts,
  encodeForm,
  FORM,
  hiddenFields,
  holdRows,
  holdUp,
  keyOnPage,
  type Nodes,
  type BrowserPage,
  ServerProcesses,
  takeOut,
  type TestPerson,
  toKeyPage,
  waitUntil,
  untilLocked,
  useNodes,
  useRelyingParty,
  waitUntilReadiness,
} from '../support/index.ts';
import { FormerNode } from '../support/formerNode.ts';

/** The deciding statement of every step. */
const JUDGE = 'INSERT INTO attempts AS a';
const WRONG = 'not it at all';

const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);

/** @param guards the parts of statements that are removed, each with its replacement */
async function without<T>(
  guards: readonly [string, string][],
  race: () => Promise<T>,
  of = nodes,
): Promise<T> {
  const repairs = guards.map(([guard, instead]) => takeOut(of, guard, instead));
  try {
    return await race();
  } finally {
    for (const repair of repairs.toReversed()) repair();
  }
}

interface OpenedKeyPage {
  readonly browser: TestBrowser;
  readonly page: BrowserPage;
}

async function open(node = 0): Promise<OpenedKeyPage> {
  const browser = new TestBrowser(nodes, node);
  return { browser, page: await browser.follow(authRequest(rp).path) };
}

const passwordTries = ({ identityId }: TestPerson) =>
  hashPasswordSubject(nodes.context, `identity ${identityId}`);
const keyTries = ({ identityId }: TestPerson) => hashKeySubject(nodes.context, identityId);

async function wrongAt(subject: Buffer): Promise<number> {
  const [row] = await nodes.database.query<{ wrong: number }>(
    'SELECT wrong FROM attempts WHERE subject = $1',
    [subject],
  );
  return row?.wrong ?? 0;
}

const give = ({ browser, page }: OpenedKeyPage, person: TestPerson, password = person.password) =>
  browser.send(page, { userId: person.userId, password });

const NO_LIMIT: readonly [string, string][] = [
  [`>= $3::int THEN 'locked'`, `>= 1000000 + $3::int THEN 'locked'`],
  ['>= $3::int OR a.in_a_row', '>= 1000000 + $3::int OR a.in_a_row'],
];

describe('two hundred wrong passwords that were all compared before one of them was counted', () => {
  async function race(): Promise<{ counted: number; wrongPages: number; pages: string[] }> {
    const person = await aPerson(nodes);
    const all = await Promise.all(Array.from({ length: 200 }, (_, i) => open(i)));
    const held = holdUp(nodes, JUDGE, all.length);
    held.reached.catch(() => undefined);
    let answered = 0;
    const answers = all.map(async (one, i) => {
      const answer = await give(one, person, `guess-${i}`);
      answered += 1;
      return answer;
    });
    // Requests that are not admitted to the comparison are answered immediately.
    await waitUntil('all are compared, or answered', () => held.count() + answered === all.length);
    held.release();
    const pages = (await Promise.all(answers)).map((page) => page.page ?? String(page.status));
    const wrongPages = pages.filter((page) => page === 'password').length;
    return { counted: await wrongAt(passwordTries(person)), wrongPages, pages };
  }

  test('of at most five it is reported that they are wrong', async () => {
    const { counted, wrongPages, pages } = await race();
    expect([counted, wrongPages <= 5]).toEqual([5, true]);
    const known = ['password', 'locked', 'trouble'];
    expect(pages.filter((page) => !known.includes(page))).toEqual([]);
  });

  test('control: without the look at the lock more are counted as reported', async () => {
    const { counted } = await without(NO_LIMIT, race);
    expect(counted).toBeGreaterThan(5);
  });
});

describe('a right password that was compared before the fifth wrong one was counted', () => {
  async function race(): Promise<string | undefined> {
    const person = await aPerson(nodes);
    const held = holdUp(nodes, JUDGE);
    const right = give(await open(), person);
    await held.reached;
    for (let i = 0; i < 5; i += 1) await give(await open(i), person, WRONG);
    held.release();
    return (await right).page;
  }

  test('is told that it is locked', async () => {
    expect(await race()).toBe('locked');
  });

  test('control: without the look at the lock it signs in', async () => {
    expect(await without(NO_LIMIT, race)).toBe('key');
  });
});

describe('a node of the previous version, on the same name', () => {
  /**
   * @param whenever `first`: its five are in flight before the others are verified; otherwise all are
   *   concurrent
   */
  async function race(
    whenever: 'first' | 'at once',
  ): Promise<{ old: number; reported: number; counted: number }> {
    const person = await aPerson(nodes);
    const subject = passwordTries(person);
    const former = new FormerNode(nodes, subject, readLockoutPolicies(nodes.context.rules).password);
    const countMany = async () => await Promise.all(Array.from({ length: 100 }, () => former.count()));
    const all = await Promise.all(Array.from({ length: 100 }, (_, i) => open(i)));
    let old: readonly boolean[] = [];
    const verdicts = await countVerdicts(nodes, async () => {
      const held = holdUp(nodes, JUDGE, all.length);
      held.reached.catch(() => undefined);
      let answered = 0;
      const answers = all.map(async (one, i) => {
        await give(one, person, `guess-${i}`);
        answered += 1;
      });
      await waitUntil('all are compared, or answered', () => held.count() + answered === all.length);
      const counting = countMany();
      if (whenever === 'first') await counting;
      held.release();
      old = await counting;
      await Promise.all(answers);
    });
    const inFlight = old.filter((isCounted) => isCounted);
    await Promise.all(inFlight.map(() => former.recordFailure()));
    const reported = inFlight.length + (verdicts.get('wrong') ?? 0);
    return { old: inFlight.length, reported, counted: await wrongAt(subject) };
  }

  test('has one budget with the others: five are reported', async () => {
    const [first, together] = [await race('first'), await race('at once')];
    console.info(`old and new on one name: ${JSON.stringify({ first, together })}`);
    expect(first).toEqual({ old: 5, reported: 5, counted: 5 });
    expect([together.reported <= 5, together.counted]).toEqual([true, together.reported]);
  });

  test('control: where what it has in flight is not looked at, more are', async () => {
    const inFlight: [string, string] = ['greatest(a.tries - a.wrong, 0)', '0'];
    expect((await without([inFlight], () => race('first'))).reported).toBeGreaterThan(5);
  });
});

const UNLOCKED: readonly [string, string][] = [['FOR NO KEY UPDATE OF i', '']];

describe('a password that is changed while its verification waits for the attempts', () => {
  async function race(): Promise<string | undefined> {
    const [person, other] = [await aPerson(nodes), await aPerson(nodes)];
    await give(await open(), person, WRONG);
    const rows = await holdRows(nodes, 'SELECT FROM attempts WHERE subject = $1 FOR UPDATE', [
      passwordTries(person),
    ]);
    const right = give(await open(1), person);
    await untilLocked(nodes);
    await nodes.database.query(
      `UPDATE identities SET password_hash = (SELECT password_hash FROM identities WHERE id = $2) WHERE id = $1`,
      [person.identityId, other.identityId],
    );
    await rows.release();
    return (await right).page;
  }

  test('signs nobody in', async () => {
    expect(await race()).toBe('password');
  });

  test('control: where the identity is read unlocked, it does', async () => {
    expect(await without(UNLOCKED, race)).toBe('key');
  });
});

describe('an ID that is blocked while the verification of its key waits for the attempts', () => {
  async function race(): Promise<boolean> {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const first = await toKeyPage(browser, person, authRequest(rp));
    const key = await keyOnPage(nodes, first);
    const page = await browser.send(first, { key: anotherKey(key) });
    const rows = await holdRows(nodes, 'SELECT FROM attempts WHERE subject = $1 FOR UPDATE', [
      keyTries(person),
    ]);
    const right = browser.send(page, { key });
    await untilLocked(nodes);
    await nodes.database.query('UPDATE identities SET blocked_at = now(), ended_at = now() WHERE id = $1', [
      person.identityId,
    ]);
    await rows.release();
    return (await right).headers.location?.includes('code=') ?? false;
  }

  test('gives no code', async () => {
    expect(await race()).toBe(false);
  });

  test('control: where the identity is read unlocked, it does', async () => {
    expect(await without(UNLOCKED, race)).toBe(true);
  });
});

describe('a row of attempts that the sweep has found, and that is counted before it is deleted', () => {
  async function race(): Promise<number> {
    const person = await aPerson(nodes);
    const subject = passwordTries(person);
    await give(await open(), person, WRONG);
    await nodes.database.query(
      `UPDATE attempts SET in_a_row = 0, expires_at = now() - interval '2 days' WHERE subject = $1`,
      [subject],
    );
    const held = await holdRows(nodes, 'SELECT FROM attempts WHERE subject = $1 FOR UPDATE', [subject]);
    const answer = give(await open(1), person, WRONG);
    await untilLocked(nodes);
    const swept = sweepExpiredRows(nodes.context.database, 0, (error) => {
      throw error;
    });
    await waitUntil('both wait', async () => {
      const [row] = await nodes.database.query<{ many: number }>(
        `SELECT count(*)::int AS many FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return (row?.many ?? 0) >= 2;
    });
    await held.release();
    await Promise.all([answer, swept]);
    return await wrongAt(subject);
  }

  test('stays', async () => {
    expect(await race()).toBe(1);
  });

  test('control: where the sweep looks at the row that it first found, the attempt is lost', async () => {
    const bySubject: [string, string] = [
      'DELETE FROM attempts WHERE ctid = ANY(ARRAY(\n    SELECT ctid FROM attempts',
      'DELETE FROM attempts WHERE subject = ANY(ARRAY(\n    SELECT subject FROM attempts',
    ];
    expect(await without([bySubject], race)).toBe(0);
  });
});

describe('the rows of networks, held for two seconds', () => {
  async function race(): Promise<string> {
    const person = await aPerson(nodes);
    const [wrong, right] = [await open(), await open(1)];
    const held = await holdRows(nodes, 'LOCK TABLE network_tries IN EXCLUSIVE MODE');
    const both = Promise.all([give(wrong, person, WRONG), give(right, person)]);
    const outcome = await Promise.race([both.then(() => 'answered'), setTimeout(2_000, 'waits')]);
    await held.release();
    await both;
    return outcome;
  }

  test('keep neither a wrong password waiting nor a right one', async () => {
    expect(await race()).toBe('answered');
  });

  test('control: where the verification locks them, they do', async () => {
    const end = '(SELECT outcome FROM outcome) AS outcome FROM judged';
    const locking = `${end} LEFT JOIN (SELECT true FROM network_tries FOR UPDATE) n ON true LIMIT 1`;
    expect(await without([[end, locking]], race)).toBe('waits');
  });
});

describe('one form, sent to both nodes at the same time', () => {
  async function race(passwords: readonly [string, string]): Promise<number> {
    const person = await aPerson(nodes);
    const { browser, page } = await open();
    const other = await browser.copy();
    const held = holdUp(nodes, JUDGE, 2);
    const both = [browser, other].map((one, i) =>
      one.post(page, { userId: person.userId, password: passwords[i] ?? '' }),
    );
    await held.reached;
    held.release();
    await Promise.all(both);
    return await wrongAt(passwordTries(person));
  }

  test('is one attempt; with other content it is two', async () => {
    expect([await race([WRONG, WRONG]), await race([WRONG, `${WRONG}, again`])]).toEqual([1, 2]);
  });

  test('control: where no form is remembered, it is two', async () => {
    const forget: [string, string] = [
      `WHEN $7::bytea = ANY (a.forms) THEN 'again'`,
      `WHEN $7::bytea IS NULL THEN 'again'`,
    ];
    expect(await without([forget], () => race([WRONG, WRONG]))).toBe(2);
  });
});

describe('someone who hangs up while their password is verified', () => {
  async function race(isOver: (person: TestPerson) => Promise<boolean>): Promise<number> {
    const person = await aPerson(nodes);
    const { browser, page } = await open();
    const held = holdUp(nodes, 'INTO attempts AS a');
    const body = encodeForm({ ...hiddenFields(page), userId: person.userId, password: WRONG });
    const cookie = (await browser.readCookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const { pathname, host } = new URL(page.formUrl);
    const sent = httpRequest({
      host: '127.0.0.1',
      port: nodes.node(0).port,
      path: pathname,
      method: 'POST',
      headers: { ...FORM, host, cookie, 'content-length': String(Buffer.byteLength(body)) },
    });
    sent.on('error', () => undefined);
    sent.end(body);
    await held.reached;
    sent.destroy();
    held.release();
    await waitUntil('it is judged, or dropped', async () => await isOver(person));
    return await wrongAt(passwordTries(person));
  }

  test('has had an attempt', async () => {
    expect(await race(async (person) => (await wrongAt(passwordTries(person))) > 0)).toBe(1);
  });

  test('control: where the verification is dropped, has had none', async () => {
    const dropped: [string, string] = ['INSERT INTO attempts AS a', 'INSERT INTO dropped AS a'];
    const isDropped = () => Promise.resolve(nodes.log.includes('\\"dropped\\" does not exist'));
    expect(await without([dropped], () => race(isDropped))).toBe(0);
  });
});

describe('a node whose clock is nine hours ahead', () => {
  async function lockedPerson(): Promise<TestPerson> {
    const person = await aPerson(nodes);
    for (let i = 0; i < 5; i += 1) await give(await open(i), person, WRONG);
    return person;
  }

  test('opens nothing earlier', async () => {
    const folder = await mkdtemp(path.resolve('.tmp/clock-'));
    const [preload, jump] = [path.join(folder, 'clock.mjs'), path.join(folder, 'jump')];
    // The clock jumps while the node runs: with such a clock it would not start.
    await writeFile(
      preload,
      `import { existsSync } from 'node:fs';
       const Real = Date; let ahead = 0;
       setInterval(() => { if (existsSync(${JSON.stringify(jump)})) ahead = 9 * 3_600_000; }, 20).unref();
       globalThis.Date = class extends Real {
         constructor(...given) { if (given.length) super(...given); else super(Real.now() + ahead); }
         static now() { return Real.now() + ahead; }
       };`,
    );
    const servers = await ServerProcesses.of(nodes);
    try {
      const { port } = await servers.start({ NODE_OPTIONS: `--import=file://${preload}` });
      await writeFile(jump, '');
      expect((await waitUntilReadiness({ port }, 503)).checks).toMatchObject({ clock: 'differs' });
      const person = await lockedPerson();
      const browser = new TestBrowser({
        issuer: nodes.issuer,
        secrets: nodes.secrets,
        node: () => ({ port }),
      });
      const page = await browser.follow(authRequest(rp).path);
      // It answers nothing by such a clock, and what it locks or opens would be seen at the others.
      expect(page.status).toBe(503);
      expect((await give(await open(1), person)).page).toBe('locked');
      expect(await wrongAt(passwordTries(person))).toBe(5);
    } finally {
      await servers.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('control: where its statements go by that clock, it does', async () => {
    const person = await lockedPerson();
    const one = { list: [nodes.node(1)] } as unknown as Nodes;
    const ahead: readonly [string, string][] = [
      [`$2::float8 * interval '1 ms'`, `($2::float8 + 9 * 3600000) * interval '1 ms'`],
      [
        `date_trunc('milliseconds', clock_timestamp()) AS now`,
        `date_trunc('milliseconds', clock_timestamp() + interval '9 hours') AS now`,
      ],
    ];
    const end = await without(
      ahead,
      async () => {
        const browser = new TestBrowser({
          issuer: nodes.issuer,
          secrets: nodes.secrets,
          node: () => nodes.node(1),
        });
        return await give({ browser, page: await browser.follow(authRequest(rp).path) }, person);
      },
      one,
    );
    expect(end.page).toBe('key');
  });
});
