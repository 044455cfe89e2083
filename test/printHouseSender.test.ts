/** The print house knows who puts letters there: by a token, or by a client certificate; over TLS. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../src/config/config.ts';
import { Keyring } from '../src/platform/keyring.ts';
import { PrintHouseRefusal } from '../src/platform/outbound/printHouse.ts';
import type { PrintHouseFiles } from '../src/platform/outbound/printHouseCredentials.ts';
import { createSealedPrintHouse } from '../src/platform/outbound/sealedPrintHouse.ts';
import { aPerson, CONTACT_ENV, freePort, Nodes, orderNewCard } from './support/index.ts';
import { aLetter, aPdf } from './support/letterSamples.ts';
import { startPrintHouse, type PrintHouseAccess, type PrintHouseServer } from './support/printHouseServer.ts';
import { selfSigned } from './support/selfSigned.ts';

const TOKEN = 'first-token-of-the-house';
const pdf = aPdf();
const own = selfSigned('localhost');
const [noegle, stranger] = [selfSigned('noegle'), selfSigned('noegle')];
const access: PrintHouseAccess = { tls: { ...own, clientCert: noegle.cert }, token: TOKEN };
let folder: string;
let house: PrintHouseServer;

beforeAll(async () => {
  folder = mkdtempSync(path.resolve('.tmp/sender-'));
  house = await startPrintHouse({}, access);
});
afterAll(async () => {
  await house.stop();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

const rightFiles = () => ({
  token: file('token', `${TOKEN}\n`),
  certificate: file('client.pem', noegle.cert),
  certificateKey: file('client.key', noegle.key),
  ca: file('ca.pem', own.cert),
});

let last = 0;
/** @returns how often the print house saw a letter of this id, and whether it has it */
async function deliver(files: PrintHouseFiles, to = house.url): Promise<string> {
  const id = `sender-${(last += 1)}`;
  const { cardJwk: cardKey, passwordJwk: passwordKey } = house;
  const sealed = createSealedPrintHouse({ url: to, cardKey, passwordKey, timeoutMs: 20_000, files });
  const error = await sealed.deliver(aLetter({ id }), pdf).catch((thrown: unknown) => thrown as Error);
  if (!error) return house.letters.has(id) ? 'there' : 'lost';
  expect([house.letters.has(id), error.message.includes(TOKEN)]).toEqual([false, false]);
  return `${error instanceof PrintHouseRefusal ? 'refused' : 'failed'}: ${error.message}`;
}

test('a letter leaves with the token and the certificate, and without either of them it is refused', async () => {
  expect(await deliver(rightFiles())).toBe('there');
  const other = { ...rightFiles(), token: file('other', 'another-token-than-theirs') };
  expect(await deliver(other)).toMatch(/^refused: letter .*answered 401: .*NOEGLE_PRINT_TOKEN_FILE/);
  const none = { ...rightFiles(), certificate: null, certificateKey: null };
  expect(await deliver(none)).toMatch(
    /^refused: .*client certificate|^failed: .*ECONNRESET|^failed: .*EPIPE/,
  );
  const wrong = {
    ...rightFiles(),
    certificate: file('stranger.pem', stranger.cert),
    certificateKey: file('stranger.key', stranger.key),
  };
  expect(await deliver(wrong)).toMatch(
    /^refused: .*client certificate|^failed: .*ECONNRESET|^failed: .*EPIPE/,
  );
});

test('a print house that shows a certificate of another CA gets nothing, not even the token', async () => {
  const before = house.puts.size;
  expect(await deliver({ ...rightFiles(), ca: null })).toMatch(/^failed: .*DEPTH_ZERO_SELF_SIGNED_CERT/);
  expect(await deliver({ ...rightFiles(), ca: file('ca.pem', stranger.cert) })).toMatch(/^failed: .*CERT/);
  expect(house.puts.size).toBe(before);
});

test('a new token takes effect with the next letter, and a file that is gone is reported', async () => {
  const files = rightFiles();
  access.token = 'second-token-of-the-house';
  expect(await deliver(files)).toMatch(/^refused/);
  file('token', access.token);
  expect(await deliver(files)).toBe('there');
  rmSync(path.join(folder, 'token'));
  expect(await deliver(files)).toMatch(
    /^refused: letter .*: NOEGLE_PRINT_TOKEN_FILE: .* cannot be read \(ENOENT\)/,
  );
  access.token = TOKEN;
});

test('the token goes to the configured address alone: a redirect is not followed', async () => {
  const seen: string[] = [];
  const other = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(307, { location: `http://localhost:${port}/moved` }).end();
  });
  const port = await freePort();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    expect(await deliver(rightFiles(), `http://127.0.0.1:${port}/letters`)).toMatch(
      /^failed: .*answered 307/,
    );
  } finally {
    other.closeAllConnections();
    other.close();
  }
  expect(seen).toEqual([`/letters/sender-${last} Bearer ${TOKEN}`]);
});

