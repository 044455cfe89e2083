/**
 * A relying party publishes its keys at its own jwks_uri: its outage stops no one, and a withdrawn key is
 * soon refused.
 */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import {
  aKey,
  aRelyingParty,
  type ClientKey,
  expectWithin,
  request,
  signInWithKey,
  type TestRelyingParty,
  useNodes,
  usePerson,
  useServer,
  timedToo,
} from './support/index.ts';

/** Its server: answers with its keys, fails, or does not answer. */
let way: 'answers' | 'fails' | 'hangs' = 'answers';
let asked = 0;
let published: object[] = [];
const site = useServer((_req, res) => {
  asked += 1;
  if (way === 'hangs') return;
  res.writeHead(way === 'answers' ? 200 : 500, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ keys: published }));
});
const nodes = useNodes(() => ({ count: 2, privateOrigins: [site.origin] }));
const person = usePerson(nodes);
let rp: TestRelyingParty;
beforeAll(async () => {
  rp = await aRelyingParty(nodes, {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${site.origin}/jwks`,
  });
});

const signInWith = async (key: ClientKey, node = 0) => await signInWithKey(nodes, { rp, person, node }, key);

timedToo(
  'away after its keys were read once: sign-ins continue, on every node and after a restart',
  async () => {
    const key = await aKey('first');
    published = [key.jwk];
    expect((await signInWith(key)).status).toBe(200);
    for (const bad of ['fails', 'hangs'] as const) {
      way = bad;
      for (const node of [0, 1])
        expect([bad, node, (await signInWith(key, node)).status]).toEqual([bad, node, 200]);
      await nodes.restart();
      asked = 0;
      const { status, atRp } = await signInWith(key, 1);
      expect([bad, status]).toEqual([bad, 200]);
      // A sign-in never waits for a server of the relying party.
      expectWithin(atRp, 2_000);
    }
    way = 'answers';
  },
);

test('a key that it took back is bad when it was read again, a new one good at once', async () => {
  const [old, young] = [await aKey('old'), await aKey('young')];
  published = [old.jwk];
  await nodes.restart();
  expect((await signInWith(old)).status).toBe(200);
  published = [young.jwk];
  // As if the minute had passed in which the keys are not read again: only the database keeps them.
  await nodes.restart();
  expect((await signInWith(young)).status).toBe(200);
  expect((await signInWith(old)).status).toBe(401);
});

test('a key that was never read cannot be made up for', async () => {
  const key = await aKey('never');
  const other = await aRelyingParty(nodes, {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://keys.nowhere.invalid/jwks',
  });
  const before = rp;
  rp = other;
  expect((await signInWith(key)).status).toBe(401);
  rp = before;
});

/** Unusable members of a key set, each next to usable ones. */
function oddMembers(good: object): object[] {
  const rsa = (bits: number) =>
    generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
  const { n: _n, ...withoutN } = rsa(2_048);
  return [
    { ...withoutN, kid: 'without n' },
    { ...good, kid: 'no use', use: null },
    { ...good, kid: 'no alg', alg: 7 },
    { ...good, kid: 'no kty', kty: undefined },
    { ...good, kid: 'unknown', kty: 'NEW' },
    { ...good, kid: 'its private part', d: 'AAAA' },
    { ...good, kid: 'on no curve', y: 'AAAA' },
    { ...good, kid: 'short', x5c: 'no list' },
    { ...rsa(1_024), kid: 'too short' },
    { kty: 'oct', k: 'AAAA' },
  ];
}

test('members that cannot be used are left out, and all good keys work, whatever was read before', async () => {
  const [first, second] = [await aKey('first'), await aKey('second')];
  published = [first.jwk];
  await nodes.restart();
  expect((await signInWith(first)).status).toBe(200);
  published = [
    ...oddMembers(first.jwk),
    first.jwk,
    second.jwk,
    { ...first.jwk, kid: 'second' },
    7 as never,
    null as never,
  ];
  await nodes.restart();
  for (const key of [first, second]) expect((await signInWith(key, 1)).status).toBe(200);
  // The last set read counts, also for keys that it no longer has.
  published = [...oddMembers(second.jwk), second.jwk];
  await nodes.restart();
  expect((await signInWith(second)).status).toBe(200);
  expect((await signInWith(first)).status).toBe(401);
}, 30_000);

test('a set of which nothing can be read leaves the one before', async () => {
  const key = await aKey('kept');
  published = [key.jwk];
  await nodes.restart();
  expect((await signInWith(key)).status).toBe(200);
  for (const bad of [oddMembers(key.jwk), [7 as never]]) {
    published = bad;
    await nodes.restart();
    expect((await signInWith(key)).status).toBe(200);
  }
});

test('the same of keys that a registration names itself', async () => {
  const [one, two] = [await aKey('one'), await aKey('two')];
  const keys = [...oddMembers(one.jwk).filter((key) => !('d' in key) && !('k' in key)), one.jwk, two.jwk];
  const named = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: keys as never } } as const;
  const other = await aRelyingParty(nodes, named);
  for (const key of [one, two])
    expect((await signInWithKey(nodes, { rp: other, person }, key)).status).toBe(200);
});

test('Ed25519 and EdDSA are two names for one key, in the registration and in the assertion', async () => {
  const key = await aKey('ed', 'EdDSA');
  const es = await aKey('es');
  const anyName = [
    { ...key.jwk, alg: 'EdDSA' },
    { ...key.jwk, alg: 'Ed25519' },
    { ...key.jwk, alg: undefined },
  ];
  for (const registered of [undefined, 'EdDSA', 'Ed25519'] as const) {
    for (const jwk of anyName) {
      const rpOfIt = await aRelyingParty(nodes, {
        token_endpoint_auth_method: 'private_key_jwt',
        ...(registered ? { token_endpoint_auth_signing_alg: registered } : {}),
        jwks: { keys: [JSON.parse(JSON.stringify(jwk)) as Record<string, unknown>, { ...es.jwk }] },
      });
      for (const alg of ['EdDSA', 'Ed25519']) {
        const { status } = await signInWithKey(nodes, { rp: rpOfIt, person }, key, alg);
        expect([registered, jwk.alg, alg, status]).toEqual([registered, jwk.alg, alg, 200]);
      }
      const { status } = await signInWithKey(nodes, { rp: rpOfIt, person }, es);
      expect([registered, status]).toEqual([registered, registered ? 401 : 200]);
    }
  }
  published = [{ ...key.jwk, alg: 'EdDSA' }];
  await nodes.restart();
  expect((await signInWithKey(nodes, { rp, person }, key, 'Ed25519')).status).toBe(200);
  const discovery = await request(nodes.node(0)).get('/.well-known/openid-configuration');
  const { token_endpoint_auth_signing_alg_values_supported: supportedAlgs } = JSON.parse(
    discovery.text,
  ) as Record<string, string[]>;
  expect(supportedAlgs).toEqual(['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519']);
}, 60_000);
