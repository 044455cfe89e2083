/**
 * A database that was restored, and one that is a copy: nothing is served or sent from them, and nothing that
 * ended comes back to life.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp, type App } from '../src/app.ts';
import {
  beginEpoch,
  orderAfterRestore,
  replayRestored,
  type AfterRestoreSource,
} from '../src/features/auditLog/index.ts';
import { setRestoring } from '../src/db/auditTree/endRestored.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { AuditSigner } from '../src/platform/auditSigner.ts';
import { openFolderAuditSink } from '../src/platform/outbound/folderAuditSink.ts';
import { readHead } from './support/auditFollowers.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  challengeOf,
  composeContact,
  dumpDatabase,
  keyFor,
  mailTo,
  Nodes,
  readReturnedCode,
  redeemCode,
  refreshTokens,
  request,
  restoreDatabase,
  sendMail,
  signInAtNode,
  TestBrowser,
  toKeyPage,
  waitUntil,
  type DatabaseDump,
  type TestPerson,
  type TestRelyingParty,
} from './support/index.ts';

const nodes = new Nodes();
const folder = path.resolve(`.tmp/sink-${process.pid}`);
let rp: TestRelyingParty;
let people: TestPerson[];
let dump: DatabaseDump;
/** What each person gave after the dump: number and key. */
const given = new Map<TestPerson, { keyNumber: string; key: string }>();
let refreshToken = '';
/** Card -> the map of its spent keys before the restore. */
let spent = new Map<string, bigint>();

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  await nodes.open({ count: 2, auditSink: () => folder, follow: true });
  rp = await aRelyingParty(nodes, { require_fresh_key: false });
  people = [await aPerson(nodes), await aPerson(nodes), await aPerson(nodes)];
});
afterAll(async () => await nodes.close());

const ready = async (node: number) => await request(nodes.node(node)).get('/health/ready');
async function readSpent(): Promise<Map<string, bigint>> {
  const rows = await nodes.database.query<{ id: string; spent: string }>(
    'SELECT id, spent::text AS spent FROM key_cards',
  );
  return new Map(rows.map((row) => [row.id, BigInt(`0b${row.spent}`)]));
}

const untilStreamed = async () =>
  await waitUntil('all events are in the sink', async () => {
    const [tree] = await nodes.database.query<{ sealed: boolean; many: string }>(
      `SELECT (SELECT max(id) FROM audit_events) <= sealed_below AS sealed, segments::text AS many FROM audit_tree`,
    );
    const { lastSegment } = readHead(folder) as { lastSegment?: number };
    return tree?.sealed === true && lastSegment === Number(tree.many) - 1;
  });

async function openAsOwner(): Promise<App> {
  return await createApp(
    {
      issuer: nodes.issuer,
      databaseUrl: nodes.database.ownerUrl,
      databasePool: 3,
      databaseTimeoutMs: 60_000,
      keyring: nodes.keyringFile,
      post: { kind: 'folders', dataDir: nodes.folder },
      rules: nodes.context.rules,
      contact: composeContact(nodes.issuer),
      privateOrigins: [],
      proxyHops: 0,
      selfPort: nodes.node(0).port,
      withoutSink: true,
      isCommand: true,
    },
    { clock: nodes.clock, random: nodes.context.random, log: nodes.node(0).app.log },
  );
}