test('letters that a print house refuses wait, however often, and leave once it knows the sender', async () => {
  const demands = { token: 'what-it-demands-of-senders' };
  const strict = await startPrintHouse({}, demands);
  const nodes = await Nodes.start({
    post: {
      kind: 'sent',
      printUrl: strict.url,
      cardKey: strict.cardJwk,
      passwordKey: strict.passwordJwk,
      printFiles: { ...rightFiles(), certificate: null, certificateKey: null, ca: null },
      mailUrl: 'smtp://127.0.0.1:9',
      mailFrom: 'Nøgle <no-reply@noegle.example>',
    },
  });
  try {
    const person = await aPerson(nodes);
    await orderNewCard(nodes.context, person.identityId, { by: 'person' });
    const run = async () => {
      await nodes.database.query(`UPDATE letters SET try_at = now() WHERE state = 'waiting'`);
      await nodes.node(0).app.tasks['sendLetters']?.({});
    };
    const find = async () =>
      await nodes.database.query<{ state: string; tries: number; fault: string | null }>(
        'SELECT state, tries, fault FROM letters WHERE identity_id = $1',
        [person.identityId],
      );
    await run();
    await run();
    expect(await find()).toEqual([
      { state: 'waiting', tries: 0, fault: expect.stringContaining('answered 401') },
    ]);
    const errors = nodes.log.split('\n').filter((line) => line.includes('refuses this Nøgle'));
    expect(errors).toHaveLength(2);
    for (const line of errors) expect(line).toMatch(/"level":(50|"error")/);
    file('token', demands.token);
    await run();
    expect(await find()).toMatchObject([{ state: 'sent' }]);
  } finally {
    await nodes.close();
    await strict.stop();
  }
});

test('the configuration: who is known how, and what does not fit together', () => {
  const jwk = () =>
    JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }));
  const files = rightFiles();
  const right = {
    DATABASE_URL: 'postgres://x:y@127.0.0.1:5432/z',
    NOEGLE_ISSUER: 'https://id.example',
    ...CONTACT_ENV,
    NOEGLE_KEYS_FILE: file('keys.json', JSON.stringify(Keyring.generate())),
    NOEGLE_PRINT_CARD_KEY_FILE: file('cards.jwk', jwk()),
    NOEGLE_PRINT_PASSWORD_KEY_FILE: file('passwords.jwk', jwk()),
    NOEGLE_SMTP_URL: 'smtp://mail.example',
    NOEGLE_MAIL_FROM: 'no-reply@id.example',
  };
  const faults = (env: Record<string, string | undefined>) => {
    try {
      readConfig({ ...right, NOEGLE_PRINT_URL: 'https://print.example', ...env });
      return 'none';
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  };
  const token = { NOEGLE_PRINT_TOKEN_FILE: files.token };
  const certificate = {
    NOEGLE_PRINT_CERTIFICATE_FILE: files.certificate,
    NOEGLE_PRINT_CERTIFICATE_KEY_FILE: files.certificateKey,
  };
  expect(faults({})).toContain('NOEGLE_PRINT_TOKEN_FILE, or NOEGLE_PRINT_CERTIFICATE_FILE');
  expect([faults(token), faults(certificate), faults({ ...token, ...certificate })]).toEqual(
    Array.from({ length: 3 }, () => 'none'),
  );
  expect(faults({ ...certificate, NOEGLE_PRINT_CA_FILE: files.ca })).toBe('none');
  for (const url of ['http://127.0.0.1:9400/letters', 'http://localhost:9400', 'http://[::1]:9400']) {
    expect(faults({ NOEGLE_PRINT_URL: url })).toBe('none');
  }
  for (const url of ['http://print.example', 'http://127.example/', 'https://:p@print.example']) {
    expect(faults({ ...token, NOEGLE_PRINT_URL: url })).toContain('NOEGLE_PRINT_URL is required');
  }
  expect(faults({ ...token, NOEGLE_PRINT_CERTIFICATE_FILE: files.certificate })).toContain('go together');
  expect(faults({ ...certificate, NOEGLE_PRINT_CERTIFICATE_KEY_FILE: file('k', stranger.key) })).toContain(
    'they are no certificate and its key',
  );
  expect(faults({ ...token, NOEGLE_PRINT_CA_FILE: file('none.pem', 'PEM') })).toContain(
    'no certificate in PEM',
  );
  expect(faults({ NOEGLE_PRINT_TOKEN_FILE: file('short', 'hemmelig') })).toContain('at least 16');
  expect(faults({ NOEGLE_PRINT_TOKEN_FILE: file('short', 'hemmelig') })).not.toContain('hemmelig');
  expect(faults({ NOEGLE_PRINT_TOKEN_FILE: '/nowhere/token' })).toContain('/nowhere/token cannot be read');
});
