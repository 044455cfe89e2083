/**
 * The commands on the audit log: `verify` reads all of it and says what was altered, `export` writes it as
 * lines of JSON, `erase` takes a person out of it. `verify` opens the database by itself and writes nothing:
 * it has to work where no node would start.
 */
import { readFileSync } from 'node:fs';
import type { App, AppSettings } from '../app.ts';
import { readAuditSink } from '../config/auditSink.ts';
import { composeServerSettings, readConfig } from '../config/config.ts';
import { Database } from '../db/database.ts';
import { beginSnapshot } from '../db/auditTree/verification.ts';
import { findIdentityByIdNumber } from '../db/people/identityByIdNumber.ts';
import {
  confirmErasure,
  describeFinding,
  exportEvents,
  HEAD,
  proposeErasure,
  readHeadObject,
  verifyAuditLog,
  type AuditVerification,
  type ErasureRefusal,
} from '../features/auditLog/index.ts';
import { AuditSigner } from '../platform/auditSigner.ts';
import { realClock } from '../platform/clock.ts';
import { Keyring } from '../platform/keyring.ts';
import { openAuditSink } from '../platform/outbound/openAuditSink.ts';
import type { AuditSink } from '../platform/outbound/auditSink.ts';
import { readRunningSandboxSettings } from '../sandbox/sandboxSettings.ts';
import type { CommandOutcome } from './keys.ts';
import type { CliOperator, RecordCommand } from './operator.ts';
import { drawProgress, endProgress } from './progress.ts';

export interface AuditOptions {
  readonly sink?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly proofs?: boolean | undefined;
  readonly confirm?: boolean | undefined;
}

type VerifySettings = Pick<
  AppSettings,
  'issuer' | 'databaseUrl' | 'databaseTimeoutMs' | 'pooler' | 'keyring' | 'auditSink'
>;

/** A page is ten thousand events, of a log that nothing has read for long. */
const PAGE_TIMEOUT_MS = 60_000;
/** More are counted. */
const MAX_STRETCHES = 10;

/** @throws Error when what is given cannot be read; AuditSinkUnavailable; DatabaseUnavailable */
export async function verifyAuditByCommand(options: AuditOptions): Promise<CommandOutcome> {
  const config = readConfig(process.env);
  const settings =
    config.mode === 'server' ? composeServerSettings(config) : await readRunningSandboxSettings(config);
  const sink = openSinkOf(settings, options.sink);
  const checkpoints = options.checkpoint === undefined ? [] : [readCheckpointFile(options.checkpoint)];
  let hasProgress = false;
  const onProgress = (share: number): void => {
    hasProgress = true;
    drawProgress(share, `${Math.round(share * 100)} %`);
  };
  const report = process.stderr.isTTY ? { onProgress } : {};
  const verification = await verifyWith(settings, { sink, checkpoints, ...report });
  if (hasProgress) endProgress();
  return composeOutcome(verification);
}

function openSinkOf({ auditSink = null }: VerifySettings, given: string | undefined): AuditSink | null {
  if (given === undefined) return auditSink && openAuditSink(auditSink);
  const faults: string[] = [];
  const tokenFile = process.env['NOEGLE_AUDIT_SINK_TOKEN_FILE'];
  const isFolder = given.startsWith('/');
  const token = isFolder || !tokenFile ? {} : { NOEGLE_AUDIT_SINK_TOKEN_FILE: tokenFile };
  const settings = readAuditSink({ NOEGLE_AUDIT_SINK: given, ...token }, faults);
  if (!settings) throw new Error(faults.join('\n').replace('NOEGLE_AUDIT_SINK', '--sink'));
  return openAuditSink(settings);
}

function readCheckpointFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--checkpoint: ${(error as Error).message}`, { cause: error });
  }
}

/** Opens the database of the settings, without a node's other connections and checks. */
export async function verifyWith(
  settings: VerifySettings,
  what: {
    readonly sink: AuditSink | null;
    readonly checkpoints: readonly string[];
    readonly onProgress?: (share: number) => void;
  },
): Promise<AuditVerification> {
  const { databaseUrl, pooler = null, issuer } = settings;
  const timeoutMs = Math.max(settings.databaseTimeoutMs, PAGE_TIMEOUT_MS);
  const keyring = new Keyring(settings.keyring);
  const database = new Database(databaseUrl, { poolSize: 2, timeoutMs, pooler, onLost: () => undefined });
  try {
    return await verifyAuditLog({
      ...what,
      db: database,
      inSnapshot: async (work) =>
        await database.transaction(async (db) => {
          await beginSnapshot(db);
          return await work(db);
        }),
      signer: new AuditSigner(keyring, issuer),
      keyring,
      now: realClock.now(),
    });
  } finally {
    await database.close();
  }
}

function composeOutcome(verification: AuditVerification): CommandOutcome {
  const { findings, counts, leaves, segments, unsealed, erased, sealedLate, sink } = verification;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lines = [
    ...findings.map(describeFinding),
    ...(total > findings.length ? [`and ${total - findings.length} more`] : []),
    `${leaves} events in ${segments} segments are in the tree; ${unsealed} are too young to be in it` +
      (erased > 0 ? `; ${erased} are of people who were erased` : ''),
    ...describeLate(sealedLate),
    describeSink(sink),
    total === 0 ? 'nothing was altered' : `${total} findings`,
  ];
  const json = {
    isUnaltered: total === 0,
    ...verification,
    findings: findings.map((finding) => ({ ...finding, text: describeFinding(finding) })),
  };
  return { text: lines.join('\n'), json, exitCode: total === 0 ? 0 : 1 };
}

function describeLate(stretches: AuditVerification['sealedLate']): string[] {
  if (stretches.length === 0) return [];
  const named = stretches
    .slice(0, MAX_STRETCHES)
    .map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`));
  const rest = stretches.length - named.length;
  const leaves = rest > 0 ? `${named.join(', ')} and ${rest} stretches more` : named.join(', ');
  return [
    `note: leaves ${leaves} were added more than an hour after their events: what was altered before that is not found`,
  ];
}

