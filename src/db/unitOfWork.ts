/**
 * One request, one unit of work. The engine saves its records one by one wherever it happens to be; the unit
 * gathers them and writes them in one statement before the answer leaves, so that an answer is sent only when
 * all of it is committed. It also remembers on whose sign-in the request acts, and what was read of it on the way.
 *
 * Whatever must be judged by rows at once (ending a grant) goes straight to the database.
 * Decided in docs/decisions/0002-unit-of-work.md.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Statement } from './database.ts';
import type { IdentityWithPerson } from './people/identities.ts';
import {
  saveRecords,
  saveBatch,
  type InteractionAnswer,
  type RequestRecords,
  type SaveResult,
} from './oidc/requestRecords.ts';
import type { FoundGrant, OidcRecord } from './oidc/oidcRecords.ts';

/** What this request answered was answered by another one first; nothing of this one is written. */
export class AlreadyAnsweredError extends Error {
  readonly statusCode = 409;
}

/** What this request consumed was consumed by another one first; nothing of this one is written. */
export class AlreadyConsumedError extends Error {
  readonly statusCode = 409;
  readonly id: Buffer;
  constructor(id: Buffer) {
    super('it was used before');
    this.id = id;
  }
}

/** A session: whose, at which level, when it began, and when its password was given. */
export interface CurrentSession {
  readonly accountId: string | undefined;
  readonly acr: string | undefined;
  readonly startedAt: Date | null;
  readonly loginAt: Date | null;
  readonly passwordAt: Date | null;
}

/** What has to stand or fall with the records. */
export interface AdditionalStatement {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

type TakenRecords = Pick<RequestRecords, 'saves' | 'ends' | 'replaces'> & {
  /** The pushed request that this answers. */
  readonly uses: Buffer | null;
  readonly additionalStatements: readonly AdditionalStatement[];
};

export class UnitOfWork {
  /** When the person signed in on whose word this request acts; null until a record or a sign-in tells. */
  signedInAt: Date | null = null;
  /** When a password was given in the sign-in that this request completes; then no session of before says when that was. */
  passwordAt: Date | null = null;
  /** When a key was given in the sign-in that the answer of this request, or its code or token, stands on. */
  keyAt: Date | null = null;
  /** The session of this browser as it was found. */
  session: CurrentSession | null = null;
  /** The id of the session until this request signed its person in again, and the uid that it keeps. */
  formerSession: { readonly id: string; readonly uid: string } | null = null;
  /** False once it is written that the session of this request is over, or goes on under a newer id. */
  keepsSession = true;
  /** The level of the code or token that this request was made with. */
  acr: string | null = null;
  /** The session that grants of this request belong to, and the id under which the relying party knows it. */
  grantedIn: { readonly sessionUid: string; readonly sid: string } | null = null;
  /** The identity that was read last, with its person: who is asked for by its id is not read again. */
  owner: IdentityWithPerson | null = null;
  /** The grant that was read with what stands on it. */
  grant: FoundGrant | null = null;
  /** The site of our own at which the person asked for the end of their session. */
  signingOutOf: string | null = null;
  /** A fault that the engine caught and turned into an answer of its own. */
  fault: Error | null = null;
  /** What others keep of this request (domain/requestValue.ts). */
  readonly state: object = {};
  readonly #saves = new Map<string, OidcRecord>();
  readonly #ends = new Map<string, Buffer>();
  readonly #replaces = new Map<string, { readonly id: Buffer; readonly uid: string }>();
  readonly #answers = new Map<string, InteractionAnswer>();
  readonly #additionalStatements: AdditionalStatement[] = [];
  #consumes: Buffer | null = null;
  #uses: Buffer | null = null;

  /** The record as this request has saved it; null if it has ended it, undefined if it has done neither. */
  findPendingRecord(id: Buffer): OidcRecord | null | undefined {
    const key = id.toString('base64');
    return this.#ends.has(key) || this.#replaces.has(key) ? null : this.#saves.get(key);
  }

  saveRecord(record: OidcRecord): void {
    this.#saves.set(record.id.toString('base64'), record);
  }

  endRecord(id: Buffer): void {
    const key = id.toString('base64');
    this.#saves.delete(key);
    this.#ends.set(key, id);
  }

