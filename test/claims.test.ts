/** What relying parties request is limited to their registration, by every way of requesting it. */
import { CLAIMS, SCOPES } from '../src/domain/signIn/claims.ts';
import { expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import {
  type HttpAnswer,
  aPerson,
  aRelyingParty,
  asRelyingParty,
  authRequest,
  type TestAuthRequest,
  TestBrowser,
  keyFor,
  payloadOf,
  redeemCode,
  request,
  readReturnedCode,
  signInAtNode,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  usePerson,
  userinfo,
} from './support/index.ts';
import { mainTextOf } from './support/lix.ts';

const nodes = useNodes({ count: 2 });
const person = usePerson(nodes);

test('a scope outside the registration is refused, and a claims parameter that is none', async () => {
  const rp = await aRelyingParty(nodes, { scope: 'openid profile' });
  const browser = new TestBrowser(nodes);
  const ask = async (params: Record<string, string>) =>
    readReturnedCode(await browser.follow(authRequest(rp, params).path)).get('error');
  expect(await ask({ scope: 'openid ssn' })).toBe('invalid_scope');
  for (const claims of [
    'not json',
    '[]',
    '"name"',
    'null',
    '{"userinfo":null}',
    '{"userinfo":["name"]}',
    '{"id_token":"name"}',
    '{"userinfo":{"name":"x"}}',
    '{"userinfo":{"email":true}}',
    '{"id_token":{"picture":["x"]}}',
  ]) {
    expect([claims, await ask({ claims })]).toEqual([claims, 'invalid_request']);
    const fields = Object.fromEntries(new URLSearchParams(authRequest(rp, { claims }).path.slice(6)));
    const pushed = await asRelyingParty(nodes, rp, '/request', fields);
    expect([claims, pushed.status]).toEqual([claims, 400]);
  }
});

test('discovery names the scopes and the claims that there are, and no others', async () => {
  const { text } = await new TestBrowser(nodes).follow('/.well-known/openid-configuration');
  const metadata = JSON.parse(text) as { scopes_supported: string[]; claims_supported: string[] };
  expect(metadata.scopes_supported.sort()).toEqual([...SCOPES].sort());
  expect(metadata.claims_supported.sort()).toEqual([...Object.keys(CLAIMS), 'iss', 'sid'].sort());
});

/** Everything that a relying party could request with it that its registration does not open. */
const FOREIGN = {
  email: null,
  picture: { essential: true },
  'dk.cpr': { value: '1' },
  'nemid.pid': null,
  ['__proto__']: null,
};
const ODD_CLAIMS: readonly object[] = [
  { userinfo: { email: null, picture: null } },
  { userinfo: FOREIGN, id_token: FOREIGN },
  {
    userinfo: { ...FOREIGN, name: { essential: true, purpose: 'x' } },
    id_token: { given_name: null, values: { values: ['a'] } },
  },
  { vendor: { 'dk.cpr': null }, id_token: {} },
  { vendor: 1 },
  {},
];

test('a claim that is unknown, or not open, is neither given nor listed, and stops no one', async () => {
  const rp = await aRelyingParty(nodes, { scope: 'openid profile', trusted: false });
  const browser = new TestBrowser(nodes);
  for (const [index, claims] of ODD_CLAIMS.entries()) {
    for (const isPushed of [false, true]) {
      const login = authRequest(rp, { claims: JSON.stringify(claims), prompt: 'login consent' });
      const path = isPushed ? await push(rp, login) : login.path;
      const keyPage = await toKeyPage(browser, person, { ...login, path });
      const consent = await browser.send(keyPage, { key: keyFor(person, keyPage) });
      expect([index, consent.page]).toEqual([index, 'consent']);
      // Random tokens in the markup hold every short word in time.
      expect(mainTextOf(consent.text)).not.toMatch(/CPR|e-mail|dk\.cpr|nemid/);
      const result = readReturnedCode(await browser.send(consent, { accept: '1' }));
      await expectNothingForeign(rp, result, login);
    }
  }
  // Signed in and consented already: nothing is asked, and no further claim is released.
  for (const claims of ODD_CLAIMS) {
    const login = authRequest(rp, { claims: JSON.stringify(claims), prompt: 'none' });
    await expectNothingForeign(rp, readReturnedCode(await browser.follow(login.path)), login);
  }
});

async function push(rp: TestRelyingParty, login: TestAuthRequest): Promise<string> {
  const fields = Object.fromEntries(new URLSearchParams(login.path.slice('/auth?'.length)));
  const pushed = await asRelyingParty(nodes, rp, '/request', fields);
  const { request_uri: uri } = JSON.parse(pushed.text) as { request_uri: string };
  return `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri: uri })}`;
}

async function expectNothingForeign(rp: TestRelyingParty, result: URLSearchParams, login: TestAuthRequest) {
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier);
  expect(tokens.status).toBe(200);
  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as Record<string, unknown>;
  expect(info['name']).toBe(person.fullName);
  for (const claims of [info, payloadOf(tokens.id_token)]) {
    for (const claim of Object.keys(FOREIGN)) expect(Object.keys(claims)).not.toContain(claim);
  }
}

