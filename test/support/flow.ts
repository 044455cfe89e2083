/** The steps of a sign-in as a relying party and a person take them. */
import { createHash, randomBytes } from 'node:crypto';
import { challengeOf, type Browser, type PageSeen } from './browser.ts';
import { request, type Answer } from './http.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';

export interface AuthRequest {
  readonly path: string;
  readonly verifier: string;
}

export function authRequest(rp: TestRelyingParty, params: Record<string, string> = {}): AuthRequest {
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
  browser: Browser,
  person: Pick<TestPerson, 'userId' | 'password'>,
  login: AuthRequest,
): Promise<PageSeen> {
  const passwordPage = await browser.follow(login.path);
  return await browser.send(passwordPage, { userId: person.userId, password: person.password });
}

/** What the relying party gets back in the redirect. */
export function returned(page: PageSeen): URLSearchParams {
  const location = page.headers.location;
  if (!location) throw new Error(`no redirect to a relying party but page ${page.page} (${page.status})`);
  return new URL(location).searchParams;
}

export function keyFor(person: TestPerson, page: PageSeen): string {
  const key = person.keys.get(challengeOf(page).keyNumber);
  if (!key) throw new Error('the page asks for a key that is not on the card');
  return key;
}

/** The whole of it, with a yes to the consent page where it comes. @returns what the relying party gets: code, state, iss. */
export async function signIn(
  browser: Browser,
  person: TestPerson,
  login: AuthRequest,
): Promise<URLSearchParams> {
  const keyPage = await toKeyPage(browser, person, login);
  const next = await browser.send(keyPage, { key: keyFor(person, keyPage) });
  return returned(next.page === 'consent' ? await browser.send(next, { accept: '1' }) : next);
}

export interface Tokens {
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
): Promise<Answer> {
  return await request(nodes.node(node))
    .post(path)
    .auth(rp.clientId, rp.clientSecret)
    .set('accept', 'application/json')
    .type('form')
    .send(fields);
}

export async function redeem(
  nodes: Nodes,
  rp: TestRelyingParty,
  code: string,
  verifier: string,
  node = 0,
): Promise<Tokens> {
  nodes.secrets.add(code, 'code');
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: rp.redirectUri,
    code_verifier: verifier,
  };
  return remember(nodes, await asRelyingParty(nodes, rp, '/token', fields, node));
}

export async function refresh(
  nodes: Nodes,
  rp: TestRelyingParty,
  refreshToken: string,
  node = 0,
): Promise<Tokens> {
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken };
  return remember(nodes, await asRelyingParty(nodes, rp, '/token', fields, node));
}

function remember(nodes: Nodes, answer: Answer): Tokens {
  const tokens = { status: answer.status, ...(JSON.parse(answer.text) as object) } as Tokens;
  nodes.secrets.add(tokens.access_token, 'access token');
  nodes.secrets.add(tokens.refresh_token, 'refresh token');
  nodes.secrets.add(tokens.id_token, 'ID token');
  return tokens;
}

export async function userinfo(nodes: Nodes, accessToken: string, node = 0): Promise<Answer> {
  return await request(nodes.node(node))
    .get('/me')
    .set({ accept: 'application/json', authorization: `Bearer ${accessToken}` });
}

/** What introspection says of a token to a relying party. */
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
