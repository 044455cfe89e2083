/** The life of security keys and passkeys, over two nodes. */
import { describe, expect, test } from '@jest/globals';
import {
  MAX_SECURITY_KEYS,
  readCountsFrom,
  SECURITY_KEY_WAIT_MS,
} from '../src/domain/factors/securityKey.ts';
import { da } from '../src/ui/words/words.da.ts';
import { sweepExpiredRows } from '../src/db/sweep.ts';
import {
  aPerson,
  aSecurityKey,
  hiddenFields,
  keyFor,
  signInAt,
  TestBrowser,
  useNodes,
  type BrowserPage,
  type TestPerson,
} from './support/index.ts';
import {
  addSecurityKey,
  anAuthenticator,
  creationOptionsOf,
  SECURITY_KEYS,
  sendCreation,
} from './support/securityKeyCreation.ts';
import { runScheduledTransitions } from '../src/jobs/runScheduledTransitions.ts';
import { blockTarget } from '../src/features/factors/block.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });

async function signedIn(person: TestPerson): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  return browser;
}

interface KeyRow {
  id: string;
  name: string;
  waits: boolean;
  is_synced: boolean;
  is_discoverable: boolean;
  is_attested: boolean;
  end_reason: string | null;
  announced_at: Date | null;
  handle: string;
}

const keysOf = async ({ identityId }: TestPerson) =>
  await nodes.database.query<KeyRow>(
    `SELECT id, name, counts_from > $2 AS waits, is_synced, is_discoverable, is_attested, end_reason, announced_at
     FROM security_keys WHERE identity_id = $1 ORDER BY added_at, id`,
    [identityId, nodes.clock.now()],
  );
const eventsOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ kind: string }>(
      `SELECT kind FROM audit_events WHERE identity_id = $1 AND kind LIKE 'security_key_%' ORDER BY id`,
      [identityId],
    )
  ).map(({ kind }) => kind);
const noticesOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ kind: string }>(
      `SELECT kind FROM notices WHERE identity_id = $1 AND kind LIKE 'security_key_%' ORDER BY at, kind`,
      [identityId],
    )
  ).map(({ kind }) => kind);
const spentOf = async ({ cardId }: TestPerson) =>
  (
    await nodes.database.query<{ spent: number }>(
      'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE id = $1',
      [cardId],
    )
  )[0]?.spent;
const transit = async () => await runScheduledTransitions(nodes.context);

