/**
 * Requests that a client without authentication has pushed: sixty wait, each for a minute, and each is valid
 * once.
 */
import { beforeEach, expect, test } from '@jest/globals';
import { unpackJson } from '../src/domain/cookies/packedRequest.ts';
import { hashRecordId } from '../src/oidc/records/adapter.ts';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import {
  aPerson,
  aProofKey,
  aRelyingParty,
  TestBrowser,
  countWaiting,
  keyFor,
  type BrowserPage,
  pushRequest,
  type PushedRequestResult,
  readReturnedCode,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2, proxyHops: 1 });
const open = useRelyingParty(nodes, { token_endpoint_auth_method: 'none' });
beforeEach(() =>
  nodes.database.query(
    `UPDATE waiting_pushes SET id = NULL, request_sealed = NULL, network = NULL, expires_at = '-infinity'`,
  ),
);

const ADDRESS = '198.51.100.7';

/** A page that links back to where the person came from. */
function expectOver(page: BrowserPage): void {
  expect([page.status, page.page, page.headers.location]).toEqual([400, 'trouble', undefined]);
  expect(page.text).toContain(TEXTS_BY_LANGUAGE.da.errorPages.bad_request.next);
}

async function records(): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    'SELECT (SELECT count(*) FROM oidc_records)::int + (SELECT count(*) FROM replay_ids)::int AS many',
  );
  return row?.many ?? 0;
}

test('it leads to a code, at whichever node, and leaves its place immediately', async () => {
  const person = await aPerson(nodes);
  const before = await records();
  const state = 's'.repeat(8_000);
  const request = await pushRequest(nodes, open, { address: ADDRESS, params: { state } });
  expect([request.answer.status, await countWaiting(nodes), await records()]).toEqual([201, 1, before]);
  const browser = new TestBrowser(nodes, 1, ADDRESS);
  const keyPage = await toKeyPage(browser, person, request);
  expect(await countWaiting(nodes)).toBe(0);
  // However long the person takes.
  const result = readReturnedCode(await browser.post(keyPage, { key: keyFor(person, keyPage) }));
  expect([result.has('code'), result.get('state')]).toEqual([true, state]);
});

test('in a live session, where nothing is asked, it is valid once too', async () => {
  const person = await aPerson(nodes);
  const browser = new TestBrowser(nodes, 0, ADDRESS);
  const keyPage = await toKeyPage(browser, person, await pushRequest(nodes, open, { address: ADDRESS }));
  await browser.post(keyPage, { key: keyFor(person, keyPage) });
  const request = await pushRequest(nodes, open, { address: ADDRESS, params: { prompt: 'none' } });
  expect(readReturnedCode(await browser.request(request.path)).has('code')).toBe(true);
  expectOver(await browser.request(request.path));
});

test('sixty of one network wait; the next is refused, others are not, and clients that authenticate are not either', async () => {
  const key = await aProofKey();
  const before = await records();
  const pushed: PushedRequestResult[] = [];
  for (let i = 0; i < 60; i += 1) {
    const address = `198.51.100.${i}`;
    const dpop = await key.proof('POST', `${nodes.issuer}/request`);
    pushed.push(await pushRequest(nodes, open, { address, node: i, headers: { dpop } }));
  }
  expect(new Set(pushed.map(({ answer }) => answer.status))).toEqual(new Set([201]));
  const { answer } = await pushRequest(nodes, open, { address: ADDRESS });
  expect(answer.status).toBe(429);
  expect(JSON.parse(answer.text)).toMatchObject({
    error: 'temporarily_unavailable',
    error_description: expect.stringMatching(/^too_many_pushed: /),
  });
  expect(await records()).toBe(before);
  const seconds = Number(answer.headers['retry-after']);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);

  const own = await pushProven(await aRelyingParty(nodes));
  expect(own.answer.status).toBe(201);

  const other = await pushRequest(nodes, open, { address: '2001:db8::1' });
  expect([other.answer.status, await countWaiting(nodes)]).toEqual([201, 60]);
  expect((await new TestBrowser(nodes).follow(other.path)).page).toBe('password');
  // The network with the most has lost its oldest.
  expectOver(await new TestBrowser(nodes).request(pushed[0]?.path ?? ''));
  expect((await new TestBrowser(nodes).follow(pushed[1]?.path ?? '')).page).toBe('password');
  // The record of the client that authenticated.
  expect(await records()).toBe(before + 1);
});

