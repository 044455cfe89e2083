/**
 * Requests without authentication and without a verified form leave no row: checked at every address of the
 * router and of the provider, with everything that a stranger can send there.
 */
import { randomBytes } from 'node:crypto';
import Router from '@koa/router';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  encodeForm,
  type TableSizes,
  hiddenFields,
  Nodes,
  type BrowserPage,
  readFilled,
  readGrown,
  readReturnedCode,
  type TestRelyingParty,
} from './support/index.ts';

interface Address {
  readonly path: string;
  readonly methods: readonly string[];
}

const SENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** As the app mounts them. */
const routes: Address[] = [];
type Register = (this: Router, ...given: Parameters<Router['register']>) => ReturnType<Router['register']>;
const prototype = Router.prototype as { register: Register };
const { register } = prototype;
prototype.register = function note(...args) {
  const [path, methods] = args;
  for (const one of [path].flat()) {
    const text = one instanceof RegExp ? one.source.replaceAll(/[\^$\\]|\([^)]*\)\??/g, '') : one;
    routes.push({ path: text, methods: methods.filter((method) => SENT.has(method.toUpperCase())) });
  }
  return register.apply(this, args);
};

const OF_PROVIDER: readonly Address[] = [
  { path: '/auth', methods: ['GET', 'POST'] },
  { path: '/auth/:uid', methods: ['GET'] },
  { path: '/token', methods: ['POST'] },
  { path: '/me', methods: ['GET', 'POST'] },
  { path: '/jwks', methods: ['GET'] },
  { path: '/request', methods: ['POST'] },
  { path: '/reg', methods: ['POST'] },
  { path: '/reg/:id', methods: ['GET', 'PUT', 'DELETE'] },
  { path: '/token/introspection', methods: ['POST'] },
  { path: '/token/revocation', methods: ['POST'] },
  { path: '/session/end', methods: ['GET', 'POST'] },
  { path: '/session/end/confirm', methods: ['POST'] },
  { path: '/session/end/success', methods: ['GET'] },
];

let nodes: Nodes;
let rp: TestRelyingParty;
let open: TestRelyingParty;
let before: TableSizes;
beforeAll(async () => {
  const listing = { relyingParties: [], people: [] };
  nodes = await Nodes.start({ demo: () => listing });
  rp = await aRelyingParty(nodes);
  open = await aRelyingParty(nodes, { token_endpoint_auth_method: 'none' });
  // The first request of a node leaves rows that are not the stranger's.
  await new TestBrowser(nodes).follow(authRequest(rp).path);
  before = await readFilled(nodes);
});
afterAll(async () => {
  prototype.register = register;
  await nodes.close();
});

async function expectNothingLeft(what: string): Promise<void> {
  expect([what, (await readGrown(nodes, before)).byTable]).toEqual([what, {}]);
}

/** An address with a plausible value for each parameter. */
function addressOf({ path }: Address): string {
  return path.replaceAll(/\{?\/?:[a-zA-Z]+(\([^)]*\))?\}?/g, (part) =>
    part.startsWith('/') || part.startsWith('{') ? `/${made()}` : made(),
  );
}

function made(): string {
  return randomBytes(32).toString('base64url');
}

const GARBAGE = {
  csrf: 'x',
  form: 'x',
  step: 'x',
  do: 'x',
  userId: '',
  password: '',
  key: '',
  logout: 'yes',
  xsrf: 'x',
  grant_type: 'authorization_code',
  code: 'x',
  token: 'x',
};

/** Without a body, with a body that is no form, and with the form of the page at this address. */
async function sendAll(method: string, path: string): Promise<number[]> {
  const browser = new TestBrowser(nodes);
  const statuses: number[] = [];
  const send = async (fields: Record<string, string> | null, headers: Record<string, string> = {}) => {
    const body = fields && encodeForm({ client_id: open.clientId, ...fields });
    const request = body === null ? { method, headers } : { method, body, headers };
    const answer = await browser.request(path, request).catch((error: unknown) => {
      throw new Error(`${method} ${path}: ${String(error)}`);
    });
    statuses.push(answer.status);
  };
  await send(null);
  if (method === 'GET' || method === 'HEAD') {
    await send(null, { authorization: 'Bearer x' });
    return statuses;
  }
  await send({});
  await send(GARBAGE);
  await send(GARBAGE, { authorization: `Basic ${Buffer.from('x:x').toString('base64')}` });
  const page = await browser.follow(path);
  await send({ ...hiddenFields(page) });
  await send({ ...hiddenFields(page), userId: '', password: '', key: '' });
  // Where no page has to come first, this would be an attempt.
  const isJudged = !('csrf' in hiddenFields(page));
  if (!isJudged) await send({ ...hiddenFields(page), csrf: 'x', userId: 'somebody', password: 'a password' });
  return statuses;
}

test('no address of the router or the provider leaves a row', async () => {
  const all = [...routes, ...OF_PROVIDER];
  const paths = new Set(all.map(({ path }) => path));
  expect(paths.size).toBeGreaterThan(60);
  for (const path of [
    '/login/:uid',
    '/activate',
    '/block',
    '/new-password',
    '/order',
    '/desk',
    '/self-service',
  ])
    expect([path, paths.has(path)]).toEqual([path, true]);
  const seen = new Set<string>();
  for (const address of all) {
    for (const method of address.methods) {
      if (seen.has(`${method} ${address.path}`)) continue;
      seen.add(`${method} ${address.path}`);
      const statuses = await sendAll(method, addressOf(address));
      expect([address.path, method, statuses.filter((status) => status >= 500)]).toEqual([
        address.path,
        method,
        [],
      ]);
    }
    await expectNothingLeft(address.path);
  }
});

