/**
 * Thousands of unauthenticated requests leave at most a hundred rows and a megabyte: of all kinds that a
 * stranger can send, from one network and from a hundred. What is verified (a password, an order) has to be
 * counted: of that each network leaves at most as much as its budget allows.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import {
  aPerson,
  aProofKey,
  authRequest,
  TestBrowser,
  type TableSizes,
  type BrowserPage,
  postOrder,
  type ProofKey,
  pushRequest,
  readFilled,
  readGrown,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

/** All ten thousand take a minute and a half: `NOEGLE_PROOF_WHOLE=yes`. */
const MANY = process.env['NOEGLE_PROOF_WHOLE'] === 'yes' ? 10_000 : 1_000;
const LANES = 16;
const MAX_ROWS = 100;
const MAX_BYTES = 1_000_000;
/** Includes dead rows that the database has not yet reused. */
const MAX_ON_DISK = 4_000_000;

let key: ProofKey;
let lockedName: string;
let sent = 0;
const nodes = useNodes({ count: 2, proxyHops: 1, quickCommits: true, rules: DEFAULT_RULES });
const rp = useRelyingParty(nodes);
const open = useRelyingParty(nodes, { token_endpoint_auth_method: 'none' });
beforeAll(async () => {
  key = await aProofKey();
  const person = await aPerson(nodes);
  lockedName = person.userId;
  for (let i = 0; i < 5; i += 1)
    await toPassword('198.18.0.1', { userId: lockedName, password: `wrong-${i}` });
}, 60_000);

function someText(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}

/** Counts what it sends. */
async function ask(browser: TestBrowser, path: string, fields: Record<string, string> | null = null) {
  sent += 1;
  if (!fields) return await browser.request(path);
  return await browser.request(path, { form: fields });
}

async function first(browser: TestBrowser): Promise<BrowserPage> {
  return await ask(browser, authRequest(rp).path);
}

async function toPassword(address: string, fields: Record<string, string>): Promise<BrowserPage> {
  const browser = new TestBrowser(nodes, randomInt(2), address);
  const page = await first(browser);
  sent += 1;
  return await browser.post(page, fields);
}

const at = (address: string) => new TestBrowser(nodes, randomInt(2), address);

/** One request of each kind, or a page and its form. */
const UNJUDGED: Readonly<Record<string, (address: string) => Promise<unknown>>> = {
  'a request': (address) => first(at(address)),
  'a long request': (address) => ask(at(address), authRequest(rp, { state: someText(8_000) }).path),
  'one that is too long': (address) => ask(at(address), authRequest(rp, { state: someText(14_000) }).path),
  'a posted one': async (address) => {
    const browser = at(address);
    const body = new URLSearchParams(authRequest(rp, { state: someText(7_500) }).path.slice('/auth?'.length));
    const answer = await ask(browser, '/auth', Object.fromEntries(body));
    await ask(browser, answer.headers.location ?? '/');
  },
  'a posted one that is too long': (address) => {
    const body = new URLSearchParams(
      authRequest(rp, { state: someText(30_000) }).path.slice('/auth?'.length),
    );
    return ask(at(address), '/auth', Object.fromEntries(body));
  },
  'a pushed one': async (address) => {
    const dpop = await key.proof('POST', `${nodes.issuer}/request`);
    sent += 1;
    const params = { state: someText(7_500) };
    const pushed = await pushRequest(nodes, open, { address, node: randomInt(2), params, headers: { dpop } });
    if (pushed.answer.status === 201 && randomInt(2) === 0) await ask(at(address), pushed.path);
  },
  'a blank password form': (address) => toPassword(address, { userId: someText(1_500), password: '' }),
  'a locked name': (address) => toPassword(address, { userId: lockedName, password: 'anything' }),
  'a made-up holder': async (address) => {
    const browser = at(address);
    const page = await first(browser);
    const { pathname } = new URL(page.formUrl);
    await browser.setCookie(`noegle-holder=${someText(43)}; Path=${pathname}`);
    sent += 1;
    await browser.post(page, { userId: '', password: '' });
  },
  'giving up': (address) => toPassword(address, { cancel: '1' }),
  'a key': (address) =>
    toPassword(address, { step: 'key', cardNumber: 'A123-456-789', keyNumber: '0001', key: '123456' }),
  'a wrong token': (address) => toPassword(address, { csrf: 'x', userId: 'x', password: 'x' }),
  'an activation without a cookie': (address) => ask(at(address), '/activate', { step: 'start' }),
  'a blank activation': async (address) => {
    const browser = at(address);
    sent += 3;
    const page = await browser.follow('/activate');
    await browser.post(
      { ...page, formUrl: `${nodes.issuer}/activate` },
      { userId: someText(1_000), password: '' },
    );
  },
  'a blank blocking': (address) => ask(at(address), '/block', { userId: 'x', password: '', what: 'card' }),
  'an order that is not whole': (address) => ask(at(address), '/order', { cpr: 'x', language: 'da' }),
  'an unknown code': (address) =>
    ask(at(address), '/token', {
      client_id: open.clientId,
      grant_type: 'authorization_code',
      code: someText(43),
      redirect_uri: open.redirectUri,
      code_verifier: someText(43),
    }),
  'an unknown token': (address) =>
    ask(at(address), '/token/revocation', { client_id: open.clientId, token: someText(43) }),
  'a registration': (address) => ask(at(address), '/reg', { client_name: 'x' }),
  'a log-out': (address) => ask(at(address), '/session/end'),
  'a first-party client': async (address) => {
    const browser = at(address);
    for (const path of ['/self-service', '/desk', '/order/sign-in']) await ask(browser, path);
    await ask(browser, '/self-service/callback?code=x&state=x');
  },
};

