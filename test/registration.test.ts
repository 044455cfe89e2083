/**
 * Relying parties that register themselves: within what operators allow, once per token, and never with more
 * rights.
 */
import { describe, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import type { RelyingParty } from '../src/domain/relyingParty/relyingParty.ts';
import { findRelyingParty } from '../src/db/oidc/relyingParties.ts';
import { changeRelyingParty, findClientRegistration } from '../src/db/oidc/clientRegistrations.ts';
import {
  approveClient,
  openClientRegistration,
  removeClient,
  rotateSecretOfClient,
} from '../src/features/relyingParties/registrations.ts';
import {
  aKey,
  type HttpAnswer,
  aPerson,
  askRegistration,
  asRelyingParty,
  aToken,
  authRequest,
  TestBrowser,
  DOCUMENT,
  redeemCode,
  registerClient,
  type RegistrationAnswer,
  request,
  signInAtNode,
  type TestRelyingParty,
  useNodes,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });

const idOf = ({ json }: RegistrationAnswer) => String(json['client_id']);
const managing = ({ json }: RegistrationAnswer) => String(json['registration_access_token']);
const pathOf = (answer: RegistrationAnswer) => `/reg/${idOf(answer)}`;
const versionOf = async (clientId: string) =>
  (await findClientRegistration(nodes.context.database, clientId))?.version ?? 0;
const accept = async (answer: RegistrationAnswer) =>
  await approveClient(nodes.context, idOf(answer), await versionOf(idOf(answer)), null);
const asParty = ({ json }: RegistrationAnswer): TestRelyingParty => ({
  clientId: String(json['client_id']),
  clientSecret: String(json['client_secret']),
  redirectUri: (json['redirect_uris'] as string[])[0] ?? '',
  scope: String(json['scope']),
});

/** Until a change has reached every node; the proof measures how soon (relyingPartyTiming.test.ts). */
async function until(what: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await what())) {
    if (performance.now() - startedAt > 60_000) throw new Error('never');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const begins = async (rp: TestRelyingParty, node = 0) =>
  (await new TestBrowser(nodes, node).follow(authRequest(rp).path)).page === 'password';

test('from the token to a sign-in: registered, looked at, approved, used on both nodes', async () => {
  const person = await aPerson(nodes);
  const answer = await registerClient(nodes, { policy: { scope: 'openid profile' } });
  expect([answer.status, answer.json['state'], answer.json['kind']]).toEqual([201, 'pending', 'public']);
  expect(answer.headers['cache-control']).toContain('no-store');
  const rp = asParty(answer);
  expect([await begins(rp), await begins(rp, 1)]).toEqual([false, false]);
  await accept(answer);
  await until(async () => (await begins(rp)) && (await begins(rp, 1)));
  const login = authRequest(rp);
  const code = (await signInAtNode(new TestBrowser(nodes), person, login)).get('code') ?? '';
  expect((await redeemCode(nodes, rp, code, login.verifier, 1)).status).toBe(200);
});

describe('the token', () => {
  test('of ten registrations with it on two nodes one is made', async () => {
    const token = await aToken(nodes);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, node) => registerClient(nodes, { token, node: node % 2 })),
    );
    const counts = (status: number) => answers.filter((one) => one.status === status).length;
    expect([counts(201), counts(401)]).toEqual([1, 9]);
    expect(answers.find(({ status }) => status === 401)?.json['error']).toBe('invalid_token');
    const [row] = await nodes.database.query<{ many: number }>(
      `SELECT count(*)::int AS many FROM audit_events WHERE kind = 'relying_party_registered' AND details ->> 'clientId' = ANY($1)`,
      [answers.map(idOf)],
    );
    expect(row?.many).toBe(1);
  });

  test('is not used up by a registration that was refused', async () => {
    const token = await aToken(nodes);
    const refused = await registerClient(nodes, {
      token,
      body: { ...DOCUMENT, redirect_uris: ['http://a.example/'] },
    });
    expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_redirect_uri']);
    expect((await registerClient(nodes, { token })).status).toBe(201);
    expect((await registerClient(nodes, { token })).status).toBe(401);
  });

  test('is needed, expires, and is none of what it is kept as', async () => {
    const { token } = await openClientRegistration(nodes.context, { kind: 'public' });
    await nodes.database.query(
      `UPDATE initial_access_tokens SET expires_at = now() WHERE used_at IS NULL AND expires_at > now()`,
    );
    const [{ kept } = { kept: '' }] = await nodes.database.query<{ kept: string }>(
      `SELECT encode(id, 'hex') AS kept FROM initial_access_tokens LIMIT 1`,
    );
    for (const one of [token, kept, 'x']) {
      const { status } = await askRegistration(nodes, 'POST', '/reg', { token: one, body: DOCUMENT });
      expect([one, status]).toEqual([one, 401]);
    }
    expect((await askRegistration(nodes, 'POST', '/reg', { body: DOCUMENT })).status).toBe(401);
  });
});