function describeSink(sink: AuditVerification['sink']): string {
  if (!sink)
    return 'compared with the signed checkpoint alone: with --sink, a log that was rolled back is found as well';
  const range = `compared with segments ${sink.firstSegment} to ${sink.lastSegment} of the sink ${sink.name}`;
  return sink.behind > 0 ? `${range}, which lacks the last ${sink.behind}` : range;
}

/** @returns null when the arguments are wrong */
export async function exportAuditByCommand(
  { context }: App,
  { from = '0', to, proofs = false }: AuditOptions,
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (![from, to ?? '0'].every((text) => /^\d{1,15}$/.test(text))) return null;
  const range = { from: Number(from), to: to === undefined ? Number.MAX_SAFE_INTEGER - 1 : Number(to) };
  await context.database.transaction(async (db) => await record(db, { from, to: to ?? null, proofs }));
  const checkpoint = await context.database.transaction(async (db) => {
    await beginSnapshot(db);
    return await exportEvents(db, { ...range, withProofs: proofs }, async (event) => {
      if (!process.stdout.write(`${JSON.stringify(event)}\n`))
        await new Promise((resolve) => process.stdout.once('drain', resolve));
    });
  });
  const last = { checkpoint };
  return { text: JSON.stringify(last), json: last };
}

const REFUSALS: Readonly<Record<ErasureRefusal['kind'], string>> = {
  not_closed: 'the ID is not closed: the person closes it in self-service',
  erased_before: 'the person was erased before',
  not_proposed: 'no one has proposed this in the last 30 days: "audit erase" without --confirm proposes it',
  same_person: 'another person has to confirm it than the one who proposed it',
  busy: 'events are being added to the tree: try again in a second',
  not_sealed: 'is not in the tree yet: try again in some seconds',
  not_streamed: 'is not in the sink yet: try again when the sink has no lag',
  altered: 'is not as it was sealed: run "audit verify"; nothing was erased',
};

function describeRefusal(refusal: ErasureRefusal): string {
  return 'id' in refusal ? `event ${refusal.id} ${REFUSALS[refusal.kind]}` : REFUSALS[refusal.kind];
}

/** Proposes it, or confirms what another person has proposed. @returns null when the arguments are wrong */
export async function erasePersonByCommand(
  { context }: App,
  settings: Pick<AppSettings, 'issuer' | 'auditSink'>,
  {
    words,
    options,
    operator,
  }: {
    readonly words: readonly string[];
    readonly options: AuditOptions;
    readonly operator: CliOperator;
  },
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  if (words.length === 0) return null;
  const idNumber = words.join('').replaceAll(/[\s\u00a0]/g, '');
  if (!/^\d{9}$/.test(idNumber)) throw new Error('an ID number has nine digits, as in the welcome letter');
  const identityId = await findIdentityByIdNumber(context.database, idNumber);
  if (identityId === null) throw new Error('there is no ID with this number');
  if (options.confirm !== true) {
    const refusal = await proposeErasure(
      context,
      { identityId, operator },
      async (db) => await record(db, { identityId, outcome: 'proposed' }),
    );
    if (refusal) throw new Error(describeRefusal(refusal));
    const text =
      'proposed. Another person confirms it within 30 days, with the same command and --confirm. ' +
      'It cannot be undone: browsers and networks in the log of this person will not be readable any more';
    return { text, json: { identityId, outcome: 'proposed' } };
  }
  const signer = new AuditSigner(context.keyring, settings.issuer);
  const lastStreamed = await findLastStreamed(settings, signer);
  const outcome = await confirmErasure(
    context,
    signer,
    { identityId, operator, lastStreamed },
    async (db) => await record(db, { identityId, outcome: 'erased' }),
  );
  if (outcome.kind !== 'erased') throw new Error(describeRefusal(outcome));
  const text =
    `erased: ${outcome.events} events have no link to their leaves any more, and the tree is whole. ` +
    'Backups and segments of the sink from before have the former salt: docs/how-to/audit.md says when they go';
  return { text, json: { identityId, outcome: 'erased', events: outcome.events } };
}

async function findLastStreamed(
  { auditSink = null }: Pick<AppSettings, 'auditSink'>,
  signer: AuditSigner,
): Promise<number | null> {
  if (!auditSink) return null;
  const head = await openAuditSink(auditSink).read(HEAD);
  return head === null ? -1 : readHeadObject(signer, head).lastSegment;
}
