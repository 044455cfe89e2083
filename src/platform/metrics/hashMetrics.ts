/** The queue before password hashes: its length, how long a hash waits, how long it takes, who is refused. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { HashingObserver, HashingRefusal, PasswordHasher } from '../hashing/passwordHasher.ts';
import { addGauge, single } from './gauge.ts';

const REFUSALS: readonly HashingRefusal[] = ['queue_full', 'too_long', 'in_flight', 'client_gone'];
/** From a hash on an idle machine to the deadline of the queue, which is 2.5 seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createHashingObserver(registry: Registry): HashingObserver {
  const refusals = new Counter({
    name: 'noegle_hash_refusals_total',
    help: 'Password hashes that were not started, by reason.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of REFUSALS) refusals.inc({ reason }, 0);
  const wait = new Histogram({
    name: 'noegle_hash_wait_seconds',
    help: 'The wait of a password hash for its turn.',
    buckets: BUCKETS,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'noegle_password_hash_duration_seconds',
    help: 'The time that a password hash takes once it has its turn.',
    buckets: BUCKETS,
    registers: [registry],
  });
  return {
    observeWait: (ms) => wait.observe(ms / 1_000),
    observeHash: (ms) => duration.observe(ms / 1_000),
    observeRefusal: (reason) => refusals.inc({ reason }),
  };
}

export function addHashQueueGauges(registry: Registry, hasher: PasswordHasher): void {
  addGauge(registry, {
    name: 'hash_queue_length',
    help: 'Password hashes that wait for their turn.',
    read: () => single(hasher.queueLength),
  });
}