describe('what operators decide', () => {
  const GREEDY = {
    kind: 'bank',
    trusted: true,
    scope: 'openid profile ssn nemid.pid offline_access',
    sector_identifier_uri: 'https://bank.example/sector',
    min_acr: LOW,
    require_fresh_key: false,
    require_pkce: false,
    cors_origins: ['https://elsewhere.example'],
    client_id: 'noegle-desk',
    client_secret: 'of-its-own-choice-of-its-own-choice',
    state: 'active',
    application_type: 'web',
  };

  test.each(['POST', 'PUT'] as const)('%s: is overwritten, whatever the document says', async (method) => {
    const first = await registerClient(nodes, {
      body: method === 'POST' ? { ...DOCUMENT, ...GREEDY } : DOCUMENT,
    });
    expect(first.status).toBe(201);
    const { client_secret: _, ...rest } = GREEDY;
    const body = { ...DOCUMENT, ...rest, client_id: idOf(first) };
    const last =
      method === 'POST'
        ? first
        : await askRegistration(nodes, 'PUT', pathOf(first), { token: managing(first), body });
    expect([last.status, idOf(last)]).toEqual([method === 'POST' ? 201 : 200, idOf(first)]);
    const stored = await findRelyingParty(nodes.context.database, idOf(first));
    expect(stored).toMatchObject({
      kind: 'public',
      trusted: false,
      scope: 'openid profile',
      sector_identifier_uri: `https://${idOf(first)}.sector.invalid/`,
      min_acr: SUBSTANTIAL,
      require_fresh_key: false,
      require_pkce: true,
      cors_origins: [],
    });
    expect(stored?.client_secret).toMatch(/^hmac-sha256:/);
    expect(idOf(first)).toMatch(/^rp-[a-z0-9]{16}$/);
    expect((await findClientRegistration(nodes.context.database, idOf(first)))?.state).toBe('pending');
  });

  test('a policy can open more, and what is asked for beyond the least is given', async () => {
    const policy = { kind: 'bank', scope: 'openid profile ssn', trusted: true } as const;
    const { json } = await registerClient(nodes, {
      policy,
      body: { ...DOCUMENT, scope: 'openid ssn nemid.pid' },
    });
    expect(json).toMatchObject({ kind: 'bank', trusted: true, scope: 'openid ssn', require_fresh_key: true });
    const asked = { ...DOCUMENT, min_acr: SUBSTANTIAL, require_fresh_key: true };
    const low = await registerClient(nodes, { policy: { kind: 'public', min_acr: LOW }, body: asked });
    expect(low.json).toMatchObject({ min_acr: SUBSTANTIAL, require_fresh_key: true });
  });

  test('the least proofing is that of the policy; a client may ask for more, and never for less', async () => {
    const registered = async (policy: object, body: object) => {
      const answer = await registerClient(nodes, {
        policy: { kind: 'public', ...policy },
        body: { ...DOCUMENT, ...body },
      });
      const { min_acr, min_proofing } = answer.json;
      return [min_acr, min_proofing];
    };
    expect(await registered({}, {})).toEqual([SUBSTANTIAL, SUBSTANTIAL]);
    expect(await registered({}, { min_proofing: LOW })).toEqual([SUBSTANTIAL, SUBSTANTIAL]);
    expect(await registered({ min_proofing: LOW }, {})).toEqual([SUBSTANTIAL, LOW]);
    expect(await registered({ min_proofing: LOW }, { min_proofing: SUBSTANTIAL })).toEqual([
      SUBSTANTIAL,
      SUBSTANTIAL,
    ]);
    // Without a word of it, it is the level of what is shown.
    expect(await registered({ min_acr: LOW }, {})).toEqual([LOW, LOW]);
    expect(await registered({ min_acr: LOW }, { min_acr: SUBSTANTIAL })).toEqual([SUBSTANTIAL, SUBSTANTIAL]);
    expect(await registered({ min_acr: LOW, min_proofing: SUBSTANTIAL }, { min_proofing: LOW })).toEqual([
      LOW,
      SUBSTANTIAL,
    ]);
  });

  test('a browser application keeps no secret, and only its own origins may ask', async () => {
    const redirect_uris = [
      'https://app.example/cb',
      'https://app.example/quiet',
      'https://www.app.example/cb',
    ];
    const body = { client_name: 'App', redirect_uris };
    const { json, status } = await registerClient(nodes, { policy: { profile: 'browser' }, body });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      token_endpoint_auth_method: 'none',
      cors_origins: ['https://app.example', 'https://www.app.example'],
    });
    expect(json['client_secret']).toBeUndefined();
  });

  test('an application on a phone has a private scheme or the loopback', async () => {
    const policy = { profile: 'native' } as const;
    const of = async (uri: string) =>
      (await registerClient(nodes, { policy, body: { client_name: 'App', redirect_uris: [uri] } })).status;
    expect(await of('dk.example.app:/cb')).toBe(201);
    expect(await of('http://127.0.0.1/cb')).toBe(201);
    expect(await of('https://app.example/cb')).toBe(201);
    for (const uri of ['app:/cb', 'http://localhost/cb', 'http://app.example/cb', 'javascript:alert(1)'])
      expect([uri, await of(uri)]).toEqual([uri, 400]);
  });

  test.each([
    ['a method that its profile has not', { token_endpoint_auth_method: 'none' }],
    ['a secret as a key', { token_endpoint_auth_method: 'client_secret_jwt' }],
    ['an ID token signed with the secret', { id_token_signed_response_alg: 'HS256' }],
    ['implicit', { response_types: ['id_token'] }],
    ['hybrid', { response_types: ['code', 'code id_token'] }],
    ['another grant', { grant_types: ['client_credentials'] }],
    ['one sub for all', { subject_type: 'public' }],
    ['keys nowhere', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['keys twice', { jwks: { keys: [] }, jwks_uri: 'https://a.example/jwks' }],
    ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }],
    ['a private key', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }] } }],
    ['no name', { client_name: undefined }],
    ['half a sign', { client_name: 'a\ud800' }],
    ['a key with what no database keeps', { jwks: { keys: [{ kty: 'EC', kid: 'a\u0000' }] } }],
    ['a key that is deep', { jwks: { keys: [{ kty: 'EC', more: { more: { more: {} } } }] } }],
    ['a name that turns itself round', { client_name: 'Skat\u202edk' }],
    [
      'a drawing for a logo',
      { logo: `data:image/svg+xml;base64,${Buffer.from('<svg/>').toString('base64')}` },
    ],
    ['words without a way', { purpose_da: 'At bestille tid hos os.' }],
    ['a log-out on the inside', { backchannel_logout_uri: 'http://10.0.0.1/out' }],
    [
      'keys on the inside',
      { jwks_uri: 'https://127.0.0.1/jwks', token_endpoint_auth_method: 'private_key_jwt' },
    ],
    ['no keys', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } }],
    [
      'keys that nobody can use',
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: {
          keys: [
            { kty: 'RSA', e: 'AQAB' },
            { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', use: null },
          ],
        },
      },
    ],
  ])('refused, with what to mend: %s', async (_what, extra) => {
    const { status, json } = await registerClient(nodes, { body: { ...DOCUMENT, ...extra } });
    expect([status, json['error']]).toEqual([400, 'invalid_client_metadata']);
    expect(String(json['error_description']).length).toBeGreaterThan(10);
  });
});

