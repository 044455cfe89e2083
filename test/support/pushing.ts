/** Requests that clients push, from a given address. */
import { authRequest, type TestAuthRequest } from './flow.ts';
import { request, type HttpAnswer } from './http.ts';
import type { Nodes } from './nodes.ts';
import type { TestRelyingParty } from './people.ts';

export interface PushedRequestResult extends TestAuthRequest {
  readonly answer: HttpAnswer;
}

export interface PushOptions {
  readonly address: string;
  readonly node?: number;
  readonly params?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** By a client without authentication, unless the headers have it. */
export async function pushRequest(
  nodes: Nodes,
  rp: TestRelyingParty,
  options: PushOptions,
): Promise<PushedRequestResult> {
  const { address, node = 0, params = {}, headers = {} } = options;
  const pushed = authRequest(rp, params);
  const answer: HttpAnswer = await request(nodes.node(node))
    .post('/request')
    .type('form')
    .set({ accept: 'application/json', 'x-forwarded-for': address, ...headers })
    .send(Object.fromEntries(new URL(pushed.path, nodes.issuer).searchParams));
  const { request_uri: uri = '' } = JSON.parse(answer.text) as { request_uri?: string };
  const path = `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri: uri })}`;
  return { ...pushed, path, answer };
}

export async function countWaiting(nodes: Nodes): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    'SELECT count(*)::int AS many FROM waiting_pushes WHERE expires_at > now()',
  );
  return row?.many ?? 0;
}
