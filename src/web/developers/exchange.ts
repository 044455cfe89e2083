/** The calls of a relying party, each kept as it went over the wire, for showing. */
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import type { SelfFetch } from '../../platform/selfFetch.ts';

export interface Exchange {
  /** What it is for, in a line. */
  readonly what: string;
  readonly request: string;
  readonly status: number;
  readonly response: string;
}

export interface DecodedToken {
  readonly header: string;
  readonly payload: string;
  /** The key that verified its signature; null where none did. */
  readonly kid: string | null;
}

export interface Party {
  readonly clientId: string;
  readonly clientSecret: string;
}

export class Caller {
  readonly exchanges: Exchange[] = [];
  readonly #issuer: string;
  readonly #fetch: SelfFetch;

  constructor(issuer: string, fetch: SelfFetch) {
    this.#issuer = issuer;
    this.#fetch = fetch;
  }

  /** As the party, with its secret in the form. @returns the answer as JSON; empty where it is none */
  async post(what: string, path: string, party: Party, fields: Record<string, string>): Promise<Json> {
    const { clientId, clientSecret } = party;
    const form = new URLSearchParams({ ...fields, client_id: clientId, client_secret: clientSecret });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const shown = [...form].map(([name, value]) => `  ${name}=${value}`).join('\n');
    const head = `POST ${path}\nContent-Type: application/x-www-form-urlencoded\n\n${shown}`;
    return await this.#call(what, path, { method: 'POST', headers, body: form }, head);
  }

  /** With an access token. */
  async get(what: string, path: string, token: string): Promise<Json> {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    return await this.#call(
      what,
      path,
      { method: 'GET', headers },
      `GET ${path}\nAuthorization: Bearer ${token}`,
    );
  }

  /** The parts of an ID token, and whose signature it is by the keys that are published. */
  async decode(token: string): Promise<DecodedToken> {
    const answer = await this.#fetch(`${this.#issuer}/jwks`, { method: 'GET', headers: {} });
    const keys = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
    const verified = await jwtVerify(token, keys, { issuer: this.#issuer }).catch(() => null);
    return {
      header: asText(decodeProtectedHeader(token)),
      payload: asText(decodeJwt(token)),
      kid: verified?.protectedHeader.kid ?? null,
    };
  }

  async #call(what: string, path: string, call: Parameters<SelfFetch>[1], request: string): Promise<Json> {
    const answer = await this.#fetch(this.#issuer + path, call);
    const text = await answer.text();
    const json = parse(text);
    this.exchanges.push({ what, request, status: answer.status, response: json ? asText(json) : text });
    return json ?? {};
  }
}

type Json = Readonly<Record<string, unknown>>;

function parse(text: string): Json | null {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function asText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
