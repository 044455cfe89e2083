/** A relying party that registers itself, as its developer's program does it. */
import type { PolicyInput } from '../../src/core/registration/policy.ts';
import { openRegistration } from '../../src/usecases/relyingParties/registrations.ts';
import { request, type Answer } from './http.ts';
import type { Nodes } from './nodes.ts';

type Json = Record<string, unknown>;

export interface RegistrationAnswer {
  readonly status: number;
  readonly headers: Answer['headers'];
  readonly text: string;
  readonly json: Json;
}

/** A token for one registration, as an operator gave it away. */
export async function aToken(nodes: Nodes, policy: Partial<PolicyInput> = {}): Promise<string> {
  const { token } = await openRegistration(nodes.world, { kind: 'public', ...policy });
  nodes.secrets.add(token, 'initial access token');
  return token;
}

export async function ask(
  nodes: Nodes,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  given: { token?: string; body?: unknown; text?: string; node?: number },
): Promise<RegistrationAnswer> {
  const { token, body, node = 0 } = given;
  const text = given.text ?? (body === undefined ? undefined : JSON.stringify(body));
  const answer: Answer = await request(nodes.node(node))
    .with(method, path)
    .set({
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    })
    .send(text);
  const { status, headers } = answer;
  const json = /^\s*\{/.test(answer.text) ? (JSON.parse(answer.text) as Json) : {};
  for (const name of ['client_secret', 'registration_access_token']) {
    if (typeof json[name] === 'string') nodes.secrets.add(json[name], name);
  }
  return { status, headers, text: answer.text, json };
}

export const DOCUMENT = {
  client_name: 'Randers Kommune',
  redirect_uris: ['https://selv.randers.example/cb'],
  token_endpoint_auth_method: 'client_secret_basic',
} as const;

export async function register(
  nodes: Nodes,
  given: { token?: string; policy?: Partial<PolicyInput>; body?: unknown; node?: number } = {},
): Promise<RegistrationAnswer> {
  const { body = DOCUMENT, node = 0, policy = {} } = given;
  const token = given.token ?? (await aToken(nodes, policy));
  return await ask(nodes, 'POST', '/reg', { token, body, node });
}