test('keys that can be used are taken, and the others left out; what says how to push and sign is kept', async () => {
  const { jwk } = await aKey('good');
  const body = {
    ...DOCUMENT,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    require_pushed_authorization_requests: true,
    jwks: { keys: [{ kty: 'RSA', e: 'AQAB' }, { ...jwk, use: null }, { kty: 'NEW' }, jwk] },
  };
  const made = await registerClient(nodes, { body });
  expect(made.status).toBe(201);
  const got = await askRegistration(nodes, 'GET', pathOf(made), { token: managing(made), node: 1 });
  for (const { json } of [made, got]) {
    expect(json).toMatchObject({
      jwks: { keys: [jwk] },
      token_endpoint_auth_signing_alg: 'ES256',
      require_pushed_authorization_requests: true,
    });
  }
  // What was read can be put back; unusable keys take no working relying party down.
  const {
    registration_access_token: _t,
    registration_client_uri: _u,
    client_id_issued_at: _i,
    state: _s,
    ...same
  } = got.json;
  const put = async (change: object) =>
    (
      await askRegistration(nodes, 'PUT', pathOf(made), {
        token: managing(made),
        body: { ...same, ...change },
      })
    ).status;
  expect(await put({})).toBe(200);
  expect(await put({ jwks: { keys: [{ kty: 'RSA', e: 'AQAB' }] } })).toBe(400);
  expect(await put({ token_endpoint_auth_signing_alg: 'RS256' })).toBe(400);
  const stored = await findRelyingParty(nodes.context.database, idOf(made));
  expect(stored?.jwks).toEqual({ keys: [jwk] });
  // With a secret the algorithm has no meaning, and is no error.
  const basic = await registerClient(nodes, {
    body: { ...DOCUMENT, token_endpoint_auth_signing_alg: 'HS256' },
  });
  expect([basic.status, basic.json['require_pushed_authorization_requests']]).toEqual([201, false]);
});

