/** DPoP (RFC 9449): tokens that are useless without the key of the relying party, on two nodes. */
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import * as client from 'openid-client';
import {
  aProofKey,
  aRelyingParty,
  asRelyingParty,
  authRequest,
  TestBrowser,
  DpopCaller,
  epochNow,
  hashOf,
  type ProofKey,
  redeemCode,
  request,
  signInAtNode,
  takeOut,
  type TestRelyingParty,
  useNodes,
  usePerson,
  userinfo,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });
const person = usePerson(nodes);
afterEach(() => {
  jest.restoreAllMocks();
});

const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

interface Bound {
  readonly rp: TestRelyingParty;
  readonly caller: DpopCaller;
  readonly key: ProofKey;
  readonly token: string;
}

/** A signed-in person, and an access token that is bound to `key`. */
async function aBoundToken(): Promise<Bound> {
  const rp = await aRelyingParty(nodes);
  const caller = new DpopCaller(nodes, rp);
  const key = await aProofKey();
  const { token_type, access_token = '' } = await caller.token(await caller.code(person), key);
  expect(token_type).toBe('DPoP');
  return { rp, caller, key, token: access_token };
}

/** Forwards the nodes' clock for the provider; the database's stays. */
function forwardClock(seconds: number): void {
  const real = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => real() + seconds * 1000);
}

describe('openid-client', () => {
  async function signInWith(clockSkew: number, rp: TestRelyingParty) {
    const keys = await client.randomDPoPKeyPair();
    const auth = client.ClientSecretBasic(rp.clientSecret);
    const own = { [client.clockSkew]: clockSkew };
    const nøgle = await client.discovery(new URL(nodes.issuer), rp.clientId, own, auth, {
      execute: [client.allowInsecureRequests],
    });
    const DPoP = client.getDPoPHandle(nøgle, keys);
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(nøgle, {
      redirect_uri: rp.redirectUri,
      scope: OFFLINE.scope,
      prompt: OFFLINE.prompt,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      dpop_jkt: await DPoP.calculateThumbprint(),
    });
    const back = await signInAtNode(new TestBrowser(nodes), person, {
      path: url.pathname + url.search,
      verifier,
    });
    const checks = { pkceCodeVerifier: verifier };
    const here = new URL(`${rp.redirectUri}?${back}`);
    const tokens = await client.authorizationCodeGrant(nøgle, here, checks, undefined, { DPoP });
    const info = await client.fetchUserInfo(nøgle, tokens.access_token, tokens.claims()?.sub ?? '', { DPoP });
    const again = await client.refreshTokenGrant(nøgle, tokens.refresh_token ?? '', undefined, { DPoP });
    for (const secret of [back.get('code') ?? '', tokens.access_token, again.access_token])
      nodes.secrets.add(secret, 'of openid-client');
    return { metadata: nøgle.serverMetadata(), types: [tokens.token_type, again.token_type], info };
  }

  test('signs in, asks about the person and refreshes, and finds in discovery that it can', async () => {
    const rp = await aRelyingParty(nodes, { dpop_bound_access_tokens: true });
    const { metadata, types, info } = await signInWith(0, rp);
    expect(metadata.dpop_signing_alg_values_supported).toEqual(['ES256', 'Ed25519', 'EdDSA']);
    expect(types).toEqual(['dpop', 'dpop']);
    expect(info['name']).toBe(person.fullName);
  });

  test('does so with a clock that is ten minutes slow: it is handed a nonce and takes it', async () => {
    const { types } = await signInWith(-600, await aRelyingParty(nodes));
    expect(types).toEqual(['dpop', 'dpop']);
  });
});

