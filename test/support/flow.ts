/** The steps of a sign-in as a relying party and a person take them. */
import { createHash, randomBytes } from 'node:crypto';
import { challengeOf, type TestBrowser, type BrowserPage } from './browser.ts';
import { request, type HttpAnswer } from './http.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';

export interface TestAuthRequest {
  readonly path: string;
  readonly verifier: string;
}

export function authRequest(rp: TestRelyingParty, params: Record<string, string> = {}): TestAuthRequest {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: rp.clientId,
    redirect_uri: rp.redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    state: randomBytes(8).toString('hex'),
    nonce: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...params,
  });
  return { path: `/auth?${query}`, verifier };
}

/** To the key page: authorization request, user ID and password. */
export async function toKeyPage(
  browser: TestBrowser,
  person: Pick<TestPerson, 'userId' | 'password'>,
  login: TestAuthRequest,
): Promise<BrowserPage> {
  const passwordPage = await browser.follow(login.path);
  return await browser.send(passwordPage, { userId: person.userId, password: person.password });
}

/** The authorization response in the redirect. */
export function readReturnedCode(page: BrowserPage): URLSearchParams {
  const location = page.headers.location;
  if (!location) throw new Error(`no redirect to a relying party but page ${page.page} (${page.status})`);
  return new URL(location).searchParams;
}

export function keyFor(person: TestPerson, page: BrowserPage): string {
  const key = person.keys.get(challengeOf(page).keyNumber);
  if (!key) throw new Error('the page asks for a key that is not on the card');
  return key;
}

/**
 * The whole sign-in, with consent where it is asked for. @returns the authorization response: code, state,
 * iss
 */
export async function signInAtNode(
  browser: TestBrowser,
  person: TestPerson,
  login: TestAuthRequest,
): Promise<URLSearchParams> {
  const keyPage = await toKeyPage(browser, person, login);
  const next = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  return readReturnedCode(next.page === 'consent' ? await browser.send(next, { accept: '1' }) : next);
}

export interface TokenResponse {
  readonly status: number;
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly error?: string;
  readonly error_description?: string;
}

/** A post by a relying party to a node, with its secret. */
export async function asRelyingParty(
  nodes: Nodes,
  rp: TestRelyingParty,
  path: string,
  fields: Record<string, string>,
  node = 0,
): Promise<HttpAnswer> {
  return await request(nodes.node(node))
    .post(path)
    .auth(rp.clientId, rp.clientSecret)
    .set('accept', 'application/json')
    .type('form')
    .send(fields);
}

export async function redeemCode(
  nodes: Nodes,
  rp: TestRelyingParty,
  code: string,
  verifier: string,
  node = 0,
): Promise<TokenResponse> {
  nodes.secrets.add(code, 'code');
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: rp.redirectUri,
    code_verifier: verifier,
  };
  return rememberVerifier(nodes, await asRelyingParty(nodes, rp, '/token', fields, node));
}

export async function refreshTokens(
  nodes: Nodes,
  rp: TestRelyingParty,
  refreshToken: string,
  node = 0,
): Promise<TokenResponse> {
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken };
  return rememberVerifier(nodes, await asRelyingParty(nodes, rp, '/token', fields, node));
}

function rememberVerifier(nodes: Nodes, answer: HttpAnswer): TokenResponse {
  const tokens = { status: answer.status, ...(JSON.parse(answer.text) as object) } as TokenResponse;
  nodes.secrets.add(tokens.access_token, 'access token');
  nodes.secrets.add(tokens.refresh_token, 'refresh token');
  nodes.secrets.add(tokens.id_token, 'ID token');
  return tokens;
}

export async function userinfo(nodes: Nodes, accessToken: string, node = 0): Promise<HttpAnswer> {
  return await request(nodes.node(node))
    .get('/me')
    .set({ accept: 'application/json', authorization: `Bearer ${accessToken}` });
}

/** Whether introspection reports a token as active to a relying party. */
export async function isActive(
  nodes: Nodes,
  rp: TestRelyingParty,
  token: string,
  node = 0,
): Promise<boolean> {
  const answer = await asRelyingParty(nodes, rp, '/token/introspection', { token }, node);
  return (JSON.parse(answer.text) as { active: boolean }).active;
}

/** The payload of a token, unverified. */
export function payloadOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}
