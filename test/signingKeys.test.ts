/** Signing keys change while people sign in: no node is restarted, no relying party fails, no old key signs. */
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { createApp, startJobs } from '../src/app.ts';
import { rotateSigningKeys, withdrawKey, type Rotation } from '../src/oidc/keyRotation.ts';
import { realDice } from '../src/platform/dice.ts';
import { createLog } from '../src/platform/log.ts';
import { block } from '../src/usecases/block.ts';
import { Browser, hiddenFields } from './support/browser.ts';
import { CutProxy } from './support/cutProxy.ts';
import { authRequest, redeem, returned, signIn, type Tokens } from './support/flow.ts';
import { call, formBody, type Answer } from './support/http.ts';
import { freePort, Nodes, PATIENT } from './support/nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './support/people.ts';
import { slowDown, takeOut } from './support/sabotage.ts';

const FOLLOW_MS = 2_000;

interface KeyRow {
  readonly kid: string;
  readonly alg: 'ES256' | 'RS256';
  readonly state: 'next' | 'current' | 'retired';
}

async function keysIn(nodes: Nodes): Promise<KeyRow[]> {
  return await nodes.database.query<KeyRow>(
    'SELECT kid, alg, state FROM signing_keys ORDER BY alg, state, kid',
  );
}

async function kidOf(nodes: Nodes, alg: KeyRow['alg'], state: KeyRow['state']): Promise<string> {
  return (await keysIn(nodes)).find((key) => key.alg === alg && key.state === state)?.kid ?? '';
}

async function rotate(nodes: Nodes, { now, node = 0 }: { now: boolean; node?: number }): Promise<Rotation> {
  const { database, keyring, rules } = nodes.node(node).app.world;
  return await rotateSigningKeys(
    { database, keyring, cachedSeconds: rules.signingKeys.cachedSeconds },
    { now },
  );
}

async function jwksOf(nodes: Nodes, node: number): Promise<Answer & { readonly kids: string[] }> {
  const answer = await call(nodes.node(node).port, '/jwks', {
    headers: { host: new URL(nodes.issuer).host },
  });
  const { keys } = JSON.parse(answer.text) as JSONWebKeySet;
  return { ...answer, kids: keys.map(({ kid }) => String(kid)) };
}

/** @returns milliseconds until a node shows what is waited for. */
async function untilShown(nodes: Nodes, node: number, isIt: (kids: string[]) => boolean): Promise<number> {
  const startedAt = performance.now();
  while (!isIt((await jwksOf(nodes, node)).kids)) {
    if (performance.now() - startedAt > 10_000) throw new Error(`node ${node} does not follow`);
    await setTimeout(15);
  }
  return performance.now() - startedAt;
}

async function rotateNow(nodes: Nodes): Promise<void> {
  const rotation = await rotate(nodes, { now: true });
  if (rotation.kind !== 'rotated') throw new Error(rotation.kind);
  const made = rotation.keys.map(({ next }) => next);
  const follow = (node: number) => untilShown(nodes, node, (kids) => made.every((kid) => kids.includes(kid)));
  await Promise.all(nodes.list.map((_, node) => follow(node)));
}

async function tokensFor(
  nodes: Nodes,
  rp: TestRelyingParty,
  person: TestPerson,
  node = 0,
  browser?: Browser,
) {
  const request = authRequest(rp);
  const result = await signIn(browser ?? new Browser(nodes, node), person, request);
  const tokens = await redeem(nodes, rp, result.get('code') ?? '', request.verifier, node);
  if (tokens.status !== 200) throw new Error(`no tokens: ${tokens.error} ${tokens.error_description}`);
  return tokens;
}

function signerOf({ id_token }: Tokens): string {
  return decodeProtectedHeader(id_token).kid ?? '';
}

/** Where somebody goes who is signed in and wants out: with each call to the next node. */
async function askToLogOut(browser: Browser, idTokenHint: string) {
  return await browser.follow(`/session/end?${new URLSearchParams({ id_token_hint: idTokenHint })}`);
}

/** Keeps the keys for exactly as long as it was told that it may, and asks for no others meanwhile. */
class StrictVerifier {
  readonly #nodes: Nodes;
  #node: number;
  #keys: ReturnType<typeof createLocalJWKSet> | null = null;
  #keptUntil = 0;
  fetched = 0;
  verified = 0;

  constructor(nodes: Nodes, node: number) {
    this.#nodes = nodes;
    this.#node = node;
  }