describe('at /me', () => {
  let bound: Bound;
  beforeAll(async () => {
    bound = await aBoundToken();
  });

  test('the token opens with a proof of its key, on both nodes, each time with another', async () => {
    const { caller, key, token } = bound;
    for (const node of [0, 1, 0]) {
      const answer = await caller.me(token, await caller.proofForMe(key, token), node);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        200,
        expect.objectContaining({ name: person.fullName }),
      ]);
    }
  });

  test('as a bearer token it is refused, with and without a proof', async () => {
    const { caller, key, token } = bound;
    const bearer = await caller.me(token, null, 0, 'Bearer');
    expect(bearer.status).toBe(401);
    expect(bearer.headers['www-authenticate']).toMatch(/^DPoP .*error="invalid_token"/);
    const both = await caller.me(token, await caller.proofForMe(key, token), 0, 'Bearer');
    expect([both.status, JSON.parse(both.text)]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_request' }),
    ]);
    const without = await caller.me(token, null);
    expect([without.status, JSON.parse(without.text)]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_request' }),
    ]);
  });

  /** Each is right in all but one thing. @returns status and error, as both nodes give them */
  async function refused(proof: () => Promise<string>): Promise<string> {
    const answers = [];
    for (const node of [0, 1]) {
      const { status, text } = await bound.caller.me(bound.token, await proof(), node);
      answers.push(`${status} ${(JSON.parse(text) as { error: string }).error}`);
    }
    expect(answers[0]).toBe(answers[1]);
    return answers[0] ?? '';
  }

  test('a proof by another key is refused', async () => {
    const other = await aProofKey();
    expect(await refused(() => bound.caller.proofForMe(other, bound.token))).toBe('401 invalid_token');
  });

  test.each([
    ['another address', { htu: 'https://elsewhere.example/me' }, 'invalid_dpop_proof'],
    ['another path', { htu: '/token' }, 'invalid_dpop_proof'],
    ['another method', { htm: 'POST' }, 'invalid_dpop_proof'],
    ['another token', { ath: hashOf('another token') }, 'invalid_dpop_proof'],
    ['no token', { ath: undefined }, 'invalid_dpop_proof'],
    ['no id', { jti: undefined }, 'invalid_dpop_proof'],
    ['no time', { iat: undefined }, 'invalid_dpop_proof'],
    ['a nonce that no node issued', { nonce: 'made up' }, 'use_dpop_nonce'],
  ])('a proof for %s is refused', async (_name, claims, error) => {
    const right = 'htu' in claims ? { htu: new URL(claims.htu, nodes.issuer).href } : claims;
    expect(await refused(() => bound.caller.proofForMe(bound.key, bound.token, right))).toBe(`401 ${error}`);
  });

  test('a proof of 302 seconds ago or ahead is refused, one of 295 is not', async () => {
    const { caller, key, token } = bound;
    for (const off of [-302, 302]) {
      expect(await refused(() => caller.proofForMe(key, token, { iat: epochNow() + off }))).toBe(
        '401 use_dpop_nonce',
      );
    }
    for (const off of [-295, 295]) {
      const proof = await caller.proofForMe(key, token, { iat: epochNow() + off });
      expect((await caller.me(token, proof)).status).toBe(200);
    }
  });

  test('what is signed with a secret, or not at all, is no proof', async () => {
    const right = await bound.caller.proofForMe(bound.key, bound.token);
    const [, payload] = right.split('.');
    const none = Buffer.from('{"alg":"none","typ":"dpop+jwt"}').toString('base64url');
    expect(await refused(() => Promise.resolve(`${none}.${payload}.`))).toBe('401 invalid_dpop_proof');
    expect(await refused(() => Promise.resolve('not a proof'))).toBe('401 invalid_dpop_proof');
  });
});

