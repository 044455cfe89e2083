/**
 * A relying party that proves the possession of a key (DPoP, RFC 9449), built by hand so that each part can
 * be wrong.
 */
import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { authRequest, signInAtNode, type TestAuthRequest } from './flow.ts';
import { TestBrowser } from './browser.ts';
import { request, type HttpAnswer } from './http.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';

export interface ProofKey {
  /** The thumbprint, as in `cnf.jkt` and `dpop_jkt`. */
  readonly jkt: string;
  /** A proof for this request with a fresh `jti`, made now; `claims` override the right ones. */
  proof(method: string, url: string, claims?: Record<string, unknown>): Promise<string>;
}

export async function aProofKey(): Promise<ProofKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk: JWK = await exportJWK(publicKey);
  return {
    jkt: await calculateJwkThumbprint(jwk),
    proof: async (htm, htu, claims = {}) =>
      await new SignJWT({ htm, htu, jti: randomUUID(), iat: epochNow(), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey),
  };
}

export function epochNow(): number {
  return Math.floor(Date.now() / 1000);
}

/** `ath`: the hash of the access token that a proof goes with. */
export function hashOf(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('base64url');
}

export interface DpopTokens {
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  readonly token_type?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly error?: string;
  readonly error_description?: string;
}

/**
 * Requests of a relying party to a node: with its secret where it has one, with a proof where one is given.
 */
export class DpopCaller {
  readonly #nodes: Nodes;
  readonly #rp: TestRelyingParty;
  readonly #isPublic: boolean;

  constructor(nodes: Nodes, rp: TestRelyingParty, isPublic = false) {
    this.#nodes = nodes;
    this.#rp = rp;
    this.#isPublic = isPublic;
  }

  url(path: string): string {
    return new URL(path, this.#nodes.issuer).href;
  }

  /** Signs a person in. @returns the form that redeems the code */
  async code(person: TestPerson, params: Record<string, string> = {}): Promise<Record<string, string>> {
    return await this.codeOf(person, authRequest(this.#rp, params));
  }

  async codeOf(person: TestPerson, login: TestAuthRequest): Promise<Record<string, string>> {
    const code = (await signInAtNode(new TestBrowser(this.#nodes), person, login)).get('code') ?? '';
    this.#nodes.secrets.add(code, 'code');
    return {
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.#rp.redirectUri,
      code_verifier: login.verifier,
    };
  }

  async post(
    path: string,
    fields: Record<string, string>,
    proof: string | null,
    node = 0,
  ): Promise<HttpAnswer> {
    const { clientId, clientSecret } = this.#rp;
    const sent = request(this.#nodes.node(node)).post(path).type('form').accept('application/json');
    if (!this.#isPublic) void sent.auth(clientId, clientSecret);
    if (proof !== null) void sent.set('dpop', proof);
    return await sent.send(this.#isPublic ? { client_id: clientId, ...fields } : fields);
  }

  /** @param proof the proof itself, or a key that makes the right one */
  async token(
    fields: Record<string, string>,
    proof: ProofKey | string | null,
    node = 0,
  ): Promise<DpopTokens> {
    const made =
      proof === null || typeof proof === 'string' ? proof : await proof.proof('POST', this.url('/token'));
    const { status, headers, text } = await this.post('/token', fields, made, node);
    const tokens = JSON.parse(text) as Omit<DpopTokens, 'status' | 'headers'>;
    this.#nodes.secrets.add(tokens.access_token, 'access token');
    this.#nodes.secrets.add(tokens.refresh_token, 'refresh token');
    return { status, headers, ...tokens };
  }

  async me(accessToken: string, proof: string | null, node = 0, scheme = 'DPoP'): Promise<HttpAnswer> {
    return await request(this.#nodes.node(node))
      .get('/me')
      .set({
        accept: 'application/json',
        authorization: `${scheme} ${accessToken}`,
        ...(proof === null ? {} : { dpop: proof }),
      });
  }

  /** The right proof for `/me`, with `claims` overridden. */
  async proofForMe(
    key: ProofKey,
    accessToken: string,
    claims: Record<string, unknown> = {},
  ): Promise<string> {
    return await key.proof('GET', this.url('/me'), { ath: hashOf(accessToken), ...claims });
  }
}