test('networks that have one place each do not take them from each other', async () => {
  for (let i = 0; i < 60; i += 1) {
    expect((await pushRequest(nodes, open, { address: `2001:db8:${i.toString(16)}::1` })).answer.status).toBe(
      201,
    );
  }
  const late = await pushRequest(nodes, open, { address: ADDRESS });
  expect([late.answer.status, await countWaiting(nodes)]).toEqual([429, 60]);
});

test('after a minute the place is free, and the sweep empties it', async () => {
  const request = await pushRequest(nodes, open, { address: ADDRESS });
  await nodes.database.query(
    `UPDATE waiting_pushes SET expires_at = now() - interval '1 second' WHERE id IS NOT NULL`,
  );
  expectOver(await new TestBrowser(nodes).request(request.path));
  await nodes.node(0).app.tasks['sweep']?.({});
  const rows = await nodes.database.query<{ id: Buffer | null }>('SELECT id FROM waiting_pushes');
  expect([rows.length, rows.filter(({ id }) => id !== null)]).toEqual([60, []]);
});

test('what a client with authentication pushed and no one used is gone with the first sweep after its end', async () => {
  const proven = await aRelyingParty(nodes);
  const [over, waiting] = [await pushProven(proven), await pushProven(proven)];
  const uri = new URLSearchParams(over.path.split('?')[1]).get('request_uri') ?? '';
  const key = hashRecordId(nodes.context.keyring, 'PushedAuthorizationRequest', uri.split(':').at(-1) ?? '');
  const [ended] = await nodes.database.query<{ client_id: string }>(
    `WITH ended AS (UPDATE oidc_records SET expires_at = now() - interval '1 second' WHERE id = $1 RETURNING client_id)
     SELECT client_id FROM ended`,
    [key],
  );
  expect(ended).toEqual({ client_id: proven.clientId });
  const before = await records();
  await nodes.node(0).app.tasks['sweep']?.({});
  expect(await records()).toBe(before - 1);
  expectOver(await new TestBrowser(nodes).request(over.path));
  expect((await new TestBrowser(nodes).follow(waiting.path)).page).toBe('password');
});

test('what a browser could not carry is refused where it is pushed', async () => {
  const params = { state: 's'.repeat(20_000) };
  const { answer } = await pushRequest(nodes, open, { address: ADDRESS, params });
  expect([answer.status, await countWaiting(nodes)]).toEqual([400, 0]);
  expect(JSON.parse(answer.text)).toMatchObject({
    error: 'invalid_request',
    error_description: expect.stringMatching(/^request_too_long: /),
  });
});

test('one that a node of an earlier version has kept as a record is valid once', async () => {
  const request = await pushRequest(nodes, open, { address: ADDRESS });
  await nodes.database.query(
    `INSERT INTO oidc_records (id, model, expires_at, payload)
     SELECT id, 'PushedAuthorizationRequest', now() + interval '3 hours', $1 FROM waiting_pushes WHERE id IS NOT NULL`,
    [await recordOf()],
  );
  await nodes.database.query(`UPDATE waiting_pushes SET id = NULL, expires_at = '-infinity'`);
  expect((await new TestBrowser(nodes).follow(request.path)).page).toBe('password');
  expectOver(await new TestBrowser(nodes).request(request.path));
});

async function pushProven(rp: TestRelyingParty): Promise<PushedRequestResult> {
  const basic = Buffer.from(`${rp.clientId}:${rp.clientSecret}`).toString('base64');
  return await pushRequest(nodes, rp, { address: ADDRESS, headers: { authorization: `Basic ${basic}` } });
}

/** The payload as such a node seals it. */
async function recordOf(): Promise<Buffer> {
  const [row] = await nodes.database.query<{ id: Buffer; request_sealed: Buffer }>(
    'SELECT id, request_sealed FROM waiting_pushes WHERE id IS NOT NULL',
  );
  if (!row) throw new Error('nothing waits');
  const { keyring } = nodes.context;
  const payload = unpackJson(keyring.openBytes('records', row.request_sealed, row.id));
  return keyring.seal('records', JSON.stringify(payload), row.id);
}
