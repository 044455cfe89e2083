/**
 * A dump, fifty keys spent, five IDs blocked, five cards replaced, the dump restored: nothing of it comes
 * back to life, and nothing leaves twice. The same without the sink, and a copy beside the original.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startJobs } from '../../src/app.ts';
import type { JobWorker } from '../../src/jobs/worker.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { readCard } from '../../src/features/identity/readCard.ts';
import { findActiveCard, findCard } from '../../src/db/cards/keyCards.ts';
import { readHead } from '../support/auditFollowers.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  authRequest,
  challengeOf,
  commandEnv,
  createTestDatabase,
  dumpDatabase,
  freePort,
  IS_WHOLE_PROOF,
  keyFor,
  LogoutSite,
  Nodes,
  orderNewCard,
  readReturnedCode,
  redeemCode,
  refreshTokens,
  request,
  restoreDatabase,
  runCli,
  RunningNoegle,
  TestBrowser,
  toKeyPage,
  useFolder,
  waitUntil,
  type BrowserPage,
  type DatabaseDump,
  type TestDatabase,
  type TestPerson,
  type TestRelyingParty,
} from '../support/index.ts';

/** All fifty take a minute: `NOEGLE_PROOF_WHOLE=yes`. */
const SPENT = IS_WHOLE_PROOF ? 50 : 12;
const FEW = IS_WHOLE_PROOF ? 5 : 2;
/** Longer than any task waits for its turn. */
const QUIET_MS = 4_000;

const nodes = new Nodes();
const folder = useFolder('after-restore');
let sink = path.resolve(folder, 'sink');
const site = new LogoutSite();
let rp: TestRelyingParty;
let worker: JobWorker;
let env: Record<string, string>;
let spenders: TestPerson[] = [];
let blocked: TestPerson[] = [];
let replaced: TestPerson[] = [];
let dump: DatabaseDump;
interface GivenKey {
  readonly position: number;
  readonly keyNumber: string;
  readonly key: string;
}
/** The first of each was pending when the dump was made, the second was not. */
const keys = new Map<TestPerson, GivenKey[]>();
const tokens: string[] = [];
const oldCards = new Map<TestPerson, string>();

beforeAll(async () => {
  mkdirSync(sink);
  await site.listen();
  await nodes.open({ count: 2, auditSink: () => sink, follow: true, privateOrigins: [site.origin] });
  worker = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
  env = {
    ...(await commandEnv(nodes, folder)),
    DATABASE_URL: nodes.database.ownerUrl,
    NOEGLE_AUDIT_SINK: sink,
    NOEGLE_ALLOW_OWNER: 'yes',
  };
  rp = await aRelyingParty(nodes, {
    require_fresh_key: false,
    backchannel_logout_uri: `${site.origin}/rp`,
    backchannel_logout_session_required: false,
  });
  const many = async (count: number) =>
    await Promise.all(Array.from({ length: count }, () => aPerson(nodes)));
  spenders = await many(SPENT);
  blocked = await many(FEW);
  replaced = await many(FEW);
  const [holder] = spenders;
  if (holder) await aSecurityKey(nodes, holder);
}, 120_000);
afterAll(async () => {
  await worker.stop();
  site.close();
  await nodes.close();
});

const checkReady = async (node: number) => await request(nodes.node(node)).get('/health/ready');
const untilStatus = async (status: number) =>
  await waitUntil(`both nodes answer ${status}`, async () => {
    const answers = [await checkReady(0), await checkReady(1)];
    return answers.every((answer) => answer.status === status);
  });

/** Letters, mails and log-outs that have left. */
function countSent(): { letters: number; mails: number; logouts: number } {
  const count = (name: string) => {
    try {
      return readdirSync(path.join(nodes.folder, name)).filter((file) => file.endsWith('.json')).length;
    } catch {
      return 0;
    }
  };
  return { letters: count('letters'), mails: count('mail'), logouts: site.received.length };
}

/** Some at a time, as people come. */
async function inGroups<T>(all: readonly T[], act: (one: T) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < all.length; i += 10) await Promise.all(all.slice(i, i + 10).map(act));
}

