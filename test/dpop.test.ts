/** Tokens bound to a key of the relying party's own (RFC 9449), for those who want it; on two nodes. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import * as client from 'openid-client';
import { Browser } from './support/browser.ts';
import { authRequest, payloadOf, redeem, signIn, userinfo, type Tokens } from './support/flow.ts';
import { call, FORM, formBody, type Answer } from './support/http.ts';
import { Nodes } from './support/nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './support/people.ts';
import { slowDown, takeOut } from './support/sabotage.ts';

let nodes: Nodes;
let person: TestPerson;
let rp: TestRelyingParty;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2 });
  person = await aPerson(nodes);
  rp = await aRelyingParty(nodes);
});
afterAll(() => nodes.close());

/** A key of a relying party, and the proofs that it makes with it. */
class ProofKey {
  readonly #privateKey: CryptoKey;
  readonly #jwk: JWK;

  private constructor(privateKey: CryptoKey, jwk: JWK) {
    this.#privateKey = privateKey;
    this.#jwk = jwk;
  }

  static async make(): Promise<ProofKey> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    return new ProofKey(privateKey, await exportJWK(publicKey));
  }

  async thumbprint(): Promise<string> {
    return await calculateJwkThumbprint(this.#jwk);
  }

  async prove(method: string, path: string, claims: Record<string, unknown> = {}): Promise<string> {
    const proof = {
      htm: method,
      htu: `${nodes.issuer}${path}`,
      jti: randomUUID(),
      iat: Math.floor(Date.now() / 1000),
      ...claims,
    };
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: this.#jwk };
    return await new SignJWT(proof).setProtectedHeader(header).sign(this.#privateKey);
  }

  /** For the userinfo endpoint, with this token. */
  async proveFor(token: string, claims: Record<string, unknown> = {}): Promise<string> {
    const ath = createHash('sha256').update(token).digest('base64url');
    return await this.prove('GET', '/me', { ath, ...claims });
  }
}

async function post(
  path: string,
  fields: Record<string, string>,
  proof: string | null,
  by = rp,
  node = 0,
): Promise<Answer> {
  const isPublic = by.clientSecret === '';
  const body = formBody({ ...fields, ...(isPublic ? { client_id: by.clientId } : {}) });
  const basic = Buffer.from(`${by.clientId}:${by.clientSecret}`).toString('base64');
  return await call(nodes.node(node).port, path, {
    method: 'POST',
    body,
    headers: {
      ...FORM,
      host: new URL(nodes.issuer).host,
      'content-length': String(body.length),
      ...(isPublic ? {} : { authorization: `Basic ${basic}` }),
      ...(proof ? { dpop: proof } : {}),
    },
  });
}

/** A code and what it takes to redeem it. */
async function aCode(by: TestRelyingParty, params: Record<string, string> = {}) {
  const request = authRequest(by, params);
  const code = (await signIn(new Browser(nodes), person, request)).get('code') ?? '';
  nodes.secrets.add(code, 'code');
  const fields = { code, redirect_uri: by.redirectUri, code_verifier: request.verifier };
  return { grant_type: 'authorization_code', ...fields };
}

function tokensIn(answer: Answer): Tokens & { token_type?: string } {
  const tokens = { status: answer.status, ...(JSON.parse(answer.text) as object) } as Tokens;
  for (const one of [tokens.access_token, tokens.refresh_token, tokens.id_token])
    nodes.secrets.add(one, 'token');
  return tokens;
}

async function me(token: string, proof: string | null, node = 0, scheme = 'DPoP'): Promise<Answer> {
  return await call(nodes.node(node).port, '/me', {
    headers: {
      host: new URL(nodes.issuer).host,
      accept: 'application/json',
      authorization: `${scheme} ${token}`,
      ...(proof ? { dpop: proof } : {}),
    },
  });
}

async function boundToken(key: ProofKey, by = rp) {
  return tokensIn(await post('/token', await aCode(by), await key.prove('POST', '/token'), by));
}

test('openid-client binds its tokens, and nobody else can use them', async () => {
  const config = await client.discovery(
    new URL(nodes.issuer),
    rp.clientId,
    rp.clientSecret,
    client.ClientSecretBasic(rp.clientSecret),
    {
      execute: [client.allowInsecureRequests],
    },
  );
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const request = {
    path: `/auth${client.buildAuthorizationUrl(config, { redirect_uri: rp.redirectUri, scope: 'openid profile', state, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }).search}`,
    verifier,
  };
  const result = await signIn(new Browser(nodes), person, request);
  nodes.secrets.add(result.get('code') ?? '', 'code');
  const tokens = await client.authorizationCodeGrant(
    config,
    new URL(`${rp.redirectUri}?${result}`),
    { pkceCodeVerifier: verifier, expectedState: state },
    undefined,
    { DPoP },
  );
  nodes.secrets.add(tokens.access_token, 'access token');
  expect(tokens.token_type).toBe('dpop');
  const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '', { DPoP });
  expect(info.name).toBe(person.fullName);
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(401);
});