test('a claim that is not open asks for no higher level either', async () => {
  const rp = await aRelyingParty(nodes, { scope: 'openid profile', min_acr: LOW });
  const claims = JSON.stringify({ userinfo: { 'dk.cpr': { essential: true } } });
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(rp, { claims, acr_values: LOW }).path);
  const end = await browser.send(page, { userId: person.userId, password: person.password });
  expect(readReturnedCode(end).get('code')).toBeTruthy();
});

test('a claim within the registration can be requested separately, also in the ID token', async () => {
  const rp = await aRelyingParty(nodes);
  const login = authRequest(rp, {
    scope: 'openid',
    claims: '{"id_token":{"nemid.pid":null},"userinfo":{"dk.cpr":null}}',
  });
  const result = await signInAtNode(new TestBrowser(nodes), person, login);
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier);
  expect(payloadOf(tokens.id_token)['nemid.pid']).toMatch(/^9208-2002-2-[0-9]{12}$/);
  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as Record<string, unknown>;
  expect(info['dk.cpr']).toBe(person.cpr);
  expect(info).not.toHaveProperty('name');
});

test.each([
  [
    { givenName: 'Ida Marie', familyName: 'de la Cour Holm' },
    { given_name: 'Ida Marie', family_name: 'de la Cour Holm' },
  ],
  [
    { givenName: '', familyName: 'Suharto' },
    { name: 'Suharto', family_name: 'Suharto' },
  ],
  [
    { givenName: 'Raghav', familyName: '' },
    { name: 'Raghav', given_name: 'Raghav' },
  ],
  [{ givenName: 'Anna von der Heide', familyName: '', nameIsWhole: true }, { name: 'Anna von der Heide' }],
])('of a name that is %j exactly what is known is given', async (names, claims) => {
  const rp = await aRelyingParty(nodes, { scope: 'openid profile' });
  const one = await aPerson(nodes, names);
  const login = authRequest(rp, { scope: 'openid profile' });
  const result = await signInAtNode(new TestBrowser(nodes), one, login);
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier);
  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as Record<string, unknown>;
  const nameClaims = Object.entries(info).filter(([claim]) => claim.endsWith('name'));
  expect(Object.fromEntries(nameClaims)).toEqual({ name: 'Ida Marie de la Cour Holm', ...claims });
});

test('sub is another in each sector, and the same on every node and in each sign-in', async () => {
  const subs: string[] = [];
  const [one, two] = [await aRelyingParty(nodes), await aRelyingParty(nodes)];
  for (const [rp, node] of [
    [one, 0],
    [one, 1],
    [two, 0],
  ] as const) {
    const login = authRequest(rp);
    const result = await signInAtNode(new TestBrowser(nodes, node), person, login);
    const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier, node);
    subs.push(String(payloadOf(tokens.id_token)['sub']));
  }
  expect(subs[0]).toBe(subs[1]);
  expect(subs[0]).not.toBe(subs[2]);
  expect(subs).not.toContain(person.identityId);
});

test('PKCE is required, and only S256', async () => {
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const without = new URL(authRequest(rp).path, nodes.issuer);
  without.searchParams.delete('code_challenge');
  without.searchParams.delete('code_challenge_method');
  expect(readReturnedCode(await browser.follow(without.pathname + without.search)).get('error')).toBe(
    'invalid_request',
  );
  const plain = authRequest(rp, { code_challenge_method: 'plain' });
  expect(readReturnedCode(await browser.follow(plain.path)).get('error')).toBe('invalid_request');
  for (const response_type of ['token', 'id_token', 'code id_token', 'code token']) {
    expect((await browser.follow(authRequest(rp, { response_type }).path)).headers.location).toMatch(
      /error=/,
    );
  }
});