describe('a database that was restored in place', () => {
  test('a key is asked for when the dump is made, and given after it', async () => {
    for (const person of people) await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    await untilStreamed();
    dump = await dumpDatabase(nodes.database);
    for (const person of people.slice(0, 2)) {
      const browser = new TestBrowser(nodes);
      const login = authRequest(rp, { scope: 'openid offline_access', prompt: 'consent' });
      const page = await toKeyPage(browser, person, login);
      given.set(person, { keyNumber: challengeOf(page).keyNumber, key: keyFor(person, page) });
      const next = await browser.send(page, { key: keyFor(person, page) });
      const code = readReturnedCode(
        next.page === 'consent' ? await browser.send(next, { accept: '1' }) : next,
      );
      const tokens = await redeemCode(nodes, rp, code.get('code') ?? '', login.verifier);
      refreshToken = tokens.refresh_token ?? '';
    }
    // A key that was not asked for when the dump was made.
    await signInAtNode(new TestBrowser(nodes), people[0] as TestPerson, authRequest(rp));
    const blocked = people[2] as TestPerson;
    await blockTarget(nodes.context, blocked.identityId, 'identity', { by: 'person' });
    await sendMail(nodes);
    await untilStreamed();
    spent = await readSpent();
  });

  test('the nodes neither serve nor send', async () => {
    await restoreDatabase(nodes.database, dump);
    await waitUntil('both nodes are not ready', async () => {
      const answers = [await ready(0), await ready(1)];
      return answers.every(({ status }) => status === 503);
    });
    expect((await ready(0)).text).toContain('"audit":"not_followed"');
    const page = await new TestBrowser(nodes).follow(authRequest(rp).path);
    expect(page.status).toBe(503);
    const before = mailTo(nodes, '').length;
    await sendMail(nodes);
    expect(mailTo(nodes, '')).toHaveLength(before);
  });

  test('afterwards nothing is alive that had ended', async () => {
    const app = await openAsOwner();
    const source: AfterRestoreSource = {
      sink: openFolderAuditSink(folder),
      signer: new AuditSigner(app.context.keyring, nodes.issuer),
      lostAt: nodes.clock.now(),
    };
    const report = await replayRestored(app.context, { source, record: () => Promise.resolve() });
    await orderAfterRestore(app.context);
    await beginEpoch(app.context, source);
    expect((await ready(0)).status).toBe(503);
    await app.context.database.transaction(async (db) => await setRestoring(db, null));
    await app.close();
    const after = await readSpent();
    for (const [id, bits] of spent) expect([id, (after.get(id) ?? 0n) & bits]).toEqual([id, bits]);
    expect(report).toMatchObject({ isCovered: true, retiredCards: 0 });
    expect(report.events).toBeGreaterThan(3);
    await waitUntil('both nodes are ready', async () => {
      const answers = [await ready(0), await ready(1)];
      return answers.every(({ status }) => status === 200);
    });
    expect((await refreshTokens(nodes, rp, refreshToken)).status).toBe(400);
    for (const [person, { keyNumber }] of given) {
      const page = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
      expect(challengeOf(page).keyNumber).not.toBe(keyNumber);
    }
    const blocked = await toKeyPage(new TestBrowser(nodes), people[2] as TestPerson, authRequest(rp));
    expect(blocked.page).toBe('refused');
    await signInAtNode(new TestBrowser(nodes), people[0] as TestPerson, authRequest(rp));
  });
});

test('a user ID that moved from one person to another comes back with its new owner', async () => {
  const [one, other] = [await aPerson(nodes), await aPerson(nodes)];
  await untilStreamed();
  const before = await dumpDatabase(nodes.database);
  const take = async (person: TestPerson, userId: string) =>
    await nodes.database.query(
      `WITH moved AS (UPDATE identities SET user_id = $2, user_id_form = $2 WHERE id = $1 RETURNING id)
       INSERT INTO audit_events (kind, identity_id, details) SELECT 'user_id_chosen', id, '{}' FROM moved`,
      [person.identityId, userId],
    );
  await take(one, `${one.userId}-ny`);
  await take(other, one.userId);
  await untilStreamed();
  await restoreDatabase(nodes.database, before);
  const app = await openAsOwner();
  const source: AfterRestoreSource = {
    sink: openFolderAuditSink(folder),
    signer: new AuditSigner(app.context.keyring, nodes.issuer),
    lostAt: nodes.clock.now(),
  };
  await replayRestored(app.context, { source, record: () => Promise.resolve() });
  await app.close();
  const [row] = await nodes.database.query<{ id: string }>('SELECT id FROM identities WHERE user_id = $1', [
    one.userId,
  ]);
  expect(row?.id).toBe(other.identityId);
});
