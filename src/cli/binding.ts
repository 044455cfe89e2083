/**
 * The command `bind-rows`: gives legacy rows their MAC, reports the rows whose MAC is wrong, and accepts an
 * identity that an operator has checked.
 */
import { setTimeout } from 'node:timers/promises';
import type { App } from '../app.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';
import { backfillRecordFacts } from '../oidc/records/recordFactsBackfill.ts';
import { appendEvent } from '../db/auditLog.ts';
import { acceptIdentityRow, backfillRowMacs, type MacBackfillReport } from '../db/binding/rowMacBackfill.ts';
import {
  backfillBrowserSubjects,
  type BrowserSubjectsReport,
} from '../features/authentication/backfillBrowserSubjects.ts';

export interface BindingOptions {
  readonly check?: boolean | undefined;
  readonly accept?: string | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function runBindRows(
  { context }: App,
  options: BindingOptions,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const { database, keyring } = context;
  const { mode } = database.rowAuthenticator;
  if (mode === 'read') {
    throw new Error(
      '"binding" of the rules is "read": set it to "write" on every node first (docs/how-to/running.md)',
    );
  }
  if (options.accept !== undefined) return await acceptIdentityByOperator(context, options.accept, record);
  const onlyLook = options.check === true;
  await record(database, { onlyLook });
  const pause = async () => await setTimeout(200);
  const reports = [
    ...(await backfillRowMacs(database, { onlyLook, pause })),
    await backfillRecordFacts({ database, keyring }, { onlyLook }),
    await backfillBrowserSubjects(context, { onlyLook }),
  ];
  const wrong = reports.reduce((sum, report) => sum + report.wrong, 0);
  const text = [...reports.map(describeReport), composeConclusion(mode, wrong)].join('\n');
  const failure = wrong > 0 ? `${wrong} rows are not as Nøgle wrote them, or were not reached` : null;
  return { text, json: { mode, wrong, tables: reports }, ...(failure === null ? {} : { failure }) };
}

function describeReport({
  row,
  seen,
  bound,
  wrong,
  examples,
}: MacBackfillReport | BrowserSubjectsReport): string {
  const names = wrong > 0 ? `: ${examples.join(', ')}${wrong > examples.length ? ', …' : ''}` : '';
  return `${row}: ${seen} looked at, ${bound} bound, ${wrong} without the right MAC${names}`;
}

function composeConclusion(mode: string, wrong: number): string {
  if (wrong > 0) return 'Not every row is right. Run it again; what stays is to be looked at.';
  return mode === 'write' ? 'Every row is right: "binding" may be "require" now.' : 'Every row is right.';
}

/** An identity that an operator has checked and corrected gets a valid MAC as it is now. */
async function acceptIdentityByOperator(
  { database }: App['context'],
  identityId: string,
  record: RecordCommand,
): Promise<CommandOutcome> {
  if (!UUID.test(identityId)) throw new Error('--accept takes the id of an identity, as --check gives it');
  if (!(await acceptIdentityRow(database, identityId))) throw new Error(`there is no identity ${identityId}`);
  await record(database, { accepted: identityId });
  await appendEvent(database, { kind: 'identity_accepted', identityId, details: {} });
  return { text: `${identityId} is bound as it stands`, json: { identityId } };
}
