/**
 * One table of client metadata: every value that a relying party may set is stored, shown to it and to
 * operators, and returned unchanged; the same holds for every value that operators set.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import { OWN_NAMES, type MetadataName, type OwnField } from '../src/domain/relyingParty/metadataFields.ts';
import { readStoredRelyingParty, relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { addClientByOperator } from '../src/features/relyingParties/registrations.ts';
import { askRegistration, aToken, Nodes, registerClient } from './support/index.ts';

let nodes: Nodes;
beforeAll(async () => {
  nodes = await Nodes.start();
});
afterAll(() => nodes.close());

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';
const WAY = 'Kom til Borgerservice, Rådhustorvet 4, 8900 Randers, eller ring på 89 15 15 15.';

/** No value equals its default. Adding a field without a value here does not compile. */
const SAID: Readonly<Record<OwnField, unknown>> = {
  application_type: 'web',
  token_endpoint_auth_method: 'private_key_jwt',
  redirect_uris: ['https://a.example/cb', 'https://b.example/cb'],
  post_logout_redirect_uris: ['https://a.example/out'],
  backchannel_logout_uri: 'https://a.example/logout',
  backchannel_logout_session_required: false,
  grant_types: ['authorization_code'],
  scope: 'openid',
  token_endpoint_auth_signing_alg: 'ES256',
  id_token_signed_response_alg: 'RS256',
  jwks: { keys: [KEY] },
  jwks_uri: 'https://a.example/jwks',
  logo: `data:image/png;base64,${DOT}`,
  client_uri: 'https://a.example/',
  purpose_da: 'Flytning, pas og byggesager.',
  purpose_en: 'Moving, passports and building permits.',
  without_da: WAY,
  without_en: WAY,
  min_acr: LOW,
  min_proofing: SUBSTANTIAL,
  require_fresh_key: true,
  require_pushed_authorization_requests: true,
  dpop_bound_access_tokens: true,
};
/** The values that operators decide. */
const DECIDED: Readonly<Record<Exclude<MetadataName, OwnField>, unknown>> = {
  client_id: 'everything',
  client_secret: undefined,
  kind: 'bank',
  trusted: true,
  sector_identifier_uri: 'https://a.example/sector',
  name_da: 'Alt',
  name_en: 'Everything',
  require_pkce: false,
  cors_origins: ['https://app.example'],
};

/** Two fields that exclude each other, tried one at a time. */
const LEFT_OUT = ['jwks', 'jwks_uri'] as const;

const without = (all: Readonly<Record<string, unknown>>, name: string) =>
  Object.fromEntries(Object.entries(all).filter(([key, value]) => key !== name && value !== undefined));

async function stored(clientId: string): Promise<Record<string, unknown>> {
  const [row] = await nodes.database.query<{ metadata: Record<string, unknown> }>(
    'SELECT metadata FROM relying_parties WHERE client_id = $1',
    [clientId],
  );
  return row?.metadata ?? {};
}

test.each(LEFT_OUT)('what a relying party says of itself comes back, all but %s', async (leftOut) => {
  const ownFields = without(SAID, leftOut);
  expect(Object.keys(ownFields)).toHaveLength(OWN_NAMES.length - 1);
  const policy = { kind: 'public', scope: 'openid profile', min_acr: LOW } as const;
  const token = await aToken(nodes, policy);
  const made = await registerClient(nodes, { token, body: { ...ownFields, client_name: 'Alt' } });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  expect(made.json).toMatchObject(ownFields);

  const clientId = String(made.json['client_id']);
  const storedRow = await stored(clientId);
  expect(storedRow).toMatchObject(ownFields);
  // The answer has all that is stored: the provider omits nothing.
  expect(made.json).toMatchObject(storedRow);

  const own = String(made.json['registration_access_token']);
  const path = `/reg/${clientId}`;
  const got = await askRegistration(nodes, 'GET', path, { token: own });
  expect(got.json).toMatchObject(storedRow);
  const { registration_access_token: _t, registration_client_uri: _u, state: _s, ...body } = got.json;
  expect((await askRegistration(nodes, 'PUT', path, { token: own, body })).json).toMatchObject(storedRow);
  expect(await stored(clientId)).toEqual(storedRow);
});

test.each(LEFT_OUT)('what operators write is stored, and read again, all but %s', async (leftOut) => {
  const written = { ...without(SAID, leftOut), ...without(DECIDED, ''), client_id: `all-but-${leftOut}` };
  const input = { ...written, client_id: written.client_id.replace('_', '-') };
  const rules = { issuer: nodes.issuer, loopback: false };
  const { clientId } = await addClientByOperator(nodes.context, input, rules);
  const storedRow = await stored(clientId);
  expect(storedRow).toEqual(input);
  expect(readStoredRelyingParty(storedRow)).toEqual(input);
});

test('an address in any field is held to what is asked of such addresses', async () => {
  const rules = { issuer: nodes.issuer, loopback: false };
  const input = { ...without(SAID, 'jwks'), ...without(DECIDED, ''), client_id: 'addresses' };
  expect(relyingPartySchema.safeParse(input).success).toBe(true);
  const wrong = 'https://user@a.example/x';
  for (const field of Object.keys(input).filter((name) => /_uris?$/.test(name))) {
    // The sector identifier is an address that is never fetched.
    if (field === 'sector_identifier_uri') continue;
    const value = field.endsWith('s') ? [wrong] : wrong;
    await expect(addClientByOperator(nodes.context, { ...input, [field]: value }, rules)).rejects.toThrow(
      'user name',
    );
    const body = { ...without(SAID, 'jwks'), client_name: 'Alt', [field]: value };
    const { status, json } = await registerClient(nodes, { token: await aToken(nodes), body });
    expect([field, status, json['error_description']]).toEqual([
      field,
      400,
      `${field}: ${wrong} has a user name in it`,
    ]);
  }
});