async function untilQuiet(): Promise<void> {
  await waitUntil('nothing waits, and all is in the sink', async () => {
    const [row] = await nodes.database.query<{ waiting: number; sealed: boolean; segments: number }>(
      `SELECT ((SELECT count(*) FROM letters WHERE state = 'waiting' AND kind <> 'password')
         + (SELECT count(*) FROM notices WHERE state = 'waiting')
         + (SELECT count(*) FROM logouts WHERE state = 'waiting'))::int AS waiting,
         (SELECT max(id) FROM audit_events) <= sealed_below AS sealed, segments::int AS segments FROM audit_tree`,
    );
    const head = readHead(sink) as { lastSegment: number };
    return row?.waiting === 0 && row.sealed && head.lastSegment === row.segments - 1;
  });
  await setTimeout(1_500);
}

async function signIn(person: TestPerson): Promise<void> {
  const browser = new TestBrowser(nodes);
  const login = authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' });
  const page = await toKeyPage(browser, person, login);
  const { keyNumber } = challengeOf(page);
  const key = keyFor(person, page);
  const given = { position: [...person.keys.keys()].indexOf(keyNumber), keyNumber, key };
  keys.set(person, [...(keys.get(person) ?? []), given]);
  const next = await browser.send(page, { key });
  const answer = readReturnedCode(next.page === 'consent' ? await browser.send(next, { accept: '1' }) : next);
  const { refresh_token: token } = await redeemCode(nodes, rp, answer.get('code') ?? '', login.verifier);
  tokens.push(token ?? '');
}

/** Orders a card, has it sent, and gives a key of the old and one of the new. */
async function replaceCard(person: TestPerson): Promise<void> {
  oldCards.set(person, person.cardId);
  await orderNewCard(nodes.context, person.identityId, { by: 'person' });
  await waitUntil('the card was sent', async () => {
    const rows = await nodes.database.query(
      `SELECT FROM key_cards WHERE identity_id = $1 AND state = 'sent'`,
      [person.identityId],
    );
    return rows.length === 1;
  });
  const browser = new TestBrowser(nodes);
  const page = await toKeyPage(browser, person, authRequest(rp));
  const newCard = await browser.send(page, { key: keyFor(person, page) });
  await browser.send(newCard, { newKey: await keyOfNewCard(newCard) });
  expect((await findActiveCard(nodes.context.database, person.identityId))?.id).not.toBe(person.cardId);
}

async function keyOfNewCard(page: BrowserPage): Promise<string> {
  const { cardNumber, keyNumber } = challengeOf(page);
  const [row] = await nodes.database.query<{ id: string }>(
    'SELECT id FROM key_cards WHERE card_number = $1',
    [cardNumber.replaceAll('-', '')],
  );
  const card = await findCard(nodes.context.database, row?.id ?? '');
  if (!card) throw new Error('there is no such card');
  const read = readCard(nodes.context, card);
  const key = read.keys[read.keyNumbers.indexOf(keyNumber)] ?? '';
  nodes.secrets.keys.add(key);
  return key;
}

/** Forces the very challenges that were answered before, and answers them. @returns what came of each */
async function giveAgain(person: TestPerson): Promise<string[]> {
  const given = keys.get(person) ?? [];
  const page = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
  if (page.page !== 'key') return [page.page ?? ''];
  expect(given.map(({ keyNumber }) => keyNumber)).not.toContain(challengeOf(page).keyNumber);
  const outcomes: string[] = [];
  for (const { position, key } of given) {
    const set = async (challenge: number | null) =>
      await nodes.database.query(`UPDATE key_cards SET challenge = $2 WHERE id = $1`, [
        person.cardId,
        challenge,
      ]);
    await set(position);
    const browser = new TestBrowser(nodes);
    const answer = await browser.send(await toKeyPage(browser, person, authRequest(rp)), { key });
    outcomes.push(
      answer.headers.location?.includes('code=') ? 'signed in' : (answer.page ?? String(answer.status)),
    );
    await set(null);
  }
  return outcomes;
}

test('people use what they have after the dump was made', async () => {
  await inGroups(spenders, (person) => toKeyPage(new TestBrowser(nodes), person, authRequest(rp)));
  await untilQuiet();
  dump = await dumpDatabase(nodes.database);
  await inGroups(spenders, signIn);
  await inGroups(spenders, signIn);
  for (const { identityId } of blocked)
    await blockTarget(nodes.context, identityId, 'identity', { by: 'person' });
  await inGroups(replaced, replaceCard);
  await untilQuiet();
  const given = [...keys.values()].flat().length;
  expect([given, tokens.length, oldCards.size]).toEqual([2 * SPENT, 2 * SPENT, FEW]);
}, 240_000);

