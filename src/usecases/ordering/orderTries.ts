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
import { dayOf } from '../../core/calendar.ts';
import { ladders, standing, type Ladder } from '../../core/lockout.ts';
import { networkOf } from '../../core/network/networks.ts';
import type { Queryable } from '../../store/database.ts';
import { findIdentityOfCpr } from '../../store/people.ts';
import { readDoor } from '../../store/signIn/doorTries.ts';
import { judgeTry, readTries } from '../../store/signIn/judgedTries.ts';
import type { NetworkBucket } from '../../store/signIn/networkLevels.ts';
import { isAnyFull, networkBuckets } from '../networks.ts';
import { noteFailure } from '../signIn/failures.ts';
import type { World } from '../world.ts';

interface Counter {
  readonly subject: Buffer;
  readonly ladder: Ladder;
}

export interface OrderTries {
  readonly ofNetwork: Counter;
  readonly ofCpr: Counter;
  readonly form: Buffer;
  readonly networks: readonly NetworkBucket[];
}

/**
 * `over`: no more today; `slowed`: too many wrong ones from this network; `busy`: nodes of the version
 * before have as many as are left in flight.
 */
export async function openOrder(
  world: World,
  { cpr, address, form }: { cpr: string; address: string; form: Buffer },
): Promise<OrderTries | 'over' | 'slowed' | 'busy'> {
  const { database, keyring, clock, rules } = world;
  const { offsetMs } = clock;
  const { orderOfCpr, orderFromNetwork } = ladders(rules);
  const day = dayOf(clock.now());
  const counter = (what: string, ladder: Ladder): Counter => {
    return { subject: keyring.hmac('attempts', `order online on ${day} ${what}`), ladder };
  };
  const tries: OrderTries = {
    ofNetwork: counter(`from network ${networkOf(address)}`, orderFromNetwork),
    ofCpr: counter(`of CPR number ${cpr}`, orderOfCpr),
    form,
    networks: networkBuckets(world, address),
  };
  const { ofCpr, networks } = tries;
  const door = await readDoor(database, { subject: ofCpr.subject, buckets: networks, offsetMs });
  if (isAnyFull(networks, door.levels)) return 'slowed';
  const states = [
    await stateOf(world, tries.ofNetwork),
    standing(door.attempts, ofCpr.ladder, door.now).kind,
  ];
  if (states.some((state) => state === 'locked' || state === 'worn_out')) return 'over';
  return states.includes('busy') ? 'busy' : tries;
}

async function stateOf({ database, clock }: World, { subject, ladder }: Counter) {
  const { attempts, now } = await readTries(database, subject);
  return standing(attempts, ladder, new Date(now.getTime() + clock.offsetMs)).kind;
}

/**
 * Both counters, the network's first, as everywhere.
 * @returns false where one of them was full by now: what was found may not be followed. A match that was judged
 * before is followed again, and finds what came of it.
 */
export async function judgeOrder(
  { clock }: Pick<World, 'clock'>,
  db: Queryable,
  { ofNetwork, ofCpr, form }: Omit<OrderTries, 'networks'>,
  isMatch: boolean,
): Promise<boolean> {
  const judging = { isRight: isMatch, forgives: false, form, offsetMs: clock.offsetMs };
  const network = await judgeTry(db, { ...ofNetwork, ...judging });
  const number = await judgeTry(db, { ...ofCpr, ...judging });
  return [network, number].every(({ verdict }) => verdict === 'right' || verdict === 'again');
}

/**
 * An order whose details were not those of this CPR number: it is in the log of its person, should they have an
 * ID. Returns at once, as all that counts wrong answers; what the database does not take is lost.
 */
export function noteWrongOrder(world: World, cpr: string): void {
  const { database, keyring } = world;
  findIdentityOfCpr(database, keyring.hmac('cprLookup', cpr))
    .then((identityId) => noteFailure(world, identityId, 'order'))
    .catch(() => undefined);
}