/** That many requests of all kinds in rotation. */
async function flood(many: number, addressOf: (i: number) => string): Promise<void> {
  const kinds = Object.values(UNJUDGED);
  const isDone = () => sent >= many;
  let next = 0;
  const lane = async () => {
    while (!isDone()) {
      const i = next++;
      await kinds[i % kinds.length]?.(addressOf(i));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function say(what: string, { rows, bytes, onDisk, byTable }: TableSizes): void {
  console.info(`${what}: ${sent} requests, ${rows} rows, ${bytes} bytes, ${onDisk} on disk`, byTable);
}

const sendVerified = async (address: string) => {
  const name = `nobody-${someText(8)}`;
  await toPassword(address, { userId: name, password: 'not it at all' });
  await ask(at(address), '/block', { userId: name, password: 'not it at all', what: 'card' });
};

test('from one network, with what is verified', async () => {
  const before = await readFilled(nodes);
  sent = 0;
  // First the attempts of this network, so that its budget is what bounds them.
  for (let i = 0; i < 10; i += 1) {
    await Promise.all(Array.from({ length: 6 }, () => sendVerified('192.0.2.7')));
    if (i < 2) await postOrder(at('192.0.2.7'), { ...unknownPerson(), passport: '201234567' });
  }
  await flood(MANY, () => '192.0.2.7');
  const grown = await readGrown(nodes, before);
  say('one network', grown);
  expect(sent).toBeGreaterThanOrEqual(MANY);
  expect(grown.rows).toBeLessThanOrEqual(MAX_ROWS);
  expect(grown.bytes).toBeLessThanOrEqual(MAX_BYTES);
  expect(grown.onDisk).toBeLessThanOrEqual(MAX_ON_DISK);
}, 240_000);

test('from a hundred networks', async () => {
  const before = await readFilled(nodes);
  sent = 0;
  await flood(MANY, (i) => `2001:db8:${(i % 100).toString(16)}::${randomInt(1, 9_999)}`);
  const grown = await readGrown(nodes, before);
  say('a hundred networks', grown);
  expect(sent).toBeGreaterThanOrEqual(MANY);
  expect(grown.rows).toBeLessThanOrEqual(MAX_ROWS);
  expect(grown.bytes).toBeLessThanOrEqual(MAX_BYTES);
  expect(grown.onDisk).toBeLessThanOrEqual(MAX_ON_DISK);
}, 240_000);

/**
 * What a network may leave concurrently: as many attempts as its budget has, and those in flight at the same
 * time.
 */
const TRIES = DEFAULT_RULES.network.burst + LANES;
/** An attempt leaves its name and its sign-in, or its public form. */
const ROWS_OF_TRY = 2;
const ROWS_OF_NETWORK = 3;

test('what is verified leaves what the budget of each network has room for', async () => {
  const before = await readFilled(nodes);
  sent = 0;
  const networks = 5;
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < networks * 60; i = next++) await sendVerified(`203.0.${100 + (i % networks)}.9`);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const grown = await readGrown(nodes, before);
  say('verified, from five networks', grown);
  expect(grown.rows).toBeLessThanOrEqual(networks * (TRIES * ROWS_OF_TRY + ROWS_OF_NETWORK));
}, 120_000);

/** A person who is in no register. */
function unknownPerson() {
  return {
    cpr: '0101909999',
    birthdate: '1990-01-01',
    givenName: 'Ingen',
    familyName: 'Nogen',
    status: 'active' as const,
    address: null,
    addressProtected: false,
    drivingLicence: null,
    email: null,
  };
}