describe('restored, with the sink', () => {
  test('it is refused to serve, and nothing leaves', async () => {
    const before = countSent();
    await restoreDatabase(nodes.database, dump);
    await untilStatus(503);
    await setTimeout(QUIET_MS);
    expect(countSent()).toEqual(before);
    expect((await new TestBrowser(nodes).follow(authRequest(rp).path)).status).toBe(503);
    const command = await runCli(['staff', 'list'], { ...env, DATABASE_URL: nodes.database.appUrl });
    expect([command.code, command.stderr]).toEqual([1, expect.stringContaining('after-restore')]);
    const node = new RunningNoegle({ ...env, PORT: String(await freePort()) });
    expect(await node.exited()).toBe(1);
    expect(node.output).toContain('the audit sink holds events that this database has lost');
  }, 60_000);

  test('a database that is not its owner’s, and a sink with a hole, are refused with nothing changed', async () => {
    const lost = ['--lost-at', nodes.clock.now().toISOString()];
    const asApp = await runCli(['after-restore', ...lost], { ...env, DATABASE_URL: nodes.database.appUrl });
    expect([asApp.code, asApp.stderr]).toEqual([1, expect.stringContaining('noegle_owner')]);
    expect((await runCli(['after-restore'], env)).stderr).toContain('--lost-at is required');
    for (const args of [lost, ['--without-sink']]) {
      const connected = await runCli(['after-restore', ...args], env);
      expect([connected.code, connected.stderr]).toEqual([1, expect.stringContaining('nodes are connected')]);
    }
    await worker.stop();
    const early = await runCli(['after-restore', '--lost-at', '2020-01-01T00:00:00Z'], env);
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('was not lost at 2020')]);
    const [tree] = await nodes.database.query<{ segments: number }>(
      'SELECT segments::int AS segments FROM audit_tree',
    );
    const name = `segments/000/000/000/${String((tree?.segments ?? 0) + 1).padStart(12, '0')}`;
    const segment = readFileSync(path.join(sink, name));
    rmSync(path.join(sink, name));
    const hole = await runCli(['after-restore', ...lost], env);
    expect([hole.code, hole.stderr]).toEqual([1, expect.stringContaining(`${name} is missing`)]);
    const changed = Buffer.from(segment);
    changed.writeUInt8(changed.readUInt8(changed.length - 9) ^ 1, changed.length - 9);
    writeFileSync(path.join(sink, name), changed);
    const other = await runCli(['after-restore', ...lost], env);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining(`${name} was changed`)]);
    writeFileSync(path.join(sink, name), segment);
    const [after] = await nodes.database.query<{ segments: number }>(
      'SELECT segments::int AS segments FROM audit_tree',
    );
    expect(after).toEqual(tree);
  }, 60_000);

  test('after the command nothing that ended is alive', async () => {
    const before = countSent();
    const done = await runCli(['after-restore', '--lost-at', nodes.clock.now().toISOString(), '--json'], env);
    expect([done.code, done.code === 0 ? '' : done.stderr]).toEqual([0, '']);
    expect(JSON.parse(done.stdout)).toMatchObject({ isCovered: true, retiredCards: 0, epoch: 2 });
    await untilStatus(200);
    worker = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
    await setTimeout(QUIET_MS);
    expect(countSent()).toEqual(before);
    await worker.stop();
    const twice = await runCli(['after-restore', '--lost-at', nodes.clock.now().toISOString()], env);
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('a node reports')]);
    worker = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
    const outcomes = (await Promise.all(spenders.map(giveAgain))).flat();
    expect(outcomes).toHaveLength(2 * SPENT);
    expect(outcomes.filter((outcome) => outcome === 'signed in')).toEqual([]);
    await inGroups(tokens, async (token) => {
      expect((await refreshTokens(nodes, rp, token)).status).toBe(400);
    });
    const alive = await nodes.database.query(
      `SELECT FROM oidc_records WHERE model IN ('Session', 'RefreshToken', 'Grant') AND login_at < now() - interval '5 s'`,
    );
    expect(alive).toEqual([]);
    for (const person of blocked)
      expect((await toKeyPage(new TestBrowser(nodes), person, authRequest(rp))).page).toBe('refused');
    for (const [person, cardId] of oldCards) {
      const [old] = await nodes.database.query<{ state: string }>(
        'SELECT state FROM key_cards WHERE id = $1',
        [cardId],
      );
      expect([person.userId, old?.state]).toEqual([person.userId, 'replaced']);
    }
  }, 120_000);

  test('people sign in as before, and the audit log is whole', async () => {
    await signIn(spenders[0] as TestPerson);
    await untilQuiet();
    const kinds = await nodes.database.query<{ kind: string; many: number }>(
      `SELECT kind, count(*)::int AS many FROM audit_events WHERE kind IN ('signed_in', 'identity_blocked', 'card_activate')
       GROUP BY 1 ORDER BY 1`,
    );
    expect(kinds).toEqual([
      { kind: 'card_activate', many: FEW },
      { kind: 'identity_blocked', many: FEW },
      { kind: 'signed_in', many: 2 * SPENT + FEW + 1 },
    ]);
  }, 60_000);
});

