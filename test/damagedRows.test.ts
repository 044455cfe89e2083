/** A damaged sealed row fails alone, with a line that names it; a key that is missing stops the start. */
import { describe, expect, test } from '@jest/globals';
import { DamagedSeal } from '../src/domain/damagedSeal.ts';
import { importRegister } from '../src/features/populationRegister/importRegister.ts';
import { readSigningKeys } from '../src/oidc/keys/signingKeys.ts';
import { rotateSigningKeys } from '../src/oidc/keys/signingKeyRotation.ts';
import { Keyring, type KeyringFile } from '../src/platform/keyring.ts';
import {
  aPerson,
  aRegisterFile,
  aRelyingParty,
  authRequest,
  composeApplication,
  issueApplication,
  Nodes,
  readReturnedCode,
  redeemCode,
  signInAtNode,
  TestBrowser,
  useNodes,
  userinfo,
} from './support/index.ts';
import { ScrapedNode } from './support/scrape.ts';

const nodes = useNodes();

/** Changes the last byte of a sealed value, as a broken disk does. */
const damage = async (table: string, column: string, where: string, values: unknown[] = []) => {
  const rows = await nodes.database.query(
    `UPDATE ${table} SET ${column} = set_byte(${column}, octet_length(${column}) - 1,
       get_byte(${column}, octet_length(${column}) - 1) # 1) WHERE ${where} RETURNING 1`,
    values,
  );
  expect(rows.length).toBeGreaterThan(0);
};
const linesSince = (from: number, word: string) =>
  nodes.log
    .slice(from)
    .split('\n')
    .filter((line) => line.includes(word));
interface TamperEvent {
  readonly reason: string;
  readonly row: string;
  readonly rowId: string | null;
}
const eventsSince = (from: number) =>
  linesSince(from, '"event":"row_tampered"').map((line) => JSON.parse(line) as TamperEvent);
const personOf = async (identityId: string) =>
  (
    await nodes.database.query<{ id: string }>('SELECT person_id AS id FROM identities WHERE id = $1', [
      identityId,
    ])
  )[0]?.id ?? '';

describe('an outbox', () => {
  test('sets damaged letters aside at once, more than may fail in a row, and sends the others', async () => {
    const issued: string[] = [];
    for (let i = 0; i < 6; i += 1) issued.push(await issueApplication(nodes, composeApplication()));
    const broken = issued.slice(0, 5);
    for (const id of broken) await damage('people', 'address_sealed', 'id = $1', [await personOf(id)]);
    const from = nodes.log.length;
    await nodes.node(0).app.tasks['sendLetters']?.({});
    const letters = await nodes.database.query<{ identity_id: string; state: string; fault: string | null }>(
      'SELECT identity_id, state, fault FROM letters ORDER BY ordered_at',
    );
    const states = (ids: readonly string[]) =>
      letters
        .filter(({ identity_id: id }) => ids.includes(id))
        .map(({ state, fault }) => `${state} ${fault}`);
    for (const state of states(broken))
      expect(state).toMatch(/^set_aside .*ring "seal" \(address [0-9a-f-]{36}\)/);
    expect(states(issued.slice(5)).some((state) => state.startsWith('sent'))).toBe(true);
    const lines = linesSince(from, 'a letter was set aside');
    expect(lines).toHaveLength(10);
    const people = await Promise.all(broken.map(personOf));
    expect(new Set(eventsSince(from).map(({ rowId }) => rowId))).toEqual(new Set(people));
    for (const line of lines) expect(line).not.toContain('stack');
  });

  test('sets a notice with a damaged address aside, and mails the others', async () => {
    const people = [await aPerson(nodes), await aPerson(nodes)];
    const rp = await aRelyingParty(nodes);
    for (const person of people) await signInAtNode(new TestBrowser(nodes), person, authRequest(rp));
    await nodes.database.query(`UPDATE notices SET state = 'waiting', try_at = now()`);
    const [first] = people;
    await damage('people', 'email_sealed', 'id = $1', [await personOf(first?.identityId ?? '')]);
    await nodes.node(0).app.tasks['sendNotices']?.({});
    const rows = await nodes.database.query<{ state: string }>(
      `SELECT n.state FROM notices n WHERE n.identity_id = $1`,
      [first?.identityId],
    );
    expect(rows.every(({ state }) => state === 'set_aside')).toBe(true);
  });
});