describe('one proof, 20 uses concurrently on two nodes', () => {
  /** @returns how many were served, and how many were refused as expected */
  async function raceAtMe(): Promise<{ served: number; refused: number }> {
    const { caller, key, token } = await aBoundToken();
    const proof = await caller.proofForMe(key, token);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => caller.me(token, proof, i)));
    const refused = answers.filter(({ status, text }) => status === 401 && text.includes('invalid_token'));
    return { served: answers.filter(({ status }) => status === 200).length, refused: refused.length };
  }

  /** The refresh token of a relying party with a secret does not rotate: only the proof can be used up. */
  async function raceAtToken(): Promise<{ served: number; refused: number }> {
    const caller = new DpopCaller(nodes, await aRelyingParty(nodes));
    const key = await aProofKey();
    const { refresh_token = '' } = await caller.token(await caller.code(person, OFFLINE), key);
    const proof = await key.proof('POST', caller.url('/token'));
    const fields = { grant_type: 'refresh_token', refresh_token };
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => caller.token(fields, proof, i)));
    const refused = answers.filter(({ error }) => error === 'invalid_grant');
    return { served: answers.filter(({ status }) => status === 200).length, refused: refused.length };
  }

  test('at /me exactly one is served', async () => {
    expect(await raceAtMe()).toEqual({ served: 1, refused: 19 });
  });

  test('at the token endpoint exactly one is served', async () => {
    expect(await raceAtToken()).toEqual({ served: 1, refused: 19 });
  });

  test('control: without the guard of the INSERT, more are', async () => {
    const repair = takeOut(
      nodes,
      'ON CONFLICT DO NOTHING',
      'ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at',
    );
    const races = [await raceAtMe(), await raceAtToken()];
    repair();
    for (const { served } of races) expect(served).toBeGreaterThan(1);
  });
});

describe('a proof that is dated ahead', () => {
  /** Used now, and again in its last seconds, when every id that no longer needs remembering is gone. */
  async function usedTwice(): Promise<number[]> {
    const { caller, key, token } = await aBoundToken();
    const proof = await caller.proofForMe(key, token, { iat: epochNow() + 298 });
    const first = await caller.me(token, proof, 0);
    forwardClock(585);
    await nodes.database.query(`DELETE FROM replay_ids WHERE expires_at < now() + interval '585 seconds'`);
    const second = await caller.me(token, proof, 1);
    jest.restoreAllMocks();
    return [first.status, second.status];
  }

  test('is remembered for as long as it would be taken: at least 600 seconds', async () => {
    await nodes.database.query('DELETE FROM replay_ids');
    const { caller, key, token } = await aBoundToken();
    await caller.me(token, await caller.proofForMe(key, token, { iat: epochNow() + 299 }));
    const remembered = await nodes.database.query<{ enough: boolean }>(
      `SELECT expires_at > now() + interval '600 seconds' AS enough FROM replay_ids`,
    );
    expect(remembered).toEqual([{ enough: true }, { enough: true }]);
  });

  test('is not served a second time', async () => {
    expect(await usedTwice()).toEqual([200, 401]);
  });

  test('control: remembered for only as long as the provider asks, it is', async () => {
    const repair = takeOut(
      nodes,
      'INSERT INTO replay_ids (id, expires_at) VALUES ($1, $2)',
      `INSERT INTO replay_ids (id, expires_at) VALUES ($1, $2::timestamptz - interval '360 seconds')`,
    );
    const statuses = await usedTwice();
    repair();
    expect(statuses).toEqual([200, 200]);
  });
});

