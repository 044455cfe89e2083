/**
 * Signing keys for tests: those in the database, those that nodes publish, and a relying party that caches
 * strictly.
 */
import { setTimeout } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { rotateSigningKeys, type SigningKeyRotation } from '../../src/oidc/keys/signingKeyRotation.ts';
import { TestBrowser } from './browser.ts';
import { authRequest, redeemCode, signInAtNode, type TokenResponse } from './flow.ts';
import { request, type HttpAnswer } from './http.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';

export interface KeyRow {
  readonly kid: string;
  readonly alg: 'ES256' | 'RS256';
  readonly state: 'next' | 'current' | 'retired';
}

export async function keysIn(nodes: Nodes): Promise<KeyRow[]> {
  return await nodes.database.query<KeyRow>(
    'SELECT kid, alg, state FROM signing_keys ORDER BY alg, state, kid',
  );
}

export async function kidOf(nodes: Nodes, alg: KeyRow['alg'], state: KeyRow['state']): Promise<string> {
  return (await keysIn(nodes)).find((key) => key.alg === alg && key.state === state)?.kid ?? '';
}

export async function rotateKeysByCommand(
  nodes: Nodes,
  { now, node = 0 }: { now: boolean; node?: number },
): Promise<SigningKeyRotation> {
  const { database, keyring, rules } = nodes.node(node).app.context;
  return await rotateSigningKeys(
    { database, keyring, cachedSeconds: rules.signingKeys.cachedSeconds },
    { now },
  );
}

export async function jwksOf(nodes: Nodes, node: number): Promise<HttpAnswer & { readonly kids: string[] }> {
  const { status, headers, text }: HttpAnswer = await request(nodes.node(node)).get('/jwks');
  const { keys } = JSON.parse(text) as JSONWebKeySet;
  return { status, headers, text, kids: keys.map(({ kid }) => String(kid)) };
}

/** @returns milliseconds until a node publishes the expected keys */
export async function untilShown(
  nodes: Nodes,
  node: number,
  isIt: (kids: string[]) => boolean,
): Promise<number> {
  const startedAt = performance.now();
  while (!isIt((await jwksOf(nodes, node)).kids)) {
    if (performance.now() - startedAt > 60_000) throw new Error(`node ${node} does not follow`);
    await setTimeout(15);
  }
  return performance.now() - startedAt;
}

export async function rotateNow(nodes: Nodes): Promise<void> {
  const rotation = await rotateKeysByCommand(nodes, { now: true });
  if (rotation.kind !== 'rotated') throw new Error(rotation.kind);
  const made = rotation.keys.map(({ next }) => next);
  const follow = (node: number) => untilShown(nodes, node, (kids) => made.every((kid) => kids.includes(kid)));
  await Promise.all(nodes.list.map((_, node) => follow(node)));
}

export async function tokensFor(
  nodes: Nodes,
  rp: TestRelyingParty,
  person: TestPerson,
  node = 0,
  browser?: TestBrowser,
) {
  const login = authRequest(rp);
  const result = await signInAtNode(browser ?? new TestBrowser(nodes, node), person, login);
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', login.verifier, node);
  if (tokens.status !== 200) throw new Error(`no tokens: ${tokens.error} ${tokens.error_description}`);
  return tokens;
}

export function signerOf({ id_token }: TokenResponse): string {
  return decodeProtectedHeader(id_token).kid ?? '';
}

/** The log-out page of a signed-in person: each call goes to the next node. */
export async function askToLogOut(browser: TestBrowser, idTokenHint: string) {
  return await browser.follow(`/session/end?${new URLSearchParams({ id_token_hint: idTokenHint })}`);
}

/** Caches the keys for exactly as long as allowed, and fetches no others in the meantime. */
export class StrictVerifier {
  readonly #nodes: Nodes;
  #node: number;
  #keys: ReturnType<typeof createLocalJWKSet> | null = null;
  #cachedUntil = 0;
  fetched = 0;
  verified = 0;

  constructor(nodes: Nodes, node: number) {
    this.#nodes = nodes;
    this.#node = node;
  }

  async verify(idToken: string, audience: string): Promise<void> {
    const keys = this.#keys && performance.now() < this.#cachedUntil ? this.#keys : await this.fetch();
    await jwtVerify(idToken, keys, { issuer: this.#nodes.issuer, audience });
    this.verified += 1;
  }

  async fetch() {
    const { text, headers, status } = await jwksOf(this.#nodes, this.#node++ % 2);
    const maxAge = /^public, max-age=(\d+)$/.exec(headers['cache-control'] ?? '')?.[1];
    expect([status, maxAge]).toEqual([200, expect.any(String)]);
    this.#cachedUntil = performance.now() + Number(maxAge) * 1000;
    this.#keys = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
    this.fetched += 1;
    return this.#keys;
  }
}
