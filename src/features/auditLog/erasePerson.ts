/**
 * Erases a person from the audit tree: the person gets another salt, so that what was sealed with the former
 * one opens no more, and no one can test a guess against the leaves, which anyone may have copied. The leaves
 * stay. What was in the log stays verifiable: the hash of each event under the new salt is stored, and a
 * signed record over all of them is an event of its own (docs/decisions/0026-audit-tree.md).
 *
 * It cannot be undone, so it takes two people: one proposes it, another confirms it.
 */
import { hashEvent } from '../../domain/auditTree/auditLeaf.ts';
import { composeErasureText, ErasureDigest, type ErasedEvent } from '../../domain/auditTree/erasure.ts';
import { appendEvent } from '../../db/auditLog.ts';
import { lockAuditTree, type SaltedEvent } from '../../db/auditTree/auditTree.ts';
import {
  getErasureState,
  insertErasedEvents,
  replaceLogSalt,
  type RecordedOperator,
} from '../../db/auditTree/erasure.ts';
import { listEventsOfIdentity, listLeafPlaces } from '../../db/auditTree/leafPlaces.ts';
import type { Queryable } from '../../db/database.ts';
import type { AuditSigner } from '../../platform/auditSigner.ts';
import type { AppContext } from '../appContext.ts';

/** A proposal is to be confirmed within this time. */
const PROPOSAL_MS = 30 * 24 * 3_600_000;
const PAGE_EVENTS = 1_000;
const SALT_BYTES = 32;

export type ErasureRefusal =
  | { readonly kind: 'not_closed' | 'erased_before' | 'not_proposed' | 'same_person' | 'busy' }
  /** Events that have no leaf yet, or are not yet in the sink. */
  | { readonly kind: 'not_sealed' | 'not_streamed'; readonly id: string }
  /** The log was altered: `audit verify` says more. */
  | { readonly kind: 'altered'; readonly id: string };

export type ErasureOutcome = { readonly kind: 'erased'; readonly events: number } | ErasureRefusal;

type RecordInTransaction = (db: Queryable) => Promise<void>;

/** @returns null when it is proposed */
export async function proposeErasure(
  { database }: Pick<AppContext, 'database'>,
  { identityId, operator }: { readonly identityId: string; readonly operator: RecordedOperator },
  record: RecordInTransaction,
): Promise<ErasureRefusal | null> {
  return await database.transaction(async (db) => {
    const { isClosed, isErased } = await getErasureState(db, identityId);
    if (!isClosed) return { kind: 'not_closed' };
    if (isErased) return { kind: 'erased_before' };
    await appendEvent(db, { kind: 'person_erasure_proposed', identityId, details: { operator } });
    await record(db);
    return null;
  });
}

/** A refusal, which ends the transaction. */
class Refused extends Error {
  readonly refusal: ErasureRefusal;
  constructor(refusal: ErasureRefusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

export interface ErasureToConfirm {
  readonly identityId: string;
  readonly operator: RecordedOperator;
  /** The last segment that is in the sink; null where there is no sink. */
  readonly lastStreamed: number | null;
}

/** All or nothing. @throws RowMacMismatch, DatabaseUnavailable */
export async function confirmErasure(
  context: Pick<AppContext, 'database' | 'clock' | 'random'>,
  signer: AuditSigner,
  erasure: ErasureToConfirm,
  record: RecordInTransaction,
): Promise<ErasureOutcome> {
  try {
    return await context.database.transaction(async (db) => {
      await assertMayErase(context, db, erasure);
      const events = await eraseInTransaction(context, db, signer, erasure);
      await record(db);
      return { kind: 'erased', events };
    });
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/** Two spellings of one name are one name. */
const foldName = (name: string) =>
  name.trim().replaceAll(/\s+/g, ' ').normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');

/** Who shares an account is told apart by a name, which is claimed: both have to give one. */
function mayBeOnePerson(one: RecordedOperator, other: RecordedOperator): boolean {
  if (foldName(one.by ?? one.account) === foldName(other.by ?? other.account)) return true;
  return foldName(one.account) === foldName(other.account) && (one.by === null || other.by === null);
}

async function assertMayErase(
  { clock }: Pick<AppContext, 'clock'>,
  db: Queryable,
  { identityId, operator }: ErasureToConfirm,
): Promise<void> {
  const { isClosed, isErased, proposedBy, proposedAt } = await getErasureState(db, identityId);
  if (!isClosed) throw new Refused({ kind: 'not_closed' });
  if (isErased) throw new Refused({ kind: 'erased_before' });
  const isProposed =
    proposedAt !== null && clock.now().getTime() - new Date(proposedAt).getTime() <= PROPOSAL_MS;
  if (proposedBy === null || !isProposed) throw new Refused({ kind: 'not_proposed' });
  if (mayBeOnePerson(proposedBy, operator)) throw new Refused({ kind: 'same_person' });
}

async function eraseInTransaction(
  { random }: Pick<AppContext, 'random'>,
  db: Queryable,
  signer: AuditSigner,
  { identityId, operator, lastStreamed }: ErasureToConfirm,
): Promise<number> {
  // No event becomes a leaf under the former salt from here on.
  if ((await lockAuditTree(db)) === null) throw new Refused({ kind: 'busy' });
  const salt = random.bytes(SALT_BYTES);
  const digest = new ErasureDigest();
  for (let after = '0'; ; ) {
    const events = await listEventsOfIdentity(db, identityId, { after, limit: PAGE_EVENTS });
    const last = events.at(-1);
    if (!last) break;
    await assertSealed(db, events, lastStreamed);
    const erased = events.map((event): ErasedEvent => ({ id: event.id, hash: hashEvent(event, salt) }));
    for (const event of erased) digest.add(event);
    await insertErasedEvents(db, identityId, erased);
    after = last.id;
  }
  const { count } = digest;
  const text = composeErasureText({ origin: signer.origin, identityId, count, digest: digest.finish() });
  await replaceLogSalt(db, identityId, salt);
  await appendEvent(db, {
    kind: 'person_erased',
    identityId,
    details: { operator, events: count, record: signer.signNote(text) },
  });
  return count;
}

/** What was altered before must not pass for what was there when the person was erased. */
async function assertSealed(
  db: Queryable,
  events: readonly SaltedEvent[],
  lastStreamed: number | null,
): Promise<void> {
  const found = await listLeafPlaces(
    db,
    events.map(({ id }) => id),
  );
  const places = new Map(found.map((place) => [place.id, place]));
  for (const event of events) {
    const { id } = event;
    const place = places.get(id);
    if (!place) throw new Refused({ kind: 'not_sealed', id });
    if (!hashEvent(event, event.salt ?? place.segmentSalt).equals(place.leaf))
      throw new Refused({ kind: 'altered', id });
    if (lastStreamed !== null && place.segment > lastStreamed)
      throw new Refused({ kind: 'not_streamed', id });
  }
}
