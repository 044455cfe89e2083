import { expect, test } from '@jest/globals';
import { hash as otherHash, verify as otherVerify } from 'argon2';
import { Keyring } from '../src/platform/keyring.ts';
import { PasswordHasher, TooBusy } from '../src/platform/passwordHasher.ts';

test('a box opens in its row alone, unchanged alone, and with an older key of the ring', () => {
  const file = Keyring.generate();
  const box = new Keyring(file).seal('seal', '0107851234', 'row 1');
  const k2 = Buffer.alloc(32, 7).toString('base64url');
  const rotated = new Keyring({ ...file, seal: { current: 'k2', keys: { ...file.seal.keys, k2 } } });
  expect(rotated.open('seal', box, 'row 1')).toBe('0107851234');
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

test('a full queue says so at once, and what waits is served', async () => {
  const hasher = new PasswordHasher({ maxWaiting: 3 });
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => hasher.verify(null, 'x')));
  const refused = all.filter((one) => one.status === 'rejected' && one.reason instanceof TooBusy);
  expect(refused.length).toBeGreaterThan(0);
  expect(all.length - refused.length).toBeGreaterThanOrEqual(3);
});
