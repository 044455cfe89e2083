/** The command `keys reseal`. */
import { setTimeout } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { replaceKeyCheck } from '../../db/installation.ts';
import type { RowsOfKey } from '../../db/ringKeys/keyCounts.ts';
import { RESEALED_RINGS } from '../../db/ringKeys/keyedColumns.ts';
import type { CommandOutcome } from '../keys.ts';
import type { RecordCommand } from '../operator.ts';
import { drawProgress, endProgress } from '../progress.ts';
import { planReseal, resealRows, sumRows, type FaultyRow, type ResealReport } from './reseal.ts';

/** Between two batches, so that people who sign in find the database free. */
const PAUSE_MS = 10;
const MAX_EXAMPLES = 20;

export async function resealByCommand({ context }: App, record: RecordCommand): Promise<CommandOutcome> {
  const { database, keyring } = context;
  const kid = keyring.currentKid('seal');
  const { total } = await planReseal(context);
  await record(database, { ring: 'seal', kid, step: 'begun', total });
  const report = await resealRows(context, {
    onProgress: (done) => drawProgress(total === 0 ? 1 : done / total, `${done} of ${total}`),
    pause: async () => await setTimeout(PAUSE_MS),
  });
  if (total > 0) endProgress();
  const { resealed, faults } = report;
  const left = sumRows(report.left);
  await database.transaction(async (db) => {
    // From now on each ring is recognised by this key: the older ones may be taken out.
    for (const ring of left === 0 ? RESEALED_RINGS : [])
      await replaceKeyCheck(db, ring, keyring.makeKeyCheck(ring, keyring.currentKid(ring)));
    await record(db, { ring: 'seal', kid, step: 'done', resealed, left, faults: faults.length });
  });
  const { mode } = database.rowAuthenticator;
  const tokensKid = keyring.currentKid('tokens');
  const json = {
    ring: 'seal',
    kid,
    tokensKid,
    resealed,
    left,
    faults,
    rows: report.rows.map(withoutExamples),
  };
  const text = [...describeRows(report.rows), composeConclusion(kid, tokensKid, resealed, left)].join('\n');
  const failure = left === 0 ? {} : { failure: explainWhatIsLeft(report, mode) };
  return { text, json, ...failure };
}

/** Without the keys of rows. */
export function withoutExamples({ ring, column, kid, rows }: RowsOfKey): Omit<RowsOfKey, 'examples'> {
  return { ring, column, kid, rows };
}

/** `people.email_sealed  seal k2  120`. */
export function describeRows(rows: readonly RowsOfKey[]): string[] {
  const sorted = rows.toSorted(
    (a, b) => a.column.localeCompare(b.column) || (a.kid ?? '').localeCompare(b.kid ?? ''),
  );
  return sorted.map(
    ({ column, ring, kid, rows: many }) => `${column.padEnd(32)} ${ring} ${kid ?? '?'}  ${many}`,
  );
}

function composeConclusion(kid: string, tokensKid: string, resealed: number, left: number): string {
  const renewed = `${resealed} were renewed under seal ${kid} and tokens ${tokensKid}`;
  if (left > 0) return `${renewed}; ${left} are left`;
  return (
    `${renewed}, and no row needs another key. An older one is taken out by: ` +
    'node dist/cli.js keys retire KID FILE, of tokens by: node dist/cli.js keys remove tokens KID FILE'
  );
}

const FAULTS: Readonly<Record<FaultyRow['fault'], string>> = {
  damaged: 'does not open',
  no_key: 'needs a key that the ring has not',
  not_as_written: 'is not as it was written',
};

/** Which rows need an older key, and what an operator does about it. */
export function explainWhatIsLeft({ left, faults }: ResealReport, mode: string): string {
  const lines = left.map(({ ring, column, kid, rows, examples }) => {
    const names = examples.slice(0, MAX_EXAMPLES).join(', ');
    return `${rows} of ${column} under ${ring} ${kid ?? '?'}: ${names}${rows > MAX_EXAMPLES ? ', …' : ''}`;
  });
  const reasons = faults
    .slice(0, MAX_EXAMPLES)
    .map(({ column, key, fault }) => `${column} ${key} ${FAULTS[fault]}`);
  const unexplained = sumRows(left) - faults.length;
  if (unexplained > 0) {
    reasons.push(
      `${unexplained} were written meanwhile: a node that was not restarted still has the older key as current. ` +
        'Restart it and run this again',
    );
  }
  if (
    mode === 'write' &&
    faults.some(({ column, fault }) => fault === 'not_as_written' && column.endsWith('.mac'))
  )
    reasons.push('while "binding" is "write", node dist/cli.js bind-rows makes the MACs of such rows');
  return [...lines, ...reasons].join('\n');
}
