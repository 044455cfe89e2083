/**
 * Somebody orders an ID online: the population register says who they are, and nobody looks at them. So nothing is
 * ever said of an ID that is there: new or known, the answer is the same in bytes and in time, and what differs comes
 * by post. An ID that is there is not touched.
 *
 * Anybody can send an order, and each costs a hash: it is done in the turn of its network, and hashed on the
 * account of the CPR number and the network. A match and no match are hashed by the same call, before
 * anything is judged, so that neither time nor a full line tells one from the other, and what is not hashed
 * counts for nothing.
 */
import { isOrderedBy, type OnlineOrder } from '../../core/issuing/onlineOrder.ts';
import type { PopulationRegister, RegisterEntry } from '../../core/issuing/register.ts';
import { networkOf } from '../../core/network/networks.ts';
import { namesOf, type Language } from '../../core/person.ts';
import { lockOwner } from '../../store/cardLife.ts';
import { findRecipient } from '../../store/contact/recipients.ts';
import type { Queryable } from '../../store/database.ts';
import { orderLetter } from '../../store/letters.ts';
import { appendNoticeOnceADay } from '../../store/notices.ts';
import { countWrongFrom } from '../../store/signIn/networkLevels.ts';
import { apply, type Applied } from '../issuing/apply.ts';
import { prepareLetters } from '../issuing/openIdentity.ts';
import type { Submission } from '../issuing/submission.ts';
import { answerAtStrike } from '../strike.ts';
import { sealEmailForLetter } from '../contact/emailInLetter.ts';
import { inTurn, unlessBusy } from '../unlessBusy.ts';
import type { World } from '../world.ts';
import { judgeOrder, noteWrongOrder, openOrder, type OrderTries } from './orderTries.ts';

export interface AskedOrder {
  readonly order: OnlineOrder;
  readonly language: Language;
  /** The address that the door saw. */
  readonly address: string;
  /** Of the page; null of a page of the version before. */
  readonly nonce: string | null;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

/**
 * `received`: two letters to a person without an ID; a person with one keeps it as it was; a notice to both. A person who
 * may be one of those waits for an officer, and gets either then.
 * `no_match`: also what is over the limit of the day, right or wrong: nothing can be probed with it.
 * `slowed`: too many wrong ones came from this network; nothing was judged. `busy`: nothing was judged, and
 * nothing counted.
 */
export type Ordered = 'received' | 'no_match' | 'slowed' | 'busy';

/** To issue an ID writes far more than to find that there is one; nobody is to tell the two by the clock. */
const ANSWER_MS = 400;

/** @throws HashingAborted */
export async function orderOnline(
  world: World,
  register: PopulationRegister,
  asked: AskedOrder,
): Promise<Ordered> {
  return await answerAtStrike(ANSWER_MS, () => inTurn(world, asked, () => judge(world, register, asked)));
}

async function judge(world: World, register: PopulationRegister, asked: AskedOrder): Promise<Ordered> {
  const entry = await register.find(asked.order.cpr);
  // A person's former numbers are no further tries.
  const cpr = entry?.cpr ?? asked.order.cpr;
  const tries = await openOrder(world, { cpr, address: asked.address, form: formOf(world, asked) });
  if (tries === 'over') return 'no_match';
  if (tries === 'busy' || tries === 'slowed') return tries;
  return await judgeOpen(world, entry, asked, tries);
}

async function judgeOpen(
  world: World,
  entry: RegisterEntry | null,
  { order, language, address, nonce, signal }: AskedOrder,
  tries: OrderTries,
): Promise<Ordered> {
  const { database } = world;
  const isMatch = entry !== null && isOrderedBy(order, entry);
  // Without a match nobody has this password.
  const identity = tries.ofCpr.subject.toString('base64url');
  const letters = await unlessBusy(prepareLetters(world, { identity, network: networkOf(address), signal }));
  if (letters === 'busy') return 'busy';
  if (!isMatch) {
    await countNoMatch(world, tries);
    noteWrongOrder(world, entry?.cpr ?? order.cpr);
    return 'no_match';
  }
  // What others of the same day used up meanwhile is used up for a match too.
  if (!(await judgeOrder(world, database, tries, true))) return 'no_match';
  const submission = submissionOf(world, { order, language, entry });
  const submittedAt = world.clock.now();
  const tell = async (db: Queryable, outcome: Applied) => {
    if (outcome.kind === 'issued' || outcome.kind === 'has_id')
      await tellOrdered(world, db, outcome.identityId, { orderedAt: submittedAt, email: order.email });
  };
  const applied = await apply(world, submission, tell, letters);
  switch (applied.kind) {
    case 'issued':
    case 'has_id':
    // Somebody of the same name and birth date has an ID. That there is somebody is said to nobody: an officer looks, and
    // what is told of an order is told then.
    case 'waiting':
    case 'another_waits':
      return 'received';
    case 'looks_like':
    case 'changed':
    case 'refused':
      // The form has been judged as a match.
      await countNoMatch(world, { ...tries, form: formOf(world, { order, nonce }, 'refused') });
      return 'no_match';
  }
}

/** The same form with the same content, sent again, is one order. */
function formOf(
  { keyring, dice }: World,
  { order, nonce }: Pick<AskedOrder, 'order' | 'nonce'>,
  as: 'sent' | 'refused' = 'sent',
): Buffer {
  if (nonce === null) return dice.bytes(16);
  return keyring.hmac('records', `order form v1 ${JSON.stringify([as, nonce, order])}`).subarray(0, 16);
}

async function countNoMatch(world: World, tries: OrderTries): Promise<void> {
  const { database, clock } = world;
  await judgeOrder(world, database, tries, false);
  countWrongFrom(database, tries.networks, clock.offsetMs);
}

interface Matched {
  readonly order: OnlineOrder;
  readonly language: Language;
  readonly entry: RegisterEntry;
}

/** CPR number, name, birth date and address are those of the register; of what was typed only what it cannot know. */
function submissionOf({ dice }: World, { order, language, entry }: Matched): Submission {
  const { document, email, largePrint, terms } = order;
  const { cpr, birthdate, address, addressProtected, status } = entry;
  return {
    id: dice.uuid(),
    officerId: null,
    issuedBy: 'online',
    isSomebodyElse: false,
    addressProtected,
    application: {
      path: 'online',
      applicant: { cpr, ...namesOf(entry), birthdate, language, largePrint, email, address },
      identification: { ...document, expiresOn: null },
      identificationMatches: true,
      withoutInterpreter: true,
      operatesAlone: true,
      terms,
      publicSites: true,
      guardian: null,
      register: status,
      addressFrom: 'register',
    },
  };
}

/**
 * By e-mail to those who have one, and to everybody by letter to the registered address: once a day however
 * often somebody orders, so that nobody can bury what matters in a heap of them. The letter names the e-mail
 * address that was given: a person who did not order sees where somebody else wanted the word of it to go.
 */
export async function tellOrdered(
  { dice, clock, keyring }: World,
  db: Queryable,
  identityId: string,
  { orderedAt, email }: { readonly orderedAt: Date; readonly email: string | null },
): Promise<void> {
  const now = clock.now();
  const details = { at: orderedAt.toISOString(), ...sealEmailForLetter({ keyring }, email) };
  const notice = { kind: 'ordered_online', details } as const;
  await lockOwner(db, identityId);
  if (!(await appendNoticeOnceADay(db, { id: dice.uuid(), identityId, notice }, now))) return;
  if (!(await findRecipient(db, identityId, now))?.addressSealed) return;
  await orderLetter(db, { id: dice.uuid(), kind: 'notice', identityId, cardId: null, notice }, now);
}