describe('adding in self-service', () => {
  test('takes a key of the card, waits a day with a notice at once, and is told when it counts', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    // Not every model has a UUID by the book.
    const aaguid = '01020304-0506-0708-0102-030405060708';
    const authenticator = anAuthenticator(nodes, { synced: true, aaguid });
    const page = await browser.follow(`${SECURITY_KEYS}/add`);
    const options = creationOptionsOf(page);
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { id: Buffer.from(person.identityId.replaceAll('-', ''), 'hex').toString('base64url') },
      attestation: 'none',
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
      pubKeyCredParams: [{ alg: -7 }, { alg: -8 }, { alg: -257 }],
    });
    expect(page.text).toContain(da.securityKeys.missing.slice(0, 40));

    const asked = await sendCreation(browser, page, authenticator, { name: ' <Min>  telefon ' });
    expect([asked.page, await keysOf(person)]).toEqual(['self-confirm', []]);
    expect(asked.text).toContain('»&lt;Min> telefon«');
    const done = await browser.send(asked, { key: keyFor(person, asked) });
    expect(done.text).toContain(da.selfService.done.add_security_key.slice(0, 40));
    // The receipt names it.
    expect(done.text).toMatch(/Den hedder<\/dt>\s*<dd[^>]*>&lt;Min> telefon</);
    expect(await keysOf(person)).toMatchObject([
      { name: '<Min> telefon', waits: true, is_synced: true, is_discoverable: true, is_attested: false },
    ]);
    expect(await noticesOf(person)).toEqual(['security_key_added']);
    const list = await browser.follow(SECURITY_KEYS);
    expect([list.page, list.text.includes('&lt;Min> telefon'), list.text.includes('Venter.')]).toEqual([
      'self-security-keys',
      true,
      true,
    ]);
    await transit();
    expect(await eventsOf(person)).toEqual(['security_key_added']);
    nodes.clock.forward(SECURITY_KEY_WAIT_MS + 1);
    await Promise.all([transit(), transit()]);
    await transit();
    expect(await eventsOf(person)).toEqual(['security_key_added', 'security_key_counts']);
    expect(await noticesOf(person)).toEqual(['security_key_added', 'security_key_active']);
    expect(await keysOf(person)).toMatchObject([{ waits: false, announced_at: expect.any(Date) }]);
  });

  test('what is wrong with an answer is said in words, spends nothing and leaves nothing', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const { faults, nameFault } = da.securityKeys;
    const spent = await spentOf(person);
    const other = await signedIn(await aPerson(nodes));
    const elsewhere = creationOptionsOf(await other.follow(`${SECURITY_KEYS}/add`));
    const foreign = hiddenFields(await other.follow(`${SECURITY_KEYS}/add`))['issued'] ?? '';
    const send = async (
      overrides: Parameters<typeof sendCreation>[3],
      more: Record<string, string> = {},
      ids: { readonly id?: string; readonly rawId?: string } = {},
    ) => {
      const page = await browser.follow(`${SECURITY_KEYS}/add`);
      const answer = { ...anAuthenticator(nodes).create(creationOptionsOf(page), overrides), ...ids };
      return await browser.send(page, { name: 'x', credential: JSON.stringify(answer), ...more });
    };
    const expectFault = (page: BrowserPage, text: string) =>
      expect([page.status, page.page, page.text.includes(text)]).toEqual([
        200,
        'self-security-key-add',
        true,
      ]);
    expectFault(await send({ origin: 'https://noegle.example' }), faults.failed);
    expectFault(await send({ rpId: 'noegle.example' }), faults.failed);
    expectFault(await send({ challenge: elsewhere.challenge }), faults.failed);
    expectFault(await send({}, { issued: foreign }), faults.failed);
    expectFault(await send({}, { issued: 'x' }), faults.failed);
    expectFault(await send({ userVerified: false }), faults.unverified);
    expectFault(await send({ userPresent: false }), faults.failed);
    for (const credential of ['', '{}', 'null', '[', '"x"', `{"id":"${'A'.repeat(4_000)}"}`])
      expectFault(await send({}, { credential }), faults.failed);
    // Larger than any that authenticators make.
    const credentialId = Buffer.alloc(2_000, 7).toString('base64url');
    expectFault(await send({ credentialId }, {}, { id: 'AAAA', rawId: 'AAAA' }), faults.failed);
    const publicKey = new Map<number, number | Buffer>([
      [1, 3],
      [3, -257],
      [-1, Buffer.alloc(5_000, 7)],
      [-2, Buffer.from([1, 0, 1])],
    ]);
    expectFault(await send({ publicKey }), faults.failed);
    expectFault(await send({}, { name: ' ' }), nameFault.empty);
    expectFault(await send({}, { name: 'n'.repeat(61) }), nameFault.too_long);
    expect((await send({}, { credential: 'x'.repeat(16_001) })).status).toBe(413);
    const late = await browser.follow(`${SECURITY_KEYS}/add`);
    nodes.clock.forward(10 * 60_000 + 1);
    expectFault(await sendCreation(browser, late, anAuthenticator(nodes)), faults.expired);
    expect([await spentOf(person), await keysOf(person), await eventsOf(person)]).toEqual([spent, [], []]);
  });

  test('one credential is registered once, for any person, and the words are the same', async () => {
    const [person, other] = [await aPerson(nodes), await aPerson(nodes)];
    const browser = await signedIn(person);
    const authenticator = anAuthenticator(nodes, { algorithm: -8 });
    const page = await browser.follow(`${SECURITY_KEYS}/add`);
    const credential = JSON.stringify(authenticator.create(creationOptionsOf(page)));
    const asked = await browser.send(page, { name: 'a', credential });
    const again = await browser.copy();
    expect((await browser.send(asked, { key: keyFor(person, asked) })).page).toBe('self-told');
    const { known } = da.securityKeys.faults;
    expect((await again.send(page, { name: 'b', credential })).text).toContain(known);
    const options = { credentialId: authenticator.credentialIds[0] ?? '' };
    const theirs = await addSecurityKey(await signedIn(other), other, anAuthenticator(nodes), options);
    expect(theirs.text).toContain(known);
    expect([(await keysOf(person)).length, await keysOf(other)]).toEqual([1, []]);
    // A browser is told which it has.
    const next = await again.follow(`${SECURITY_KEYS}/add`);
    expect(() => authenticator.create(creationOptionsOf(next))).toThrow('InvalidStateError');
  });

  test('at most ten that have not ended', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const page = await browser.follow(`${SECURITY_KEYS}/add`);
    const asked = await sendCreation(browser, page, anAuthenticator(nodes));
    await nodes.database.query(
      `INSERT INTO security_keys (id, identity_id, credential_id, public_key, aaguid, is_discoverable, is_synced, is_backed_up,
         is_attested, name, added_at, added_by, counts_from)
       SELECT gen_random_uuid(), $1, uuid_send(gen_random_uuid()), '\\x00', gen_random_uuid(), false, false, false, false, 'n',
         now(), 'desk', now() FROM generate_series(1, $2)`,
      [person.identityId, MAX_SECURITY_KEYS],
    );
    const spent = await spentOf(person);
    const refused = await browser.send(asked, { key: keyFor(person, asked) });
    expect(refused.text).toContain(da.selfService.message.why.too_many_security_keys);
    expect(refused.text).toContain(da.selfService.message.notSpent);
    expect([await spentOf(person), (await keysOf(person)).length]).toEqual([spent, MAX_SECURITY_KEYS]);
    const eleventh = await sendCreation(browser, page, anAuthenticator(nodes));
    expect(eleventh.text).toContain(da.securityKeys.faults.too_many);
    expect((await browser.follow(SECURITY_KEYS)).text).toContain(da.securityKeyPages.full);
  });

  test('of twenty confirmations of one, sent to two nodes at once, one adds it', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const page = await browser.follow(`${SECURITY_KEYS}/add`);
    const asked = await sendCreation(browser, page, anAuthenticator(nodes));
    const spent = (await spentOf(person)) ?? 0;
    const copies = await Promise.all(Array.from({ length: 20 }, () => browser.copy()));
    const key = keyFor(person, asked);
    await Promise.all(copies.map((copy) => copy.post(asked, { key })));
    expect([(await keysOf(person)).length, await spentOf(person)]).toEqual([1, spent + 1]);
    expect(await noticesOf(person)).toEqual(['security_key_added']);
  });
});

