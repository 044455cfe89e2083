/** A database in which every sealed column and every MAC has values, and what they hold. */
import { LETTER_EMAIL_CONTEXT } from '../../src/features/contact/emailInLetter.ts';
import { submitEmail } from '../../src/features/contact/submitEmail.ts';
import { composeCprChangeContext } from '../../src/features/desk/cprChange/proposeCprChange.ts';
import { composeColleagueContext } from '../../src/features/desk/staff/proposeColleagueAction.ts';
import { importRegister } from '../../src/features/populationRegister/importRegister.ts';
import { resealRow } from '../../src/cli/ringKeys/resealValues.ts';
import type { ResealedColumn } from '../../src/db/ringKeys/keyedColumns.ts';
import { listSealedRows, SEALED_VALUE_COLUMNS } from '../../src/db/ringKeys/sealedColumns.ts';
import { Keyring } from '../../src/platform/keyring.ts';
import { aPerson, type TestPerson } from './people.ts';
import { composeApplication, issueApplication } from './applications.ts';
import { aRegisterFile } from './populationRegisterFile.ts';
import { intoStock, SoftToken } from './codeTokens.ts';
import type { Nodes } from './nodes.ts';

export const ANOTHER_KEY = Buffer.alloc(32, 7).toString('base64url');

/** Fills the columns that no sign-in fills. */
export async function fillSealedColumns(nodes: Nodes): Promise<readonly TestPerson[]> {
  const { context, database } = nodes;
  const { keyring } = context;
  const people = [await aPerson(nodes), await aPerson(nodes), await aPerson(nodes)];
  const [one, two, three] = people.map(({ identityId }) => identityId) as [string, string, string];
  const applicant = composeApplication().application.applicant;
  await issueApplication(
    nodes,
    composeApplication({ applicant: { ...applicant, email: 'ny@mail.example' } }),
  );
  await importRegister(context, aRegisterFile([{ cpr: '610785-0011', name: 'Bo Register' }]));
  nodes.secrets.add('6107850011', 'CPR number');
  await database.query(
    `UPDATE people SET former_address_sealed = address_sealed, next_email_sealed = email_sealed, moved_at = now(),
       next_email_from = now() + interval '1 day' WHERE email_sealed IS NOT NULL`,
  );
  await submitEmail(context, context.database, one, { email: 'anden@mail.example', kind: 'change' });
  const [change, action] = [crypto.randomUUID(), crypto.randomUUID()];
  await database.query(
    `INSERT INTO cpr_changes (id, identity_id, state, change_sealed, current, proposed_by, proposed_at)
     VALUES ($1, $2, 'waiting', $3, '\\x01', $4, now())`,
    [change, one, keyring.seal('seal', '{"cpr":"6107850029"}', composeCprChangeContext(change)), two],
  );
  await database.query(
    `INSERT INTO colleague_actions (id, identity_id, action, asked_sealed, state, proposed_by, proposed_at)
     VALUES ($1, $2, 'reopen', $3, 'waiting', $4, now())`,
    [action, one, keyring.seal('seal', '{}', composeColleagueContext(action)), three],
  );
  const emailSealed = keyring.seal('seal', 'brev@mail.example', LETTER_EMAIL_CONTEXT).toString('base64url');
  const details = { at: '2026-11-30T08:00:00Z', emailSealed };
  const notice = { kind: 'ordered_online', details };
  const ofTheDay = { ...notice, ofTheDay: [notice, { ...notice, details: { at: details.at } }] };
  for (const about of [notice, ofTheDay]) {
    await database.query(
      `INSERT INTO letters (id, kind, identity_id, notice, ordered_at, try_at)
       VALUES ($1, 'notice', $2, $3, now(), now() + interval '9 days')`,
      [crypto.randomUUID(), one, JSON.stringify(about)],
    );
  }
  await database.query(
    `INSERT INTO notices (id, identity_id, kind, details, at, try_at)
     VALUES ($1, $2, 'ordered_online', $3, now(), now() + interval '9 days')`,
    [crypto.randomUUID(), one, JSON.stringify(details)],
  );
  await database.query(
    `INSERT INTO gathered_notices (id, identity_id, notice, at, letter_on) VALUES ($1, $2, $3, now(), now()::date + 9)`,
    [crypto.randomUUID(), one, JSON.stringify(notice)],
  );
  await intoStock(nodes, new SoftToken(nodes));
  return people;
}

/** Opens every sealed value with the keys of these rings. @returns how many there are in each column */
export async function openSealedColumns(
  nodes: Nodes,
  seal: Pick<Nodes['keyringFile']['seal'], 'current' | 'keys'>,
): Promise<Readonly<Record<string, number>>> {
  const { database } = nodes.context;
  const next = { current: 'next', keys: { ...seal.keys, next: ANOTHER_KEY } };
  const keyring = new Keyring({ ...nodes.keyringFile, seal: next });
  const counts: Partial<Record<ResealedColumn, number>> = {};
  for (const column of SEALED_VALUE_COLUMNS) {
    const options = { limit: 10_000, notUnder: 'next' };
    for (const row of await listSealedRows(database, column, column.start, options)) {
      if (resealRow(keyring, column.name, row)) counts[column.name] = (counts[column.name] ?? 0) + 1;
    }
  }
  return counts;
}
