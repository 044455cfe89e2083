/** The keys of the rings: what depends on them, how one is added, and how an old one is taken out. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { explainWhatIsLeft, resealByCommand } from '../src/cli/ringKeys/resealCommand.ts';
import { planReseal, resealRows } from '../src/cli/ringKeys/reseal.ts';
import { listRingsByCommand, removeRingKey, retireRingKey } from '../src/cli/ringKeys/ringCommands.ts';
import { addRingKey, useRingKey } from '../src/cli/ringKeys/ringFile.ts';
import { KEYED_COLUMNS, KEYLESS_COLUMNS, RESEALED_COLUMNS } from '../src/db/ringKeys/keyedColumns.ts';
import { RING_ENDS, RING_POLICIES } from '../src/domain/ringKeys.ts';
import { RING_KEY_USES, Keyring, type KeyringFile } from '../src/platform/keyring.ts';
import { listSources } from '../dev/structure/sources.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  holdUp,
  type Nodes,
  redeemCode,
  signInAt,
  signInAtNode,
  takeOut,
  TestBrowser,
  useFolder,
  useNodes,
  userinfo,
  type TestPerson,
} from './support/index.ts';
import { intoStock, SoftToken } from './support/codeTokens.ts';
import { ANOTHER_KEY, fillSealedColumns, openSealedColumns } from './support/sealedRows.ts';

const nodes = useNodes({ binding: () => 'require' });
const folder = useFolder('rings');
const record = async () => undefined;
const pause = async () => undefined;

describe('what depends on a key', () => {
  test('every column of bytes is listed, with how its values end; a listed column is in the database', async () => {
    const columns = await nodes.database.query<{ name: string; type: string }>(`
      SELECT c.table_name || '.' || c.column_name AS name, c.udt_name AS type
      FROM information_schema.columns c JOIN information_schema.tables b USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND b.table_type = 'BASE TABLE' AND c.table_name !~ '^knex_'`);
    const listed = [...KEYED_COLUMNS.map(({ column }) => column), ...KEYLESS_COLUMNS];
    const bytes = columns.filter(({ type }) => /^_?bytea$/.test(type)).map(({ name }) => name);
    expect(bytes.filter((name) => !listed.includes(name))).toEqual([]);
    const names = columns.map(({ name }) => name);
    expect(listed.filter((name) => !names.includes(name))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
    expect(bytes.length).toBeGreaterThan(60);
  });

  test('what is sealed by the ring "seal" is sealed by these files: a new one is listed in keyedColumns.ts', () => {
    const sealing = listSources('src').filter((file) =>
      /\.seal\(\s*'seal'/.test(readFileSync(path.join('src', file), 'utf8')),
    );
    expect(sealing.toSorted()).toEqual([
      'features/authentication/clientContext.ts',
      'features/contact/emailInLetter.ts',
      'features/contact/sealedContact.ts',
      'features/contact/submitEmail.ts',
      'features/desk/cprChange/proposeCprChange.ts',
      'features/desk/staff/proposeColleagueAction.ts',
      'features/guardian/sealedGuardian.ts',
      'features/issuing/changeCpr.ts',
      'features/issuing/createIdentity.ts',
      'features/issuing/submission.ts',
      'features/populationRegister/importRegister.ts',
      'oidc/keys/signingKeys.ts',
      'sandbox/seedPerson.ts',
    ]);
  });

  test('the docs say of each ring how it ends and why, in the words of the code', () => {
    const page = readFileSync('docs/how-to/keys.md', 'utf8');
    const isSaid = (text: string) => page.includes(text);
    for (const ring of RING_KEY_USES) {
      const { end, why, oldKey, keepsFirstKey, keepsOneKey } = RING_POLICIES[ring];
      expect([ring, RING_ENDS.includes(end), isSaid(`| \`${ring}\` | \`${end}\` |`)]).toEqual([
        ring,
        true,
        true,
      ]);
      for (const text of [why, oldKey, keepsFirstKey, keepsOneKey])
        expect([text, text === null || isSaid(text)]).toEqual([text, true]);
    }
  });
});

describe('the file', () => {
  const file = path.join(folder, 'keys.json');
  const read = () => JSON.parse(readFileSync(file, 'utf8')) as KeyringFile;

  test('a link to it stays a link', () => {
    const [real, link] = [path.join(folder, 'real', 'keys.json'), path.join(folder, 'linked.json')];
    mkdirSync(path.dirname(real));
    writeFileSync(real, JSON.stringify(Keyring.generate()), { mode: 0o600 });
    symlinkSync(path.join('real', 'keys.json'), link);
    addRingKey('seal', link);
    expect([readlinkSync(link), lstatSync(real).isFile()]).toEqual([path.join('real', 'keys.json'), true]);
    expect(Object.keys((JSON.parse(readFileSync(real, 'utf8')) as KeyringFile).seal.keys)).toEqual([
      'k1',
      'k2',
    ]);
    expect(readdirSync(path.dirname(real))).toEqual(['keys.json']);
  });

  test('a key is added, then made current; hashes keep their key, and rings that keep one key say why', () => {
    const before = Keyring.generate();
    writeFileSync(file, JSON.stringify(before), { mode: 0o600 });
    expect(addRingKey('seal', file).json).toMatchObject({ kid: 'k2', current: 'k1' });
    addRingKey('records', file);
    expect(read().seal).toEqual({ current: 'k1', keys: { ...before.seal.keys, k2: expect.any(String) } });
    expect(read().records).toMatchObject({ current: 'k1', lookup: 'k1' });
    useRingKey('records', 'k2', file);
    expect(read().records).toMatchObject({ current: 'k2', lookup: 'k1' });
    expect(useRingKey('seal', 'k2', file).text).toContain('keys reseal');
    expect(read()).toMatchObject({
      seal: { current: 'k2' },
      cards: before.cards,
      cprLookup: before.cprLookup,
    });
    expect([statSync(file).mode & 0o777, statSync(folder).isDirectory()]).toEqual([0o600, true]);
    const text = readFileSync(file, 'utf8');
    expect(() => useRingKey('seal', 'k7', file)).toThrow('seal has no key k7; it has k1, k2');
    for (const ring of ['cprLookup', 'pairwise', 'attempts', 'demo'] as const)
      expect(() => addRingKey(ring, file)).toThrow(RING_POLICIES[ring].keepsOneKey ?? '?');
    expect(() => addRingKey('sael', file)).toThrow('there is no ring "sael"');
    writeFileSync(`${file}.new`, '');
    expect(() => addRingKey('seal', file)).toThrow('keys.json.new is there already');
    expect([readFileSync(file, 'utf8'), readFileSync(`${file}.new`, 'utf8')]).toEqual([text, '']);
  });
});

/** The ring `seal` of these nodes, at each step of the way. */
function sealRings({ keyringFile: { seal } }: Nodes) {
  const { k1 = '' } = seal.keys;
  const k2 = Buffer.alloc(32, 9).toString('base64url');
  return {
    added: { current: 'k1', keys: { k1, k2 } },
    used: { current: 'k2', keys: { k1, k2 } },
    retired: { current: 'k2', keys: { k2 }, retired: { k1 } },
    removed: { current: 'k2', keys: { k2 } },
  };
}