describe('a person', () => {
  test('whose CPR number is damaged signs in; only a service that asks for the number gets an error', async () => {
    const [person, rp] = [await aPerson(nodes), await aRelyingParty(nodes, { kind: 'bank' })];
    await damage('people', 'cpr_sealed', 'id = $1', [await personOf(person.identityId)]);
    const login = authRequest(rp, { scope: 'openid profile' });
    const code = (await signInAtNode(new TestBrowser(nodes), person, login)).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, login.verifier);
    expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
    const from = nodes.log.length;
    const withNumber = authRequest(rp, { scope: 'openid ssn' });
    await expect(signInAtNode(new TestBrowser(nodes), person, withNumber)).rejects.toThrow('trouble (500)');
    const [line = ''] = linesSince(from, 'a request met a damaged row');
    expect(line).toMatch(/"level":"error".*ring \\"seal\\" \([0-9a-f-]{36}\)/);
    expect(line).not.toContain('stack');
  });

  test('whose CPR number is that of another row: an event that names the row counts for the alert', async () => {
    const [person, other] = [await aPerson(nodes), await aPerson(nodes)];
    const rp = await aRelyingParty(nodes, { kind: 'bank' });
    const scraped = await ScrapedNode.of(nodes.node(0));
    const ids = [await personOf(person.identityId), await personOf(other.identityId)];
    await nodes.database.query(
      'UPDATE people SET cpr_sealed = (SELECT cpr_sealed FROM people WHERE id = $2) WHERE id = $1',
      ids,
    );
    const from = nodes.log.length;
    const before = (await scraped.sum('noegle_tampered_rows_total')) ?? 0;
    const login = authRequest(rp, { scope: 'openid ssn' });
    await expect(signInAtNode(new TestBrowser(nodes), person, login)).rejects.toThrow('trouble (500)');
    expect(eventsSince(from)).toEqual([
      expect.objectContaining({ reason: 'seal', row: 'sealed value', rowId: ids[0] }),
    ]);
    expect(await scraped.sum('noegle_tampered_rows_total')).toBe(before + 1);
    await scraped.stop();
  });

  test('whose session is damaged signs in again', async () => {
    const [person, rp] = [await aPerson(nodes), await aRelyingParty(nodes)];
    const browser = new TestBrowser(nodes);
    await signInAtNode(browser, person, authRequest(rp));
    await damage('oidc_records', 'payload', `model = 'Session' AND account_id = $1`, [person.identityId]);
    const from = nodes.log.length;
    const silent = await browser.follow(authRequest(rp, { prompt: 'none' }).path);
    expect(readReturnedCode(silent).get('error')).toBe('login_required');
    expect((await browser.follow('/session')).page).toBe('no-session');
    expect(linesSince(from, 'a record is damaged, and counts as not there').length).toBeGreaterThan(0);
    expect(eventsSince(from)[0]).toMatchObject({ reason: 'seal', row: 'sealed value', rowId: null });
    expect((await signInAtNode(browser, person, authRequest(rp))).get('code')).toBeTruthy();
  });
});

test('the register replaces a damaged row by the next file', async () => {
  const row = { cpr: '010190-4444', name: 'Ane Hel' };
  await aPerson(nodes, { cpr: '0101904444', birthdate: '1990-01-01' });
  await importRegister(nodes.context, aRegisterFile([row]));
  await damage('register_entries', 'entry_sealed', 'true');
  await damage('people', 'address_sealed', `birthdate = '1990-01-01'`);
  const again = await importRegister(
    nodes.context,
    aRegisterFile([{ ...row, name: 'Ane Holm', address: 'Ny Vej 2' }]),
  );
  expect(again).toMatchObject({ rows: 1, changed: 1, people: 1 });
});

describe('signing keys', () => {
  test('one that does not sign is left out; a rotation to it is refused; a current one stops the start', async () => {
    const { database, keyring } = nodes.context;
    const [next] = await nodes.database.query<{ kid: string }>(
      `SELECT kid FROM signing_keys WHERE state = 'next' AND alg = 'ES256'`,
    );
    await damage('signing_keys', 'private_jwk_sealed', 'kid = $1', [next?.kid]);
    const keys = await readSigningKeys(database, keyring);
    expect(keys.damaged.map(({ message }) => message)).toEqual([expect.stringContaining(next?.kid ?? '')]);
    expect(keys.damaged[0]?.about.rowId).toBe(next?.kid);
    expect(keys.jwks.keys.map(({ kid }) => kid)).not.toContain(next?.kid);
    const rotation = rotateSigningKeys({ database, keyring, cachedSeconds: 0 }, { now: true });
    await expect(rotation).rejects.toThrow(DamagedSeal);
    await damage('signing_keys', 'private_jwk_sealed', `state = 'current' AND alg = 'ES256'`);
    await expect(readSigningKeys(database, keyring)).rejects.toThrow(/signing key .* does not open/);
  });
});

test('a start with other keys, or without one that rows need, is refused with the ids; one odd row is not enough', async () => {
  const own = await Nodes.start();
  const k2 = Buffer.alloc(32, 7).toString('base64url');
  const { seal } = own.keyringFile;
  const both = { seal: { ...seal, lookup: 'k1', current: 'k2', keys: { ...seal.keys, k2 } } };
  const startWith = async (rings: Partial<KeyringFile>) =>
    await own.tryStart({ ...own.keyringFile, ...rings }).then(
      () => 'started',
      (error: unknown) => String(error),
    );
  await own.restartWith(0, { ...own.keyringFile, ...both });
  await aPerson(own, { address: null, email: null });
  expect(await startWith({})).toBe('started');
  for (let i = 0; i < 3; i += 1) await aPerson(own);
  const lost = await startWith({});
  expect(lost).toMatch(/keys that the data needs are missing: seal k2\./);
  expect(lost).toContain('seal: the data needs k1, k2, the file has k1');
  const other = await startWith({ ...both, cards: { current: 'k9', keys: { k9: k2 } } });
  expect(other).toMatch(/the keys for cards are not those .* cards: the data needs k1, the file has k9/);
  expect(other).not.toContain(k2);
  expect(await startWith(both)).toBe('started');
  await own.close();
});

test('control: a box that was changed does not open, and says only ids', () => {
  const ring = new Keyring(nodes.keyringFile);
  const box = ring.seal('seal', 'secret text', 'address of a row');
  box[box.length - 1]! ^= 1;
  expect(() => ring.open('seal', box, 'address of a row')).toThrow(
    /ring "seal" \(address of a row\) does not open/,
  );
  const records = ring.seal('records', 'x', 'secret of a browser');
  expect(() => ring.open('records', records, 'another')).toThrow(/^((?!another).)*$/);
  expect(() => ring.open('seal', Buffer.from([2, 107, 57, 0]), 'row')).toThrow('no key k9');
  expect(() => ring.open('seal', Buffer.alloc(0), 'row')).toThrow(DamagedSeal);
});