  async verify(idToken: string, audience: string): Promise<void> {
    const keys = this.#keys && performance.now() < this.#keptUntil ? this.#keys : await this.fetch();
    await jwtVerify(idToken, keys, { issuer: this.#nodes.issuer, audience });
    this.verified += 1;
  }

  async fetch() {
    const { text, headers, status } = await jwksOf(this.#nodes, this.#node++ % 2);
    const maxAge = /^public, max-age=(\d+)$/.exec(headers['cache-control'] ?? '')?.[1];
    expect([status, maxAge]).toEqual([200, expect.any(String)]);
    this.#keptUntil = performance.now() + Number(maxAge) * 1000;
    this.#keys = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
    this.fetched += 1;
    return this.#keys;
  }
}

describe('relying parties that cache keys as the standards allow', () => {
  const ROTATIONS = 10;
  let nodes: Nodes;
  beforeAll(async () => {
    const rules = { ...PATIENT, signingKeys: { cachedSeconds: 1 } };
    nodes = await Nodes.start({ count: 2, follow: true, rules });
  });
  afterAll(() => nodes.close());

  test('keys rotate ten times during sign-ins: none fails, and an old id_token_hint still logs out', async () => {
    const es = await aRelyingParty(nodes);
    const rs = await aRelyingParty(nodes, { id_token_signed_response_alg: 'RS256' });
    const rps = [es, rs, es, rs];
    const people = await Promise.all(Array.from({ length: rps.length * 3 }, () => aPerson(nodes)));
    const verifiers = rps.map((_, i) => new StrictVerifier(nodes, i));
    for (const verifier of verifiers) {
      await verifier.fetch();
      await setTimeout(230);
    }
    const failures: string[] = [];
    const signers = new Map(rps.map((rp) => [rp, new Set<string>()]));
    const firsts: { tokens: Tokens; rp: TestRelyingParty; person: TestPerson }[] = [];
    let signIns = 0;
    const over = new AbortController();
    const signInAgainAndAgain = async (rp: TestRelyingParty, lane: number) => {
      for (let round = 0; !over.signal.aborted; round += 1) {
        const person = people[lane * 3 + (round % 3)] as TestPerson;
        try {
          const tokens = await tokensFor(nodes, rp, person, lane + round);
          await Promise.all(verifiers.map((one) => one.verify(tokens.id_token, rp.clientId)));
          signers.get(rp)?.add(signerOf(tokens));
          if (round === 0) firsts.push({ tokens, rp, person });
          signIns += 1;
        } catch (error) {
          failures.push(String(error));
        }
        await setTimeout(100);
      }
    };
    const lanes = rps.map(signInAgainAndAgain);
    const startedAt = performance.now();
    let refusals = 0;
    for (let done = 0; done < ROTATIONS; ) {
      const rotation = await rotate(nodes, { now: false, node: done });
      if (rotation.kind === 'rotated') done += 1;
      else refusals += 1;
      if (rotation.kind === 'rotated') expect(rotation.riskUntil).toBeNull();
      await setTimeout(60);
    }
    await setTimeout(1_500);
    over.abort();
    await Promise.all(lanes);
    const [fetched, verified] = (['fetched', 'verified'] as const).map((what) =>
      verifiers.reduce((sum, one) => sum + one[what], 0),
    );
    console.info(
      `${ROTATIONS} rotations in ${Math.round(performance.now() - startedAt)} ms, tried too early ${refusals} times; ` +
        `${signIns} sign-ins, ${verified} verifications with ${fetched} fetches, ${failures.length} failures`,
    );
    expect(failures).toEqual([]);
    expect(signIns).toBeGreaterThan(50);
    // Each key had its turn, the first and the one that signs now included.
    for (const rp of [es, rs]) expect(signers.get(rp)?.size).toBe(ROTATIONS + 1);

    expect(firsts).toHaveLength(rps.length);
    const first = firsts.map(({ tokens }) => signerOf(tokens));
    await nodes.database.query(
      `UPDATE signing_keys SET since = since - interval '2 hours' WHERE kid = ANY($1) AND state = 'retired'`,
      [first],
    );
    for (const node of [0, 1]) {
      await untilShown(nodes, node, (kids) => !first.some((kid) => kids.includes(kid)));
      expect((await jwksOf(nodes, node)).kids).toHaveLength(2 * (2 + ROTATIONS - 1));
    }
    for (const { tokens, rp, person } of firsts) {
      const browser = new Browser(nodes);
      await tokensFor(nodes, rp, person, 0, browser);
      for (let turn = 0; turn < 2; turn += 1) {
        // The authorization endpoint takes it too: nobody else is meant, and they are signed in.
        const hint = { prompt: 'none', id_token_hint: tokens.id_token };
        expect(returned(await browser.request(authRequest(rp, hint).path)).get('code')).toBeTruthy();
      }
      const pages = [
        await askToLogOut(browser, tokens.id_token),
        await askToLogOut(browser, tokens.id_token),
      ];
      expect(pages.map(({ page }) => page)).toEqual(['logout', 'logout']);
      const action = /action="([^"]+)"/.exec(pages[1]?.text ?? '')?.[1] ?? '';
      const body = formBody({ ...hiddenFields(pages[1] ?? { text: '' }), logout: 'yes' });
      expect((await browser.request(action, { method: 'POST', body })).status).toBe(303);
      expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
    }
  });
});

describe('nodes that follow', () => {
  let nodes: Nodes;
  let proxy: CutProxy;
  let person: TestPerson;
  let rp: TestRelyingParty;
  beforeAll(async () => {
    const server = new URL(process.env['NOEGLE_TEST_SERVER'] ?? '');
    proxy = await CutProxy.to(server.hostname, Number(server.port || 5432));
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

  test('JWKS may be cached for ten minutes, by anybody, and holds nothing private', async () => {
    await untilCertain(0);
    const answer = await jwksOf(nodes, 0);
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=600',
      'content-type': 'application/jwk-set+json; charset=utf-8',
    });
    expect(answer.kids.sort()).toEqual((await keysIn(nodes)).map(({ kid }) => kid).sort());
    const names = new Set((JSON.parse(answer.text) as JSONWebKeySet).keys.flatMap((key) => Object.keys(key)));
    expect([...names].sort()).toEqual(['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y']);

    const headers = { host: new URL(nodes.issuer).host, origin: 'https://rp.example' };
    const { port } = nodes.node(0);
    const head = await call(port, '/jwks', { method: 'HEAD', headers });
    expect([head.status, head.text, head.headers['cache-control']]).toEqual([200, '', 'public, max-age=600']);
    expect([head.headers['access-control-allow-origin'], head.headers.vary]).toEqual([
      headers.origin,
      'Origin',
    ]);
    const preflight = await call(port, '/jwks', {
      method: 'OPTIONS',
      headers: { ...headers, 'access-control-request-method': 'GET' },
    });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([
      204,
      headers.origin,
    ]);
    const discovery = await call(port, '/.well-known/openid-configuration', { headers });
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
    // The one that signs now was published as the next one when the relying party looked.
    await verifier.verify((await tokensFor(nodes, rp, person)).id_token, rp.clientId);
    await rotateNow(nodes);
    const { id_token } = await tokensFor(nodes, rp, person);
    await expect(verifier.verify(id_token, rp.clientId)).rejects.toThrow('no applicable key found');
    await verifier.fetch();
    await verifier.verify(id_token, rp.clientId);
  });

  test('each node shows and uses the new keys within two seconds', async () => {
    const took: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      // Wherever in its second a node is.
      await setTimeout(170 * round);
      const rotation = await rotate(nodes, { now: true, node: round });
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
    expect(Math.max(...took)).toBeLessThan(FOLLOW_MS);
  });

  test('a request that is under way ends on the keys that it began with', async () => {
    const request = authRequest(rp);
    const before = await kidOf(nodes, 'ES256', 'current');
    const code = (await signIn(new Browser(nodes), person, request)).get('code') ?? '';
    const repair = slowDown(nodes, 'oidc_records', [2_500]);
    const redeemed = redeem(nodes, rp, code, request.verifier);
    await setTimeout(100);
    await rotateNow(nodes);
    const tokens = await redeemed;
    expect(repair()).toBeGreaterThan(0);
    expect([tokens.status, signerOf(tokens)]).toEqual([200, before]);
    expect(await kidOf(nodes, 'ES256', 'current')).not.toBe(before);
  });

  test('a node whose database was away keeps what it has, says so, and follows when it is back', async () => {
    const before = (await jwksOf(nodes, 1)).kids;
    for (const how of ['cut', 'hang'] as const) {
      proxy[how]();
      const rotation = await rotate(nodes, { now: true });
      const made = rotation.kind === 'rotated' ? rotation.keys.map(({ next }) => next) : [];
      await setTimeout(4_000);
      const meanwhile = await jwksOf(nodes, 1);
      if (how === 'cut') expect(meanwhile.kids).toEqual(before);
      expect(made.some((kid) => meanwhile.kids.includes(kid))).toBe(false);
      // Nobody is to rely on keys that may be old.
      expect(meanwhile.headers['cache-control']).toBe('no-store');
      proxy.restore();
      const ms = await untilShown(nodes, 1, (kids) => made.every((kid) => kids.includes(kid)));
      console.info(`the database was away (${how}); followed ${Math.round(ms)} ms after it was back`);
      expect(ms).toBeLessThan(FOLLOW_MS);
      await untilCertain(1);
      expect(signerOf(await tokensFor(nodes, rp, person, 1))).toBe(await kidOf(nodes, 'ES256', 'current'));
    }
    const said = nodes.log.split('\n').filter((line) => line.includes('the signing keys cannot be followed'));
    expect(said.filter((line) => line.includes('"level":40'))).toHaveLength(2);
    expect(said.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

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
    const told = await aRelyingParty(nodes, chosen);
    const leaving = await aPerson(nodes);
    const tokens = await tokensFor(nodes, told, leaving);
    expect(signerOf(tokens)).toBe(await kidOf(nodes, 'RS256', 'current'));
    const jobs = startJobs(nodes.node(0).app, { databaseUrl: nodes.database.url });
    await rotateNow(nodes);
    expect(await block(nodes.world, leaving.identityId, 'card', { by: 'person' })).toBe('done');
    for (let i = 0; i < 150 && received.length === 0; i += 1) await setTimeout(100);
    await jobs.stop();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    const header = decodeProtectedHeader(received[0] ?? '');
    const kid = await kidOf(nodes, 'RS256', 'current');
    expect(kid).not.toBe(signerOf(tokens));
    expect(header).toMatchObject({ alg: 'RS256', typ: 'logout+jwt', kid });
  });

  test('a withdrawn key verifies nothing any more; others cannot be withdrawn', async () => {
    const { database } = nodes.world;
    for (const state of ['current', 'next'] as const) {
      const kid = await kidOf(nodes, 'ES256', state);
      expect(await withdrawKey(database, kid)).toEqual({ kind: 'not_retired', state });
    }
    expect(await withdrawKey(database, 'nobody')).toEqual({ kind: 'unknown' });

    const browser = new Browser(nodes);
    const { id_token } = await tokensFor(nodes, rp, person, 0, browser);
    const kid = decodeProtectedHeader(id_token).kid ?? '';
    await rotateNow(nodes);
    for (let turn = 0; turn < 2; turn += 1)
      expect((await askToLogOut(browser, id_token)).page).toBe('logout');
    expect(await withdrawKey(database, kid)).toEqual({ kind: 'withdrawn' });
    for (const node of [0, 1]) {
      const ms = await untilShown(nodes, node, (kids) => !kids.includes(kid));
      expect(ms).toBeLessThan(FOLLOW_MS);
    }
    for (let turn = 0; turn < 2; turn += 1) {
      const refused = await askToLogOut(browser, id_token);
      expect([refused.status, refused.page]).toEqual([400, 'trouble']);
    }
    expect(await withdrawKey(database, kid)).toEqual({ kind: 'unknown' });
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

  test('nodes that start at once on an empty database agree on one of each', async () => {
    const settings = {
      issuer: nodes.issuer,
      databaseUrl: nodes.database.url,
      databasePool: 3,
      keyring: nodes.keyringFile,
      post: { kind: 'folders', dataDir: nodes.folder } as const,
      rules: PATIENT,
      privateOrigins: [],
      proxyHops: 0,
    };
    const log = createLog('debug', { write: (line) => nodes.keepLog(line) });
    for (let round = 0; round < 3; round += 1) {
      await nodes.database.query('DELETE FROM signing_keys');
      const apps = await Promise.all(
        Array.from({ length: 4 }, () => createApp(settings, { clock: nodes.clock, dice: realDice, log })),
      );
      for (const app of apps) await app.close();
      expect(await alive()).toEqual(ONE_EACH);
    }
  });

  test('a database of before gets its next keys at start, and a node of before signs as it did', async () => {
    await nodes.database.query(`DELETE FROM signing_keys WHERE state <> 'current'`);
    const current = await keysIn(nodes);
    await nodes.restart();
    expect(await alive()).toEqual(ONE_EACH);
    expect((await keysIn(nodes)).filter(({ state }) => state === 'current')).toEqual(current);

    await rotate(nodes, { now: true });
    await rotate(nodes, { now: true });
    // What a node of the version before asks, as it stands there: the first of an algorithm signs.
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
    const refused = await rotate(nodes, { now: false });
    if (refused.kind !== 'too_early') throw new Error(refused.kind);
    const [{ from } = { from: null }] = await nodes.database.query<{ from: Date }>(
      `SELECT max(since) + interval '602 seconds' AS from FROM signing_keys WHERE state = 'next'`,
    );
    expect(refused.from.getTime()).toBe(from?.getTime());
    await nodes.database.query(`UPDATE signing_keys SET since = since - interval '601 seconds'`);
    expect((await rotate(nodes, { now: false })).kind).toBe('too_early');
    expect(await keysIn(nodes)).toEqual(before);
    await nodes.database.query(`UPDATE signing_keys SET since = since - interval '1 second'`);
    expect(await rotate(nodes, { now: false })).toMatchObject({ kind: 'rotated', riskUntil: null });
    const early = await rotate(nodes, { now: true });
    expect(early.kind === 'rotated' && early.riskUntil).toBeInstanceOf(Date);
  });

  const both = async () =>
    await Promise.all([0, 1].map(async (node) => (await rotate(nodes, { now: true, node })).kind));

  test('of two rotations at once on two nodes one wins, twenty times of twenty', async () => {
    // Long enough for the other one to come and wait for the row.
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