describe('the ring "seal" gets another key', () => {
  let people: readonly TestPerson[] = [];
  const file = path.join(folder, 'seal.json');
  const rings = () => sealRings(nodes);
  const restartWith = async (seal: KeyringFile['seal']) => {
    writeFileSync(file, JSON.stringify({ ...nodes.keyringFile, seal }), { mode: 0o600 });
    await nodes.restartWith(0, { ...nodes.keyringFile, seal });
  };
  const app = () => nodes.node(0).app;
  const signIn = async (person: TestPerson) => {
    const rp = await aRelyingParty(nodes);
    const request = authRequest(rp, { scope: 'openid ssn' });
    const code = (await signInAtNode(new TestBrowser(nodes), person, request)).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, request.verifier);
    return (await userinfo(nodes, tokens.access_token)).text;
  };

  const firefox = new TestBrowser(nodes);
  firefox.userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
  /** What the person sees of their first sign-in in the log, from another browser. */
  const readActivity = async () => {
    const browser = new TestBrowser(nodes);
    await signInAt(browser, people[0]!, '/self-service');
    const page = await browser.follow('/self-service/activity');
    return [page.status, page.text.includes('Firefox')];
  };

  test('every column is filled', async () => {
    people = await fillSealedColumns(nodes);
    expect((await signInAt(firefox, people[0]!, '/self-service')).page).toMatch(/^self-/);
    const counts = await openSealedColumns(nodes, nodes.keyringFile.seal);
    expect(Object.keys(counts).toSorted()).toEqual([...RESEALED_COLUMNS].toSorted());
  });

  test('a key that rows need and the ring has not is named, and nothing is written', async () => {
    const { k2 } = rings().used.keys;
    const keyring = new Keyring({ ...nodes.keyringFile, seal: { current: 'k2', keys: { k2 } } });
    const { database } = nodes.context;
    await expect(planReseal({ database, keyring })).rejects.toThrow(
      /seal k1: .*3 of people.*identities\.password_hash.* The file has k2: put the others back/,
    );
  });

  test('what a person changes meanwhile wins, a damaged row is named, a forged one is not blessed', async () => {
    await restartWith(rings().used);
    const { context } = app();
    const [one, two, three] = people;
    const of = async (person: TestPerson | undefined, column: string) =>
      (
        await nodes.database.query<{ value: Buffer }>(
          `SELECT ${column} AS value FROM people p JOIN identities i ON i.person_id = p.id WHERE i.id = $1`,
          [person?.identityId],
        )
      )[0]?.value;
    const set = async (person: TestPerson | undefined, column: string, value: unknown) =>
      await nodes.database.query(
        `UPDATE people SET ${column} = $2 WHERE id = (SELECT person_id FROM identities WHERE id = $1)`,
        [person?.identityId, value],
      );
    const damaged = await of(one, 'address_sealed');
    await set(one, 'address_sealed', Buffer.concat([damaged ?? Buffer.of(), Buffer.of(1)]));
    await nodes.database.query(`UPDATE identities SET proofing = 'Low' WHERE id = $1`, [two?.identityId]);
    // Between the read and the write of the batch the person saves another address.
    const held = holdUp(nodes, 'UPDATE people t SET address_sealed');
    const running = resealRows(context, { onProgress: () => undefined, pause });
    await held.reached;
    const theirs = context.keyring.seal('seal', '{"street":"Ny Vej 1"}', 'address of theirs');
    await set(three, 'address_sealed', theirs);
    held.release();
    const report = await running;
    expect(await of(three, 'address_sealed')).toEqual(theirs);
    const faults = report.faults.map(({ column, fault }) => `${column} ${fault}`);
    expect(faults.toSorted()).toEqual([
      'identities.mac not_as_written',
      'people.address_sealed damaged',
      'people.cpr_sealed not_as_written',
    ]);
    expect(report.left.map(({ column, rows }) => `${column} ${rows}`).toSorted()).toEqual([
      'identities.mac 1',
      'people.address_sealed 1',
      'people.cpr_sealed 1',
    ]);
    const command = await resealByCommand(app(), record);
    expect(command.failure).toContain('people.cpr_sealed');
    await expect(retireRingKey(app(), 'k1', file, record)).rejects.toThrow(/k1 stays: rows need it/);
    await set(one, 'address_sealed', damaged);
    await nodes.database.query(`UPDATE identities SET proofing = 'Substantial' WHERE id = $1`, [
      two?.identityId,
    ]);
    const address = context.keyring.seal('seal', '{"street":"Ny Vej 1"}', `address ${await personOf(three)}`);
    await set(three, 'address_sealed', address);
  });

  const personOf = async (person: TestPerson | undefined) =>
    (
      await nodes.database.query<{ id: string }>('SELECT person_id AS id FROM identities WHERE id = $1', [
        person?.identityId,
      ])
    )[0]?.id ?? '';

  test('all rows are on the new key, and the old one is retired: passwords and the log still work', async () => {
    const outcome = await resealByCommand(app(), record);
    expect(outcome.failure).toBeUndefined();
    expect(outcome.json).toMatchObject({ left: 0, faults: [] });
    const again = await resealByCommand(app(), record);
    expect(again.json).toMatchObject({ resealed: 0, left: 0 });
    const listed = (await listRingsByCommand(app())).text;
    expect(listed).toMatch(/seal \(reseal\)\n {2}k1 {2}older, \d+ rows: may be taken out\n {2}k2 {2}current/);
    await expect(removeRingKey(app(), { name: 'seal', kid: 'k1', file }, record)).rejects.toThrow(
      'keys retire',
    );
    await expect(retireRingKey(app(), 'k2', file, record)).rejects.toThrow('k2 is the current key');
    expect((await retireRingKey(app(), 'k1', file, record)).text).toContain('passwords');
    const written = (JSON.parse(readFileSync(file, 'utf8')) as KeyringFile).seal;
    expect(written).toEqual(rings().retired);
    await restartWith(written);
    expect(Object.keys(await openSealedColumns(nodes, written))).toHaveLength(RESEALED_COLUMNS.length);
    const [one, two] = people;
    if (!one || !two) throw new Error('nobody');
    expect(await signIn(one)).toContain(one.cpr);
    const browser = new TestBrowser(nodes);
    expect((await signInAt(browser, two, '/self-service')).page).toBe('self-home');
    expect((await browser.follow('/self-service/contact')).text).toContain('Prøvegade');
    expect(await readActivity()).toEqual([200, true]);
    await expect(removeRingKey(app(), { name: 'seal', kid: 'k1', file }, record)).rejects.toThrow(
      /rows need it: \d+ of identities\.password_hash/,
    );
  });

  test('other keys are refused as before; both old rings and the new one start', async () => {
    const start = async (seal: KeyringFile['seal']) =>
      await nodes.tryStart({ ...nodes.keyringFile, seal }).then(
        () => 'started',
        (error: unknown) => String(error),
      );
    expect([await start(rings().used), await start(rings().retired)]).toEqual(['started', 'started']);
    expect(await start({ current: 'k1', keys: { k1: ANOTHER_KEY } })).toContain('are not those');
    expect(await start(nodes.keyringFile.seal)).toContain('the keys for seal are not those');
    // Where the passwords of three people name it, they would be wrong in silence.
    expect(await start(rings().removed)).toBe('started');
    for (const { identityId } of [await aPerson(nodes), await aPerson(nodes)]) {
      await nodes.database.query(
        `UPDATE identities SET password_hash = replace(password_hash, 'keyed:k2', 'keyed:k1') WHERE id = $1`,
        [identityId],
      );
    }
    expect(await start(rings().removed)).toContain(
      'keys that the data needs are missing: seal k1 (of passwords)',
    );
    expect(await start(rings().retired)).toBe('started');
  });

  test('where the old key is gone for good the log shows its events without browser and network', async () => {
    await expect(removeRingKey(app(), { name: 'seal', kid: 'k1', file }, record)).rejects.toThrow(
      '1 of letters.password_hash',
    );
    await nodes.database.query(`UPDATE letters SET used_at = now() WHERE kind = 'password'`);
    await nodes.database.query(
      `UPDATE identities SET password_hash = NULL WHERE password_hash LIKE 'keyed:k1%'`,
    );
    expect((await removeRingKey(app(), { name: 'seal', kid: 'k1', file }, record)).text).toContain('is gone');
    expect((JSON.parse(readFileSync(file, 'utf8')) as KeyringFile).seal).toEqual(rings().removed);
    await restartWith(rings().removed);
    expect(await readActivity()).toEqual([200, false]);
  });
});

