/** Files of an operator: secrets that settings read from files, and keys that commands make once. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compactDecrypt, importJWK } from 'jose';
import { makeKeys } from '../src/cli/keys.ts';
import { explainReadError, readOperatorJson } from '../src/cli/operatorFile.ts';
import { makePrintKeys } from '../src/cli/printKeys.ts';
import { explainWriteError, writeNewFiles } from '../src/cli/writeSecretFile.ts';
import {
  ConfigError,
  parseKeyring,
  readConfig,
  readDatabaseUrlSetting,
  type ServerConfig,
} from '../src/config/config.ts';
import { findExcessRights } from '../src/db/roles/excessRights.ts';
import { createSealedPrintHouse } from '../src/platform/outbound/sealedPrintHouse.ts';
import { parsePrintKey } from '../src/platform/outbound/printKey.ts';
import { CONTACT_ENV } from './support/index.ts';
import { aLetter, aPdf, CONTENTS } from './support/letterSamples.ts';
import { startPrintHouse } from './support/printHouseServer.ts';

const URL_OF_DATABASE = 'postgres://noegle:hemmelig@127.0.0.1:5432/noegle';
const SMTP = 'smtps://mail.example:465';
let folder: string;
let right: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(path.resolve('.tmp/files-'));
  makeKeys(path.join(folder, 'keys.json'));
  makePrintKeys(path.join(folder, 'print'));
  right = {
    NOEGLE_ISSUER: 'https://id.example',
    ...CONTACT_ENV,
    NOEGLE_KEYS_FILE: path.join(folder, 'keys.json'),
    NOEGLE_PRINT_URL: 'https://print.example/letters',
    NOEGLE_PRINT_CARD_KEY_FILE: path.join(folder, 'print/cards.public.jwk'),
    NOEGLE_PRINT_PASSWORD_KEY_FILE: path.join(folder, 'print/passwords.public.jwk'),
    NOEGLE_PRINT_TOKEN_FILE: path.join(folder, 'print/token'),
    NOEGLE_MAIL_FROM: 'no-reply@id.example',
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

const readServer = (env: Record<string, string>) => readConfig({ ...right, ...env }) as ServerConfig;

/** @returns the faults, in which no secret is repeated */
function listFaults(env: Record<string, string>): string[] {
  try {
    readServer(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain('hemmelig');
    return error.message.split('\n').slice(1);
  }
}

test('what the example leaves open, names that are nearly right, and a host with a port are said', () => {
  const faults = listFaults({
    DATABASE_URL: URL_OF_DATABASE,
    NOEGLE_OPERATOR_NAME: '<ORGANISATION>',
    NOEGLE_OPERATOR_ADDRESS: '<STREET>, <POSTCODE-CITY>',
    NOEGLE_ACCESSIBILITY_URL: 'https://id.example/<PAGE>',
    NOEGLE_HOST: 'localhost:1',
    NOEGLE_SMTP_URL: SMTP,
    NOEGLE_HOTLIN: '1',
    NOEGLE_XYZ_OTHER: '1',
  });
  for (const message of [
    'NOEGLE_HOTLIN is not a setting of Nøgle; did you mean NOEGLE_HOTLINE?',
    'NOEGLE_XYZ_OTHER is not a setting of Nøgle: the table in docs/how-to/running.md has all',
    'NOEGLE_HOST must be an address or a name of this machine, without a port',
    'NOEGLE_ACCESSIBILITY_URL has < or > in it',
    'NOEGLE_OPERATOR_NAME has < or > in it',
    'NOEGLE_OPERATOR_ADDRESS has < or > in it',
  ]) {
    expect(faults.filter((fault) => fault.includes(message))).toHaveLength(1);
  }
  expect(faults).toHaveLength(6);
  for (const host of ['::1', '127.0.0.1', 'localhost', 'node-1.intra'])
    expect(listFaults({ DATABASE_URL: URL_OF_DATABASE, NOEGLE_SMTP_URL: SMTP, NOEGLE_HOST: host })).toEqual(
      [],
    );
});

test('a server whose DATABASE_URL is missing is told so first', () => {
  expect(listFaults({ DATABASE_URL_FIL: '/x', NOEGLE_ISSUR: 'x' })[0]).toContain(
    'DATABASE_URL is not set (DATABASE_URL_FIL is set: did you mean DATABASE_URL_FILE?)',
  );
  expect(listFaults({ NODE_ENV: 'production', NOEGLE_DATABASE_URL: 'x' })).toEqual(
    expect.arrayContaining([
      expect.stringContaining('NODE_ENV is production, but DATABASE_URL is not set'),
      expect.stringContaining('NOEGLE_DATABASE_URL is not a setting of Nøgle; did you mean DATABASE_URL?'),
    ]),
  );
  // The sandbox beside another program's variable.
  expect(readConfig({ DATABASE_URI: 'x' }).mode).toBe('sandbox');
});

test('a connection that fails is reported under the setting of its URL', async () => {
  const url = 'postgres://x:y@127.0.0.1:1/z';
  await expect(findExcessRights(url, 'NOEGLE_DIRECT_DATABASE_URL')).rejects.toMatchObject({
    setting: 'NOEGLE_DIRECT_DATABASE_URL',
  });
});

test('a file that cannot be read or written is named, with what the account lacks', () => {
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(explainReadError(denied, '/root/x.json')).toMatch(
    /^\/root\/x\.json cannot be read \(EACCES\): .+ account that runs this command, must be able to read/,
  );
  expect(() => readOperatorJson('/nowhere/x.json')).toThrow('/nowhere/x.json is not there');
  expect(() => readOperatorJson(folder)).toThrow(`${folder} is a folder`);
  // What is in the file is not repeated: it has people in it.
  expect(() => readOperatorJson(file('torn.json', '{"cpr": 610785'))).toThrow(
    /torn\.json cannot be read as JSON$/,
  );
  // No command that would change the owner of a folder that is there.
  expect(explainWriteError(denied, `${folder}/k.json`, folder)).not.toContain('install');
  expect(explainWriteError(denied, '/nowhere/k.json', '/nowhere')).toContain('sudo install -d -m 700');
});

test('a secret in a file is read as the setting itself would be, without its line break', () => {
  const mail = { NOEGLE_SMTP_URL_FILE: file('smtp', 'smtp://mail.example\r\n') };
  for (const text of [URL_OF_DATABASE, `${URL_OF_DATABASE}\n`]) {
    const config = readServer({ DATABASE_URL_FILE: file('database', text), ...mail });
    expect([config.mode, config.databaseUrl]).toEqual(['server', URL_OF_DATABASE]);
    expect(config.post).toMatchObject({ mailUrl: 'smtp://mail.example' });
    expect(readDatabaseUrlSetting({ DATABASE_URL_FILE: file('database', text) })).toBe(URL_OF_DATABASE);
  }
});

test.each([
  [
    'both are set',
    { DATABASE_URL: URL_OF_DATABASE },
    URL_OF_DATABASE,
    'DATABASE_URL and DATABASE_URL_FILE are both set',
  ],
  ['an empty file', {}, '\n', 'is empty'],
  ['two lines', {}, `${URL_OF_DATABASE}\nhemmelig\n`, 'has more than one line'],
  ['what is no URL', {}, 'hemmelig', 'DATABASE_URL must look like'],
] as const)('%s: a fault, and the only one', (_what, env, text, fault) => {
  const DATABASE_URL_FILE = file('database', text);
  const faults = listFaults({ ...env, DATABASE_URL_FILE, NOEGLE_SMTP_URL: 'smtp://mail.example' });
  expect(faults).toEqual([expect.stringContaining(fault)]);
  expect(() => readDatabaseUrlSetting({ ...env, DATABASE_URL_FILE })).toThrow(fault);
});

test('a file that is not there is named, and does not make a sandbox of a server', () => {
  const faults = listFaults({ DATABASE_URL_FILE: '/nowhere/a', NOEGLE_SMTP_URL_FILE: '/nowhere/b' });
  expect(faults).toEqual([
    '- DATABASE_URL_FILE: /nowhere/a cannot be read (ENOENT)',
    '- NOEGLE_SMTP_URL_FILE: /nowhere/b cannot be read (ENOENT)',
  ]);
  expect(() => readDatabaseUrlSetting({})).toThrow('DATABASE_URL (or DATABASE_URL_FILE) is not set');
});

test('keys make: the folder too, for its owner alone; never over a file, and says so', () => {
  const made = path.join(folder, 'etc/noegle/keys.json');
  makeKeys(made);
  expect(typeof parseKeyring(readFileSync(made, 'utf8'))).toBe('object');
  expect([statSync(made).mode & 0o777, statSync(path.dirname(made)).mode & 0o777]).toEqual([0o600, 0o700]);
  const before = readFileSync(made, 'utf8');
  expect(() => makeKeys(made)).toThrow(`${made} is there already: a database that was made with these keys`);
  expect(readFileSync(made, 'utf8')).toBe(before);
  expect(() => makeKeys(path.join(file('plain', ''), 'keys.json'))).toThrow(/keys\.json was not written: /);
});

test('files that are made together: all or none, and what was there before stays', () => {
  const [first, later] = [path.join(folder, 'both/first'), path.join(file('no-folder', ''), 'later')];
  const both = [first, later].map((name) => ({ file: name, text: 'x' }));
  expect(() => writeNewFiles(both, 'never again')).toThrow(/later was not written: /);
  expect(existsSync(first)).toBe(false);
  writeFileSync(first, 'before');
  expect(() => writeNewFiles(both, 'never again')).toThrow('is there already: never again');
  expect(readFileSync(first, 'utf8')).toBe('before');
});

test('print-keys make: two pairs that open what Nøgle seals, and the token that goes along', async () => {
  const keys = path.join(folder, 'print');
  const text = (name: string) => readFileSync(path.join(keys, name), 'utf8');
  for (const name of ['cards.private.jwk', 'passwords.private.jwk', 'token'])
    expect([name, statSync(path.join(keys, name)).mode & 0o777]).toEqual([name, 0o600]);
  const token = text('token').trim();
  const house = await startPrintHouse({}, { token });
  const bodies = new Map<string, string>();
  try {
    const sealed = createSealedPrintHouse({
      url: house.url,
      cardKey: parsePrintKey(text('cards.public.jwk')),
      passwordKey: parsePrintKey(text('passwords.public.jwk')),
      timeoutMs: 20_000,
      files: { token: path.join(keys, 'token'), certificate: null, certificateKey: null, ca: null },
    });
    for (const kind of ['card', 'password'] as const) {
      // The house has other keys: it answers 400, and keeps what it got.
      const id = `keys-${kind}`;
      await expect(sealed.deliver(aLetter({ id, content: CONTENTS[kind] }), aPdf())).rejects.toThrow('400');
      bodies.set(kind, house.bodies.get(id) ?? '');
    }
  } finally {
    await house.stop();
  }
  const opens = async (kind: 'card' | 'password', name: string) => {
    const key = await importJWK(JSON.parse(text(name)) as Parameters<typeof importJWK>[0]);
    return await compactDecrypt(bodies.get(kind) ?? '', key).then(
      ({ protectedHeader }) => protectedHeader.kid,
      () => 'does not open',
    );
  };
  expect(await opens('card', 'cards.private.jwk')).toMatch(/^cards-\d{4}/);
  expect(await opens('password', 'passwords.private.jwk')).toMatch(/^passwords-\d{4}/);
  expect(await opens('card', 'passwords.private.jwk')).toBe('does not open');
  expect(() => parsePrintKey(text('cards.private.jwk'))).toThrow('private key');
});

test('print-keys make writes all or nothing where one file is there', () => {
  const other = path.join(folder, 'other');
  mkdirSync(other);
  writeFileSync(path.join(other, 'token'), 'theirs');
  expect(() => makePrintKeys(other)).toThrow(`${path.join(other, 'token')} is there already`);
  expect(() => statSync(path.join(other, 'cards.public.jwk'))).toThrow('ENOENT');
  expect(readFileSync(path.join(other, 'token'), 'utf8')).toBe('theirs');
});