describe('a copy', () => {
  let copy: TestDatabase;
  let copied: DatabaseDump;
  beforeAll(async () => {
    copied = await dumpDatabase(nodes.database);
    copy = await createTestDatabase();
    await restoreDatabase(copy, copied);
    // What waits in the copy would be sent by a node of it.
    await copy.query(`UPDATE notices SET state = 'waiting', try_at = now()`);
    await copy.query(`UPDATE letters SET state = 'waiting', try_at = now()`);
    await copy.query(`UPDATE logouts SET state = 'waiting', try_at = now()`);
  }, 60_000);
  afterAll(async () => await copy.drop());

  test('a node on it does not start, and sends nothing', async () => {
    const before = countSent();
    const node = new RunningNoegle({
      ...env,
      ...copy.nodeUrls,
      DATABASE_URL: copy.ownerUrl,
      PORT: String(await freePort()),
    });
    expect(await node.exited()).toBe(1);
    expect(node.output).toContain('of which this is a copy');
    const without = { ...env, DATABASE_URL: copy.ownerUrl, PORT: String(await freePort()) };
    delete (without as Partial<typeof env>)['NOEGLE_AUDIT_SINK'];
    const alone = new RunningNoegle(without);
    expect(await alone.exited()).toBe(1);
    expect(alone.output).toContain('this database had an audit sink');
    expect(countSent()).toEqual(before);
    const waiting = await copy.query(`SELECT FROM notices WHERE state <> 'waiting'`);
    expect(waiting).toEqual([]);
  }, 60_000);

  test('a drill in it passes, and signs a report', async () => {
    await restoreDatabase(copy, dump);
    const report = path.join(folder, 'drill.txt');
    const args = ['drill', 'restore', '--lost-at', nodes.clock.now().toISOString(), '--report', report];
    const onOriginal = await runCli(args, env);
    expect([onOriginal.code, onOriginal.stderr]).toEqual([1, expect.stringContaining('in a copy of it')]);
    const drill = await runCli(args, { ...env, DATABASE_URL: copy.ownerUrl });
    expect([drill.code, drill.stderr.split('\n').at(-2)]).toEqual([0, expect.stringContaining('segments')]);
    const text = readFileSync(report, 'utf8');
    expect(text).toMatch(/^noegle restore drill v1\n/);
    expect(text).toContain('\npassed\n');
    expect(text).toContain('\n— ');
    await untilStatus(200);
  }, 60_000);
});

describe('restored, without a sink', () => {
  test('every card is void and ordered again, and no key of before is accepted', async () => {
    await restoreDatabase(nodes.database, dump);
    await untilStatus(503);
    await worker.stop();
    const done = await runCli(['after-restore', '--without-sink', '--json'], env);
    expect([done.code, done.code === 0 ? '' : done.stderr]).toEqual([0, '']);
    const people = SPENT + 2 * FEW;
    expect(JSON.parse(done.stdout)).toMatchObject({
      isCovered: false,
      retiredCards: people,
      ordered: { cards: people, withoutAddress: 0 },
      epoch: null,
    });
    sink = path.resolve(folder, 'sink2');
    mkdirSync(sink);
    await nodes.restart();
    await untilStatus(200);
    const outcomes = new Set((await Promise.all(spenders.map(giveAgain))).flat());
    expect([...outcomes]).toEqual(['refused']);
    const [cards] = await nodes.database.query<{ ordered: number; active: number }>(
      `SELECT count(*) FILTER (WHERE state = 'ordered')::int AS ordered,
         count(*) FILTER (WHERE state = 'active')::int AS active FROM key_cards`,
    );
    expect(cards).toEqual({ ordered: people, active: 0 });
    // One that was stolen and blocked since the dump would sign in again.
    expect(await nodes.database.query('SELECT end_reason FROM security_keys')).toEqual([
      { end_reason: 'blocked' },
    ]);
  }, 120_000);
});
