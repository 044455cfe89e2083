/**
 * The queue before the hashes, with argon2 itself: who may be hashed, who goes first, and who is no longer
 * hashed.
 */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { hash as otherHash, verify as otherVerify } from 'argon2';
import { DEFAULT_RULES } from '../src/domain/rules.ts';
import { DummyHashes, composeHashParameters } from '../src/platform/hashing/dummyHashes.ts';
import {
  HashingAborted,
  PasswordHasher,
  HashingQueueFull,
  type HashingOptions,
} from '../src/platform/hashing/passwordHasher.ts';

const { hashing: setting } = DEFAULT_RULES;
const CHEAP = { memoryCost: 64, timeCost: 1, parallelism: 1 };

function settingOf(phc: string): string {
  return phc.split('$')[3] ?? '';
}

/** The outcome of each, in order. */
async function ends(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((one) => {
    if (one.status === 'fulfilled') return 'hashed';
    if (one.reason instanceof HashingQueueFull) return 'busy';
    if (one.reason instanceof HashingAborted) return 'aborted';
    throw one.reason;
  });
}

test('the two argon2 libraries verify what the other hashed', async () => {
  const hasher = new PasswordHasher({ maxWaiting: 10, setting });
  const ownHash = await hasher.hash('kodeord æøå');
  expect(ownHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await otherVerify(ownHash, 'kodeord æøå')).toBe(true);
  const theirs = await otherHash('kodeord æøå', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  expect(await hasher.verify(theirs, 'kodeord æøå')).toBe(true);
  expect(await hasher.verify(theirs, 'kodeord')).toBe(false);
  expect(await hasher.verify(null, 'a password that nobody has')).toBe(false);
});

test('known browsers go before the others, and find room when the line of the others is full', async () => {
  // One at a time: then they end in the order in which they began, however busy the machine is.
  const hasher = new PasswordHasher({ maxWaiting: 8, maxConcurrent: 1, setting });
  const done: string[] = [];
  const line = (name: string, isKnown: boolean) =>
    hasher.verify(null, 'x', { isKnown }).then(
      () => done.push(name),
      (error: unknown) => {
        if (error instanceof HashingQueueFull) done.push(`${name} refused`);
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

test('behind a long line one core is left to everything else, until the line is short again', async () => {
  const hasher = new PasswordHasher({ maxWaiting: 40, maxConcurrent: 2, setting: CHEAP });
  const verify = (many: number) => Array.from({ length: many }, () => hasher.verify(null, 'x'));
  const few = verify(2 + 4);
  expect(hasher.atOnce).toBe(2);
  const many = verify(1);
  expect(hasher.atOnce).toBe(1);
  await Promise.all([...few, ...many]);
  expect(hasher.atOnce).toBe(2);
  const alone = new PasswordHasher({ maxWaiting: 40, maxConcurrent: 1, setting: CHEAP });
  const line = Array.from({ length: 10 }, () => alone.verify(null, 'x'));
  expect(alone.atOnce).toBe(1);
  await Promise.all(line);
});

test('a full queue says so immediately, and what waits is served', async () => {
  const hasher = new PasswordHasher({ maxWaiting: 3, setting });
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => hasher.verify(null, 'x')));
  const refused = all.filter((one) => one.status === 'rejected' && one.reason instanceof HashingQueueFull);
  expect(refused.length).toBeGreaterThan(0);
  expect(all.length - refused.length).toBeGreaterThanOrEqual(3);
});

describe('in flight on a node', () => {
  const at = (hasher: PasswordHasher, many: number, options: HashingOptions) =>
    Array.from({ length: many }, () => hasher.verify(null, 'x', options));

  test.each([
    ['of an identity two', { identity: 'a' }, 2],
    ['of a network eight', { network: '192.0.2.1' }, 8],
    ['of a known browser two', { identity: 'a', isKnown: true }, 2],
  ])('%s, and the rest is refused immediately', async (_what, options, most) => {
    const hasher = new PasswordHasher({ maxWaiting: 250, maxConcurrent: 1, setting: CHEAP });
    const all = await ends(at(hasher, 60, options));
    expect(all).toEqual([...Array(most).fill('hashed'), ...Array(60 - most).fill('busy')]);
    expect(hasher.keysInFlight).toBe(0);
    // An ended hash makes room.
    expect(await ends(at(hasher, most, options))).toEqual(Array(most).fill('hashed'));
  });

  test('a known browser has its own next to those of all others, and a full network keeps no other out', async () => {
    const hasher = new PasswordHasher({ maxWaiting: 250, maxConcurrent: 1, setting: CHEAP });
    const strangers = at(hasher, 3, { identity: 'a', network: '192.0.2.1' });
    const own = at(hasher, 3, { identity: 'a', isKnown: true });
    const others = Array.from({ length: 8 }, (_, i) =>
      hasher.verify(null, 'x', { identity: `other ${i}`, network: '192.0.2.1' }),
    );
    const elsewhere = hasher.verify(null, 'x', { identity: 'other 7', network: '192.0.2.2' });
    expect(await ends(strangers)).toEqual(['hashed', 'hashed', 'busy']);
    expect(await ends(own)).toEqual(['hashed', 'hashed', 'busy']);
    expect(await ends([...others, elsewhere])).toEqual([
      ...Array(6).fill('hashed'),
      'busy',
      'busy',
      'hashed',
    ]);
    expect(hasher.keysInFlight).toBe(0);
  });

  test('no flood of one known browser makes the line crowded', async () => {
    const hasher = new PasswordHasher({ maxWaiting: 10, maxConcurrent: 1, setting: CHEAP });
    const flood = at(hasher, 60, { identity: 'a', isKnown: true });
    expect(hasher.isCrowded).toBe(false);
    await ends(flood);
    // Control: the same number of different people is accepted.
    const many = Array.from({ length: 4 }, (_, i) => hasher.verify(null, 'x', { identity: `one ${i}` }));
    expect(hasher.isCrowded).toBe(true);
    await ends(many);
    expect(hasher.isCrowded).toBe(false);
  });
});

describe('the forms of one /24 or one /48', () => {
  test('are taken sixteen at a time, in order, and keep no one else waiting', async () => {
    const hasher = new PasswordHasher({ setting: CHEAP });
    const begun: number[] = [];
    const ended: (() => void)[] = [];
    const form = (n: number) => {
      begun.push(n);
      return new Promise<void>((resolve) => ended.push(resolve));
    };
    const all = Array.from({ length: 18 }, (_, n) => hasher.runInNetworkTurn('2001:db8:1/48', () => form(n)));
    const elsewhere = hasher.runInNetworkTurn('2001:db8:2/48', () => form(100));
    await setImmediate();
    expect(begun).toEqual([...Array(16).keys(), 100]);
    ended[3]?.();
    await setImmediate();
    expect(begun.slice(17)).toEqual([16]);
    for (const end of ended) end();
    await setImmediate();
    ended.at(-1)?.();
    expect(await ends([...all, elsewhere])).toEqual(Array(19).fill('hashed'));
  });

  test('wait no longer than hashes do, and not for a client that is gone', async () => {
    const hasher = new PasswordHasher({ setting: CHEAP, deadlineMs: 20, bounds: { formsOfWideNetwork: 1 } });
    const gone = new AbortController();
    let end = () => {};
    const take = (signal?: AbortSignal) =>
      hasher.runInNetworkTurn('192.0.2.0/24', () => new Promise<void>((resolve) => (end = resolve)), signal);
    const first = take();
    const others = [take(gone.signal), take()];
    gone.abort();
    expect(await ends(others)).toEqual(['aborted', 'busy']);
    end();
    await first;
    expect(await ends([hasher.runInNetworkTurn('192.0.2.0/24', () => Promise.resolve())])).toEqual([
      'hashed',
    ]);
  });
});

describe('what no one waits for is not hashed', () => {
  test('a call whose client is gone while it waits: the place is free immediately, and what has begun is done', async () => {
    const hasher = new PasswordHasher({ maxWaiting: 10, maxConcurrent: 1, setting: CHEAP });
    const gone = new AbortController();
    const { signal } = gone;
    const begun = hasher.verify(null, 'x', { identity: 'a', signal });
    const waiting = hasher.verify(null, 'x', { identity: 'a', signal });
    const late = hasher.verify(null, 'x', { identity: 'a' });
    gone.abort();
    const again = hasher.verify(null, 'x', { identity: 'a' });
    expect(await ends([begun, waiting, late, again])).toEqual(['hashed', 'aborted', 'busy', 'busy']);
    expect(await ends([hasher.verify(null, 'x', { identity: 'a', signal })])).toEqual(['aborted']);
    expect(hasher.keysInFlight).toBe(0);
  });

  test('a call that waited for longer than its deadline, by its timer or behind one that took long', async () => {
    const hasher = new PasswordHasher({ maxWaiting: 10, maxConcurrent: 1, setting, deadlineMs: 1 });
    const startedAt = performance.now();
    const all = Array.from({ length: 6 }, () => hasher.verify(null, 'x'));
    // The first begins immediately; the timers of the others run late.
    while (performance.now() - startedAt < 5);
    expect(await ends(all)).toEqual(['hashed', ...Array(5).fill('busy')]);
    expect(await ends([hasher.verify(null, 'x')])).toEqual(['hashed']);
  });
});

describe('another setting', () => {
  test('unknown names are spread over the settings as people are, and move with them once', async () => {
    const other = { ...CHEAP, memoryCost: 32 };
    const dummies = new DummyHashes(CHEAP);
    const names = Array.from({ length: 1_000 }, (_, i) => `name ${i}`);
    const see = async () => await Promise.all(names.map(async (name) => settingOf(await dummies.find(name))));
    const share = (seen: string[]) =>
      seen.filter((one) => one === composeHashParameters(other)).length / 1_000;
    expect(share(await see())).toBe(0);

    dummies.imitate(
      new Map([
        [composeHashParameters(other), 0.6],
        [composeHashParameters(CHEAP), 0.4],
      ]),
    );
    const many = await see();
    expect(share(many)).toBeGreaterThan(0.55);
    expect(share(many)).toBeLessThan(0.65);
    expect(await see()).toEqual(many);

    dummies.imitate(
      new Map([
        [composeHashParameters(other), 0.2],
        [composeHashParameters(CHEAP), 0.8],
      ]),
    );
    const few = await see();
    expect(share(few)).toBeGreaterThan(0.15);
    expect(share(few)).toBeLessThan(0.25);
    // No parameters are downgraded.
    expect(few.filter((one, i) => one === composeHashParameters(other) && many[i] !== one)).toEqual([]);

    dummies.imitate(
      new Map([
        [composeHashParameters(CHEAP), 1],
        ['nonsense', 0.5],
      ]),
    );
    expect(share(await see())).toBe(0);
  });

  test('needs a rehash whichever of the three differs', async () => {
    const phc = await new PasswordHasher({ maxWaiting: 1, setting: CHEAP }).hash('x');
    const needs = (other: Partial<typeof CHEAP>) =>
      new PasswordHasher({ maxWaiting: 1, setting: { ...CHEAP, ...other } }).isRehashNeeded(phc);
    expect(needs({})).toBe(false);
    expect([needs({ memoryCost: 65 }), needs({ timeCost: 2 }), needs({ parallelism: 2 })]).toEqual([
      true,
      true,
      true,
    ]);
    expect(new PasswordHasher({ maxWaiting: 1, setting }).isRehashNeeded(await otherHash('x', CHEAP))).toBe(
      true,
    );
  });

  test('a rehash begins behind everybody who waits, one at a time, and is left out where many wait', async () => {
    const hasher = new PasswordHasher({ maxWaiting: 40, maxConcurrent: 1, setting: CHEAP });
    const done: string[] = [];
    const noted = (name: string, call: Promise<unknown>) => call.then(() => done.push(name));
    const first = noted('person', hasher.verify(null, 'x'));
    const rehash = noted('rehash', hasher.rehash('x'));
    const people = Array.from({ length: 5 }, () => noted('person', hasher.verify(null, 'x')));
    await Promise.all([first, rehash, ...people]);
    expect(done).toEqual([...Array(6).fill('person'), 'rehash']);
    // It fills no queue, and is not limited.
    const blocking = hasher.verify(null, 'x');
    const many = Array.from({ length: 30 }, () => hasher.rehash('x'));
    expect([hasher.isCrowded, hasher.atOnce]).toEqual([false, 1]);
    expect(await ends([blocking, ...many])).toEqual([...Array(21).fill('hashed'), ...Array(10).fill('busy')]);
  });
});
