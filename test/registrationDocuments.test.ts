/**
 * Random registration documents: each makes a relying party that works, or gets an error that says what to
 * mend.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { CLIENT_PROFILES, type ClientProfile } from '../src/domain/relyingParty/policy.ts';
import { findClientRegistration } from '../src/db/oidc/clientRegistrations.ts';
import {
  askRegistration,
  aToken,
  authRequest,
  TestBrowser,
  registerClient,
  useNodes,
  longToo,
} from './support/index.ts';

const nodes = useNodes({ quickCommits: true, waitsForApproval: false });

const ODD = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    -1,
    1e308,
    '',
    ' ',
    '\u0000',
    '__proto__',
    'constructor',
    '𝕏',
    'x'.repeat(5_000),
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const key = fc.oneof(
  fc.constant({
    kty: 'EC',
    crv: 'P-256',
    x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
    y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
  }),
  fc.record({
    kty: fc.constantFrom('EC', 'RSA', 'oct', 'OKP', 'XX', ''),
    crv: fc.constantFrom('P-256', 'x'),
    x: ODD,
    n: ODD,
  }),
  ODD,
);
const uri = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('https://a.example/cb', 'https://b.example/cb?x=1', 'https://a.example'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('http://127.0.0.1:4000/cb', 'http://127.0.0.1/cb', 'dk.example.app:/cb'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'http://a.example/',
      'https://a.example/#x',
      'https://A.example/',
      'x',
      '//a/',
    ),
  },
  { weight: 1, arbitrary: ODD },
);
const maybe = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: ODD });

const FIELDS = {
  redirect_uris: maybe(fc.array(uri, { minLength: 1, maxLength: 4 })),
  client_name: maybe(fc.constantFrom('Randers', 'Ærø & Søn', 'x')),
  'client_name#da': maybe(fc.constant('Kommunen')),
  name_da: maybe(fc.constant('Banken')),
  token_endpoint_auth_method: maybe(
    fc.constantFrom(
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'none',
      'client_secret_jwt',
    ),
  ),
  post_logout_redirect_uris: maybe(fc.array(uri, { maxLength: 2 })),
  backchannel_logout_uri: maybe(uri),
  jwks: maybe(fc.record({ keys: fc.array(key, { maxLength: 3 }) })),
  jwks_uri: maybe(uri),
  scope: maybe(
    fc.constantFrom('openid', 'openid profile ssn', 'profile', 'openid unknown', 'openid  openid'),
  ),
  grant_types: maybe(fc.subarray(['authorization_code', 'refresh_token', 'implicit', 'client_credentials'])),
  response_types: maybe(fc.subarray(['code', 'id_token', 'code id_token', 'none'])),
  application_type: maybe(fc.constantFrom('web', 'native', 'service')),
  id_token_signed_response_alg: maybe(fc.constantFrom('ES256', 'RS256', 'HS256', 'none')),
  userinfo_signed_response_alg: maybe(fc.constantFrom('ES256', 'HS256')),
  id_token_encrypted_response_alg: maybe(fc.constantFrom('dir', 'A128KW', 'RSA-OAEP')),
  request_object_signing_alg: maybe(fc.constantFrom('HS256', 'ES256')),
  token_endpoint_auth_signing_alg: maybe(fc.constantFrom('HS256', 'ES256')),
  subject_type: maybe(fc.constantFrom('pairwise', 'public')),
  sector_identifier_uri: maybe(uri),
  default_max_age: maybe(fc.integer()),
  require_auth_time: maybe(fc.boolean()),
  default_acr_values: maybe(fc.array(fc.constantFrom('x', 'https://data.gov.dk/concept/core/nsis/loa/Low'))),
  initiate_login_uri: maybe(uri),
  contacts: maybe(fc.array(fc.constantFrom('a@b.example', 'x'))),
  logo_uri: maybe(uri),
  logo: ODD,
  client_uri: maybe(uri),
  kind: maybe(fc.constantFrom('bank', 'internal')),
  trusted: maybe(fc.boolean()),
  min_acr: maybe(fc.constantFrom('https://data.gov.dk/concept/core/nsis/loa/Low', 'x')),
  require_fresh_key: maybe(fc.boolean()),
  dpop_bound_access_tokens: maybe(fc.boolean()),
  client_id: ODD,
  client_secret: ODD,
  registration_access_token: ODD,
  software_statement: ODD,
};
/**
 * Contains what every registration needs, so that the rest of a document is reached; and a few fields at a
 * time.
 */