describe('a bound token', () => {
  test('takes a proof of its key, for this request, made now, once', async () => {
    const [key, other] = [await ProofKey.make(), await ProofKey.make()];
    const { access_token: token, token_type: type } = await boundToken(key);
    expect(type).toBe('DPoP');
    const good = await key.proveFor(token);
    expect([(await me(token, good)).status, (await me(token, good, 1)).status]).toEqual([200, 401]);
    const now = Math.floor(Date.now() / 1000);
    const bad: (string | null)[] = [
      null,
      await other.proveFor(token),
      await key.proveFor(token, { htu: `${nodes.issuer}/token` }),
      await key.proveFor(token, { htu: 'https://elsewhere.example/me' }),
      await key.proveFor(token, { htm: 'POST' }),
      await key.proveFor(token, { ath: 'x' }),
      await key.proveFor(token, { iat: now - 301 }),
      await key.proveFor(token, { iat: now + 310 }),
      await key.proveFor(token, { jti: undefined }),
      'no proof',
    ];
    for (const proof of bad) {
      const answer = await me(token, proof);
      expect([answer.status >= 400 && answer.status < 500, answer.text.includes(person.fullName)]).toEqual([
        true,
        false,
      ]);
    }
    expect((await me(token, null, 0, 'Bearer')).status).toBe(401);
    expect((await me(token, await key.proveFor(token), 0, 'Bearer')).status).toBe(400);
    const introspected = await post('/token/introspection', { token }, null);
    expect(JSON.parse(introspected.text)).toMatchObject({
      active: true,
      cnf: { jkt: await key.thumbprint() },
    });
  });

  test('of twenty uses of one proof at once on two nodes one is served', async () => {
    const key = await ProofKey.make();
    const { access_token: token } = await boundToken(key);
    const race = async () => {
      const proof = await key.proveFor(token);
      const repair = slowDown(nodes, 'INSERT INTO replay_ids', 30);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => me(token, proof, i)));
      repair();
      return answers.filter(({ status }) => status === 200).length;
    };
    for (let round = 0; round < 5; round += 1) expect(await race()).toBe(1);
    const repair = takeOut(
      nodes,
      'ON CONFLICT DO NOTHING',
      'ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at',
    );
    expect(await race()).toBe(20);
    repair();
  });

  test('a proof is remembered for as long as it could be taken, also one that is dated ahead', async () => {
    const key = await ProofKey.make();
    const { access_token: token } = await boundToken(key);
    const [before] = await nodes.database.query<{ many: number }>(
      'SELECT count(*)::int AS many FROM replay_ids',
    );
    const iat = Math.floor(Date.now() / 1000) + 290;
    expect((await me(token, await key.proveFor(token, { iat }))).status).toBe(200);
    const rows = await nodes.database.query<{ seconds: number }>(
      'SELECT extract(epoch FROM expires_at - now())::float8 AS seconds FROM replay_ids ORDER BY expires_at DESC',
    );
    expect(rows.length).toBe((before?.many ?? 0) + 1);
    expect(rows[0]?.seconds).toBeGreaterThan(290 + 300);
  });

  test('of a public client is refreshed by its key alone', async () => {
    const app = {
      ...(await aRelyingParty(nodes, {
        token_endpoint_auth_method: 'none',
        cors_origins: ['https://app.example'],
      })),
      clientSecret: '',
    };
    const [key, other] = [await ProofKey.make(), await ProofKey.make()];
    const code = await aCode(app, { scope: 'openid offline_access', prompt: 'consent' });
    const tokens = tokensIn(await post('/token', code, await key.prove('POST', '/token'), app));
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' };
    for (const proof of [null, await other.prove('POST', '/token')]) {
      expect((await post('/token', fields, proof, app)).status).toBe(400);
    }
    const again = tokensIn(await post('/token', fields, await key.prove('POST', '/token'), app, 1));
    expect([again.status, again.token_type]).toEqual([200, 'DPoP']);
  });
});

describe('a code', () => {
  test('that was bound to a key is redeemed by that key alone', async () => {
    const [key, other] = [await ProofKey.make(), await ProofKey.make()];
    const bound = { dpop_jkt: await key.thumbprint() };
    for (const proof of [null, await other.prove('POST', '/token')]) {
      const refused = tokensIn(await post('/token', await aCode(rp, bound), proof));
      expect([refused.status, refused.error, refused.access_token]).toEqual([
        400,
        'invalid_grant',
        undefined,
      ]);
    }
    const tokens = tokensIn(await post('/token', await aCode(rp, bound), await key.prove('POST', '/token')));
    expect(tokens.token_type).toBe('DPoP');
  });

  test('is not redeemed for a bearer token by who registered that it wants none', async () => {
    const strict = await aRelyingParty(nodes, { dpop_bound_access_tokens: true });
    const refused = tokensIn(await post('/token', await aCode(strict), null, strict));
    expect([refused.status, refused.access_token]).toEqual([400, undefined]);
    const key = await ProofKey.make();
    expect((await boundToken(key, strict)).token_type).toBe('DPoP');
  });

  test('of everybody else is redeemed as ever', async () => {
    const request = authRequest(rp);
    const result = await signIn(new Browser(nodes), person, request);
    const tokens = await redeem(nodes, rp, result.get('code') ?? '', request.verifier);
    expect(payloadOf(tokens.id_token)['acr']).toBeTruthy();
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
  });
});

test('a nonce of one node is good at the other, and one that nobody gave is not', async () => {
  const key = await ProofKey.make();
  const { access_token: token } = await boundToken(key);
  const first = await me(token, await key.proveFor(token), 0);
  const nonce = String(first.headers['dpop-nonce']);
  expect(nonce).toHaveLength(43);
  expect((await me(token, await key.proveFor(token, { nonce }), 1)).status).toBe(200);
  expect((await me(token, await key.proveFor(token, { nonce: 'made-up' }), 1)).status).toBe(401);
});
