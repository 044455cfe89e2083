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
import { matchesRegister, type OnlineOrder } from './onlineOrder.rules.ts';
import type { PopulationRegister, PopulationRegisterEntry } from '../../domain/issuing/populationRegister.ts';
import { findNarrowestNetwork } from '../../domain/network/networks.ts';
import { pickNames, type Language } from '../../domain/person/person.ts';
import { lockIdentity } from '../../db/cards/cardSets.ts';
import { findRecipient } from '../../db/people/recipients.ts';
import type { Queryable } from '../../db/database.ts';
import { orderLetter } from '../../db/cards/letters.ts';
import { enqueueNoticeOnceADay } from '../../db/cards/notices.ts';
import { queueWrongAttempt } from '../../db/signIn/networkLevels.ts';
import {
  type ApplicationResult,
  type ApplicationSubmission,
  prepareIssueLetters,
  submitApplication,
} from '../issuing/index.ts';
import { respondOnFixedTick } from '../../platform/fixedTick.ts';
import { sealEmailForLetter } from '../contact/index.ts';
import { runInNetworkTurn, toBusyWhenFull } from '../authentication/index.ts';
import type { AppContext } from '../appContext.ts';
import {
  recordOrderAttempt,
  recordWrongOrder,
  checkOrderCounters,
  type OrderCounters,
} from './orderAttempts.ts';

export interface OrderRequest {
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
export type OrderResult = 'received' | 'no_match' | 'slowed' | 'busy';

/** To issue an ID writes far more than to find that there is one; nobody is to tell the two by the clock. */
const RESPONSE_TICK_MS = 400;

/** @throws HashingAborted */
export async function orderOnline(
  context: AppContext,
  populationRegister: PopulationRegister,
  asked: OrderRequest,
): Promise<OrderResult> {
  return await respondOnFixedTick(RESPONSE_TICK_MS, () =>
    runInNetworkTurn(context, asked, () => matchAndOrder(context, populationRegister, asked)),
  );
}

async function matchAndOrder(
  context: AppContext,
  populationRegister: PopulationRegister,
  asked: OrderRequest,
): Promise<OrderResult> {
  const entry = await populationRegister.find(asked.order.cpr);
  // A person's former numbers are no further tries.
  const cpr = entry?.cpr ?? asked.order.cpr;
  const tries = await checkOrderCounters(context, {
    cpr,
    address: asked.address,
    form: hashOrderForm(context, asked),
  });
  if (tries === 'over') return 'no_match';
  if (tries === 'busy' || tries === 'slowed') return tries;
  return await processMatchedOrder(context, entry, asked, tries);
}

async function processMatchedOrder(
  context: AppContext,
  entry: PopulationRegisterEntry | null,
  { order, language, address, nonce, signal }: OrderRequest,
  tries: OrderCounters,
): Promise<OrderResult> {
  const { database } = context;
  const isMatch = entry !== null && matchesRegister(order, entry);
  // Without a match nobody has this password.
  const identity = tries.ofCpr.subject.toString('base64url');
  const letters = await toBusyWhenFull(
    prepareIssueLetters(context, { identity, network: findNarrowestNetwork(address), signal }),
  );
  if (letters === 'busy') return 'busy';
  if (!isMatch) {
    await countFailedOrder(context, tries);
    recordWrongOrder(context, entry?.cpr ?? order.cpr);
    return 'no_match';
  }
  // What others of the same day used up meanwhile is used up for a match too.
  if (!(await recordOrderAttempt(context, database, tries, true))) return 'no_match';
  const submission = composeOrderSubmission(context, { order, language, entry });
  const submittedAt = context.clock.now();
  const tell = async (db: Queryable, outcome: ApplicationResult) => {
    if (outcome.kind === 'issued' || outcome.kind === 'has_id')
      await notifyOfOrder(context, db, outcome.identityId, { orderedAt: submittedAt, email: order.email });
  };
  const applied = await submitApplication(context, submission, tell, letters);
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
      await countFailedOrder(context, {
        ...tries,
        form: hashOrderForm(context, { order, nonce }, 'refused'),
      });
      return 'no_match';
  }
}

/** The same form with the same content, sent again, is one order. */
function hashOrderForm(
  { keyring, random }: AppContext,
  { order, nonce }: Pick<OrderRequest, 'order' | 'nonce'>,
  as: 'sent' | 'refused' = 'sent',
): Buffer {
  if (nonce === null) return random.bytes(16);
  return keyring.hmac('records', `order form v1 ${JSON.stringify([as, nonce, order])}`).subarray(0, 16);
}

async function countFailedOrder(context: AppContext, tries: OrderCounters): Promise<void> {
  const { database, clock } = context;
  await recordOrderAttempt(context, database, tries, false);
  queueWrongAttempt(database, tries.networks, clock.offsetMs);
}

interface MatchedOrder {
  readonly order: OnlineOrder;
  readonly language: Language;
  readonly entry: PopulationRegisterEntry;
}

/** CPR number, name, birth date and address are those of the register; of what was typed only what it cannot know. */
function composeOrderSubmission(
  { random }: AppContext,
  { order, language, entry }: MatchedOrder,
): ApplicationSubmission {
  const { document, email, largePrint, terms } = order;
  const { cpr, birthdate, address, addressProtected, status } = entry;
  return {
    id: random.uuid(),
    officerId: null,
    issuedBy: 'online',
    isSomebodyElse: false,
    addressProtected,
    application: {
      path: 'online',
      applicant: { cpr, ...pickNames(entry), birthdate, language, largePrint, email, address },
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
export async function notifyOfOrder(
  { random, clock, keyring }: AppContext,
  db: Queryable,
  identityId: string,
  { orderedAt, email }: { readonly orderedAt: Date; readonly email: string | null },
): Promise<void> {
  const now = clock.now();
  const details = { at: orderedAt.toISOString(), ...sealEmailForLetter({ keyring }, email) };
  const notice = { kind: 'ordered_online', details } as const;
  await lockIdentity(db, identityId);
  if (!(await enqueueNoticeOnceADay(db, { id: random.uuid(), identityId, notice }, now))) return;
  if (!(await findRecipient(db, identityId, now))?.addressSealed) return;
  await orderLetter(db, { id: random.uuid(), kind: 'notice', identityId, cardId: null, notice }, now);
}
