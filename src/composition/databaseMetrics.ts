/**
 * The metrics that are read from the database, by one statement for all. A reading is stored for ten seconds,
 * so that several scrapers cost no more than one. Without an answer these metrics are absent, never old, and
 * `noegle_database_up` is 0.
 */
import type { Database } from '../db/database.ts';
import { readForOperators, type DatabaseReading, type OutboxReading } from '../db/readings.ts';
import { realClock } from '../platform/clock.ts';
import type { NodeMetrics } from '../platform/metrics/nodeMetrics.ts';
import { single, type GaugeValues } from '../platform/metrics/gauge.ts';

const CACHE_MS = 10_000;
/** A database that is unavailable is asked again soon, and a crowd of scrapers still waits once. */
const FAILURE_CACHE_MS = 1_000;
/** Longer than a connection and a statement may take by default; scrapers commonly wait ten seconds. */
const READ_TIMEOUT_MS = 5_000;
/** As rotation counts it (oidc/keys/signingKeyRotation.ts). */
const WATCH_SECONDS = 2;

interface Reading {
  readonly reading: DatabaseReading | null;
  readonly readAt: number;
}

export function addDatabaseGauges(metrics: NodeMetrics, database: Database, cachedSeconds: number): void {
  let latest: Reading = { reading: null, readAt: -Infinity };
  let pending: Promise<void> | null = null;

  const read = async (): Promise<void> => {
    const startedAt = realClock.now().getTime();
    const reading = await withTimeout(readForOperators(database).catch(() => null));
    const endedAt = realClock.now().getTime();
    latest = { reading, readAt: performance.now() };
    // The database looked at its clock somewhere in between.
    const offset = reading && ((startedAt + endedAt) / 2 - reading.at.getTime()) / 1_000;
    metrics.setClockOffset(offset);
  };
  metrics.beforeScrape(async () => {
    const cacheMs = latest.reading ? CACHE_MS : FAILURE_CACHE_MS;
    if (performance.now() - latest.readAt < cacheMs) return;
    pending ??= read().finally(() => (pending = null));
    await pending;
  });

  const find = () => latest.reading;
  metrics.addGauge({
    name: 'database_up',
    help: 'Whether the database answered when it was last read.',
    read: () => single(find() ? 1 : 0),
  });
  addOutboxGauges(metrics, find);
  metrics.addGauge({
    name: 'sweep_lag_seconds',
    help: 'For how long the oldest expired record should have been deleted.',
    read: () => single(find()?.sweepLagSeconds ?? null),
  });
  metrics.addGauge({
    name: 'signing_key_age_seconds',
    help: 'Seconds since a signing key entered its state; of several, the youngest.',
    labelNames: ['alg', 'state'],
    read: () => (find()?.signingKeys ?? []).map((key) => [[key.alg, key.state], key.ageSeconds]),
  });
  metrics.addGauge({
    name: 'signing_key_next_may_sign',
    help: 'Whether the next signing key was published for long enough to sign.',
    labelNames: ['alg'],
    read: () =>
      (find()?.signingKeys ?? [])
        .filter(({ state }) => state === 'next')
        .map(({ alg, ageSeconds }) => [[alg], ageSeconds >= cachedSeconds + WATCH_SECONDS ? 1 : 0]),
  });
}

type FindReading = () => DatabaseReading | null;

function addOutboxGauges(metrics: NodeMetrics, find: FindReading): void {
  const add = (name: string, help: string, value: (outbox: OutboxReading) => number) =>
    metrics.addGauge({
      name: `outbox_${name}`,
      help,
      labelNames: ['outbox'],
      read: (): GaugeValues => (find()?.outboxes ?? []).map((one) => [[one.outbox], value(one)]),
    });
  add('waiting', 'Letters, notices and log-outs that wait; 10,000 for more.', (one) => one.waiting);
  add('oldest_seconds', 'The age of the oldest one that waits.', (one) => one.oldestSeconds);
  add('overdue_seconds', 'For how long an attempt has been due.', (one) => one.overdueSeconds);
  add('failures', 'The most failed attempts of one that waits.', (one) => one.failures);
  add('set_aside', 'Those that are not tried any longer.', (one) => one.setAside);
}

/** A server that never answers is given up by the pool, too; a scrape does not depend on that. */
async function withTimeout<T>(work: Promise<T | null>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), READ_TIMEOUT_MS).unref();
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