const documents = fc
  .tuple(
    fc.record(FIELDS),
    fc.subarray(Object.keys(FIELDS), { minLength: 1, maxLength: 5 }),
    fc.dictionary(fc.string({ maxLength: 12 }), ODD, { maxKeys: 2 }),
  )
  .map(([fields, chosen, strange]) => ({
    ...strange,
    redirect_uris: ['https://a.example/cb'],
    client_name: 'Randers',
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => chosen.includes(name))),
  }));

const ERRORS = ['invalid_redirect_uri', 'invalid_client_metadata', 'invalid_request'];

longToo('random documents', { short: 150, long: 1_000 }, async (count) => {
  const counts = { made: 0, refused: 0 };
  const tokens = new Map<ClientProfile, string>();
  for (const [i, body] of fc.sample(documents, count).entries()) {
    const profile = CLIENT_PROFILES[i % CLIENT_PROFILES.length] ?? 'web';
    const token = tokens.get(profile) ?? (await aToken(nodes, { profile, scope: 'openid profile' }));
    tokens.set(profile, token);
    const { status, json, text } = await registerClient(nodes, { token, body });
    const document = JSON.stringify(body);
    if (status === 201) {
      counts.made += 1;
      tokens.delete(profile);
      await looksRight(json, document);
      continue;
    }
    counts.refused += 1;
    expect([document, status, text, ERRORS.includes(String(json['error']))]).toEqual([
      document,
      400,
      text,
      true,
    ]);
    expect(String(json['error_description'])).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]{10,}$/);
  }
  console.info(JSON.stringify(counts));
  expect(Math.min(counts.made, counts.refused)).toBeGreaterThan(count / 10);
});

async function looksRight(json: Record<string, unknown>, document: string): Promise<void> {
  const clientId = String(json['client_id']);
  const found = await findClientRegistration(nodes.context.database, clientId);
  expect([document, found?.state, found?.rp.kind, found?.rp.trusted]).toEqual([
    document,
    'active',
    'public',
    false,
  ]);
  expect(relyingPartySchema.safeParse(found?.rp).success).toBe(true);
  expect((found?.rp.scope ?? '').split(' ').every((one) => ['openid', 'profile'].includes(one))).toBe(true);
  const got = await askRegistration(nodes, 'GET', `/reg/${clientId}`, {
    token: String(json['registration_access_token']),
  });
  expect([document, got.status, got.json['redirect_uris']]).toEqual([document, 200, json['redirect_uris']]);
  for (const redirectUri of json['redirect_uris'] as string[]) {
    const rp = { clientId, clientSecret: '', redirectUri, scope: 'openid' };
    const page = await new TestBrowser(nodes).follow(authRequest(rp, { scope: 'openid' }).path);
    expect([document, redirectUri, page.page]).toEqual([document, redirectUri, 'password']);
  }
}

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['a word', '"x"'],
  ['null', 'null'],
  ['too much', JSON.stringify({ client_name: 'x'.repeat(100_000) })],
  ['too deep', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['a key twice', '{"redirect_uris":["https://a.example/"],"redirect_uris":1,"client_name":"x"}'],
  ['a prototype', '{"__proto__":{"kind":"bank"},"constructor":{"prototype":{}},"client_name":"x"}'],
])('no document at all: %s', async (_what, text) => {
  const { status, json } = await askRegistration(nodes, 'POST', '/reg', { token: await aToken(nodes), text });
  expect([status, ERRORS.includes(String(json['error']))]).toEqual([400, true]);
});
