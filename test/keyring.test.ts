import { expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hash as otherHash, verify as otherVerify } from 'argon2';
import { completeKeyring, ConfigFault, parseKeyring, readConfig } from '../src/config.ts';
import { Keyring } from '../src/platform/keyring.ts';
import { PasswordHasher, TooBusy } from '../src/platform/passwordHasher.ts';

test('a box opens in its row alone, unchanged alone, and with an older key of the ring', () => {
  const file = Keyring.generate();
  const box = new Keyring(file).seal('seal', '0107851234', 'row 1');
  const k2 = Buffer.alloc(32, 7).toString('base64url');
  const rotated = new Keyring({ ...file, seal: { current: 'k2', keys: { ...file.seal.keys, k2 } } });
  expect(rotated.open('seal', box, 'row 1')).toBe('0107851234');
  // An empty text with four bytes of its tag: one try in four thousand million would hit.
  const empty = new Keyring(file).seal('seal', '', 'row 1');
  expect(rotated.open('seal', empty, 'row 1')).toBe('');
  expect(() => rotated.open('seal', empty.subarray(0, -12), 'row 1')).toThrow();
  expect(() => rotated.open('seal', box, 'row 2')).toThrow();
  const changed = Buffer.from(box);
  changed[changed.length - 1]! ^= 1;
  expect(() => rotated.open('seal', changed, 'row 1')).toThrow();
  expect(() => new Keyring(Keyring.generate()).open('seal', box, 'row 1')).toThrow();
});

test('the two argon2 libraries verify what the other hashed', async () => {
  const hasher = new PasswordHasher({ maxWaiting: 10 });
  const ours = await hasher.hash('kodeord æøå');
  expect(ours).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await otherVerify(ours, 'kodeord æøå')).toBe(true);
  const theirs = await otherHash('kodeord æøå', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  expect(await hasher.verify(theirs, 'kodeord æøå')).toBe(true);
  expect(await hasher.verify(theirs, 'kodeord')).toBe(false);
  expect(await hasher.verify(null, 'a password that nobody has')).toBe(false);
});

test('known browsers go before the others, and find room when the line of the others is full', async () => {
  // One at a time: then they end in the order in which they were begun, however busy the machine is.
  const hasher = new PasswordHasher({ maxWaiting: 8, atOnce: 1 });
  const done: string[] = [];
  const line = (name: string, isUrgent: boolean) =>
    hasher.verify(null, 'x', { isUrgent }).then(
      () => done.push(name),
      (error: unknown) => {
        if (error instanceof TooBusy) done.push(`${name} refused`);
        else throw error;
      },
    );
  const strangers = Array.from({ length: 30 }, () => line('stranger', false));
  const owner = line('owner', true);
  await Promise.all([...strangers, owner]);
  const served = done.filter((name) => !name.endsWith('refused'));
  expect(done).toContain('stranger refused');
  expect(done).not.toContain('owner refused');
  // Those that were being hashed already cannot be overtaken.
  expect(served.indexOf('owner')).toBeLessThan(served.length / 2);
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

test('behind a long line one core is left to everything else, until the line is short again', async () => {
  const setting = { algorithm: 2, memoryCost: 64, timeCost: 1, parallelism: 1 };
  const hasher = new PasswordHasher({ maxWaiting: 40, atOnce: 2, setting });
  const verify = (many: number) => Array.from({ length: many }, () => hasher.verify(null, 'x'));
  const few = verify(2 + 4);
  expect(hasher.atOnce).toBe(2);
  const many = verify(1);
  expect(hasher.atOnce).toBe(1);
  await Promise.all([...few, ...many]);
  expect(hasher.atOnce).toBe(2);
  const alone = new PasswordHasher({ maxWaiting: 40, atOnce: 1, setting });
  const line = Array.from({ length: 10 }, () => alone.verify(null, 'x'));
  expect(alone.atOnce).toBe(1);
  await Promise.all(line);
});

test('a full queue says so at once, and what waits is served', async () => {
  const hasher = new PasswordHasher({ maxWaiting: 3 });
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => hasher.verify(null, 'x')));
  const refused = all.filter((one) => one.status === 'rejected' && one.reason instanceof TooBusy);
  expect(refused.length).toBeGreaterThan(0);
  expect(all.length - refused.length).toBeGreaterThanOrEqual(3);
});

test('letters and mail: what a server lacks or has wrong is said, without a part of any key', async () => {
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
    NOEGLE_HOTLINE: '70 10 20 30',
    NOEGLE_KEYS_FILE: await file('keys.json', JSON.stringify(Keyring.generate())),
    NOEGLE_PRINT_URL: 'https://print.example/letters',
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
      if (error instanceof ConfigFault) return error.message;
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
  await rm(folder, { recursive: true });
});