test('an essential level that cannot be reached ends in an error, never in a loop', async () => {
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const ask = (values: string[]) =>
    authRequest(rp, { claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }) });
  const high = 'https://data.gov.dk/concept/core/nsis/loa/High';
  expect(readReturnedCode(await browser.follow(ask([high]).path)).get('error')).toBe(
    'unmet_authentication_requirements',
  );
  for (const values of [
    [LOW],
    [SUBSTANTIAL],
    [high, LOW],
    ['https://data.gov.dk/concept/core/nsis/Substantial'],
  ]) {
    expect((await signInAtNode(new TestBrowser(nodes), person, ask(values))).get('code')).toBeTruthy();
  }

  const weak = await aPerson(nodes, { proofing: 'Low' });
  const low = await aRelyingParty(nodes, { min_acr: LOW });
  const essential = authRequest(low, {
    claims: JSON.stringify({ id_token: { acr: { essential: true, value: SUBSTANTIAL } } }),
  });
  // Refused after the password, before a key is spent in vain.
  const refuse = async (login: TestAuthRequest) => {
    const weaks = new TestBrowser(nodes);
    const afterLogin = await toKeyPage(weaks, weak, login);
    expect([afterLogin.page, afterLogin.text.includes('Dit ID kan ikke bruges her')]).toEqual([
      'refused',
      true,
    ]);
    return readReturnedCode(await weaks.send(afterLogin, { cancel: '1' }));
  };
  expect((await refuse(essential)).get('error')).toBe('unmet_authentication_requirements');
  const voluntary = authRequest(low, { acr_values: SUBSTANTIAL });
  const result = await signInAtNode(new TestBrowser(nodes), weak, voluntary);
  const tokens = await redeemCode(nodes, low, result.get('code') ?? '', voluntary.verifier);
  expect(payloadOf(tokens.id_token)['acr']).toBe(LOW);
  // Unless the registration allows Low, the proofing has to be Substantial too.
  const refused = await refuse(authRequest(rp));
  expect(refused.get('error')).toBe('access_denied');
  expect(refused.get('error_description')).toMatch(/^proofing_too_low: /);
});

test('max_age=0 and prompt=login ask again; prompt=none never shows a page', async () => {
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  expect(readReturnedCode(await browser.follow(authRequest(rp, { prompt: 'none' }).path)).get('error')).toBe(
    'login_required',
  );
  await signInAtNode(browser, person, authRequest(rp));
  expect(
    readReturnedCode(await browser.follow(authRequest(rp, { prompt: 'none' }).path)).get('code'),
  ).toBeTruthy();
  for (const params of [{ prompt: 'login' }, { max_age: '0' }]) {
    if ('max_age' in params) await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await signInAtNode(browser, person, authRequest(rp, params))).get('code')).toBeTruthy();
  }
});

test('a browser application with a registered origin may call the token endpoint, another may not', async () => {
  const rp = await aRelyingParty(nodes, {
    token_endpoint_auth_method: 'none',
    cors_origins: ['https://app.example'],
  });
  const login = authRequest(rp);
  const post = async (origin: string) => {
    const result = await signInAtNode(new TestBrowser(nodes), person, login);
    const code = result.get('code') ?? '';
    nodes.secrets.add(code, 'code');
    const answer: HttpAnswer = await request(nodes.node(1)).post('/token').type('form').set({ origin }).send({
      grant_type: 'authorization_code',
      client_id: rp.clientId,
      code,
      redirect_uri: rp.redirectUri,
      code_verifier: login.verifier,
    });
    return answer;
  };
  const allowed = await post('https://app.example');
  expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([
    200,
    'https://app.example',
  ]);
  const refused = await post('https://evil.example');
  expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([400, undefined]);
});

test('every way of client authentication that is offered works, and a wrong secret does not', async () => {
  for (const method of ['client_secret_basic', 'client_secret_post'] as const) {
    const rp = await aRelyingParty(nodes, { token_endpoint_auth_method: method });
    const post = async (secret: string, asBasic: boolean) => {
      const basic = { authorization: `Basic ${Buffer.from(`${rp.clientId}:${secret}`).toString('base64')}` };
      const fields = { token: 'none', ...(asBasic ? {} : { client_id: rp.clientId, client_secret: secret }) };
      const sent = request(nodes.node(0)).post('/token/revocation').type('form');
      return (await sent.set(asBasic ? basic : {}).send(fields)).status;
    };
    for (const asBasic of [true, false]) {
      expect(await post(rp.clientSecret, asBasic)).toBe(200);
      expect(await post(`${rp.clientSecret}x`, asBasic)).toBe(401);
      // The stored hash is not a usable secret.
      const { hashClientSecret } = await import('../src/domain/relyingParty/clientSecrets.ts');
      expect(await post(hashClientSecret(nodes.context.keyring, rp.clientSecret), asBasic)).toBe(401);
    }
  }
});
