/**
 * Limits how often a person may order online in a day without a match: for one CPR number, and from one
 * network over all numbers. An order without a match also counts as a wrong attempt of its networks,
 * including the wider ones: a /48 has 65,536 times a /64.
 *
 * The counter of a CPR number is over all networks: an order reveals whether name and document number belong
 * to that number, and with one counter for each network it would reveal that as often as a stranger has
 * networks. What that costs the owner is in docs/explanation/threat-model.md.
 *
 * The counters decide after the register was asked (docs/decisions/0017-the-sign-in.md): of concurrent
 * orders, only as many are processed as may be wrong, and errors of Nøgle are not counted. A match does not
 * reset the attempts, because it does not concern other numbers. A form that is sent twice is one order.
 */
import { toDanishDay } from '../../domain/calendar.ts';
import { readLockoutPolicies, readLockStatus, type LockoutPolicy } from '../../domain/signIn/lockout.ts';
import { findNarrowestNetwork } from '../../domain/network/networks.ts';
import type { Queryable } from '../../db/database.ts';
import { findIdentityByCpr } from '../../db/people/people.ts';
import { readPublicFormAttempts } from '../../db/signIn/publicFormAttempts.ts';
import { recordAttempt, readAttempts } from '../../db/signIn/attempts.ts';
import type { NetworkBucket } from '../../db/signIn/networkLevels.ts';
import {
  isAnyBucketFull,
  listNetworkBuckets,
  recordSignInFailure,
  reportFailedStep,
} from '../authentication/index.ts';
import type { AppContext } from '../appContext.ts';

interface OrderCounter {
  readonly subject: Buffer;
  readonly lockoutPolicy: LockoutPolicy;
}

export interface OrderCounters {
  readonly ofNetwork: OrderCounter;
  readonly ofCpr: OrderCounter;
  readonly form: Buffer;
  readonly networks: readonly NetworkBucket[];
}

/**
 * `over`: the limit of the day is reached. `slowed`: too many wrong attempts came from this network. `busy`:
 * nodes of the previous version have all remaining attempts in flight.
 */
export async function checkOrderCounters(
  context: AppContext,
  { cpr, address, form }: { cpr: string; address: string; form: Buffer },
): Promise<OrderCounters | 'over' | 'slowed' | 'busy'> {
  const { database, keyring, clock, rules } = context;
  const { offsetMs } = clock;
  const { orderOfCpr, orderFromNetwork } = readLockoutPolicies(rules);
  const day = toDanishDay(clock.now());
  const counter = (what: string, lockoutPolicy: LockoutPolicy): OrderCounter => {
    return { subject: keyring.hmac('attempts', `order online on ${day} ${what}`), lockoutPolicy };
  };
  const counters: OrderCounters = {
    ofNetwork: counter(`from network ${findNarrowestNetwork(address)}`, orderFromNetwork),
    ofCpr: counter(`of CPR number ${cpr}`, orderOfCpr),
    form,
    networks: listNetworkBuckets(context, address),
  };
  const { ofCpr, networks } = counters;
  const formAttempts = await readPublicFormAttempts(database, {
    subject: ofCpr.subject,
    buckets: networks,
    offsetMs,
  });
  if (isAnyBucketFull(networks, formAttempts.levels)) return 'slowed';
  const states = [
    await readCounterStatus(context, counters.ofNetwork),
    readLockStatus(formAttempts.attempts, ofCpr.lockoutPolicy, formAttempts.now).kind,
  ];
  if (states.some((state) => state === 'locked' || state === 'worn_out')) return 'over';
  return states.includes('busy') ? 'busy' : counters;
}

async function readCounterStatus({ database, clock }: AppContext, { subject, lockoutPolicy }: OrderCounter) {
  const { attempts, now } = await readAttempts(database, subject);
  return readLockStatus(attempts, lockoutPolicy, new Date(now.getTime() + clock.offsetMs)).kind;
}

/**
 * Counts the order in both counters, the network's first, as everywhere.
 * @returns false when one of them was exhausted in the meantime: the result of the lookup must not be used. A
 * match that was counted before is processed again, and finds its outcome.
 */
export async function recordOrderAttempt(
  { clock }: Pick<AppContext, 'clock'>,
  db: Queryable,
  { ofNetwork, ofCpr, form }: Omit<OrderCounters, 'networks'>,
  isMatch: boolean,
): Promise<boolean> {
  const attempt = { isRight: isMatch, forgives: false, form, offsetMs: clock.offsetMs };
  const network = await recordAttempt(db, { ...ofNetwork, ...attempt });
  const number = await recordAttempt(db, { ...ofCpr, ...attempt });
  return [network, number].every(({ verdict }) => verdict === 'right' || verdict === 'again');
}

/**
 * Records an order whose details did not match this CPR number in the log of the person, if they have an ID.
 * Returns immediately, like everything that counts wrong answers; a failed database write is lost.
 */
export function recordWrongOrder(context: AppContext, cpr: string): void {
  const { database, keyring } = context;
  findIdentityByCpr(database, keyring.hmac('cprLookup', cpr))
    .then((identityId) => recordFailureOf(context, identityId))
    .catch(() => undefined);
}

function recordFailureOf(context: AppContext, identityId: string | null): void {
  recordSignInFailure(context, identityId, 'order');
  reportFailedStep(context, { step: 'order', identityId }, 'wrong');
}
