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
  redeemCode,
  signInAtNode,
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
    const oneSignIn = async () => {
      const request = authRequest(rp);
      const code = (await signInAtNode(new TestBrowser(nodes), person, request)).get('code') ?? '';
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
    await nodes.close();
    expect(seen.length).toBeLessThanOrEqual(limit);
  },
);
