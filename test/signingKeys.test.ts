/**
 * Signing keys change while people sign in: no node is restarted, no relying party fails, no old key signs.
 */
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { createApp, startJobs } from '../src/app.ts';
import { withdrawRetiredSigningKey } from '../src/oidc/keys/signingKeyRotation.ts';
import { realRandom } from '../src/platform/random.ts';
import { createLog } from '../src/platform/log.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import {
  aPerson,
  aRelyingParty,
  askToLogOut,
  authRequest,
  TestBrowser,
  confirmLogout,
  expectWithin,
  freePort,
  holdUp,
  composeContact,
  jwksOf,
  type KeyRow,
  keysIn,
  kidOf,
  Nodes,
  PATIENT,
  redeemCode,
  request,
  rotateKeysByCommand,
  rotateNow,
  signerOf,
  signInAtNode,
  slowDown,
  StrictVerifier,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  tokensFor,
  untilShown,
  timedOnly,
  timedToo,
} from './support/index.ts';
import { CutProxy } from './support/cutProxy.ts';

const FOLLOW_MS = 2_000;

describe('nodes that follow', () => {
  let nodes: Nodes;
  let proxy: CutProxy;
  let person: TestPerson;
  let rp: TestRelyingParty;
  beforeAll(async () => {
    proxy = await CutProxy.toDatabase();
    let started = 0;
    receiverPort = await freePort();
    nodes = await Nodes.start({
      count: 2,
      follow: true,
      privateOrigins: [`http://127.0.0.1:${receiverPort}`],
      // The second node's way to the database can be cut.
      databaseUrl: (url) => (started++ === 1 ? proxy.url(url) : url),
    });
    person = await aPerson(nodes);
    rp = await aRelyingParty(nodes);
  });
  afterAll(async () => {
    proxy.restore();
    await nodes.close();
    await proxy.close();
  });
  let receiverPort: number;

  test('JWKS may be cached for ten minutes, by anyone, and holds nothing private', async () => {
    await untilCertain(0);
    const answer = await jwksOf(nodes, 0);
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=600',
      'content-type': 'application/jwk-set+json; charset=utf-8',
    });
    expect(answer.kids.sort()).toEqual((await keysIn(nodes)).map(({ kid }) => kid).sort());
    const names = new Set((JSON.parse(answer.text) as JSONWebKeySet).keys.flatMap((key) => Object.keys(key)));
    expect([...names].sort()).toEqual(['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y']);

    const origin = 'https://rp.example';
    const node = nodes.node(0);
    await request(node)
      .head('/jwks')
      .set({ origin })
      .expect(200, '')
      .expect('cache-control', 'public, max-age=600')
      .expect('access-control-allow-origin', origin)
      .expect('vary', 'Origin');
    await request(node)
      .options('/jwks')
      .set({ origin, 'access-control-request-method': 'GET' })
      .expect(204)
      .expect('access-control-allow-origin', origin);
    const discovery = await request(node).get('/.well-known/openid-configuration').set({ origin });
    expect(JSON.parse(discovery.text)).toMatchObject({
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    });
  });

  test('control: keys that sign before they were known fail a strict relying party', async () => {
    await untilCertain(0);
    const verifier = new StrictVerifier(nodes, 0);
    await verifier.fetch();
    await verifier.verify((await tokensFor(nodes, rp, person)).id_token, rp.clientId);
    await rotateNow(nodes);
    // The current key was published as the next one when the relying party read the set.
    await verifier.verify((await tokensFor(nodes, rp, person)).id_token, rp.clientId);
    await rotateNow(nodes);
    const { id_token } = await tokensFor(nodes, rp, person);
    await expect(verifier.verify(id_token, rp.clientId)).rejects.toThrow('no applicable key found');
    await verifier.fetch();
    await verifier.verify(id_token, rp.clientId);
  });

  timedOnly('each node shows and uses the new keys within two seconds', async () => {
    const took: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      // At any moment within a node's polling second.
      await setTimeout(170 * round);
      const rotation = await rotateKeysByCommand(nodes, { now: true, node: round });
      const made = rotation.kind === 'rotated' ? rotation.keys.map(({ next }) => next) : [];
      const follow = (node: number) =>
        untilShown(nodes, node, (kids) => made.every((kid) => kids.includes(kid)));
      took.push(...(await Promise.all([follow(0), follow(1)])));
      for (const node of [0, 1]) {
        const tokens = await tokensFor(nodes, rp, person, node);
        expect(signerOf(tokens)).toBe(await kidOf(nodes, 'ES256', 'current'));
      }
    }
    console.info(`followed after ${took.map(Math.round).join(', ')} ms`);
    expectWithin(Math.max(...took), FOLLOW_MS);
  });

  test('a request that is under way ends on the keys that it began with', async () => {
    const login = authRequest(rp);
    const before = await kidOf(nodes, 'ES256', 'current');
    const code = (await signInAtNode(new TestBrowser(nodes), person, login)).get('code') ?? '';
    const { reached, release } = holdUp(nodes, 'oidc_records');
    const redeemed = redeemCode(nodes, rp, code, login.verifier);
    await reached;
    await rotateNow(nodes);
    release();
    const tokens = await redeemed;
    expect([tokens.status, signerOf(tokens)]).toEqual([200, before]);
    expect(await kidOf(nodes, 'ES256', 'current')).not.toBe(before);
  });

  timedOnly(
    'a node whose database was unavailable keeps what it has, says so, and follows when it is back',
    async () => {
      const before = (await jwksOf(nodes, 1)).kids;
      const logLinesSince = (start: number, level: 'warn' | 'error') =>
        nodes.log
          .slice(start)
          .split('\n')
          .filter((line) => line.includes('the signing keys cannot be followed'))
          .filter((line) => line.includes(`"level":"${level}"`));
      const begun = nodes.log.length;
      for (const how of ['cut', 'hang'] as const) {
        const start = nodes.log.length;
        proxy[how]();
        const rotation = await rotateKeysByCommand(nodes, { now: true });
        const made = rotation.kind === 'rotated' ? rotation.keys.map(({ next }) => next) : [];
        await setTimeout(4_000);
        const answer = await jwksOf(nodes, 1);
        if (how === 'cut') expect(answer.kids).toEqual(before);
        expect(made.some((kid) => answer.kids.includes(kid))).toBe(false);
        // No one is to rely on keys that may be old.
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(logLinesSince(start, 'warn')).toHaveLength(1);
        proxy.restore();
        const ms = await untilShown(nodes, 1, (kids) => made.every((kid) => kids.includes(kid)));
        console.info(`the database was away (${how}); followed ${Math.round(ms)} ms after it was back`);
        expectWithin(ms, FOLLOW_MS);
        await untilCertain(1);
        expect(signerOf(await tokensFor(nodes, rp, person, 1))).toBe(await kidOf(nodes, 'ES256', 'current'));
      }
      expect(logLinesSince(begun, 'error')).toEqual([]);
    },
  );

  test('log-out tokens are signed as the relying party chose, by the key that signs at that time', async () => {
    const received: string[] = [];
    const receiver = createServer((req, res) => {
      req.on('data', (chunk: Buffer) =>
        received.push(new URLSearchParams(chunk.toString()).get('logout_token') ?? ''),
      );
      req.on('end', () => res.end());
    });
    await new Promise<void>((resolve) => receiver.listen(receiverPort, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${receiverPort}/logout`;
    const chosen = { backchannel_logout_uri: uri, id_token_signed_response_alg: 'RS256' } as const;
    const listening = await aRelyingParty(nodes, chosen);
    const leaving = await aPerson(nodes);
    const tokens = await tokensFor(nodes, listening, leaving);
    expect(signerOf(tokens)).toBe(await kidOf(nodes, 'RS256', 'current'));
    const jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
    await rotateNow(nodes);
    expect(await blockTarget(nodes.context, leaving.identityId, 'card', { by: 'person' })).toBe('done');
    for (let i = 0; i < 150 && received.length === 0; i += 1) await setTimeout(100);
    await jobs.stop();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    const header = decodeProtectedHeader(received[0] ?? '');
    const kid = await kidOf(nodes, 'RS256', 'current');
    expect(kid).not.toBe(signerOf(tokens));
    expect(header).toMatchObject({ alg: 'RS256', typ: 'logout+jwt', kid });
  });

  timedToo('a withdrawn key verifies nothing any more; others cannot be withdrawn', async () => {
    const { database } = nodes.context;
    for (const state of ['current', 'next'] as const) {
      const kid = await kidOf(nodes, 'ES256', state);
      expect(await withdrawRetiredSigningKey(database, kid)).toEqual({ kind: 'not_retired', state });
    }
    expect(await withdrawRetiredSigningKey(database, 'nobody')).toEqual({ kind: 'unknown' });

    const [leaver, browser] = [new TestBrowser(nodes), new TestBrowser(nodes)];
    const { id_token: retired } = await tokensFor(nodes, rp, await aPerson(nodes), 0, leaver);
    const { id_token } = await tokensFor(nodes, rp, await aPerson(nodes), 0, browser);
    const kid = decodeProtectedHeader(id_token).kid ?? '';
    await rotateNow(nodes);
    expect((await askToLogOut(leaver, retired)).page).toBe('logged-out');
    expect(await withdrawRetiredSigningKey(database, kid)).toEqual({ kind: 'withdrawn' });
    for (const node of [0, 1]) {
      const ms = await untilShown(nodes, node, (kids) => !kids.includes(kid));
      expectWithin(ms, FOLLOW_MS);
    }
    // No one is stuck: a hint that cannot be verified is ignored, and the person is asked.
    for (let turn = 0; turn < 2; turn += 1) {
      const asked = await askToLogOut(browser, id_token);
      expect([asked.status, asked.page]).toEqual([200, 'logout']);
    }
    await confirmLogout(browser, await askToLogOut(browser, id_token));
    expect((await browser.follow('/session')).page).toBe('no-session');
    expect(await withdrawRetiredSigningKey(database, kid)).toEqual({ kind: 'unknown' });
  });

  async function untilCertain(node: number): Promise<void> {
    while ((await jwksOf(nodes, node)).headers['cache-control'] === 'no-store') await setTimeout(20);
  }
});

describe('which keys there are', () => {
  const ONE_EACH = ['ES256 current', 'ES256 next', 'RS256 current', 'RS256 next'];
  const alive = async () =>
    (await keysIn(nodes))
      .filter(({ state }) => state !== 'retired')
      .map(({ alg, state }) => `${alg} ${state}`);
  let nodes: Nodes;
  beforeAll(async () => {
    nodes = await Nodes.start({ count: 2 });
  });
  afterAll(() => nodes.close());

  test('nodes that start concurrently on an empty database agree on one of each', async () => {
    const settings = {
      issuer: nodes.issuer,
      databaseUrl: nodes.database.appUrl,
      databasePool: 3,
      databaseTimeoutMs: 10_000,
      keyring: nodes.keyringFile,
      post: { kind: 'folders', dataDir: nodes.folder } as const,
      rules: PATIENT,
      contact: composeContact(nodes.issuer),
      privateOrigins: [],
      proxyHops: 0,
      selfPort: nodes.node(0).port,
    };
    const log = createLog('debug', { write: (line) => nodes.keepLog(line) });
    for (let round = 0; round < 3; round += 1) {
      await nodes.database.query('DELETE FROM signing_keys');
      const apps = await Promise.all(
        Array.from({ length: 4 }, () => createApp(settings, { clock: nodes.clock, random: realRandom, log })),
      );
      for (const app of apps) await app.close();
      expect(await alive()).toEqual(ONE_EACH);
    }
  });

  test('an earlier database gets its next keys at start, and an earlier node signs as it did', async () => {
    await nodes.database.query(`DELETE FROM signing_keys WHERE state <> 'current'`);
    const current = await keysIn(nodes);
    await nodes.restart();
    expect(await alive()).toEqual(ONE_EACH);
    expect((await keysIn(nodes)).filter(({ state }) => state === 'current')).toEqual(current);

    await rotateKeysByCommand(nodes, { now: true });
    await rotateKeysByCommand(nodes, { now: true });
    // The query of the previous version, literally: the first of an algorithm signs.
    const asItWas = await nodes.database.query<KeyRow>(`
      SELECT kid, alg, state, private_jwk_sealed FROM signing_keys
      ORDER BY alg, CASE state WHEN 'current' THEN 0 WHEN 'next' THEN 1 ELSE 2 END, created_at DESC`);
    for (const alg of ['ES256', 'RS256'] as const) {
      expect(asItWas.find((key) => key.alg === alg)?.state).toBe('current');
      expect(asItWas.filter((key) => key.alg === alg)).toHaveLength(4);
    }
    const before = await keysIn(nodes);
    await nodes.database.query(`
      INSERT INTO signing_keys (kid, alg, state, private_jwk_sealed) VALUES ('other', 'ES256', 'current', '')
      ON CONFLICT DO NOTHING`);
    expect(await keysIn(nodes)).toEqual(before);
  });

  test('a rotation before the next keys can be known is refused, by the clock of the database', async () => {
    const before = await keysIn(nodes);
    nodes.clock.forward(24 * 3600_000);
    const refused = await rotateKeysByCommand(nodes, { now: false });
    if (refused.kind !== 'too_early') throw new Error(refused.kind);
    const [{ from } = { from: null }] = await nodes.database.query<{ from: Date }>(
      `SELECT max(since) + interval '602 seconds' AS from FROM signing_keys WHERE state = 'next'`,
    );
    expect(refused.from.getTime()).toBe(from?.getTime());
    await nodes.database.query(`UPDATE signing_keys SET since = since - interval '601 seconds'`);
    expect((await rotateKeysByCommand(nodes, { now: false })).kind).toBe('too_early');
    expect(await keysIn(nodes)).toEqual(before);
    await nodes.database.query(`UPDATE signing_keys SET since = since - interval '1 second'`);
    expect(await rotateKeysByCommand(nodes, { now: false })).toMatchObject({
      kind: 'rotated',
      riskUntil: null,
    });
    const early = await rotateKeysByCommand(nodes, { now: true });
    expect(early.kind === 'rotated' && early.riskUntil).toBeInstanceOf(Date);
  });

  const both = async () =>
    await Promise.all(
      [0, 1].map(async (node) => (await rotateKeysByCommand(nodes, { now: true, node })).kind),
    );

  test('of two rotations concurrently on two nodes one wins, twenty times of twenty', async () => {
    // Long enough for the other one to arrive and wait for the row.
    const repair = slowDown(nodes, `SET state = 'current'`, 60);
    for (let round = 0; round < 20; round += 1) {
      const before = await keysIn(nodes);
      expect((await both()).sort()).toEqual(['another_was_first', 'rotated']);
      expect(await alive()).toEqual(ONE_EACH);
      const after = await keysIn(nodes);
      expect(after).toHaveLength(before.length + 2);
      for (const { kid, alg } of before.filter(({ state }) => state === 'next')) {
        expect(after).toContainEqual({ kid, alg, state: 'current' });
      }
    }
    repair();
  });

  test('control: without the guards both win, and there are two of each next', async () => {
    await nodes.database.query('DROP INDEX signing_keys_one_next');
    const repairs = [takeOut(nodes, `AND state = 'current'`), takeOut(nodes, `AND state = 'next'`)];
    expect(await both()).toEqual(['rotated', 'rotated']);
    for (const repair of repairs) repair();
    expect((await alive()).sort()).toEqual([...ONE_EACH, 'ES256 next', 'RS256 next'].sort());
  });
});
