/** Relying parties as operators handle them: the commands as built, next to nodes that serve people. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';
import { beforeAll, expect, test } from '@jest/globals';
import type { CommandOutcome } from '../src/cli/keys.ts';
import { createCommandRecorder } from '../src/cli/operator.ts';
import {
  runAccessTokensCommand,
  runRelyingPartiesCommand,
  type RelyingPartyOptions,
} from '../src/cli/relyingParty.ts';
import {
  aKey,
  aPerson,
  asRelyingParty,
  authRequest,
  TestBrowser,
  commandEnv,
  registerClient,
  readReturnedCode,
  runCli,
  signInWithKey,
  type TestRelyingParty,
  useFolder,
  useNodes,
  expectWithin,
  timedToo,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });
const folder = useFolder('cli');
let env: Record<string, string>;
beforeAll(async () => {
  env = await commandEnv(nodes, folder);
});

/** The command as built, as a separate process. */
const run = async (...args: string[]) => await runCli(args, env);
/** The function that such a process calls; starting a process for each would take most of the time. */
async function within(args: string[], options: RelyingPartyOptions = {}): Promise<CommandOutcome> {
  const [command, ...rest] = args;
  const record = createCommandRecorder({ account: 'root', by: 'Erik' }, `${command} ${rest[0]}`);
  const work = command === 'relying-party' ? runRelyingPartiesCommand : runAccessTokensCommand;
  const outcome = await work(nodes.node(0).app, { issuer: nodes.issuer }, rest, options, record);
  if (!outcome) throw new Error('Usage:');
  return outcome;
}
const stderrOf = async (args: string[], options: RelyingPartyOptions = {}) =>
  await within(args, options).then(
    () => '',
    (error: Error) => error.message,
  );
async function runJson(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}
async function aFile(name: string, content: string | Buffer): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

