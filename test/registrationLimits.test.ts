/**
 * What a registration and its keys cannot cause, regardless of how they change and what its server answers.
 */
import { expect, test } from '@jest/globals';
import { changeRelyingParty, findClientRegistration } from '../src/db/oidc/clientRegistrations.ts';
import { approveClient, updateClientByOperator } from '../src/features/relyingParties/registrations.ts';
import {
  aKey,
  aRelyingParty,
  askRegistration,
  authRequest,
  TestBrowser,
  type ClientKey,
  DOCUMENT,
  redeemCode,
  registerClient,
  signInAtNode,
  signInWithKey,
  type TestRelyingParty,
  useNodes,
  usePerson,
  useServer,
} from './support/index.ts';

const published = new Map<string, object | null>();
const asked: string[] = [];
let headers: Record<string, string> = {};
const site = useServer((req, res) => {
  asked.push(req.url ?? '');
  const body = published.get(req.url ?? '');
  res.writeHead(body ? 200 : 500, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify(body ?? {}));
});
const nodes = useNodes(() => ({ count: 2, privateOrigins: [site.origin] }));
const person = usePerson(nodes);

const statusWith = async (rp: TestRelyingParty, key: ClientKey) =>
  (await signInWithKey(nodes, { rp, person }, key)).status;

const aKeyParty = async (path: string) =>
  await aRelyingParty(nodes, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: site.origin + path });
const moment = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

test('keys of the former address are no one’s when a relying party moved its keys, also while the new one is away', async () => {
  const stolen = await aKey('stolen');
  published.set('/old', { keys: [stolen.jwk] });
  published.set('/new', null);
  const rp = await aKeyParty('/old');
  expect(await statusWith(rp, stolen)).toBe(200);
  const before = await findClientRegistration(nodes.context.database, rp.clientId);
  const moved = { ...before!.rp, jwks_uri: `${site.origin}/new` };
  expect(
    await changeRelyingParty(nodes.context.database, {
      rp: moved,
      version: before!.version,
      proposed: null,
      policy: null,
    }),
  ).toBe(true);
  await moment(2_000);
  expect(await statusWith(rp, stolen)).toBe(401);
});

test('of ten concurrent changes to what was read once, one is made', async () => {
  const made = await registerClient(nodes);
  const id = String(made.json['client_id']);
  const { rp, version } = (await findClientRegistration(nodes.context.database, id))!;
  const changes = Array.from({ length: 10 }, async (_, i) => {
    const change = { rp: { ...rp, name_da: `Navn ${i}` }, version, proposed: null, policy: null };
    return await changeRelyingParty(nodes.node(i).app.context.database, change);
  });
  expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
  expect((await findClientRegistration(nodes.context.database, id))!.version).toBe(version + 1);
});

test('a relying party that names no logo keeps the one that operators put there', async () => {
  const made = await registerClient(nodes);
  const id = String(made.json['client_id']);
  const picture = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex');
  const { version } = (await findClientRegistration(nodes.context.database, id))!;
  await approveClient(nodes.context, id, version, picture);
  const { logo } = (await findClientRegistration(nodes.context.database, id))!.rp;
  expect(logo).toMatch(/^data:image\/png;/);
  const token = String(made.json['registration_access_token']);
  const changed = await askRegistration(nodes, 'PUT', `/reg/${id}`, {
    token,
    body: { ...DOCUMENT, client_id: id },
  });
  expect([changed.status, changed.json['state']]).toEqual([200, 'active']);
  const { rp, proposed } = (await findClientRegistration(nodes.context.database, id))!;
  expect([rp.logo, proposed]).toEqual([logo, null]);
  // A logo that the registration names is reviewed first.
  const own = `data:image/png;base64,${Buffer.concat([picture, Buffer.from([0])]).toString('base64')}`;
  const body = { ...DOCUMENT, client_id: id, logo: own };
  expect((await askRegistration(nodes, 'PUT', `/reg/${id}`, { token, body })).json['state']).toBe(
    'change_pending',
  );
  const now = (await findClientRegistration(nodes.context.database, id))!;
  expect([now.rp.logo, now.proposed?.logo]).toEqual([logo, own]);
});