describe('the other rings', () => {
  const others = useNodes();

  test('a key stays while rows need it, and the first key where hashes are made with it; then it is gone', async () => {
    await aPerson(others);
    await intoStock(others, new SoftToken(others));
    const file = path.join(folder, 'others.json');
    const withTwo = (ring: KeyringFile['cards']) => ({
      current: 'k2',
      keys: { ...ring.keys, k2: ANOTHER_KEY },
    });
    const { cards, records, clientSecrets, letters, tokens } = others.keyringFile;
    const rings: KeyringFile = {
      ...others.keyringFile,
      cards: withTwo(cards),
      records: { ...withTwo(records), lookup: 'k1' },
      clientSecrets: withTwo(clientSecrets),
      letters: withTwo(letters),
      tokens: withTwo(tokens),
    };
    writeFileSync(file, JSON.stringify(rings));
    await others.restartWith(0, rings);
    const remove = async (name: string, kid: string) =>
      await removeRingKey(others.node(0).app, { name, kid, file }, record).then(
        ({ text }) => text,
        (error: unknown) => String(error),
      );
    expect(await remove('cards', 'k1')).toContain(
      'rows need it: 1 of key_cards.kid. It may be taken out when its last',
    );
    expect(await remove('records', 'k1')).toContain('k1 is the first key of records');
    expect(await remove('clientSecrets', 'k1')).toContain('k1 is the first key of clientSecrets');
    expect(await remove('cards', 'k2')).toContain('k2 is the current key of cards');
    expect(await remove('pairwise', 'k1')).toContain('keeps its one key');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(rings);
    await others.database.query(`UPDATE key_cards SET state = 'blocked'`);
    expect(await remove('cards', 'k1')).toContain('cards k1 is gone');
    const after = JSON.parse(readFileSync(file, 'utf8')) as KeyringFile;
    expect(after).toEqual({ ...rings, cards: { current: 'k2', keys: { k2: ANOTHER_KEY } } });
    await others.tryStart(after);
    expect(await remove('letters', 'k1')).toContain('is not the file that this command was started with');
    await others.restartWith(0, after);
    expect(await remove('letters', 'k1')).toContain('letters k1 is gone');

    await others.restartWith(0, JSON.parse(readFileSync(file, 'utf8')) as KeyringFile);
    expect(await remove('tokens', 'k1')).toContain(
      'rows need it: 1 of code_tokens.seed_sealed. It may be taken out when no seed needs it',
    );
    const resealed = await resealByCommand(others.node(0).app, record);
    expect(resealed.text).toContain('1 were renewed under seal k1 and tokens k2');
    expect(await remove('tokens', 'k1')).toContain('tokens k1 is gone');
  });
});