test('the walk knows every address of the provider', async () => {
  const answer = await new TestBrowser(nodes).request('/.well-known/openid-configuration');
  const metadata = JSON.parse(answer.text) as Record<string, unknown>;
  const endpoints = Object.values(metadata).filter(
    (value) => typeof value === 'string' && value.startsWith(`${nodes.issuer}/`),
  );
  expect(endpoints.length).toBeGreaterThan(8);
  const known = new Set(OF_PROVIDER.map(({ path }) => path));
  expect(endpoints.filter((one) => !known.has(new URL(String(one)).pathname))).toEqual([]);
});

/** What a stranger can send at a sign-in before a form of theirs is verified. */
const UNJUDGED: Readonly<Record<string, Record<string, string>>> = {
  blank: { step: 'password', userId: '', password: '' },
  'without a password': { step: 'password', userId: 'somebody', password: '' },
  'a CPR number': { step: 'password', userId: '070785-1234', password: 'a password' },
  'a name of 2,000 signs': { step: 'password', userId: 'æ'.repeat(2_000), password: '' },
  'a key': { step: 'key', cardNumber: 'A123-456-789', keyNumber: '0001', key: '123456' },
  'a new key': { step: 'new-card', cardNumber: 'A123-456-789', keyNumber: '0001', newKey: '123456' },
  'a code': { step: 'code', code: 'ABCD-EFGH' },
  'asking for a code': { step: 'code', code: '', send: 'code' },
  again: { step: 'password', again: '1' },
  another: { step: 'password', another: '1' },
  accept: { step: 'consent', accept: '1' },
  skip: { step: 'new-card', skip: '1' },
  continue: { step: 'password', continue: '1' },
  'a wrong token': { csrf: 'x', step: 'password', userId: 'somebody', password: 'a password' },
  cancel: { step: 'password', cancel: '1' },
};

test('a form at a sign-in that is not verified leaves none, whatever holder it claims to be', async () => {
  for (const [what, fields] of Object.entries(UNJUDGED)) {
    for (const cookie of [null, `noegle-holder=${made()}`]) {
      const browser = new TestBrowser(nodes);
      const page = await browser.follow(authRequest(rp).path);
      if (cookie) await browser.setCookie(`${cookie}; Path=${new URL(page.formUrl).pathname}`);
      const answer = await browser.post(page, fields);
      expect([what, answer.status]).toEqual([what, what === 'a wrong token' ? 403 : 303]);
    }
    await expectNothingLeft(what);
  }
});

test('what is wrong with it is on the next page, with what was typed, once and until another form', async () => {
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(rp).path);
  const name = 'jeg-hedder-noget <&"> æøå';
  const again = await browser.send(page, { userId: name, password: '' });
  expect([again.page, again.status]).toEqual(['password', 200]);
  expect(again.text).toContain('jeg-hedder-noget &lt;&amp;');
  expect(again.text).toContain('aria-invalid="true"');
  // Reload, and a browser that knows the address but did not send the form.
  expect((await browser.follow(page.formUrl)).text).toContain('jeg-hedder-noget');
  // A user ID of 2,000 characters is kept like a short one.
  const long = await browser.send(again, { userId: 'ø'.repeat(2_000), password: '' });
  expect(long.text).toContain('ø'.repeat(2_000));
  const person = await aPerson(nodes);
  const keyPage = await browser.send(long, { userId: person.userId, password: person.password });
  expect(keyPage.page).toBe('key');
  expect(keyPage.text).not.toContain('øøø');
  before = await readFilled(nodes);
});

test('giving up leaves none, twice gives the same, and the request is over for this browser', async () => {
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(authRequest(rp).path);
  const clicked = await browser.copy();
  const answers = [await browser.send(page, { cancel: '1' }), await clicked.send(page, { cancel: '1' })];
  for (const answer of answers) {
    expect(readReturnedCode(answer).get('error_description')).toMatch(/^user_cancelled/);
    expect(answer.headers.location).toBe(answers[0]?.headers.location);
  }
  expect((await browser.follow(page.formUrl)).status).toBe(400);
  await expectNothingLeft('cancel');
});

test('a locked name leaves no row at another sign-in, and giving up says so', async () => {
  const person = await aPerson(nodes);
  const send = async (browser: TestBrowser, password: string): Promise<BrowserPage> => {
    const page = await browser.follow(authRequest(rp).path);
    return await browser.send(page, { userId: person.userId, password });
  };
  for (let i = 0; i < 5; i += 1) await send(new TestBrowser(nodes), `wrong ${i}`);
  before = await readFilled(nodes);
  const browser = new TestBrowser(nodes);
  const locked = await send(browser, person.password);
  expect([locked.page, locked.status]).toEqual(['locked', 200]);
  await expectNothingLeft('locked');
  const left = await browser.send(locked, { cancel: '1' });
  expect(readReturnedCode(left).get('error_description')).toMatch(/^locked/);
  await expectNothingLeft('locked and cancelled');
});

test('an activation that no one has begun says what is the matter, and leaves none', async () => {
  const browser = new TestBrowser(nodes);
  const page = await browser.follow('/activate');
  const blank = await browser.send(page, { userId: 'somebody-who', password: '' });
  expect([blank.page, blank.text.includes('somebody-who')]).toEqual(['activate', true]);
  const late = await browser.send(page, { step: 'key', cardNumber: 'x', keyNumber: 'x', key: 'x' });
  expect(late.page).toBe('activate');
  const form = { step: 'key' };
  const without = new TestBrowser(nodes);
  await without.request('/activate', { form });
  const over = await without.follow('/activate');
  expect([over.page, over.text.includes('role="alert"')]).toEqual(['activate', true]);
  await expectNothingLeft('activation');
});