const SKAT = {
  client_id: 'skat',
  kind: 'public',
  name_da: 'Skat',
  name_en: 'The tax office',
  redirect_uris: ['https://skat.example/cb'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'openid profile ssn',
  sector_identifier_uri: 'https://skat.example/sector',
  trusted: true,
};

/** A PNG of one dot. */
function png(): Buffer {
  const chunk = (type: string, content: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const begin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const dots = deflateSync(Buffer.from([0, 11, 74, 111]));
  return Buffer.concat([begin, chunk('IHDR', head), chunk('IDAT', dots), chunk('IEND', Buffer.alloc(0))]);
}

const begins = async (clientId: string, redirectUri: string) => {
  const rp: TestRelyingParty = { clientId, clientSecret: '', redirectUri, scope: 'openid' };
  return (
    (await new TestBrowser(nodes, 1).follow(authRequest(rp, { scope: 'openid' }).path)).page === 'password'
  );
};
async function within2s(what: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await what())) {
    if (performance.now() - startedAt > 60_000) throw new Error('never');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expectWithin(performance.now() - startedAt, 2_000);
}

timedToo(
  'added, shown, changed, given a new secret, removed; each within two seconds on nodes that run',
  async () => {
    const added = await runJson('relying-party', 'add', await aFile('skat.json', JSON.stringify(SKAT)));
    const first = String(added['clientSecret']);
    nodes.secrets.add(first, 'client secret');
    await within2s(() => begins('skat', 'https://skat.example/cb'));
    const works = async (clientSecret: string) => {
      const rp = { clientId: 'skat', clientSecret, redirectUri: '', scope: '' };
      return (await asRelyingParty(nodes, rp, '/token/revocation', { token: 'none' }, 1)).status === 200;
    };
    expect(await works(first)).toBe(true);

    const { text: shown } = await within(['relying-party', 'show', 'skat']);
    expect([shown.includes(first), /hmac/.test(shown)]).toEqual([false, false]);
    expect((await within(['relying-party', 'list'])).text).toMatch(
      /^skat {2}public, active, version 1: Skat$/m,
    );

    const moved = { ...SKAT, redirect_uris: ['https://skat.example/new'] };
    await within(['relying-party', 'update', 'skat', await aFile('new.json', JSON.stringify(moved))]);
    await within2s(() => begins('skat', 'https://skat.example/new'));
    expect(await begins('skat', 'https://skat.example/cb')).toBe(false);
    expect(await works(first)).toBe(true);

    const { json: rotated } = await within(['relying-party', 'rotate-secret', 'skat']);
    const second = (rotated as { clientSecret: string }).clientSecret;
    nodes.secrets.add(second, 'client secret');
    await within2s(() => works(second));
    expect(await works(first)).toBe(false);

    await within(['relying-party', 'remove', 'skat']);
    await within2s(async () => !(await begins('skat', 'https://skat.example/new')));
    const again = await stderrOf(['relying-party', 'add', await aFile('skat.json', JSON.stringify(SKAT))]);
    expect(again).toBe('skat is, or was, another relying party');
  },
);

test('opened, registered, looked at, approved with a logo of the operators', async () => {
  const created = await runJson(
    'initial-access-token',
    'create',
    '--kind',
    'bank',
    '--scope',
    'openid profile',
  );
  const token = String(created['token']);
  nodes.secrets.add(token, 'initial access token');
  expect(created['registrationEndpoint']).toBe(`${nodes.issuer}/reg`);
  const made = await registerClient(nodes, { token });
  const id = String(made.json['client_id']);
  expect([made.status, made.json['kind']]).toEqual([201, 'bank']);
  const { version, state } = (await within(['relying-party', 'show', id])).json as Record<string, unknown>;
  expect(state).toBe('pending');
  const logo = await aFile('logo.png', png());
  const drawing = await aFile('logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const approve = ['relying-party', 'approve', id];
  expect(await stderrOf(approve, { version: String(version), logo: drawing })).toContain('PNG, JPEG or WebP');
  expect(await stderrOf(approve, { version: '77' })).toContain('look at it again');
  expect(await stderrOf(approve)).toContain('Usage:');
  expect((await run(...approve, '--version', String(version), '--logo', logo)).code).toBe(0);
  await within2s(() => begins(id, 'https://selv.randers.example/cb'));
});

test('what is written wrongly is reported, all of it together, and nothing is done', async () => {
  const faults = { ...SKAT, client_id: 'Skat!', redirect_uris: [], scope: 'everything', kind: 'internal' };
  const file = await aFile('bad.json', JSON.stringify(faults));
  const { code, stderr } = await run('relying-party', 'add', file);
  expect(code).toBe(1);
  for (const field of ['client_id', 'redirect_uris', 'scope']) expect(stderr).toContain(`- ${field}: `);
  const inside = {
    ...SKAT,
    client_id: 'inside',
    redirect_uris: ['http://skat.example/cb', 'https://a.example/#x'],
  };
  const refused = await stderrOf([
    'relying-party',
    'add',
    await aFile('inside.json', JSON.stringify(inside)),
  ]);
  expect(refused.split('\n')).toHaveLength(2);
  expect(await stderrOf(['relying-party', 'show', 'nobody'])).toContain('there is no relying party nobody');
  expect(await stderrOf(['initial-access-token', 'create'], { kind: 'internal' })).toContain('- kind: ');
  expect(await stderrOf(['initial-access-token', 'create'])).toBe('Usage:');
  const nowhere = await run('relying-party', 'add', path.join(folder, 'nowhere.json'));
  expect([nowhere.code, nowhere.stderr.endsWith('nowhere.json is not there\n')]).toEqual([1, true]);
  const dance = await run('relying-party', 'dance');
  expect([dance.code, dance.stderr.includes('Usage: node dist/cli.js')]).toEqual([1, true]);
  const [left] = await nodes.database.query<{ many: number }>(
    `SELECT count(*)::int AS many FROM relying_parties WHERE client_id IN ('Skat!', 'inside')`,
  );
  expect(left?.many).toBe(0);
});

/** Unusable key sets, and a word of the error for each. */
async function badKeySets(): Promise<(readonly [said: string, fields: object])[]> {
  const good = (await aKey('good')).jwk;
  const rsa = (bits: number) =>
    generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
  const { n: _n, ...withoutN } = rsa(2_048);
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
  const set = (...keys: object[]) => ({ jwks: { keys } });
  return [
    ['RSA without n', set(withoutN)],
    ['P-384', set(p384)],
    ['no key', set()],
    ['1024 bits', set(rsa(1_024))],
    ['for enc', set({ ...good, use: 'enc' })],
    ['use that is no text', set({ ...good, use: null })],
    ['kty that is not understood', set({ ...good, kty: 'NEW' })],
    ['kty that is not understood', set({})],
    ['no point or number', set({ ...good, y: 'AAAA' })],
    ['verifies RS256', { ...set(good), token_endpoint_auth_signing_alg: 'RS256' }],
    ['private', set({ ...good, d: 'AAAA' })],
    ['token_endpoint_auth_signing_alg', { ...set(good), token_endpoint_auth_signing_alg: 'HS256' }],
  ];
}

test('keys with which no one could sign in are reported at add and at update, and no one is taken down', async () => {
  const key = await aKey('live');
  const live = { ...SKAT, client_id: 'live', token_endpoint_auth_method: 'private_key_jwt' };
  const good = { ...live, jwks: { keys: [key.jwk] } };
  await within(['relying-party', 'add', await aFile('live.json', JSON.stringify(good))]);
  const rp: TestRelyingParty = {
    clientId: 'live',
    clientSecret: '',
    redirectUri: 'https://skat.example/cb',
    scope: '',
  };
  const person = await aPerson(nodes);
  const works = async () => (await signInWithKey(nodes, { rp, person }, key)).status;
  expect(await works()).toBe(200);
  for (const [index, [message, fields]] of (await badKeySets()).entries()) {
    const file = await aFile(
      'bad-keys.json',
      JSON.stringify({ ...live, ...fields, client_id: `bad-${index}` }),
    );
    for (const words of [
      ['add', file],
      ['update', 'live', file],
    ]) {
      const fault = await stderrOf(['relying-party', ...words]);
      expect([index, words[0], fault]).toEqual([index, words[0], expect.stringContaining('- ')]);
      expect(fault).toContain(message);
    }
    expect(await stderrOf(['relying-party', 'show', `bad-${index}`])).toContain('there is no relying party');
  }
  expect(await works()).toBe(200);
  // Next to a usable one they are left out, with a warning.
  const mixed = await aFile(
    'mixed.json',
    JSON.stringify({ ...live, jwks: { keys: [{ kty: 'RSA', e: 'AQAB' }, key.jwk] } }),
  );
  const { text, json } = await within(['relying-party', 'update', 'live', mixed]);
  expect(text).toBe('live is changed, without keys that cannot be used (keys.0: is RSA without n)');
  expect(json).toMatchObject({ leftOut: ['keys.0: is RSA without n'] });
  expect(await works()).toBe(200);
});

test('who registers to push is taken at its word, by GET and by POST', async () => {
  const pushing = { ...SKAT, client_id: 'pushing', require_pushed_authorization_requests: true };
  const { json } = await within([
    'relying-party',
    'add',
    await aFile('pushing.json', JSON.stringify(pushing)),
  ]);
  const { clientSecret } = json as { clientSecret: string };
  nodes.secrets.add(clientSecret, 'client secret');
  expect((await within(['relying-party', 'show', 'pushing'])).text).toContain(
    '"require_pushed_authorization_requests": true',
  );
  const rp: TestRelyingParty = {
    clientId: 'pushing',
    clientSecret,
    redirectUri: 'https://skat.example/cb',
    scope: 'openid',
  };
  await within2s(async () => (await new TestBrowser(nodes, 1).follow(authRequest(rp).path)).status === 303);
  const request = authRequest(rp, { scope: 'openid', state: 's'.repeat(3_000) });
  const body = request.path.slice('/auth?'.length);
  const browser = new TestBrowser(nodes);
  const posted = await browser.request('/auth', { method: 'POST', body });
  for (const plain of [
    await browser.follow(request.path),
    await browser.follow(posted.headers.location ?? ''),
  ]) {
    expect(readReturnedCode(plain).get('error')).toBe('invalid_request');
    expect(readReturnedCode(plain).get('error_description')).toBe(
      'Pushed Authorization Request must be used',
    );
  }
  const pushed = await asRelyingParty(nodes, rp, '/request', Object.fromEntries(new URLSearchParams(body)));
  const { request_uri: uri } = JSON.parse(pushed.text) as { request_uri: string };
  const page = await browser.follow(
    `/auth?${new URLSearchParams({ client_id: 'pushing', request_uri: uri })}`,
  );
  expect(page.page).toBe('password');
  // Absent or false: nothing is recorded that older nodes do not know.
  const plain = { ...pushing, require_pushed_authorization_requests: false };
  await within(['relying-party', 'update', 'pushing', await aFile('plain.json', JSON.stringify(plain))]);
  const [row] = await nodes.database.query<{ has: boolean }>(
    `SELECT metadata ? 'require_pushed_authorization_requests' AS has FROM relying_parties WHERE client_id = 'pushing'`,
  );
  expect(row?.has).toBe(false);
  await within2s(() => begins('pushing', 'https://skat.example/cb'));
  // Written by a later version: unknown values stop no one.
  await nodes.database.query(
    `UPDATE relying_parties SET metadata = metadata || '{"later": 1}', version = version + 1 WHERE client_id = 'pushing'`,
  );
  expect((await within(['relying-party', 'list'])).text).toContain('pushing');
  await within2s(() => begins('pushing', 'https://skat.example/cb'));
});
