/**
 * The command `drill restore`: all that `after-restore` does, in a copy of the database, which is checked
 * afterwards. The sink is only read. The report is a signed note, so that an auditor can see that the drill
 * was held, what it found and how long it took.
 */
import { existsSync } from 'node:fs';
import { setRestoring } from '../../db/auditTree/endRestored.ts';
import { readTreeInDatabase } from '../../db/auditTree/databasePlace.ts';
import { checkReplayed, readSinkState, replayRestored } from '../../features/auditLog/index.ts';
import { describeReport, asRestoring, readSource, type AfterRestoreCommandOptions } from './afterRestore.ts';
import type { CommandOutcome } from '../keys.ts';
import type { RecordCommand } from '../operator.ts';
import { drawProgress, endProgress } from '../progress.ts';
import { runWithSettings } from '../runWithApp.ts';
import { writeNewFiles } from '../writeSecretFile.ts';

export async function drillRestore(
  options: AfterRestoreCommandOptions,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const file = options.report;
  if (!file) throw new Error('--report FILE is required: where the signed report goes');
  if (existsSync(file)) throw new Error(`${file} is there already: a report is never replaced`);
  return await runWithSettings(asRestoring, async (app, settings) => {
    const { context } = app;
    const source = { ...readSource(app, settings, options), isDrill: true };
    const state = await readSinkState(source.sink, source.signer);
    const { place } = await readTreeInDatabase(context.database, -1);
    if (state && state.head.place.system === place.system && state.head.place.database === place.database)
      throw new Error('this is the database that the sink follows: a drill is held in a copy of it');
    const startedAt = performance.now();
    const report = await replayRestored(context, {
      source,
      record: async (db, about) => await record(db, about),
      onProgress: (done, total) => drawProgress(done / total, `${done} of ${total} segments`),
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    const checks = await checkReplayed(context, source, report.firstSegment, (done, total) =>
      drawProgress(done / total, `${done} of ${total} segments checked`),
    );
    endProgress();
    await setRestoring(context.database, null);
    const isPassed = checks.faults.length === 0;
    const lines = [
      'noegle restore drill v1',
      source.signer.origin,
      context.clock.now().toISOString(),
      isPassed ? 'passed' : 'failed',
      `took ${seconds.toFixed(1)} s`,
      ...describeReport(report).split('\n'),
      `${checks.cards} cards: no key that was spent works; ${checks.blocked} blocks hold`,
      ...checks.faults,
      '',
    ];
    const note = source.signer.signNote(lines.join('\n'));
    writeNewFiles([{ file, text: note }], 'a report is never replaced');
    const json = { passed: isPassed, seconds, ...report, ...checks, report: file };
    const text = `${lines.slice(3).join('\n')}the signed report is ${file}`;
    return isPassed ? { text, json } : { text, json, failure: checks.faults.join('\n') };
  });
}
