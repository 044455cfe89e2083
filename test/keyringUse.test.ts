/** Counts the key ring operations of one sign-in, prints them by use and enforces a limit. */
import { expect, test } from '@jest/globals';
import type { Keyring } from '../src/platform/keyring.ts';
import { requireUnitOfWork, type UnitOfWork } from '../src/db/unitOfWork.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  Nodes,
  keyFor,
  readReturnedCode,
  redeemCode,
} from './support/index.ts';

/**
 * Operations of one sign-in, at most. Where rows still need a MAC, a known network is read once more. The
 * MACs of rows are made under keys that are derived from the ring once, and are not counted here.
 */
const LIMITS = [
  ['read', 52],
  ['require', 53],
] as const;

interface Operation {
  readonly what: string;
  /** Use, data and key of an HMAC: the same input made twice is a wasted operation. */
  readonly input: string | null;
  readonly unit: UnitOfWork;
}

/** Records what requests ask of a ring. */
function watch(keyring: Keyring): Operation[] {
  const seen: Operation[] = [];
  const hmac = keyring.hmac.bind(keyring);
  const seal = keyring.seal.bind(keyring);
  const open = keyring.open.bind(keyring);
  keyring.hmac = (use, data, kid) => {
    const text = typeof data === 'string' ? data : data.toString('latin1');
    seen.push({
      what: `hmac ${use}`,
      input: `${use} ${kid ?? keyring.currentKid(use)} ${text}`,
      unit: requireUnitOfWork(),
    });
    return hmac(use, data, kid);
  };
  keyring.seal = (use, ...rest) => {
    seen.push({ what: `seal ${use}`, input: null, unit: requireUnitOfWork() });
    return seal(use, ...rest);
  };
  keyring.open = (use, ...rest) => {
    seen.push({ what: `open ${use}`, input: null, unit: requireUnitOfWork() });
    return open(use, ...rest);
  };
  return seen;
}

test.each(LIMITS)(
  'a sign-in at "%s" takes at most %i operations of the key rings',
  async (binding, limit) => {
    const nodes = await Nodes.start({ binding: () => binding });
    const rp = await aRelyingParty(nodes);
    const person = await aPerson(nodes);
    const oneSignIn = async (browser = new TestBrowser(nodes), ticked: Record<string, string> = {}) => {
      const request = authRequest(rp);
      const page = await browser.follow(request.path);
      const { userId, password } = person;
      const keyPage = await browser.send(page, { userId, password, ...ticked });
      const end = await browser.send(keyPage, { key: keyFor(person, keyPage) });
      const code = readReturnedCode(end).get('code') ?? '';
      expect((await redeemCode(nodes, rp, code, request.verifier)).status).toBe(200);
    };
    await oneSignIn();
    const seen = watch(nodes.context.keyring);
    await oneSignIn();

    const repeated = seen.filter(
      ({ input, unit }, i) =>
        input !== null && seen.findIndex((o) => o.unit === unit && o.input === input) < i,
    );
    const byUse = Map.groupBy(seen, ({ what }) => what);
    const lines = [...byUse].map(([what, some]) => `${some.length} ${what}`);
    console.info(
      `${seen.length} operations of the key rings, ${repeated.length} of them again:\n${lines.join('\n')}`,
    );
    const plain = seen.length;
    // A user ID that the computer remembers is sealed once, and opened when it is shown and when it is kept.
    const counts: number[] = [];
    let remembered = '';
    for (let i = 0; i < 2; i += 1) {
      const before = seen.length;
      const browser = new TestBrowser(nodes);
      if (remembered !== '') await browser.setCookie(`noegle-user=${remembered}; path=/`);
      await oneSignIn(browser, { rememberUserId: '1' });
      counts.push(seen.length - before);
      remembered = (await browser.readCookies()).find(({ name }) => name === 'noegle-user')?.value ?? '';
      expect(remembered).not.toBe('');
    }
    await nodes.close();
    expect(plain).toBeLessThanOrEqual(limit);
    expect(counts[0]).toBeLessThanOrEqual(plain + 1);
    expect(counts[1]).toBeLessThanOrEqual(plain + 3);
  },
);