describe('nonces', () => {
  /** A nonce that a node returns with an answer. */
  async function aNonce({ caller, key, token }: Bound, node: number): Promise<string> {
    const answer = await caller.me(token, await caller.proofForMe(key, token), node);
    return String(answer.headers['dpop-nonce']);
  }

  /** The proof is old: only the nonce shows that it is fresh. */
  async function statusWith({ caller, key, token }: Bound, nonce: string, node: number): Promise<number> {
    const proof = await caller.proofForMe(key, token, { nonce, iat: 1_000_000_000 });
    return (await caller.me(token, proof, node)).status;
  }

  test('what one node handed out is taken by the other, for three minutes but not for more than four', async () => {
    const bound = await aBoundToken();
    const nonce = await aNonce(bound, 0);
    expect(await statusWith(bound, nonce, 1)).toBe(200);
    expect(await statusWith(bound, await aNonce(bound, 1), 0)).toBe(200);
    forwardClock(170);
    expect(await statusWith(bound, nonce, 1)).toBe(200);
    jest.restoreAllMocks();
    forwardClock(241);
    expect(await statusWith(bound, nonce, 1)).toBe(401);
  });

  test('a proof with a nonce is used once too', async () => {
    const bound = await aBoundToken();
    const { caller, key, token } = bound;
    const proof = await caller.proofForMe(key, token, { nonce: await aNonce(bound, 0) });
    const statuses = [await caller.me(token, proof, 0), await caller.me(token, proof, 1)];
    expect(statuses.map(({ status }) => status)).toEqual([200, 401]);
  });

  test('it is taken by nodes that start again with a newer cookie key', async () => {
    const bound = await aBoundToken();
    const nonce = await aNonce(bound, 0);
    const { cookies } = nodes.keyringFile;
    cookies.keys['k2'] = Buffer.alloc(32, 7).toString('base64url');
    cookies.current = 'k2';
    await nodes.restart();
    expect(await statusWith(bound, nonce, 1)).toBe(200);
  });
});

