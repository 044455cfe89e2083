/**
 * One letter per id: in a folder with kills at any moment, and at a print house that answers badly or not at
 * all.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createFolderPrintHouse } from '../src/platform/outbound/folderPrintHouse.ts';
import { parsePrintKey } from '../src/platform/outbound/printKey.ts';
import { createSealedPrintHouse } from '../src/platform/outbound/sealedPrintHouse.ts';
import { aLetter, aPdf, CONTENTS } from './support/letterSamples.ts';
import { startPrintHouse, type PrintHouseServer } from './support/printHouseServer.ts';
import { expectWithin, longOnly, timedToo } from './support/index.ts';

const pdf = aPdf();
const brf = Buffer.from('#JJHG  #ABCDEF\r\n');
const folders: string[] = [];

async function aFolder(): Promise<string> {
  mkdirSync('.tmp', { recursive: true });
  const made = await mkdtemp(path.resolve('.tmp/letters-'));
  folders.push(made);
  return path.join(made, 'post');
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function visible(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
}

/** Every visible letter is complete. @returns letter id -> the names that it has */
async function readLetters(folder: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const name of await visible(folder)) {
    const [, , id = '', ending] = /^(\d{4}-\d{2}-\d{2})-card-(letter-\d+)\.(json|pdf)$/.exec(name) ?? [];
    const content = await readFile(path.join(folder, name));
    if (ending === 'json') expect(JSON.parse(content.toString())).toEqual(CONTENTS.card);
    else expect([name, content.equals(pdf)]).toEqual([name, true]);
    found.set(id, [...(found.get(id) ?? []), name]);
  }
  return found;
}

function isOnePair([json, other]: string[]): boolean {
  return json?.replace(/json$/, 'pdf') === other;
}

