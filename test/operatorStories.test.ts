/** What operators do by a command in place of SQL: log-outs, staff, one ID, and the page at night. */
import { expect, test } from '@jest/globals';
import { runLogoutsCommand } from '../src/cli/logouts.ts';
import { createCommandRecorder } from '../src/cli/operator.ts';
import { runPersonCommand } from '../src/cli/person.ts';
import { listStaffByCommand } from '../src/cli/staff.ts';
import { inspectDatabase } from '../src/db/operations/inspection.ts';
import { readOperationsStatus } from '../src/db/operations/status.ts';
import { listMigrations } from '../src/db/migrations.ts';
import { aPerson, authRequest, TestBrowser, toKeyPage, useNodes, useRelyingParty } from './support/index.ts';

const nodes = useNodes();
const rp = useRelyingParty(nodes);
const recordAs = (name: string) => createCommandRecorder({ account: 'root', by: 'Erik' }, name);
const app = () => nodes.node(0).app;

test('log-outs: who waits and why, and those that were given up are sent again', async () => {
  const { identityId } = await aPerson(nodes);
  await nodes.database.query(
    `INSERT INTO logouts (identity_id, client_id, state, tries, fault) VALUES
     ($1, 'bank', 'waiting', 3, 'it answered 500'), ($1, 'bank', 'given_up', 9, 'ECONNREFUSED'), ($1, 'skat', 'given_up', 9, 'x')`,
    [identityId],
  );
  const record = recordAs('logouts retry');
  const list = await runLogoutsCommand(app(), ['list'], record);
  expect(list?.text).toContain('bank: 1 wait');
  expect(list?.text).toContain('it answered 500');
  expect(list?.text).not.toContain(identityId);
  const { abandoned = [] } = (list?.json ?? {}) as { abandoned?: { id: string; clientId: string }[] };
  expect(abandoned).toHaveLength(2);
  expect((await runLogoutsCommand(app(), ['retry', abandoned[0]?.id ?? ''], record))?.json).toEqual({
    again: 1,
  });
  expect((await runLogoutsCommand(app(), ['retry', 'all'], record))?.json).toEqual({ again: 1 });
  await expect(runLogoutsCommand(app(), ['retry', abandoned[0]?.id ?? ''], record)).rejects.toThrow(
    'was given up',
  );
  await expect(runLogoutsCommand(app(), ['retry', 'x'], record)).rejects.toThrow('is no id');
  const rows = await nodes.database.query(`SELECT state, tries FROM logouts ORDER BY client_id, tries`);
  expect(rows).toEqual([
    { state: 'waiting', tries: 0 },
    { state: 'waiting', tries: 3 },
    { state: 'waiting', tries: 0 },
  ]);
  await nodes.database.query(`DELETE FROM logouts`);
});

test('one person is blocked by the ID number, and notified; a refused command leaves no event', async () => {
  const person = await aPerson(nodes);
  const record = recordAs('person block');
  const run = (words: string[], reason?: string) =>
    runPersonCommand(app(), ['block', ...words], { reason }, record);
  const events = async () =>
    await nodes.database.query<{ details: { about: object } }>(
      `SELECT details FROM audit_events WHERE kind = 'operator_command' AND details ->> 'command' = 'person block'`,
    );
  await expect(run([person.idNumber])).rejects.toThrow('--reason is required');
  await expect(run([person.idNumber], 'Ringede, 010185-1234')).rejects.toThrow('CPR number');
  await expect(run(['12'], 'Kortet er stjålet')).rejects.toThrow('nine digits');
  await expect(run(['000000000'], 'Kortet er stjålet')).rejects.toThrow('there is no ID');
  expect(await events()).toEqual([]);

  const spaced = person.idNumber.replace(/(\d{3})(\d{3})/, '$1 $2 ').split(' ');
  expect((await run(spaced, 'Kortet er stjålet'))?.json).toEqual({
    identityId: person.identityId,
    outcome: 'done',
    isStaff: false,
  });
  const key = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp)).catch(
    (error: Error) => error.message,
  );
  expect(key).not.toMatchObject({ page: 'key' });
  const notices = await nodes.database.query(`SELECT kind FROM notices WHERE identity_id = $1`, [
    person.identityId,
  ]);
  expect(notices).toContainEqual({ kind: 'id_blocked' });
  expect((await events()).map(({ details }) => details.about)).toEqual([
    { identityId: person.identityId, reason: 'Kortet er stjålet', outcome: 'done' },
  ]);
  expect((await run([person.idNumber], 'Kortet er stjålet'))?.text).toContain('was blocked before');
});

test('staff, with scope and since when', async () => {
  const { identityId, fullName } = await aPerson(nodes);
  await nodes.database.query(
    `INSERT INTO staff (id, identity_id, role, proposed_at, approved_at) VALUES (gen_random_uuid(), $1, 'officer', now(), now())`,
    [identityId],
  );
  const list = await listStaffByCommand(app(), ['list'], recordAs('staff list'));
  expect(list?.text).toMatch(new RegExp(`^officer: ${fullName} \\(.*\\), since 20`, 'm'));
  const [row] = await nodes.database.query<{ id: string }>(
    `SELECT id_number AS id FROM identities WHERE id = $1`,
    [identityId],
  );
  const block = ['block', row?.id ?? ''];
  const blocked = await runPersonCommand(
    app(),
    block,
    { reason: 'Telefon stjålet' },
    recordAs('person block'),
  );
  expect(blocked?.text).toContain('This person is on the staff');
  expect(await listStaffByCommand(app(), ['remove'], recordAs('staff list'))).toBeNull();
});

test('the numbers of the page at night', async () => {
  await nodes.database.query(
    `UPDATE letters SET state = 'set_aside' WHERE id = (SELECT id FROM letters LIMIT 1)`,
  );
  const migrations = [...(await listMigrations()), '9999_next.sql'];
  const status = await inspectDatabase(nodes.database.url, (inspector) =>
    readOperationsStatus(inspector, { migrations, lockHours: 24 }),
  );
  expect(status).toMatchObject({
    server: { isWritable: true },
    pending: ['9999_next.sql'],
    isRehearsal: false,
    jobs: { failed: 0 },
    statusLine: null,
  });
  expect(status.signingKeys.filter(({ state }) => state === 'current')).toHaveLength(2);
  expect(status.nodes[0]?.connections).toBeGreaterThan(0);
});
