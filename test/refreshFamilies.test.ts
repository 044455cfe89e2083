/**
 * A family of refresh tokens ends with its first token: on every node, also one that an earlier version
 * began.
 */
import { describe, expect, test } from '@jest/globals';
import { hashRecordId } from '../src/oidc/records/adapter.ts';
import { listClientAccess } from '../src/features/access/access.queries.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  keyFor,
  request,
  readReturnedCode,
  type TestPerson,
  type TestRelyingParty,
  type TokenResponse,
  toKeyPage,
  useNodes,
} from './support/index.ts';

const DAY_S = 24 * 3600;
/** The time between the sign-in and the first token, on a busy machine. */
const SLACK_S = 120;

const nodes = useNodes({ count: 2, withoutErrors: true });

const KINDS = [
  ['public', { token_endpoint_auth_method: 'none' }],
  ['confidential', {}],
] as const;
type Kind = (typeof KINDS)[number][1];

interface Family {
  readonly person: TestPerson;
  readonly rp: TestRelyingParty;
  readonly browser: TestBrowser;
  readonly tokens: TokenResponse;
  post(
    fields: Record<string, string>,
    path?: string,
    node?: number,
  ): Promise<TokenResponse & { active?: boolean }>;
}

async function aFamily(kind: Kind): Promise<Family> {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { ...kind, trusted: false });
  const browser = new TestBrowser(nodes);
  const secret = 'token_endpoint_auth_method' in kind ? {} : { client_secret: rp.clientSecret };
  const post: Family['post'] = async (fields, path = '/token', node = 0) => {
    const sent = request(nodes.node(node)).post(path).type('form');
    const answer = await sent.send({ client_id: rp.clientId, ...secret, ...fields });
    const tokens = { status: answer.status, ...(JSON.parse(answer.text) as object) } as TokenResponse;
    for (const token of [tokens.access_token, tokens.refresh_token, tokens.id_token])
      nodes.secrets.add(token, 'token');
    return tokens;
  };
  const tokens = await open({ person, rp, browser, post });
  return { person, rp, browser, tokens, post };
}

/** A sign-in with consent to offline access; for a signed-in person, only the consent. */
async function open({ person, rp, browser, post }: Omit<Family, 'tokens'>): Promise<TokenResponse> {
  const login = authRequest(rp, { scope: 'openid profile offline_access', prompt: 'consent' });
  let page = await browser.follow(login.path);
  if (page.page === 'password') {
    const keyPage = await toKeyPage(browser, person, login);
    page = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  }
  expect(page.page).toBe('consent');
  const code = readReturnedCode(await browser.send(page, { accept: '1' })).get('code') ?? '';
  const fields = { code, redirect_uri: rp.redirectUri, code_verifier: login.verifier };
  return await post({ grant_type: 'authorization_code', ...fields });
}

const again = (token: string | undefined) => ({ grant_type: 'refresh_token', refresh_token: token ?? '' });

/** Ages a whole family: rows, and what is sealed in them. */
async function age(
  { person }: Family,
  seconds: number,
  { also = {} }: { also?: object } = {},
): Promise<void> {
  const { keyring } = nodes.context;
  const rows = await nodes.database.query<{ id: Buffer; payload: Buffer }>(
    `SELECT id, payload FROM oidc_records
     WHERE account_id = $1 AND model IN ('RefreshToken', 'Grant') AND ended_at IS NULL`,
    [person.identityId],
  );
  for (const { id, payload } of rows) {
    const record = JSON.parse(keyring.open('records', payload, id)) as Record<string, unknown>;
    for (const name of ['iat', 'iiat', 'exp']) {
      if (typeof record[name] === 'number') record[name] -= seconds;
    }
    const sealed = keyring.seal('records', JSON.stringify({ ...record, ...also }), id);
    await nodes.database.query(
      `UPDATE oidc_records SET payload = $2, login_at = login_at - $3 * interval '1 s',
         expires_at = expires_at - $3 * interval '1 s' WHERE id = $1`,
      [id, sealed, seconds],
    );
  }
}

/** In how many seconds the newest record of a kind expires. */
async function secondsLeft({ person }: Family, model: string): Promise<number> {
  const [row] = await nodes.database.query<{ left: number }>(
    `SELECT extract(epoch FROM max(expires_at) - now())::float8 AS left FROM oidc_records
     WHERE account_id = $1 AND model = $2 AND consumed_at IS NULL AND ended_at IS NULL`,
    [person.identityId, model],
  );
  return row?.left ?? 0;
}

async function expectOver(family: Family, token: string | undefined): Promise<void> {
  for (const node of [0, 1]) {
    expect(await family.post(again(token), '/token', node)).toMatchObject({
      status: 400,
      error: 'invalid_grant',
      error_description: expect.stringContaining('30 days'),
    });
    expect(await family.post({ token: token ?? '' }, '/token/introspection', node)).toMatchObject({
      active: false,
    });
  }
}

