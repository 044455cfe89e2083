import { CONTACT_ENV } from './support/index.ts';
import { expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { completeKeyring, ConfigError, parseKeyring, readConfig } from '../src/config/config.ts';
import { Keyring } from '../src/platform/keyring.ts';

test('a box opens only in its row, only unchanged, and with an older key of the ring', () => {
  const file = Keyring.generate();
  const box = new Keyring(file).seal('seal', '0107851234', 'row 1');
  const k2 = Buffer.alloc(32, 7).toString('base64url');
  const rotated = new Keyring({ ...file, seal: { current: 'k2', keys: { ...file.seal.keys, k2 } } });
  expect(rotated.open('seal', box, 'row 1')).toBe('0107851234');
  // An empty text with four bytes of its tag: one forgery in four thousand million would succeed.
  const empty = new Keyring(file).seal('seal', '', 'row 1');
  expect(rotated.open('seal', empty, 'row 1')).toBe('');
  expect(() => rotated.open('seal', empty.subarray(0, -12), 'row 1')).toThrow();
  expect(() => rotated.open('seal', box, 'row 2')).toThrow();
  const changed = Buffer.from(box);
  changed[changed.length - 1]! ^= 1;
  expect(() => rotated.open('seal', changed, 'row 1')).toThrow();
  expect(() => new Keyring(Keyring.generate()).open('seal', box, 'row 1')).toThrow();
});

test('a process seals under a key that it draws, and draws another in time; who does not draw opens them', () => {
  const file = Keyring.generate();
  const drawing = new Keyring(file, { mostSeals: 2 });
  drawing.drawsSealingKeys = true;
  const boxes = Array.from({ length: 5 }, (_, i) => drawing.seal('records', `text ${i}`, 'row'));
  const drawn = boxes.map((box) => box.subarray(3, 11).toString('hex'));
  expect([drawn[0], drawn[2]]).toEqual([drawn[1], drawn[3]]);
  expect(new Set(drawn).size).toBe(3);
  expect(drawing.seal('seal', 'text', 'row').subarray(3, 11).toString('hex')).not.toBe(drawn[4]);
  const another = new Keyring(file);
  expect(boxes.map((box) => another.open('records', box, 'row'))).toEqual(boxes.map((_, i) => `text ${i}`));
  expect(another.seal('records', 'text', 'row')[0]).toBe(2);
  expect(drawing.open('records', another.seal('records', 'text', 'row'), 'row')).toBe('text');
  const [box = Buffer.alloc(0)] = boxes;
  expect(() => another.open('seal', box, 'row')).toThrow();
  const changed = Buffer.from(box);
  changed[3]! ^= 1;
  expect(() => another.open('records', changed, 'row')).toThrow();
  // What is sealed under a salt already has a separate key.
  const salted = drawing.seal('records', 'text', 'row', Buffer.alloc(32, 3));
  expect([salted[0], another.open('records', salted, 'row', Buffer.alloc(32, 3))]).toEqual([2, 'text']);
});

test('a ring with another current key finds by the lookup key, which has to be there', () => {
  const file = Keyring.generate();
  const k2 = Buffer.alloc(32, 7).toString('base64url');
  const keys = { ...file.records.keys, k2 };
  const rotated = { ...file, records: { current: 'k2', lookup: 'k1', keys } };
  expect(new Keyring(rotated).hmac('records', 'id')).toEqual(new Keyring(file).hmac('records', 'id'));
  expect(parseKeyring(JSON.stringify(rotated))).toMatchObject(rotated);
  const lost = { ...file, records: { current: 'k2', lookup: 'k3', keys } };
  expect(parseKeyring(JSON.stringify(lost))).toContain('the lookup key is not in the ring');
});

test('key rings of an earlier version are completed, and what is there stays', () => {
  const file = Keyring.generate();
  expect(Keyring.complete(file)).toBeNull();
  const { letters, ...earlier } = file;
  const completed = Keyring.complete(earlier);
  expect(completed).toMatchObject(earlier);
  expect(completed?.['letters']).not.toEqual(letters);
  expect(parseKeyring(JSON.stringify(earlier))).toContain('no ring for letters');
  expect(completeKeyring(JSON.stringify(earlier))).toMatchObject(earlier);
  expect(completeKeyring(JSON.stringify({ ...earlier, seal: 'x' }))).toBeNull();
});

test('a key or a ring that stands twice, a current one that is not there, and a swapped pair are named', () => {
  const file = Keyring.generate();
  const text = JSON.stringify(file);
  const { k1 = '' } = file.seal.keys;
  const other = Buffer.alloc(32, 7).toString('base64url');
  // Control: JSON.parse takes the last one without a word.
  const twice = text.replace(`"k1":"${k1}"`, `"k1":"${k1}","k1":"${other}"`);
  expect((JSON.parse(twice) as typeof file).seal.keys['k1']).toBe(other);
  expect(parseKeyring(twice)).toBe('seal.keys.k1 is there twice: only one of the two would be used');
  expect(parseKeyring(twice.replace('"k1":"', '"\\u006b1":"'))).toContain('is there twice');
  expect(completeKeyring(twice)).toBeNull();
  expect(parseKeyring(`{"seal":{},${text.slice(1)}`)).toContain('seal is there twice');
  const current = (name: string) =>
    parseKeyring(JSON.stringify({ ...file, seal: { ...file.seal, current: name } }));
  for (const name of ['k2', 'constructor', ''])
    expect(current(name)).toBe('seal: the current key is not in the ring');
  const swapped = parseKeyring(JSON.stringify({ ...file, seal: { current: k1, keys: { [k1]: 'k1' } } }));
  expect(swapped).toContain('seal');
  expect(swapped).not.toContain(k1);
  const short = { ...file, seal: { current: 'k1', keys: { k1: k1.slice(0, 20) } } };
  expect(parseKeyring(JSON.stringify(short))).toBe('seal.keys.k1: not 32 bytes');
  expect(parseKeyring(text)).toMatchObject(file);
});

test('letters and mail: what a server has missing or wrong is reported, without a part of any key', async () => {
  const folder = await mkdtemp(path.resolve('.tmp/config-'));
  const file = async (name: string, text: string) => {
    await writeFile(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const jwk = JSON.stringify(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  );
  const secret = JSON.stringify({ kty: 'oct', k: 'c2VjcmV0LWNhbmFyeQ' });
  const right = {
    DATABASE_URL: 'postgres://x:y@127.0.0.1:5432/z',
    NOEGLE_ISSUER: 'https://id.example',
    ...CONTACT_ENV,
    NOEGLE_KEYS_FILE: await file('keys.json', JSON.stringify(Keyring.generate())),
    NOEGLE_PRINT_URL: 'https://print.example/letters',
    NOEGLE_PRINT_TOKEN_FILE: await file('token', 'a-token-of-a-print-house\n'),
    NOEGLE_PRINT_CARD_KEY_FILE: await file('cards.jwk', jwk),
    NOEGLE_PRINT_PASSWORD_KEY_FILE: await file('one.jwk', jwk.replace('"kty"', '"kid":"b","kty"')),
    NOEGLE_SMTP_URL: 'smtp://mail.example',
    NOEGLE_MAIL_FROM: 'no-reply@id.example',
  };
  const faults = (env: Record<string, string>) => {
    try {
      readConfig({ ...right, ...env });
      return 'none';
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  };
  expect(faults({})).toContain('hold one key');
  const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const two = { NOEGLE_PRINT_PASSWORD_KEY_FILE: await file('two.jwk', JSON.stringify(otherKey)) };
  expect(faults(two)).toBe('none');
  expect(faults({ ...two, NOEGLE_PRINT_CARD_KEY_FILE: await file('no.jwk', 'not JSON') })).toContain(
    'NOEGLE_PRINT_CARD_KEY_FILE',
  );
  const oct = faults({ ...two, NOEGLE_PRINT_CARD_KEY_FILE: await file('oct.jwk', secret) });
  expect(oct).toContain('symmetric');
  expect(oct).not.toContain('c2VjcmV0');
  expect(faults({ ...two, NOEGLE_SMTP_URL: 'http://mail.example' })).toContain('NOEGLE_SMTP_URL');
  expect(faults({ ...two, NOEGLE_MAIL_FROM: 'nobody' })).toContain('NOEGLE_MAIL_FROM');
  expect(faults({ ...two, NOEGLE_PRIVATE_ORIGINS: 'https://a.example/path' })).toContain(
    'NOEGLE_PRIVATE_ORIGINS',
  );
  expect(faults({ ...two, NOEGLE_RULES_FILE: await file('rules.json', '{"key":{"tries":9}}') })).toContain(
    'key.tries',
  );
  const hashing = async (text: string) =>
    faults({ ...two, NOEGLE_RULES_FILE: await file('rules.json', `{"hashing":${text}}`) });
  for (const fits of [
    '{}',
    '{"memoryCost":7168,"timeCost":5}',
    '{"memoryCost":12288,"timeCost":3}',
    '{"memoryCost":65536,"timeCost":3,"parallelism":4}',
  ])
    expect(await hashing(fits)).toBe('none');
  for (const cheap of [
    '{"timeCost":1}',
    '{"memoryCost":7168}',
    '{"memoryCost":7167,"timeCost":9}',
    '{"memoryCost":9216,"timeCost":3}',
  ])
    expect(await hashing(cheap)).toContain(
      'NOEGLE_RULES_FILE: hashing: too cheap: it takes at least one of memoryCost 7168 with timeCost 5, memoryCost 9216',
    );
  await rm(folder, { recursive: true });
});
