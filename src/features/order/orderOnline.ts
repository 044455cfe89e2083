/**
 * Orders an ID online. The population register identifies the person; no one sees them. So an existing ID is
 * never revealed: new or known, the response is the same in bytes and in time, and the difference arrives by
 * post. An existing ID is not touched.
 *
 * Anyone can send an order, and each costs a hash: it waits in the queue of its network, and is hashed on the
 * account of the CPR number and the network. A match and no match use the same hashing call, before anything
 * is decided, so that neither the response time nor a full queue distinguishes them. An order that is not
 * hashed is not counted.
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
  /** The client's network address, as the middleware determined it. */
  readonly address: string;
  /** Drawn at random by the page; null for a page of the previous version. */
  readonly nonce: string | null;
  /** As the page after the order shows it. */
  readonly reference: string;
  /** Aborted when the connection is closed. */
  readonly signal?: AbortSignal;
}

/**
 * `received`: two letters for a person without an ID; a person with one keeps it unchanged; a notice for
 * both. An order that may be for a person with an ID waits for an officer, and gets one of the two then.
 * `no_match`: also an order over the limit of the day, right or wrong, so that nothing can be probed with it.
 * `slowed`: too many wrong attempts came from this network; nothing was verified. `busy`: nothing was
 * verified or counted.
 */
export type OrderResult = 'received' | 'no_match' | 'slowed' | 'busy';

/**
 * Issuing an ID writes far more than finding that one exists. Responses on a fixed tick hide the difference.
 */
const RESPONSE_TICK_MS = 400;

/** @throws HashingAborted */
export async function orderOnline(
  context: AppContext,
  populationRegister: PopulationRegister,
  request: OrderRequest,
): Promise<OrderResult> {
  return await respondOnFixedTick(RESPONSE_TICK_MS, () =>
    runInNetworkTurn(context, request, () => matchAndOrder(context, populationRegister, request)),
  );
}

async function matchAndOrder(
  context: AppContext,
  populationRegister: PopulationRegister,
  request: OrderRequest,
): Promise<OrderResult> {
  const entry = await populationRegister.find(request.order.cpr);
  // A person's former CPR numbers share the counter of the current one.
  const cpr = entry?.cpr ?? request.order.cpr;
  const counters = await checkOrderCounters(context, {
    cpr,
    address: request.address,
    form: hashOrderForm(context, request),
  });
  if (counters === 'over') return 'no_match';
  if (counters === 'busy' || counters === 'slowed') return counters;
  return await processMatchedOrder(context, entry, request, counters);
}

async function processMatchedOrder(
  context: AppContext,
  entry: PopulationRegisterEntry | null,
  { order, language, address, nonce, reference, signal }: OrderRequest,
  counters: OrderCounters,
): Promise<OrderResult> {
  const { database } = context;
  const isMatch = entry !== null && matchesRegister(order, entry);
  // The password is hashed without a match too, and then discarded.
  const identity = counters.ofCpr.subject.toString('base64url');
  const letters = await toBusyWhenFull(
    prepareIssueLetters(context, { identity, network: findNarrowestNetwork(address), signal }),
  );
  if (letters === 'busy') return 'busy';
  if (!isMatch) {
    await countFailedOrder(context, counters);
    recordWrongOrder(context, entry?.cpr ?? order.cpr);
    return 'no_match';
  }
  // Attempts that others used up in the meantime are used up for a match too.
  if (!(await recordOrderAttempt(context, database, counters, true))) return 'no_match';
  const submission = composeOrderSubmission(context, { order, language, entry, reference });
  const submittedAt = context.clock.now();
  const notify = async (db: Queryable, outcome: ApplicationResult) => {
    if (outcome.kind === 'issued' || outcome.kind === 'has_id')
      await notifyOfOrder(context, db, outcome.identityId, { orderedAt: submittedAt, email: order.email });
  };
  const applied = await submitApplication(context, submission, notify, letters);
  switch (applied.kind) {
    case 'issued':
    case 'has_id':
    // A person of the same name and birth date has an ID. That is revealed to no one: an officer compares
    // them, and the notices about the order are sent then.
    case 'waiting':
    case 'another_waits':
      return 'received';
    case 'looks_like':
    case 'changed':
    case 'refused':
      // The form itself has already been counted as a match.
      await countFailedOrder(context, {
        ...counters,
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

async function countFailedOrder(context: AppContext, counters: OrderCounters): Promise<void> {
  const { database, clock } = context;
  await recordOrderAttempt(context, database, counters, false);
  queueWrongAttempt(database, counters.networks, clock.offsetMs);
}

interface MatchedOrder {
  readonly order: OnlineOrder;
  readonly language: Language;
  readonly entry: PopulationRegisterEntry;
  readonly reference: string;
}

/**
 * CPR number, name, birth date and address are the register's; only what it cannot know is taken from the
 * form.
 */
function composeOrderSubmission(
  { random }: AppContext,
  { order, language, entry, reference }: MatchedOrder,
): ApplicationSubmission {
  const { document, email, cardFormat, terms } = order;
  const { cpr, birthdate, address, addressProtected, status } = entry;
  return {
    id: random.uuid(),
    reference,
    officerId: null,
    issuedBy: 'online',
    isSomebodyElse: false,
    addressProtected,
    application: {
      path: 'online',
      applicant: { cpr, ...pickNames(entry), birthdate, language, cardFormat, email, address },
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
 * Notifies by e-mail, if there is an address, and always by letter to the registered address: once a day
 * regardless of how often an order is made, so that no one can bury an important letter among many. The
 * letter names the e-mail address of the order: a person who did not order sees where another person wanted
 * the notices to go.
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
