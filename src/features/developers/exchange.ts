/** The calls of a relying party, each recorded as sent and received, for display. */
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import type { SelfFetch } from '../../platform/selfFetch.ts';

export interface Exchange {
  /** The purpose of the call, in one line. */
  readonly what: string;
  readonly request: string;
  readonly status: number;
  readonly response: string;
}

export interface DecodedToken {
  readonly header: string;
  readonly payload: string;
  /** The key that verified the signature; null where none did. */
  readonly kid: string | null;
}

export interface PlaygroundClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

export class ExchangeRecorder {
  readonly exchanges: Exchange[] = [];
  readonly #issuer: string;
  readonly #fetch: SelfFetch;

  constructor(issuer: string, fetch: SelfFetch) {
    this.#issuer = issuer;
    this.#fetch = fetch;
  }

  /**
   * Posts as the client, with its secret in the form (`client_secret_post`).
   *
   * @returns the JSON of the response; empty when it is not JSON.
   */
  async post(
    what: string,
    path: string,
    party: PlaygroundClient,
    fields: Record<string, string>,
  ): Promise<JsonObject> {
    const { clientId, clientSecret } = party;
    const form = new URLSearchParams({ ...fields, client_id: clientId, client_secret: clientSecret });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const shown = [...form].map(([name, value]) => `  ${name}=${value}`).join('\n');
    const head = `POST ${path}\nContent-Type: application/x-www-form-urlencoded\n\n${shown}`;
    return await this.#call(what, path, { method: 'POST', headers, body: form }, head);
  }

  /** Gets with an access token. */
  async get(what: string, path: string, token: string): Promise<JsonObject> {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    return await this.#call(
      what,
      path,
      { method: 'GET', headers },
      `GET ${path}\nAuthorization: Bearer ${token}`,
    );
  }

  /** Decodes an ID token and verifies its signature with the published keys. */
  async decode(token: string): Promise<DecodedToken> {
    const answer = await this.#fetch(`${this.#issuer}/jwks`, { method: 'GET', headers: {} });
    const keys = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
    const verified = await jwtVerify(token, keys, { issuer: this.#issuer }).catch(() => null);
    return {
      header: formatJson(decodeProtectedHeader(token)),
      payload: formatJson(decodeJwt(token)),
      kid: verified?.protectedHeader.kid ?? null,
    };
  }

  async #call(
    what: string,
    path: string,
    call: Parameters<SelfFetch>[1],
    request: string,
  ): Promise<JsonObject> {
    const answer = await this.#fetch(this.#issuer + path, call);
    const text = await answer.text();
    const json = parseJson(text);
    this.exchanges.push({ what, request, status: answer.status, response: json ? formatJson(json) : text });
    return json ?? {};
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseJson(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return null;
  }
}

function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
