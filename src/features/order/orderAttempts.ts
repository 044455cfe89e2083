/**
 * How often somebody may order online in a day without a match: for one CPR number, and from one network
 * over all numbers. An order without a match also counts as a wrong try of its networks, the wider ones
 * too: a /48 has 65,536 times a /64. The count of a CPR number is over all networks: an order says whether
 * name and document number are those of that number, and with a count for each network it would say so as
 * often as a stranger has networks. What that costs its owner: docs/explanation/threat-model.md. Judged after what was
 * ordered was looked up (docs/decisions/0017-the-sign-in.md): of orders sent at once, as many are followed
 * as may be wrong, and no fault of ours counts. A match forgives nothing: it says nothing of other numbers.
 * A form that is sent twice is one order.
 */
import { toDanishDay } from '../../domain/calendar.ts';
import { readLockoutPolicies, readLockStatus, type LockoutPolicy } from '../../domain/signIn/lockout.ts';
import { findNarrowestNetwork } from '../../domain/network/networks.ts';
import type { Queryable } from '../../db/database.ts';
import { findIdentityByCpr } from '../../db/people/people.ts';
import { readPublicFormAttempts } from '../../db/signIn/publicFormAttempts.ts';
import { recordAttempt, readAttempts } from '../../db/signIn/attempts.ts';
import type { NetworkBucket } from '../../db/signIn/networkLevels.ts';
import { isAnyBucketFull, listNetworkBuckets, recordSignInFailure } from '../authentication/index.ts';
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
 * `over`: no more today; `slowed`: too many wrong ones from this network; `busy`: nodes of the version
 * before have as many as are left in flight.
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
  const tries: OrderCounters = {
    ofNetwork: counter(`from network ${findNarrowestNetwork(address)}`, orderFromNetwork),
    ofCpr: counter(`of CPR number ${cpr}`, orderOfCpr),
    form,
    networks: listNetworkBuckets(context, address),
  };
  const { ofCpr, networks } = tries;
  const door = await readPublicFormAttempts(database, {
    subject: ofCpr.subject,
    buckets: networks,
    offsetMs,
  });
  if (isAnyBucketFull(networks, door.levels)) return 'slowed';
  const states = [
    await readCounterStatus(context, tries.ofNetwork),
    readLockStatus(door.attempts, ofCpr.lockoutPolicy, door.now).kind,
  ];
  if (states.some((state) => state === 'locked' || state === 'worn_out')) return 'over';
  return states.includes('busy') ? 'busy' : tries;
}

async function readCounterStatus({ database, clock }: AppContext, { subject, lockoutPolicy }: OrderCounter) {
  const { attempts, now } = await readAttempts(database, subject);
  return readLockStatus(attempts, lockoutPolicy, new Date(now.getTime() + clock.offsetMs)).kind;
}

/**
 * Both counters, the network's first, as everywhere.
 * @returns false where one of them was full by now: what was found may not be followed. A match that was judged
 * before is followed again, and finds what came of it.
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
 * An order whose details were not those of this CPR number: it is in the log of its person, should they have an
 * ID. Returns at once, as all that counts wrong answers; what the database does not take is lost.
 */
export function recordWrongOrder(context: AppContext, cpr: string): void {
  const { database, keyring } = context;
  findIdentityByCpr(database, keyring.hmac('cprLookup', cpr))
    .then((identityId) => recordSignInFailure(context, identityId, 'order'))
    .catch(() => undefined);
}