describe.each(['read', 'write'] as const)('where "binding" is "%s"', (binding) => {
  const others = useNodes({ binding: () => binding });

  test('rows are resealed, and what a node wrote that still has the old key as current is named', async () => {
    const person = await aPerson(others);
    await aPerson(others);
    const file = path.join(folder, `${binding}.json`);
    const { used } = sealRings(others);
    const former = new Keyring({ ...others.keyringFile, seal: { ...used, current: 'k1' } });
    writeFileSync(file, JSON.stringify({ ...others.keyringFile, seal: used }));
    await others.restartWith(0, { ...others.keyringFile, seal: used });
    const { app } = others.node(0);
    const [row] = await others.database.query<{ id: string }>(
      'SELECT person_id AS id FROM identities WHERE id = $1',
      [person.identityId],
    );
    const id = row?.id ?? '';
    const write = () =>
      others.database.query('UPDATE people SET email_sealed = $2 WHERE id = $1', [
        id,
        former.seal('seal', 'ny@mail.example', `email ${id}`),
      ]);
    // Control: without the condition on what was read, a change at the same time is lost.
    const theirs = app.context.keyring.seal('seal', '{"street":"Ny Vej 1"}', `address ${id}`);
    const repairs = [
      takeOut(others, 'WHERE t.address_sealed = given.before', 'WHERE true'),
      takeOut(others, ' AND t.address_sealed = locked.before'),
    ];
    const held = holdUp(others, 'UPDATE people t SET address_sealed');
    const running = resealRows(app.context, { onProgress: () => undefined, pause });
    await held.reached;
    await others.database.query('UPDATE people SET address_sealed = $2 WHERE id = $1', [id, theirs]);
    held.release();
    await running;
    for (const repair of repairs) repair();
    const [after] = await others.database.query<{ value: Buffer }>(
      'SELECT address_sealed AS value FROM people WHERE id = $1',
      [id],
    );
    expect(after?.value.equals(theirs)).toBe(false);

    // As if the other node wrote the address again after each batch.
    await write();
    await others.database.query(`
      CREATE FUNCTION write_again() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.email_sealed := OLD.email_sealed; RETURN NEW; END $$;
      CREATE TRIGGER write_again BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION write_again()`);
    const lagging = await resealRows(app.context, { onProgress: () => undefined, pause });
    await others.database.query('DROP TRIGGER write_again ON people');
    expect(lagging.faults).toEqual([]);
    expect(lagging.left.map(({ column, kid, rows }) => [column, kid, rows])).toEqual([
      ['people.email_sealed', 'k1', 1],
    ]);
    expect(explainWhatIsLeft(lagging, binding)).toContain(
      '1 were written meanwhile: a node that was not restarted',
    );
    await expect(retireRingKey(app, 'k1', file, record)).rejects.toThrow('1 of people.email_sealed');
    const command = await resealByCommand(app, record);
    expect([command.failure, command.json]).toMatchObject([undefined, { left: 0 }]);
    // A MAC that is not valid is renewed in no mode; where none is required, it needs no key either.
    await others.database.query(
      `UPDATE identities SET proofing = 'Low', mac = '\\x026b31aabb' WHERE id = $1`,
      [person.identityId],
    );
    const forged = await resealByCommand(app, record);
    expect(forged.json).toMatchObject({ left: binding === 'write' ? 1 : 0 });
    if (binding === 'write') expect(forged.failure).toContain('bind-rows');
    await others.database.query('UPDATE identities SET mac = NULL, proofing = $2 WHERE id = $1', [
      person.identityId,
      'Substantial',
    ]);
    await retireRingKey(app, 'k1', file, record);
    await others.restartWith(0, JSON.parse(readFileSync(file, 'utf8')) as KeyringFile);
    const page = await signInAt(new TestBrowser(others), person, '/self-service');
    expect(page.page).toMatch(/^self-/);
  });
});
