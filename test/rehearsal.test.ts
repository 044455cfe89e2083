/**
 * A rehearsal: two operators get their IDs, activate them and come to the desk, without the post and within
 * minutes, in a database that is never anything else.
 */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { bootstrapByCommand } from '../src/cli/issue.ts';
import { createCommandRecorder } from '../src/cli/operator.ts';
import { rehearseBootstrap, writeLettersByCommand } from '../src/cli/rehearse.ts';
import type { AppSettings } from '../src/app.ts';
import {
  aChoice,
  aPerson,
  composeContact,
  DeskBrowser,
  readDeliveredLetters,
  sendAllLetters,
  signInAt,
  TestBrowser,
  toDonePage,
  useNodes,
} from './support/index.ts';
import { anOperator } from './support/operatorCommands.ts';

const RECORD = createCommandRecorder({ account: 'root', by: 'Test' }, 'bootstrap');
const TWO = [anOperator('6107850019', 'Erik', '207000001'), anOperator('6107850027', 'Elna', '207000002')];
const nodes = useNodes();
const real = useNodes();

async function theFile(): Promise<string> {
  const file = path.join(nodes.folder, 'two.json');
  await writeFile(file, JSON.stringify(TWO));
  return file;
}

const settingsOf = ({ issuer }: { issuer: string }) =>
  ({ issuer, contact: composeContact(issuer) }) as unknown as AppSettings;

const nameOf = (of: typeof nodes) => new URL(of.database.url).pathname.slice(1);

async function rehearse(
  of: typeof nodes,
  folder: string,
  changed: { databaseName?: string; file?: string } = {},
) {
  const where = { file: await theFile(), folder, databaseName: nameOf(of), ...changed };
  return await rehearseBootstrap(of.node(0).app, settingsOf(of), where, RECORD);
}

test('what is refused marks nothing: another name, a file that is not right, a folder that is none', async () => {
  const folder = path.join(real.folder, 'refused');
  const broken = path.join(nodes.folder, 'broken.json');
  await expect(rehearse(real, folder, { databaseName: 'noegle' })).rejects.toThrow(
    `leads to the database ${nameOf(real)}, not to noegle, and nothing was changed`,
  );
  await expect(stat(folder)).rejects.toThrow('ENOENT');
  await expect(rehearse(real, folder, { file: '/nothere.json' })).rejects.toThrow(
    '/nothere.json is not there',
  );
  await writeFile(broken, '{ "cpr": "6107850019"');
  await expect(rehearse(real, folder, { file: broken })).rejects.toThrow(
    /broken\.json cannot be read as JSON$/,
  );
  await writeFile(broken, JSON.stringify([TWO[0], { ...TWO[1], city: '' }]));
  await expect(rehearse(real, folder, { file: broken })).rejects.toThrow(/the second: city: /);
  await expect(rehearse(real, path.join(broken, 'letters'))).rejects.toThrow(
    /letters cannot be written to .* \(ENOTDIR\): make the folder/,
  );
  // Control: the database is empty, and would have taken the mark.
  const rows = await real.database.query('SELECT rehearsal_since, bootstrapped_at FROM installation');
  expect(rows).toEqual([{ rehearsal_since: null, bootstrapped_at: null }]);
});

test('from bootstrap to the desk at once; every page says what it is, and nothing is posted', async () => {
  const folder = await mkdtemp(path.resolve('.tmp/rehearsal-'));
  try {
    const outcome = await rehearse(nodes, path.join(folder, 'letters'));
    expect(outcome.json).toMatchObject({ ok: true, rehearsal: true, letters: 4 });
    const names = await readdir(path.join(folder, 'letters'));
    expect(names.filter((name) => name.endsWith('.pdf'))).toHaveLength(4);
    expect((await stat(path.join(folder, 'letters'))).mode & 0o077).toBe(0);
    const today = new Date(nodes.clock.now()).toISOString().slice(0, 10);
    expect(new Set(names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, 10)))).toEqual(
      new Set([today]),
    );

    // The node was running before: it reads the mark as it reads the status line.
    await nodes.restart();
    const staff = await nodes.database.query<{ id: string }>(
      `SELECT identity_id AS id FROM staff WHERE role = 'operator'`,
    );
    expect(staff).toHaveLength(2);
    const id = await readDeliveredLetters(nodes, staff[0]?.id ?? '');
    const chosen = aChoice(nodes);
    const done = await toDonePage(new TestBrowser(nodes), id, chosen);
    expect(done.text).toMatch(/ØVELSE: |REHEARSAL: /);
    const person = { ...id, ...chosen, cpr: '', fullName: '', cardNumber: '', cardId: '' };
    const desk = await signInAt(new DeskBrowser(nodes), person);
    expect([desk.page, /ØVELSE: |REHEARSAL: /.test(desk.text)]).toEqual(['desk-home', true]);

    // A second run writes what waits, and makes no one else an operator.
    await nodes.database.query(
      `INSERT INTO letters (id, kind, identity_id, notice, ordered_at)
       VALUES (gen_random_uuid(), 'notice', $1, '{"kind":"cpr_changed","details":{}}', now())`,
      [id.identityId],
    );
    await sendAllLetters(nodes);
    expect(await nodes.database.query(`SELECT FROM letters WHERE state = 'waiting'`)).toHaveLength(1);
    expect(await readdir(path.join(nodes.folder, 'letters')).catch(() => [])).toEqual([]);
    await nodes.database.query(`UPDATE letters SET try_at = now() WHERE state = 'waiting'`);
    const again = await writeLettersByCommand(
      nodes.node(0).app,
      settingsOf(nodes),
      path.join(folder, 'letters'),
      RECORD,
    );
    expect(again.json).toMatchObject({ letters: 1 });
    expect((await rehearse(nodes, path.join(folder, 'letters'))).json).toMatchObject({ letters: 0 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a rehearsal stays one, also for a person with SQL', async () => {
  const stays = /a rehearsal stays a rehearsal/;
  await expect(nodes.database.query(`UPDATE installation SET rehearsal_since = NULL`)).rejects.toThrow(stays);
  await expect(nodes.database.query(`UPDATE installation SET rehearsal_since = now()`)).rejects.toThrow(
    stays,
  );
  await expect(nodes.database.query(`DELETE FROM installation`)).rejects.toThrow(stays);
  await expect(nodes.database.query(`TRUNCATE installation`)).rejects.toThrow(stays);
  await real.database.query(`BEGIN; TRUNCATE installation; ROLLBACK`);
  await expect(bootstrapByCommand(nodes.node(0).app, await theFile(), RECORD)).rejects.toThrow(
    'this database is a rehearsal, and stays one',
  );
});

test('a database with one ID, one row of the register or one relying party never becomes one', async () => {
  const mark = () => real.database.query(`UPDATE installation SET rehearsal_since = now()`);
  const refused = /only an empty database becomes a rehearsal/;
  await aPerson(real);
  await expect(mark()).rejects.toThrow(refused);
  await expect(rehearse(real, path.join(real.folder, 'none'))).rejects.toThrow('this database is not empty');
  await expect(
    writeLettersByCommand(real.node(0).app, settingsOf(real), path.join(real.folder, 'none'), RECORD),
  ).rejects.toThrow('this database is no rehearsal');
  const page = await new TestBrowser(real).follow('/');
  expect(page.text).not.toMatch(/ØVELSE: |REHEARSAL: /);
  const [row] = await real.database.query(`SELECT rehearsal_since, (SELECT count(*)::int FROM staff) AS staff
    FROM installation`);
  expect(row).toEqual({ rehearsal_since: null, staff: 0 });
});
