/**
 * The command `after-restore`: a database that was restored gets back what the audit sink holds, and nothing
 * in it that had ended stays alive. Until it was run, nodes neither serve from that database nor send.
 */
import { z } from 'zod';
import type { App, AppSettings } from '../../app.ts';
import { readAuditSink } from '../../config/auditSink.ts';
import { ConfigError } from '../../config/config.ts';
import {
  beginEpoch,
  orderAfterRestore,
  replayRestored,
  runExclusively,
  type AfterRestoreReport,
  type AfterRestoreSource,
} from '../../features/auditLog/index.ts';
import { setRestoring } from '../../db/auditTree/endRestored.ts';
import { AuditSigner } from '../../platform/auditSigner.ts';
import { openAuditSink } from '../../platform/outbound/openAuditSink.ts';
import type { CommandOutcome } from '../keys.ts';
import type { RecordCommand } from '../operator.ts';
import { drawProgress, endProgress } from '../progress.ts';
import { runWithSettings } from '../runWithApp.ts';

export interface AfterRestoreCommandOptions {
  readonly from?: string | undefined;
  readonly 'lost-at'?: string | undefined;
  readonly 'without-sink'?: boolean | undefined;
  readonly report?: string | undefined;
}

/** One statement may change every card. */
const TIMEOUT_MS = 30 * 60_000;

/** The app opens the database although the sink does not follow it. */
export const asRestoring = (settings: AppSettings): AppSettings => ({
  ...settings,
  databaseTimeoutMs: TIMEOUT_MS,
  auditSink: null,
  withoutSink: true,
});

/** @throws ConfigError, Error where an option is missing or wrong */
export function readSource(
  app: App,
  settings: AppSettings,
  options: AfterRestoreCommandOptions,
): AfterRestoreSource {
  const faults: string[] = [];
  const env = options.from === undefined ? process.env : { ...process.env, NOEGLE_AUDIT_SINK: options.from };
  const sinkSettings = readAuditSink(env, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  if (!sinkSettings) {
    throw new Error(
      'NOEGLE_AUDIT_SINK is not set: give the sink with --from, or say --without-sink if there is none. Without it ' +
        'no card is believed, and every person gets a new one',
    );
  }
  const lostAt = options['lost-at'];
  if (!z.iso.datetime({ offset: true }).safeParse(lostAt).success) {
    throw new Error(
      '--lost-at is required: when the database was lost, such as 2026-12-24T09:00:00Z. What was committed before it ' +
        'and is not in the sink makes every card doubtful; if you do not know it, give the time of now',
    );
  }
  return {
    sink: openAuditSink(sinkSettings),
    signer: new AuditSigner(app.context.keyring, settings.issuer),
    lostAt: new Date(lostAt ?? ''),
  };
}

export async function runAfterRestore(
  options: AfterRestoreCommandOptions,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const isWithout = options['without-sink'] === true;
  if (isWithout && (options.from !== undefined || options['lost-at'] !== undefined))
    throw new Error('--without-sink takes neither --from nor --lost-at');
  return await runWithSettings(asRestoring, async (app, settings) => {
    const source = isWithout ? null : readSource(app, settings, options);
    return await runExclusively(app.context, async () => await restore(app, source, record));
  });
}

async function restore(
  { context }: App,
  source: AfterRestoreSource | null,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const report = await replayRestored(context, {
    source,
    record: async (db, about) => await record(db, about),
    onProgress: (done, total) => drawProgress(done / total, `${done} of ${total} segments`),
  });
  const ordered = await orderAfterRestore(context, (done) => drawProgress(1, `${done} people`));
  endProgress();
  const epoch = source === null ? null : await beginEpoch(context, source);
  // The last step: from here on nodes serve.
  await context.database.transaction(async (db) => {
    await setRestoring(db, null);
    await record(db, { ...ordered, step: 'done' });
  });
  const text = [
    describeReport(report),
    `${ordered.cards} cards and ${ordered.passwords} temporary passwords were ordered; ` +
      `${ordered.withoutAddress} people have no address and must come to the desk`,
    epoch === null
      ? 'start the nodes with NOEGLE_AUDIT_SINK set to a new, empty sink, or without one'
      : `the sink follows this database now (epoch ${epoch}): start the nodes`,
  ].join('\n');
  return { text, json: { ...report, ordered, epoch } };
}

export function describeReport(report: AfterRestoreReport): string {
  const { coveredUntil, isCovered, segments, events, burntKeys, retiredCards } = report;
  const covered =
    coveredUntil === null
      ? 'without a sink'
      : `the sink has everything until ${coveredUntil.toISOString()}; ${events} events in ${segments} segments came back`;
  return [
    covered,
    `${report.sessions} sessions and ${report.refreshTokens} refresh tokens ended; ${burntKeys} keys that were asked for are spent`,
    `${report.heldNotices} notices and ${report.heldLogouts} log-outs are not sent again`,
    isCovered
      ? 'every card is as it was'
      : `${retiredCards} cards are void, as it is not known which keys were used`,
  ].join('\n');
}