describe('looking after it', () => {
  test('GET says all but the secret; PUT takes the secret along; no one else may', async () => {
    const made = await registerClient(nodes);
    const other = await registerClient(nodes);
    const got = await askRegistration(nodes, 'GET', pathOf(made), { token: managing(made), node: 1 });
    expect([got.status, got.json['state']]).toEqual([200, 'pending']);
    expect(got.json['client_secret']).toBeUndefined();
    expect(got.text).not.toContain('hmac-sha256');
    const body = { ...DOCUMENT, client_id: idOf(made), client_name: 'Randers' };
    const secret = made.json['client_secret'];
    const put = await askRegistration(nodes, 'PUT', pathOf(made), {
      token: managing(made),
      body: { ...body, client_secret: secret },
    });
    expect([put.status, put.json['name_da'], put.json['client_secret']]).toEqual([200, 'Randers', undefined]);
    const storedSecret = String((await findRelyingParty(nodes.context.database, idOf(made)))?.client_secret);
    for (const wrong of ['wrong', '', storedSecret.slice(0, -1)].filter(Boolean)) {
      const refused = { ...body, client_secret: wrong };
      expect(
        (await askRegistration(nodes, 'PUT', pathOf(made), { token: managing(made), body: refused })).status,
      ).toBe(400);
    }
    expect((await findRelyingParty(nodes.context.database, idOf(made)))?.client_secret).toBe(storedSecret);
    for (const token of [managing(other), 'x', await aToken(nodes)]) {
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const options = method === 'PUT' ? { token, body } : { token };
        expect((await askRegistration(nodes, method, pathOf(made), options)).status).toBe(401);
      }
    }
  });

  test('approved: what people see waits again, and the rest counts immediately', async () => {
    const made = await registerClient(nodes);
    await accept(made);
    const put = async (extra: object) =>
      await askRegistration(nodes, 'PUT', pathOf(made), {
        token: managing(made),
        body: { ...DOCUMENT, client_id: idOf(made), ...extra },
      });
    const quiet = await put({ backchannel_logout_uri: 'https://selv.randers.example/out' });
    expect([quiet.status, quiet.json['state']]).toEqual([200, 'active']);
    const renamed = await put({
      client_name: 'Gudenå Sparekasse',
      redirect_uris: ['https://evil.example/cb'],
    });
    expect([renamed.status, renamed.json['state']]).toEqual([200, 'change_pending']);
    const live = await findClientRegistration(nodes.context.database, idOf(made));
    expect([live?.rp.name_da, live?.rp.redirect_uris]).toEqual(['Randers Kommune', DOCUMENT.redirect_uris]);
    expect(live?.proposed?.name_da).toBe('Gudenå Sparekasse');
    const got = await askRegistration(nodes, 'GET', pathOf(made), { token: managing(made) });
    expect([got.json['state'], got.json['name_da']]).toEqual(['change_pending', 'Randers Kommune']);
    // Exactly the reviewed version is approved.
    const version = await versionOf(idOf(made));
    await put({ client_name: 'Skat' });
    await expect(approveClient(nodes.context, idOf(made), version, null)).rejects.toThrow('look at it again');
    await accept(made);
    expect((await findClientRegistration(nodes.context.database, idOf(made)))?.rp.name_da).toBe('Skat');
  });

  test('origins whose pages may call Nøgle wait with the redirect URIs, and what operators say of them stays', async () => {
    const origin = 'https://app.example';
    const body = { client_name: 'Appen', redirect_uris: [`${origin}/cb`] };
    const made = await registerClient(nodes, { policy: { profile: 'browser' }, body });
    await accept(made);
    const put = async (changes: object) =>
      await askRegistration(nodes, 'PUT', pathOf(made), {
        token: managing(made),
        body: { ...body, client_id: idOf(made), ...changes },
      });
    const reads = async (from: string, node: number) => {
      const sent = request(nodes.node(node)).post('/token').type('form').set('origin', from);
      const answer: HttpAnswer = await sent.send({
        grant_type: 'authorization_code',
        client_id: idOf(made),
        code: 'none',
        redirect_uri: `${origin}/cb`,
        code_verifier: 'v'.repeat(43),
      });
      return answer.headers['access-control-allow-origin'] === from;
    };
    const evil = 'https://evil.example';
    await until(async () => (await reads(origin, 0)) && (await reads(origin, 1)));
    const widened = await put({ redirect_uris: [`${origin}/cb`, `${evil}/cb`] });
    expect([widened.status, widened.json['state']]).toEqual([200, 'change_pending']);
    const found = async () => await findClientRegistration(nodes.context.database, idOf(made));
    expect([(await found())?.rp.cors_origins, (await found())?.proposed?.cors_origins]).toEqual([
      [origin],
      [origin, evil],
    ]);
    // At this node the change is known immediately.
    expect([await reads(origin, 0), await reads(evil, 0)]).toEqual([true, false]);
    await accept(made);
    await until(async () => (await reads(evil, 0)) && (await reads(evil, 1)));

    // Operators remove one; the same document does not restore it.
    const now = await found();
    await changeRelyingParty(nodes.context.database, {
      rp: { ...(now?.rp as RelyingParty), cors_origins: [origin] },
      version: now?.version ?? 0,
      proposed: null,
      policy: null,
    });
    const again = await put({ redirect_uris: [`${origin}/cb`, `${evil}/cb`] });
    expect(again.json['state']).toBe('change_pending');
    expect((await found())?.rp.cors_origins).toEqual([origin]);
  });

  test('what was read can be put back, in both languages, and is no change', async () => {
    const { client_name: _, ...rest } = DOCUMENT;
    const names = { 'client_name#da': 'Gudenå Sparekasse', 'client_name#en': 'Gudenaa Savings Bank' };
    const made = await registerClient(nodes, { body: { ...rest, ...names } });
    await accept(made);
    const got = await askRegistration(nodes, 'GET', pathOf(made), { token: managing(made) });
    const {
      client_id_issued_at: _at,
      registration_client_uri: _uri,
      registration_access_token: _token,
      state,
      ...read
    } = got.json;
    const put = await askRegistration(nodes, 'PUT', pathOf(made), { token: managing(made), body: read });
    expect([state, put.status, put.json['state']]).toEqual(['active', 200, 'active']);
    expect((await findClientRegistration(nodes.context.database, idOf(made)))?.rp).toMatchObject({
      name_da: 'Gudenå Sparekasse',
      name_en: 'Gudenaa Savings Bank',
    });
  });

  test('keys count immediately also while a name waits, and a logo of the operators is no change of theirs', async () => {
    const made = await registerClient(nodes);
    await approveClient(nodes.context, idOf(made), 1, Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    const put = async (extra: object) =>
      await askRegistration(nodes, 'PUT', pathOf(made), {
        token: managing(made),
        body: { ...DOCUMENT, client_id: idOf(made), ...extra },
      });
    const backchannel_logout_uri = 'https://selv.randers.example/out';
    expect((await put({ backchannel_logout_uri })).json['state']).toBe('active');
    expect((await put({ client_name: 'Randers', id_token_signed_response_alg: 'RS256' })).json['state']).toBe(
      'change_pending',
    );
    const { rp, proposed } = (await findClientRegistration(nodes.context.database, idOf(made))) ?? {};
    expect(rp).toMatchObject({ name_da: 'Randers Kommune', id_token_signed_response_alg: 'RS256' });
    expect([rp?.logo?.slice(0, 16), proposed?.logo]).toEqual(['data:image/jpeg;', rp?.logo]);
  });

  test('a token that is sent to another address is still valid at its own', async () => {
    const [made, other] = [await registerClient(nodes), await registerClient(nodes)];
    expect((await askRegistration(nodes, 'GET', pathOf(other), { token: managing(made) })).status).toBe(401);
    expect((await askRegistration(nodes, 'GET', pathOf(made), { token: managing(made) })).status).toBe(200);
  });

  test('of two concurrent changes one is made, or both one after the other', async () => {
    const made = await registerClient(nodes);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        askRegistration(nodes, 'PUT', pathOf(made), {
          token: managing(made),
          body: { ...DOCUMENT, client_id: idOf(made), client_name: `Navn ${i}` },
          node: i % 2,
        }),
      ),
    );
    const done = answers.filter(({ status }) => status === 200).length;
    expect(done).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(await versionOf(idOf(made))).toBe(1 + done);
  });

  test('DELETE: its sign-ins end, its tokens are no longer valid, and so is the one that removed it', async () => {
    const person = await aPerson(nodes);
    const made = await registerClient(nodes, { policy: { scope: 'openid profile offline_access' } });
    await accept(made);
    const rp = asParty(made);
    await until(() => begins(rp, 1));
    const login = authRequest(rp);
    const code = (await signInAtNode(new TestBrowser(nodes), person, login)).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, login.verifier);
    const me = async (node: number) =>
      (await askRegistration(nodes, 'GET', '/me', { token: tokens.access_token, node })).status;
    expect(await me(0)).toBe(200);
    expect((await askRegistration(nodes, 'DELETE', pathOf(made), { token: managing(made) })).status).toBe(
      204,
    );
    expect([await me(0), await me(1)]).toEqual([401, 401]);
    await until(async () => !(await begins(rp, 1)));
    expect((await askRegistration(nodes, 'GET', pathOf(made), { token: managing(made) })).status).toBe(401);
  });
});

describe('operators', () => {
  test('a new secret counts everywhere within two seconds, the old one no longer', async () => {
    const made = await registerClient(nodes);
    await accept(made);
    const rp = asParty(made);
    const clientSecret = await rotateSecretOfClient(nodes.context, rp.clientId);
    nodes.secrets.add(clientSecret, 'client secret');
    const revoke = async (one: TestRelyingParty, node: number) =>
      (await asRelyingParty(nodes, one, '/token/revocation', { token: 'none' }, node)).status;
    for (const node of [0, 1]) {
      await until(async () => (await revoke({ ...rp, clientSecret }, node)) === 200);
      expect(await revoke(rp, node)).toBe(401);
    }
  });

  test("nothing is removed twice, and an id is no one else's afterwards", async () => {
    const made = await registerClient(nodes);
    await removeClient(nodes.context, idOf(made));
    await expect(removeClient(nodes.context, idOf(made))).rejects.toThrow('no relying party');
    await expect(approveClient(nodes.context, idOf(made), 1, null)).rejects.toThrow('no relying party');
    await expect(removeClient(nodes.context, 'noegle-desk')).rejects.toThrow('no relying party');
  });
});