describe.each(KINDS)('a %s client', (_name, kind) => {
  test('refreshes for 30 days from the first token; then the person is asked again', async () => {
    const family = await aFamily(kind);
    let { refresh_token: token } = family.tokens;
    let left = 30 * DAY_S;
    for (const [i, days] of [10, 10, 9.9].entries()) {
      await age(family, days * DAY_S);
      left -= days * DAY_S;
      const next = await family.post(again(token), '/token', i);
      expect(next.status).toBe(200);
      token = next.refresh_token ?? token;
      for (const model of ['RefreshToken', 'Grant']) {
        const seconds = await secondsLeft(family, model);
        expect([model, seconds > left - SLACK_S, seconds < left + SLACK_S]).toEqual([model, true, true]);
      }
    }
    const [access] = await listClientAccess(nodes.context.database, family.person.identityId);
    const shown = ((access?.offlineUntil?.getTime() ?? 0) - Date.now()) / 1000;
    expect([shown > left - SLACK_S, shown < left + SLACK_S]).toEqual([true, true]);
    await age(family, 0.1 * DAY_S + SLACK_S);
    await expectOver(family, token);

    const second = await open({ ...family, browser: new TestBrowser(nodes) });
    expect((await family.post(again(second.refresh_token))).status).toBe(200);
    await expectOver(family, token);
  });

  test('an earlier family, whose newest token names a later end: 30 days from its first', async () => {
    const family = await aFamily(kind);
    const { refresh_token: token } = family.tokens;
    const later = Math.floor(Date.now() / 1000) + 25 * DAY_S;
    const prolong = async () =>
      await nodes.database.query(
        `UPDATE oidc_records SET expires_at = now() + interval '25 days'
         WHERE account_id = $1 AND model IN ('RefreshToken', 'Grant')`,
        [family.person.identityId],
      );
    await age(family, 29 * DAY_S, { also: { exp: later } });
    await prolong();
    const next = await family.post(again(token));
    expect(next.status).toBe(200);
    if (next.refresh_token && next.refresh_token !== token) {
      expect(await secondsLeft(family, 'RefreshToken')).toBeLessThan(DAY_S + SLACK_S);
    }
    await age(family, DAY_S + SLACK_S, { also: { exp: later } });
    await prolong();
    await expectOver(family, next.refresh_token ?? token);
  });
});

test('of two families in one session each has a separate end', async () => {
  const family = await aFamily(KINDS[0][1]);
  await age(family, 20 * DAY_S);
  const second = await open(family);
  const key = (token: string | undefined) => hashRecordId(nodes.context.keyring, 'RefreshToken', token ?? '');
  const leftOf = async (token: string | undefined) => {
    const [row] = await nodes.database.query<{ left: number }>(
      'SELECT extract(epoch FROM expires_at - now())::float8 AS left FROM oidc_records WHERE id = $1',
      [key(token)],
    );
    return Math.round((row?.left ?? 0) / DAY_S);
  };
  const next = await family.post(again(family.tokens.refresh_token), '/token', 1);
  expect([await leftOf(next.refresh_token), await leftOf(second.refresh_token)]).toEqual([10, 30]);
});

test('exchanged sixteen times concurrently over two nodes: once, and for no longer', async () => {
  const family = await aFamily(KINDS[0][1]);
  await age(family, 20 * DAY_S);
  const all = await Promise.all(
    Array.from(
      { length: 16 },
      async (_, i) => await family.post(again(family.tokens.refresh_token), '/token', i),
    ),
  );
  expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await secondsLeft(family, 'RefreshToken')).toBeLessThan(10 * DAY_S + SLACK_S);
});

test('the consent page says for how long, in both languages', async () => {
  const rp = await aRelyingParty(nodes, { trusted: false });
  const person = await aPerson(nodes);
  const consentPage = async (params: Record<string, string>) => {
    const browser = new TestBrowser(nodes);
    const keyPage = await toKeyPage(browser, person, authRequest(rp, params));
    return { browser, page: await browser.send(keyPage, { key: keyFor(person, keyPage) }) };
  };
  const offline = { scope: 'openid profile offline_access', prompt: 'consent' };
  const { browser, page } = await consentPage(offline);
  expect(page.text).toContain('De må hente oplysningerne igen i 30 dage, også når du ikke er logget på.');
  expect(page.text).toContain('Derefter skal de spørge dig igen.');
  expect((await browser.follow(`${page.formUrl}?language=en`)).text).toContain('for 30 days, even when you');
  const online = await consentPage({});
  expect(online.page.text).toContain('så længe du er logget på, dog højst i 8 timer');
  expect(online.page.text).not.toContain('30 dage');
});