describe('what is bound to the key', () => {
  test('the refresh token of a browser application, also the one that it becomes', async () => {
    const rp = await aRelyingParty(nodes, { token_endpoint_auth_method: 'none' });
    const caller = new DpopCaller(nodes, rp, true);
    const [key, other] = [await aProofKey(), await aProofKey()];
    const first = await caller.token(await caller.code(person, OFFLINE), key);
    const refresh = async (token = '', proof: ProofKey | null = key, node = 0) =>
      await caller.token({ grant_type: 'refresh_token', refresh_token: token }, proof, node);
    expect(await refresh(first.refresh_token, null)).toMatchObject({ error: 'invalid_grant' });
    expect(await refresh(first.refresh_token, other)).toMatchObject({ error: 'invalid_grant' });
    const second = await refresh(first.refresh_token, key, 1);
    expect([second.status, second.token_type]).toEqual([200, 'DPoP']);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await refresh(second.refresh_token, other)).toMatchObject({ error: 'invalid_grant' });
    expect(await refresh(second.refresh_token, null)).toMatchObject({ error: 'invalid_grant' });
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  test.each(['the authorization request', 'a pushed request', 'the proof of a pushed request'])(
    'the code, when %s names the key',
    async (where) => {
      const rp = await aRelyingParty(nodes);
      const caller = new DpopCaller(nodes, rp);
      const [key, other] = [await aProofKey(), await aProofKey()];
      const code = async () => {
        if (where === 'the authorization request') return await caller.code(person, { dpop_jkt: key.jkt });
        const byProof = where === 'the proof of a pushed request';
        const login = authRequest(rp, byProof ? {} : { dpop_jkt: key.jkt });
        const fields = Object.fromEntries(new URLSearchParams(login.path.slice('/auth?'.length)));
        const proof = byProof ? await key.proof('POST', caller.url('/request')) : null;
        const pushed = JSON.parse((await caller.post('/request', fields, proof)).text) as {
          request_uri: string;
        };
        const query = new URLSearchParams({ client_id: rp.clientId, request_uri: pushed.request_uri });
        return await caller.codeOf(person, { path: `/auth?${query}`, verifier: login.verifier });
      };
      expect(await caller.token(await code(), other)).toMatchObject({ error: 'invalid_grant' });
      const without = await caller.token(await code(), null);
      expect(without).toMatchObject({ error: 'invalid_grant' });
      expect(without).not.toHaveProperty('access_token');
      expect(await caller.token(await code(), key, 1)).toMatchObject({ status: 200, token_type: 'DPoP' });
    },
  );

  test('introspection shows the key', async () => {
    const { rp, key, token } = await aBoundToken();
    const answer = await asRelyingParty(nodes, rp, '/token/introspection', { token }, 1);
    expect(JSON.parse(answer.text)).toMatchObject({
      active: true,
      token_type: 'DPoP',
      cnf: { jkt: key.jkt },
    });
  });
});

test('who must use it and does not gets an error and never a bearer token; the code is not lost', async () => {
  const caller = new DpopCaller(nodes, await aRelyingParty(nodes, { dpop_bound_access_tokens: true }));
  const key = await aProofKey();
  const code = await caller.code(person, OFFLINE);
  const without = await caller.token(code, null);
  expect([without.status, without.error]).toEqual([400, 'invalid_dpop_proof']);
  expect(without).not.toHaveProperty('access_token');
  const tokens = await caller.token(code, key, 1);
  expect([tokens.status, tokens.token_type]).toEqual([200, 'DPoP']);
  const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' };
  const again = await caller.token(fields, null);
  expect([again.status, again.error]).toEqual([400, 'invalid_request']);
  expect(again).not.toHaveProperty('access_token');
  const [bad, used] = ['not a proof', await key.proof('POST', caller.url('/token'))];
  expect((await caller.token(fields, bad)).error).toBe('invalid_dpop_proof');
  expect((await caller.token(fields, used)).token_type).toBe('DPoP');
  expect((await caller.token(fields, used)).error).toBe('invalid_grant');
});

test('a browser application that must use it keeps its refresh token where it sent no proof', async () => {
  const registration = { token_endpoint_auth_method: 'none', dpop_bound_access_tokens: true } as const;
  const caller = new DpopCaller(nodes, await aRelyingParty(nodes, registration), true);
  const key = await aProofKey();
  const tokens = await caller.token(await caller.code(person, OFFLINE), key);
  const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' };
  expect(await caller.token(fields, null)).toMatchObject({ status: 400, error: 'invalid_request' });
  expect((await caller.token(fields, key)).token_type).toBe('DPoP');
});

test('a proof for another address opens nothing under that Host header, nor under ours', async () => {
  const { key, token } = await aBoundToken();
  const host = 'evil.example';
  const claims = { ath: hashOf(token), htu: `http://${host}/me` };
  for (const [named, status] of [
    [host, 421],
    [new URL(nodes.issuer).host, 401],
  ] as const) {
    const dpop = await key.proof('GET', claims.htu, claims);
    const headers = { host: named, 'x-forwarded-host': host, authorization: `DPoP ${token}`, dpop };
    await request(nodes.node(0)).get('/me').set(headers).expect(status);
  }
});

test('a browser application may send a proof from its origin, and reads the nonce', async () => {
  const origin = 'https://app.example';
  const rp = await aRelyingParty(nodes, { token_endpoint_auth_method: 'none', cors_origins: [origin] });
  for (const path of ['/token', '/me']) {
    await request(nodes.node(0))
      .options(path)
      .set({
        origin,
        'access-control-request-method': path === '/me' ? 'GET' : 'POST',
        'access-control-request-headers': 'authorization,dpop',
      })
      .expect('access-control-allow-headers', /dpop/);
  }
  const caller = new DpopCaller(nodes, rp, true);
  const key = await aProofKey();
  const { access_token: token = '' } = await caller.token(await caller.code(person), key);
  await request(nodes.node(1))
    .get('/me')
    .set({ origin, authorization: `DPoP ${token}`, dpop: await caller.proofForMe(key, token) })
    .expect(200)
    .expect('access-control-allow-origin', origin)
    .expect('access-control-expose-headers', /dpop-nonce/i);
});

test('for who does not use it nothing changes, and a proof makes no bound token of a bearer token', async () => {
  const rp = await aRelyingParty(nodes);
  const login = authRequest(rp);
  const result = await signInAtNode(new TestBrowser(nodes), person, login);
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier);
  expect(tokens).toMatchObject({ status: 200, token_type: 'Bearer' });
  const answer = await userinfo(nodes, tokens.access_token, 1);
  expect([answer.status, answer.headers['dpop-nonce']]).toEqual([200, undefined]);
  const caller = new DpopCaller(nodes, rp);
  const proof = await caller.proofForMe(await aProofKey(), tokens.access_token);
  expect((await caller.me(tokens.access_token, proof)).status).toBe(401);
});
