/**
 * How often somebody may order online in a day without a match: for one CPR number, and from one network over all
 * numbers. Counted before anything is looked up, so that orders sent at once are no free tries; a match gives its try
 * back.
 */
import { dayOf } from '../../core/calendar.ts';
import { ladders, networkOf, whyRefused, type Ladder } from '../../core/lockout.ts';
import { countTry, giveTryBack, judgeWrong } from '../../store/attempts.ts';
import type { World } from '../world.ts';

interface Counter {
  readonly subject: Buffer;
  readonly ladder: Ladder;
}

export interface OrderTries {
  readonly ofNetwork: Counter;
  readonly ofCpr: Counter;
}

/** `over`: no more today; `busy`: as many as are left are being judged right now. */
export async function countOrder(
  world: World,
  { cpr, address }: { cpr: string; address: string },
): Promise<OrderTries | 'over' | 'busy'> {
  const { keyring, clock, rules } = world;
  const { orderOfCpr, orderFromNetwork } = ladders(rules);
  const day = dayOf(clock.now());
  const counter = (whose: string, ladder: Ladder): Counter => {
    return { subject: keyring.hmac('attempts', `order online on ${day} ${whose}`), ladder };
  };
  const tries: OrderTries = {
    ofNetwork: counter(`from network ${networkOf(address)}`, orderFromNetwork),
    ofCpr: counter(`of CPR number ${cpr}`, orderOfCpr),
  };
  const network = await count(world, tries.ofNetwork);
  if (network !== 'counted') return network;
  const number = await count(world, tries.ofCpr);
  if (number === 'counted') return tries;
  await (number === 'over' ? noteWrong(world, tries.ofNetwork) : giveBack(world, tries.ofNetwork));
  return number;
}

async function count(
  { database, clock }: World,
  { subject, ladder }: Counter,
): Promise<'counted' | 'over' | 'busy'> {
  const now = clock.now();
  const counted = await countTry(database, subject, ladder, now);
  if (counted.kind !== 'refused') return 'counted';
  return whyRefused(counted.attempts, ladder, now).kind === 'busy' ? 'busy' : 'over';
}

export async function noteNoMatch(world: World, { ofNetwork, ofCpr }: OrderTries): Promise<void> {
  await noteWrong(world, ofNetwork);
  await noteWrong(world, ofCpr);
}

/** It matched, or it was not judged: it costs nothing. */
export async function giveOrderBack(world: World, { ofNetwork, ofCpr }: OrderTries): Promise<void> {
  await giveBack(world, ofNetwork);
  await giveBack(world, ofCpr);
}

async function noteWrong({ database, clock }: World, { subject, ladder }: Counter): Promise<void> {
  await judgeWrong(database, subject, ladder, clock.now());
}

async function giveBack({ database }: World, { subject }: Counter): Promise<void> {
  await giveTryBack(database, subject);
}