describe('what was added', () => {
  test('is renamed, stopped within its wait, and removed later, without a key of the card', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const elsewhere = await signedIn(person);
    await addSecurityKey(browser, person, anAuthenticator(nodes), { name: 'Tyvens' });
    const [thiefs] = await keysOf(person);
    const list = await browser.follow(SECURITY_KEYS);
    const act = async (fields: Record<string, string>) => await browser.send(list, fields);
    const renamed = await act({ do: 'rename', key: thiefs?.id ?? '', name: 'Ikke min' });
    expect([
      renamed.text.includes(da.securityKeyPages.isDone.renamed),
      (await keysOf(person))[0]?.name,
    ]).toEqual([true, 'Ikke min']);
    const unnamed = await act({ do: 'rename', key: thiefs?.id ?? '', name: ' ' });
    expect(unnamed.text).toContain(da.securityKeys.nameFault.empty);
    const stopped = await act({ do: 'remove', key: thiefs?.id ?? '' });
    expect(stopped.text).toContain(da.securityKeyPages.isDone.stopped);
    expect(await keysOf(person)).toMatchObject([{ end_reason: 'stopped' }]);
    // The session elsewhere is over; here it goes on. Sent again, nothing more happens.
    expect((await elsewhere.follow('/self-service/card')).page).not.toBe('self-card');
    expect((await act({ do: 'remove', key: thiefs?.id ?? '' })).page).toBe('self-security-keys');
    nodes.clock.forward(SECURITY_KEY_WAIT_MS + 1);
    await transit();
    expect(await eventsOf(person)).toEqual([
      'security_key_added',
      'security_key_renamed',
      'security_key_ended',
    ]);
    expect(await noticesOf(person)).toEqual(['security_key_added', 'security_key_ended']);
    const again = await signedIn(person);
    await addSecurityKey(again, person, anAuthenticator(nodes), { name: 'Min' });
    nodes.clock.forward(SECURITY_KEY_WAIT_MS + 1);
    const later = await signedIn(person);
    const mine = (await keysOf(person))[1]?.id ?? '';
    const other = await signedIn(await aPerson(nodes));
    await other.send(await other.follow(SECURITY_KEYS), { do: 'remove', key: mine });
    expect((await keysOf(person))[1]?.end_reason).toBeNull();
    await later.send(await later.follow(SECURITY_KEYS), { do: 'remove', key: mine });
    expect((await keysOf(person))[1]?.end_reason).toBe('removed');
    // Each line of the log says which of the two it was, as it was last called.
    const namesInLog = async (where: TestBrowser) =>
      [...(await where.follow('/self-service/activity')).text.matchAll(/Navn: ([^<]*)</g)].map(
        ([, name]) => name,
      );
    expect(await namesInLog(later)).toEqual(['Min', 'Min', 'Ikke min', 'Ikke min', 'Ikke min']);
    nodes.clock.forward(91 * 24 * 3_600_000);
    await sweepExpiredRows(nodes.context.database, nodes.clock.offsetMs, (error) => {
      throw error;
    });
    expect(await keysOf(person)).toEqual([]);
    // The name went with the row; the lines stay.
    expect(await namesInLog(await signedIn(person))).toEqual([]);
  });

  test('ends with a block of the ID, and not with one of the card', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    await addSecurityKey(browser, person, anAuthenticator(nodes));
    await blockTarget(nodes.context, person.identityId, 'card', { by: 'person' });
    expect(await keysOf(person)).toMatchObject([{ end_reason: null }]);
    await blockTarget(nodes.context, person.identityId, 'identity', { by: 'person' });
    expect(await keysOf(person)).toMatchObject([{ end_reason: 'blocked' }]);
    expect(await eventsOf(person)).toEqual(['security_key_added', 'security_key_ended']);
    expect(await noticesOf(person)).toEqual(['security_key_added']);
  });
});

test('the file of the person says of one that counted at once that it did when it was added, and no time before', async () => {
  const person = await aPerson(nodes);
  await aSecurityKey(nodes, person, {}, { countsFrom: readCountsFrom(true, new Date(0)) });
  const browser = await signedIn(person);
  const { text } = await browser.post(await browser.follow('/self-service/data'), {});
  const file = JSON.parse(text) as Record<string, { kind?: string; countsFrom: string }[]>;
  const [inSet] = (file['factors'] ?? []).filter(({ kind }) => kind === 'security_key');
  const addedAt = new Date(0).toISOString();
  expect([inSet?.countsFrom, file['securityKeys']?.[0]?.countsFrom]).toEqual([addedAt, addedAt]);
});