test('what an operator took from a relying party, it does not restore itself', async () => {
  const made = await registerClient(nodes, { policy: { scope: 'openid profile ssn', trusted: true } });
  const id = String(made.json['client_id']);
  const stands = async () => (await findClientRegistration(nodes.context.database, id))!;
  await approveClient(nodes.context, id, (await stands()).version, null);
  const { rp } = await stands();
  const { client_secret: _secret, client_id: _id, ...rest } = rp;
  const narrowed = { ...rest, scope: 'openid', trusted: false, require_fresh_key: true };
  await updateClientByOperator(nodes.context, id, narrowed, { issuer: nodes.issuer, loopback: false });
  expect((await stands()).rp).toMatchObject({ scope: 'openid', trusted: false, require_fresh_key: true });
  const body = { ...DOCUMENT, client_id: id };
  await askRegistration(nodes, 'PUT', `/reg/${id}`, {
    token: String(made.json['registration_access_token']),
    body,
  });
  const { scope, trusted, require_fresh_key } = (await stands()).rp;
  expect({ scope, trusted, require_fresh_key }).toEqual({
    scope: 'openid',
    trusted: false,
    require_fresh_key: true,
  });
});

test('keys that are megabytes long are not kept', async () => {
  const key = await aKey('large');
  published.set('/large', { keys: [{ ...key.jwk, pad: 'x'.repeat(20_000_000) }] });
  const rp = await aKeyParty('/large');
  await statusWith(rp, key);
  await moment(1_000);
  const [row] = await nodes.database.query<{ size: number }>(
    `SELECT coalesce(length(seen_jwks::text), 0)::int AS size FROM relying_parties WHERE client_id = '${rp.clientId}'`,
  );
  expect(row!.size).toBeLessThan(200_000);
});

test('a relying party that no one has reviewed makes Nøgle call no one', async () => {
  published.set('/pending', { keys: [] });
  const rp = await aKeyParty('/pending');
  await nodes.database.query(
    `UPDATE relying_parties SET state = 'pending' WHERE client_id = '${rp.clientId}'`,
  );
  asked.length = 0;
  expect((await new TestBrowser(nodes).follow(authRequest(rp).path)).page).not.toBe('password');
  await moment(500);
  expect(asked).toEqual([]);
});

test('a relying party whose secret was kept by the previous version is still itself', async () => {
  const rp = await aRelyingParty(nodes);
  const storedHash = nodes.context.keyring.hmac('clientSecrets', rp.clientSecret).toString('base64url');
  await nodes.database.query(
    `UPDATE relying_parties SET metadata = metadata || '{"client_secret": "${storedHash}"}', version = version + 1
     WHERE client_id = '${rp.clientId}'`,
  );
  const request = authRequest(rp);
  const code = (await signInAtNode(new TestBrowser(nodes), person, request)).get('code') ?? '';
  expect((await redeemCode(nodes, rp, code, request.verifier)).status).toBe(200);
});

test('an address that says its keys are valid for a year is still asked', async () => {
  const { epoch, until } = await freshness({ 'cache-control': 'max-age=31536000' });
  expect(until - epoch).toBeLessThanOrEqual(61);
});

test('nor is a fault believed for a year, where no keys were read before', async () => {
  const { epoch, until } = await freshness({ 'cache-control': 'max-age=31536000' }, { fails: true });
  expect(until - epoch).toBeLessThanOrEqual(61);
});

async function freshness(
  responseHeaders: Record<string, string>,
  { fails = false } = {},
): Promise<{ epoch: number; until: number }> {
  headers = responseHeaders;
  const key = await aKey('year');
  published.set('/year', fails ? null : { keys: [key.jwk] });
  const { refreshClientKeys: keepKeys } = await import('../src/oidc/registration/clientKeys.ts');
  const { Provider } = await import('oidc-provider');
  const provider = new Provider(nodes.issuer, {
    clientAuthMethods: ['private_key_jwt'],
    fetch: (...a) => {
      const [url, options] = a;
      const { dispatcher: _d, ...rest } = (options ?? {}) as Record<string, unknown>;
      return fetch(url, rest);
    },
  });
  const metadata = {
    client_id: 'year',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${site.origin}/year`,
    redirect_uris: ['https://x.example/cb'],
    response_types: ['code'],
  };
  const client = Reflect.construct(provider.Client, [metadata]) as never;
  const { database } = nodes.context;
  const log = nodes.node(0).app.log;
  keepKeys(client, metadata as never, null, { database, log, now: () => new Date() });
  const store = Reflect.get(client, 'asymmetricKeyStore') as { refresh(): Promise<void>; freshUntil: number };
  const outcome = await store.refresh().then(
    () => 'read',
    () => 'failed',
  );
  expect(outcome).toBe(fails ? 'failed' : 'read');
  headers = {};
  return { epoch: Math.floor(Date.now() / 1000), until: store.freshUntil };
}
