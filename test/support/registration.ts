/** A relying party that registers itself, as its developer's program does. */
import type { ClientPolicyInput } from '../../src/domain/relyingParty/policy.ts';
import { openClientRegistration } from '../../src/features/relyingParties/registrations.ts';
import { request, type HttpAnswer } from './http.ts';
import type { Nodes } from './nodes.ts';

type RegistrationJson = Record<string, unknown>;

export interface RegistrationAnswer {
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
  readonly text: string;
  readonly json: RegistrationJson;
}

/** A token for one registration, as an operator issues it. */
export async function aToken(nodes: Nodes, policy: Partial<ClientPolicyInput> = {}): Promise<string> {
  const { token } = await openClientRegistration(nodes.context, { kind: 'public', ...policy });
  nodes.secrets.add(token, 'initial access token');
  return token;
}

export async function askRegistration(
  nodes: Nodes,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  options: { token?: string; body?: unknown; text?: string; node?: number },
): Promise<RegistrationAnswer> {
  const { token, body, node = 0 } = options;
  const text = options.text ?? (body === undefined ? undefined : JSON.stringify(body));
  const answer: HttpAnswer = await request(nodes.node(node))
    .with(method, path)
    .set({
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    })
    .send(text);
  const { status, headers } = answer;
  const json = /^\s*\{/.test(answer.text) ? (JSON.parse(answer.text) as RegistrationJson) : {};
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

export async function registerClient(
  nodes: Nodes,
  options: { token?: string; policy?: Partial<ClientPolicyInput>; body?: unknown; node?: number } = {},
): Promise<RegistrationAnswer> {
  const { body = DOCUMENT, node = 0, policy = {} } = options;
  const token = options.token ?? (await aToken(nodes, policy));
  return await askRegistration(nodes, 'POST', '/reg', { token, body, node });
}
