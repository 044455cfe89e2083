/** Relying parties as operators handle them: the commands as they are built, beside nodes that serve people. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Outcome } from '../src/cliKeys.ts';
import { initialAccessTokens, relyingParties, type RelyingPartyOptions } from '../src/cliRelyingParty.ts';
import { Browser } from './support/browser.ts';
import { asRelyingParty, authRequest } from './support/flow.ts';
import { Nodes } from './support/nodes.ts';
import { postEnv, runCli } from './support/process.ts';
import { register } from './support/registration.ts';
import type { TestRelyingParty } from './support/people.ts';

let nodes: Nodes;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2 });
  folder = await mkdtemp(path.resolve('.tmp/cli-'));
  const keys = path.join(folder, 'keys.json');
  await writeFile(keys, JSON.stringify(nodes.keyringFile));
  env = {
    ...(await postEnv(folder)),
    DATABASE_URL: nodes.database.url,
    NOEGLE_ISSUER: nodes.issuer,
    NOEGLE_HOTLINE: '70 10 20 30',
    NOEGLE_KEYS_FILE: keys,
  };
});
afterAll(async () => {
  await nodes.close();
  await rm(folder, { recursive: true, force: true });
});

/** The command as it is built, a process of its own. */
const run = async (...args: string[]) => await runCli(args, env);
/** What such a process calls; starting one for each would take most of the time. */
async function within(args: string[], options: RelyingPartyOptions = {}): Promise<Outcome> {
  const [command, ...rest] = args;
  const work = command === 'relying-party' ? relyingParties : initialAccessTokens;
  const outcome = await work(nodes.node(0).app, { issuer: nodes.issuer }, rest, options);
  if (!outcome) throw new Error('Usage:');
  return outcome;
}
const told = async (args: string[], options: RelyingPartyOptions = {}) =>
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
  return (await new Browser(nodes, 1).follow(authRequest(rp, { scope: 'openid' }).path)).page === 'password';
};
async function within2s(what: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await what())) {
    if (performance.now() - startedAt > 2_000) throw new Error('not within two seconds');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

test('added, shown, changed, given a new secret, removed; each within two seconds on nodes that run', async () => {
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
  const again = await told(['relying-party', 'add', await aFile('skat.json', JSON.stringify(SKAT))]);
  expect(again).toBe('skat is, or was, another relying party');
}, 60_000);

test('opened, registered, looked at, approved with a logo of ours', async () => {
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
  const made = await register(nodes, { token });
  const id = String(made.json['client_id']);
  expect([made.status, made.json['kind']]).toEqual([201, 'bank']);
  const { version, state } = (await within(['relying-party', 'show', id])).json as Record<string, unknown>;
  expect(state).toBe('pending');
  const logo = await aFile('logo.png', png());
  const drawing = await aFile('logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const approve = ['relying-party', 'approve', id];
  expect(await told(approve, { version: String(version), logo: drawing })).toContain('PNG, JPEG or WebP');
  expect(await told(approve, { version: '77' })).toContain('look at it again');
  expect(await told(approve)).toContain('Usage:');
  expect((await run(...approve, '--version', String(version), '--logo', logo)).code).toBe(0);
  await within2s(() => begins(id, 'https://selv.randers.example/cb'));
}, 60_000);

test('what is written wrongly is told, all of it at once, and nothing is done', async () => {
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
  const refused = await told(['relying-party', 'add', await aFile('inside.json', JSON.stringify(inside))]);
  expect(refused.split('\n')).toHaveLength(2);
  expect(await told(['relying-party', 'show', 'nobody'])).toContain('there is no relying party nobody');
  expect(await told(['initial-access-token', 'create'], { kind: 'internal' })).toContain('- kind: ');
  expect(await told(['initial-access-token', 'create'])).toBe('Usage:');
  const nowhere = await run('relying-party', 'add', path.join(folder, 'nowhere.json'));
  expect([nowhere.code, nowhere.stderr.endsWith('cannot be read as JSON\n')]).toEqual([1, true]);
  const dance = await run('relying-party', 'dance');
  expect([dance.code, dance.stderr.startsWith('Usage: npx noegle')]).toEqual([1, true]);
  const [left] = await nodes.database.query<{ many: number }>(
    `SELECT count(*)::int AS many FROM relying_parties WHERE client_id IN ('Skat!', 'inside')`,
  );
  expect(left?.many).toBe(0);
}, 60_000);