  /** The session `uid` goes on under another id; this one is good for requests that are under way with it. */
  replaceSession(id: Buffer, uid: string): void {
    const key = id.toString('base64');
    this.#saves.delete(key);
    this.#replaces.set(key, { id, uid });
  }

  /** Of all requests that answer this interaction, one is answered: the others save nothing. */
  answerInteraction(interaction: Buffer): void {
    this.#answers.set(interaction.toString('base64'), {
      id: interaction,
      sealed: null,
      holder: null,
      codeId: null,
    });
  }

  /** The answer is kept with it, for the same form if it comes again. */
  keepAnswer(interaction: Buffer, { sealed, holder }: Pick<InteractionAnswer, 'sealed' | 'holder'>): void {
    const codeId = this.codeId;
    this.#answers.set(interaction.toString('base64'), { id: interaction, sealed, holder, codeId });
  }

  /** Of the code that this request made. */
  get codeId(): Buffer | null {
    const code = [...this.#saves.values()].find(({ model }) => model === 'AuthorizationCode');
    return code?.id ?? null;
  }

  /** What was gathered, for a statement that saves it only if more than this is so. Nothing of it is left here. */
  takeRecords(): TakenRecords {
    const uses = this.#uses;
    const { saves, ends, replaces } = this.#collectRecords();
    return { saves, ends, replaces, uses, additionalStatements: this.#additionalStatements.splice(0) };
  }

  /** Nothing of what was gathered is written. */
  discardRecords(): void {
    this.#additionalStatements.length = 0;
    this.#collectRecords();
  }

  /**
   * A pushed request is used up by the statement that saves its answer, and by no other: after a fault the
   * same form is answered.
   */
  usePushedRequest(id: Buffer): void {
    this.#uses = id;
  }

  /** Of all requests that consume this record, one is answered: the others save nothing. */
  consumeRecord(id: Buffer): void {
    if (this.#consumes) throw new Error('a request stands on one record');
    this.#consumes = id;
  }

  /** What has to stand or fall with what was gathered. */
  addStatement(statement: Statement, values: readonly unknown[]): void {
    this.#additionalStatements.push({ statement, values });
  }

  /**
   * Writes what was gathered, in one statement with that of other requests; with what goes besides it, in a transaction.
   * @throws AlreadyAnsweredError, AlreadyConsumedError
   */
  async flush(database: Database): Promise<void> {
    const additionalStatements = this.#additionalStatements.splice(0);
    const consumed = this.#consumes;
    const records = this.#collectRecords();
    const isEmpty = Object.values(records).every((some: readonly unknown[]) => some.length === 0);
    if (isEmpty && additionalStatements.length === 0) return;
    if (additionalStatements.length === 0)
      return this.#assertSaved(consumed, await saveBatch(database, records));
    await database.transaction(async (db) => {
      // First: what is counted besides may ask what was still alive.
      for (const { statement, values } of additionalStatements) await db.query(statement, values);
      const [saved] = await saveRecords(db, [records]);
      if (saved) this.#assertSaved(consumed, saved);
    });
  }

  #collectRecords(): RequestRecords {
    const records = {
      answers: [...this.#answers.values()],
      consumes: [this.#consumes, this.#uses].filter((id) => id !== null),
      ends: [...this.#ends.values()],
      replaces: [...this.#replaces.values()],
      saves: [...this.#saves.values()],
    };
    this.#answers.clear();
    this.#consumes = null;
    this.#uses = null;
    this.#ends.clear();
    this.#replaces.clear();
    this.#saves.clear();
    return records;
  }

  /** @throws AlreadyAnsweredError, AlreadyConsumedError */
  #assertSaved(consumed: Buffer | null, { isFirst, keepsSession }: SaveResult): void {
    if (!isFirst) {
      throw consumed
        ? new AlreadyConsumedError(consumed)
        : new AlreadyAnsweredError('another request was first');
    }
    this.keepsSession = keepsSession;
  }
}

const current = new AsyncLocalStorage<UnitOfWork>();

export function runInUnitOfWork<T>(unit: UnitOfWork, work: () => Promise<T>): Promise<T> {
  return current.run(unit, work);
}

/** @throws when called outside a request: the engine is never used there. */
export function requireUnitOfWork(): UnitOfWork {
  const unit = current.getStore();
  if (!unit) throw new Error('no unit of work: the engine was called outside a request');
  return unit;
}