describe('the folder', () => {
  test.each([
    ['welcome', CONTENTS.welcome],
    ['card', CONTENTS.card],
    ['password', CONTENTS.password],
    [
      'notice',
      { kind: 'notice', to: CONTENTS.notice.to, text: 'Dit nøglekort\n\nKære Åse\n\nDit kort er på vej.' },
    ],
  ] as const)('a letter of kind %s is a PDF and its content as JSON', async (kind, expected) => {
    const folder = await aFolder();
    await createFolderPrintHouse(folder).deliver(aLetter({ content: CONTENTS[kind] }), pdf);
    const name = path.join(folder, `2026-11-24-${kind}-letter-1`);
    expect(JSON.parse(await readFile(`${name}.json`, 'utf8'))).toEqual(expected);
    expect((await readFile(`${name}.pdf`)).equals(pdf)).toBe(true);
    expect((await stat(`${name}.json`)).mode & 0o777).toBe(0o600);
    expect((await stat(`${name}.pdf`)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('a letter in Braille is also a file for an embosser, and leaves at no print house without it', async () => {
    const folder = await aFolder();
    const house = createFolderPrintHouse(folder);
    const letter = aLetter({ format: 'braille' });
    await expect(house.deliver(letter, pdf)).rejects.toThrow('no file for an embosser');
    expect(await visible(folder)).toEqual([]);
    await house.deliver(letter, pdf, brf);
    const name = path.join(folder, '2026-11-24-card-letter-1');
    expect((await readFile(`${name}.brf`)).equals(brf)).toBe(true);
    expect((await stat(`${name}.brf`)).mode & 0o777).toBe(0o600);
    expect((await readFile(`${name}.pdf`)).equals(pdf)).toBe(true);
  });

  test('the first hand-over stays, whatever the second has for a day and content', async () => {
    const folder = await aFolder();
    const house = createFolderPrintHouse(folder);
    await house.deliver(aLetter(), pdf);
    await house.deliver(aLetter({ postOn: '2026-11-25', content: CONTENTS.password }), Buffer.from('other'));
    expect(await visible(folder)).toEqual(['2026-11-24-card-letter-1.json', '2026-11-24-card-letter-1.pdf']);
    expect([...(await readLetters(folder)).values()].every(isOnePair)).toBe(true);
  });

  test('what was taken away comes back under the first day', async () => {
    const folder = await aFolder();
    const house = createFolderPrintHouse(folder);
    await house.deliver(aLetter(), pdf);
    await rm(path.join(folder, '2026-11-24-card-letter-1.pdf'));
    await house.deliver(aLetter({ postOn: '2026-11-25' }), pdf);
    expect([...(await readLetters(folder)).values()].map(isOnePair)).toEqual([true]);
  });

  test.each(['', '.', '..', '../letter', 'a/b', '.hidden', 'a\nb'])('the id %j is refused', async (id) => {
    const folder = await aFolder();
    await expect(createFolderPrintHouse(folder).deliver(aLetter({ id }), pdf)).rejects.toThrow('an id of');
  });

  test('two processes hand over each letter sixteen times concurrently: each is there once', async () => {
    const folder = await aFolder();
    const children = [];
    for (const day of ['2026-11-24', '2026-11-25']) {
      children.push(await aLoop(folder, day, { first: 0, count: 40, atOnce: 8 }));
    }
    const ends = children.map(async (child) => await once(child, 'exit'));
    for (const child of children) child.stdin?.write('go\n');
    expect(await Promise.all(ends)).toEqual([
      [0, null],
      [0, null],
    ]);
    const letters = await readLetters(folder);
    expect(letters.size).toBe(40);
    expect([...letters.values()].filter((names) => !isOnePair(names))).toEqual([]);
    expect(await readdir(path.join(folder, '.staging'))).toEqual([]);
  });

  longOnly('killed at forty moments, each letter is there once, and whole whenever it is seen', async () => {
    const folder = await aFolder();
    const [kills, step, count] = [40, 5, 60];
    let halfDone = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      // Every run has its own day: no letter may end with two.
      const day = new Date(Date.UTC(2026, 10, 1 + kill)).toISOString().slice(0, 10);
      const child = await aLoop(folder, day, { first: kill * step, count, atOnce: 2 });
      const ended = once(child, 'exit');
      child.stdin?.write('go\n');
      await Promise.race([once(child.stdout!, 'data'), ended]);
      await wait((kill * 7) % 40);
      child.kill('SIGKILL');
      await ended;
      if (await isHalfDone(folder)) halfDone += 1;
    }
    // The control: some kills did fall into the middle of a letter.

    expect(halfDone).toBeGreaterThan(5);
    const last = await aLoop(folder, '2027-03-01', { first: 0, count: kills * step + count, atOnce: 1 });
    last.stdin?.write('go\n');
    expect(await once(last, 'exit')).toEqual([0, null]);
    const letters = await readLetters(folder);
    expect(letters.size).toBe(kills * step + count);
    expect([...letters.values()].filter((names) => !isOnePair(names))).toEqual([]);
    expect(await readdir(path.join(folder, '.staging'))).toEqual([]);
  });
});

async function aLoop(
  folder: string,
  day: string,
  { first, count, atOnce }: { first: number; count: number; atOnce: number },
): Promise<ChildProcess> {
  const args = ['test/support/deliverLoop.ts', folder, day, `${first}`, `${count}`, `${atOnce}`];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin?.on('error', () => undefined);
  await once(child.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
  return child;
}

/** An abandoned draft, or a letter that is committed but not completely visible. */
async function isHalfDone(folder: string): Promise<boolean> {
  const letters = await readLetters(folder);
  const [drafts = [], accepted = []] = await Promise.all(
    ['.staging', '.accepted'].map(async (name) => await readdir(path.join(folder, name)).catch(() => [])),
  );
  return drafts.length > 0 || accepted.some((id) => !isOnePair(letters.get(id) ?? []));
}

describe('sealed', () => {
  /** The time-out for the silent one; all others get the time that a busy machine takes. */
  const SILENCE_MS = 400;
  const PATIENT_MS = 20_000;
  let server: PrintHouseServer;
  beforeAll(async () => (server = await startPrintHouse()));
  afterAll(async () => await server.stop());
  afterEach(() => server.resume());

  let last = 0;
  const aNewId = () => `sealed-${(last += 1)}`;
  const house = (url = server.url, timeoutMs = PATIENT_MS) =>
    createSealedPrintHouse({
      url,
      cardKey: server.cardJwk,
      passwordKey: server.passwordJwk,
      timeoutMs,
    });

  test.each([
    ['welcome', 'cards', CONTENTS.welcome],
    ['card', 'cards', CONTENTS.card],
    ['password', 'passwords', CONTENTS.password],
    [
      'notice',
      'cards',
      { kind: 'notice', to: CONTENTS.notice.to, text: expect.stringContaining('Kære Åse') },
    ],
  ] as const)('a letter of kind %s opens only with the key for %s', async (kind, openedBy, content) => {
    const id = aNewId();
    await house(`${server.url}/`).deliver(aLetter({ id, content: CONTENTS[kind] }), pdf);
    const letter = server.letters.get(id);
    expect(letter).toMatchObject({
      letterId: id,
      kind,
      postOn: '2026-11-24',
      batch: '2026-11-24-09',
      openedBy,
    });
    expect(letter?.content).toEqual(content);
    expect(letter?.pdf.equals(pdf)).toBe(true);
    const { alg, enc, kid, cty } = letter!.header;
    expect({ alg, enc, kid, cty }).toEqual({
      alg: 'ECDH-ES+A256KW',
      enc: 'A256GCM',
      kid: openedBy,
      cty: 'json',
    });
  });

  test.each([
    ['card', 'cards'],
    ['password', 'passwords'],
  ] as const)('a %s in Braille is sealed with its file for an embosser', async (kind, openedBy) => {
    const id = aNewId();
    const letter = aLetter({ id, content: CONTENTS[kind], format: 'braille' });
    await expect(house().deliver(letter, pdf)).rejects.toThrow('no file for an embosser');
    await house().deliver(letter, pdf, brf);
    expect(server.letters.get(id)).toMatchObject({ format: 'braille', openedBy, brf });
    const usual = aNewId();
    await house().deliver(aLetter({ id: usual }), pdf);
    expect(server.letters.get(usual)).toMatchObject({ format: 'standard', brf: null });
  });

  test('an RSA key seals too, and a key without a kid', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const other = await startPrintHouse({ cards: rsa });
    try {
      const cardKey = parsePrintKey(JSON.stringify(rsa.publicKey.export({ format: 'jwk' })));
      const { url, passwordJwk } = other;
      const options = { url, cardKey, passwordKey: passwordJwk, timeoutMs: PATIENT_MS };
      await createSealedPrintHouse(options).deliver(aLetter(), pdf);
      const header = other.letters.get('letter-1')?.header;
      expect(header).toEqual({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'json' });
    } finally {
      await other.stop();
    }
  });

  test('a letter whose answer was lost is handed over again, and that is well', async () => {
    const letter = aLetter({ id: aNewId() });
    server.loseNext(1);
    await expect(house().deliver(letter, pdf)).rejects.toThrow('could not be reached');
    await house().deliver({ ...letter, postOn: '2026-11-25' }, pdf);
    expect(server.puts.get(letter.id)).toBe(2);
    expect(server.letters.get(letter.id)?.postOn).toBe('2026-11-24');
  });

  test.each([301, 302, 307, 308, 400, 404, 500, 503])(
    'an answer of %i is reported, and not followed',
    async (status) => {
      const letter = aLetter({ id: aNewId(), content: CONTENTS.password });
      server.failNext(1, status);
      const message = `letter ${letter.id}: the print house answered ${status}`;
      await expect(house().deliver(letter, pdf)).rejects.toThrow(new Error(message));
      expect(server.puts.get(letter.id)).toBe(1);
      expect(server.letters.has(letter.id)).toBe(false);
    },
  );

  timedToo('one that does not answer is waited for no longer than was said', async () => {
    server.hang();
    const startedAt = performance.now();
    const delivery = house(server.url, SILENCE_MS).deliver(aLetter({ id: aNewId() }), pdf);
    await expect(delivery).rejects.toThrow('gave no answer within 400 ms');
    expectWithin(performance.now() - startedAt, SILENCE_MS + 2_000);
  });

  test('one that is down is reported; up again it takes the letter', async () => {
    const letter = aLetter({ id: aNewId() });
    await server.stop();
    try {
      await expect(house().deliver(letter, pdf)).rejects.toThrow(
        `letter ${letter.id}: the print house could not be reached`,
      );
    } finally {
      await server.start();
    }
    await house().deliver(letter, pdf);
    expect(server.letters.has(letter.id)).toBe(true);
  });

  test.each([
    'letters',
    'ftp://print.example',
    'https://user:hemmelig@print.example',
    'https://a.example/?x=1',
  ])('the address %j is refused, and not repeated', (url) => {
    const create = () => house(url);
    expect(create).toThrow(/address/);
    expect(create).not.toThrow(/hemmelig/);
  });
});

describe('the key of a print house', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = (key: { export(options: { format: 'jwk' }): object }) => key.export({ format: 'jwk' });
  const rsa = (bits: number) => jwk(generateKeyPairSync('rsa', { modulusLength: bits }).publicKey);

  test.each([
    ['P-256', jwk(ec.publicKey)],
    ['P-384', jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['P-521', jwk(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey)],
    ['X25519', jwk(generateKeyPairSync('x25519').publicKey)],
    ['RSA', rsa(2048)],
  ] as const)('%s is taken, with its kid', (_name, key) => {
    expect(parsePrintKey(JSON.stringify({ ...key, kid: 'k1', use: 'enc', x5t: 'x' }))).toEqual({
      ...key,
      kid: 'k1',
    });
    expect(parsePrintKey(JSON.stringify(key))).toEqual(key);
  });

  const x = Buffer.alloc(32, 1).toString('base64url');
  test.each([
    ['text', 'MIIB', /not JSON/],
    ['a number', 17, /no JWK/],
    ['null', null, /no JWK/],
    ['a list', [jwk(ec.publicKey)], /no JWK/],
    ['an empty object', {}, /no JWK/],
    ['a key of an unknown kind', { kty: 'XX', x }, /no JWK/],
    ['a set of keys', { keys: [jwk(ec.publicKey)] }, /set of keys/],
    ['a private key', jwk(ec.privateKey), /private key/],
    ['a symmetric key', { kty: 'oct', k: x }, /symmetric/],
    ['a short RSA key', rsa(1024), /2048/],
    ['a curve for signing', jwk(generateKeyPairSync('ed25519').publicKey), /cannot encrypt/],
    [
      'an unknown curve',
      jwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
      /cannot encrypt/,
    ],
    ['half a point', { kty: 'EC', crv: 'P-256', x }, /missing/],
    ['a point off the curve', { kty: 'EC', crv: 'P-256', x, y: x }, /no such key/],
    ['a key for signing', { ...jwk(ec.publicKey), use: 'sig' }, /use/],
    ['a key of another algorithm', { ...jwk(ec.publicKey), alg: 'ES256' }, /alg/],
    ['a kid that is no text', { ...jwk(ec.publicKey), kid: 7 }, /kid/],
  ] as const)('%s is refused in words, without the key', (_what, printKey, words) => {
    const text = typeof printKey === 'string' ? printKey : JSON.stringify(printKey);
    expect(() => parsePrintKey(text)).toThrow(words);
    const { x: partOfIt = 'MIIB', d = 'MIIB', n = 'MIIB' } = (printKey ?? {}) as Record<string, string>;
    for (const part of [partOfIt, d, n]) expect(() => parsePrintKey(text)).not.toThrow(part);
  });
});
