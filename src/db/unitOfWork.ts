/**
 * One unit of work for each request. The provider saves its records one by one, at any point of the request.
 * The unit collects them and writes them in one statement before the response is sent, so that a response is
 * sent only when all of it is committed. It also holds on whose sign-in the request acts, and what was read
 * of it.
 *
 * A write that must be decided by the affected rows immediately (ending a grant) goes directly to the
 * database. Decided in docs/decisions/0002-unit-of-work.md.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestSource } from '../domain/clientContext.ts';
import type { SecurityEvent } from '../domain/securityEvent.ts';
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

/** A concurrent request has answered this interaction; nothing of this request is written. */
export class AlreadyAnsweredError extends Error {
  readonly statusCode = 409;
}

/** A concurrent request has consumed this record; nothing of this request is written. */
export class AlreadyConsumedError extends Error {
  readonly statusCode = 409;
  readonly id: Buffer;
  constructor(id: Buffer) {
    super('it was consumed before');
    this.id = id;
  }
}

/** A session: the person, the level, when it began, and when its password was given. */
export interface CurrentSession {
  readonly accountId: string | undefined;
  readonly acr: string | undefined;
  readonly startedAt: Date | null;
  readonly loginAt: Date | null;
  readonly passwordAt: Date | null;
}

/** A statement that must be committed together with the records, or not at all. */
export interface AdditionalStatement {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

type TakenRecords = Pick<RequestRecords, 'saves' | 'ends' | 'replaces'> & {
  /** The pushed request that this response answers. */
  readonly uses: Buffer | null;
  readonly additionalStatements: readonly AdditionalStatement[];
};

export class UnitOfWork {
  /** What the relying party gets, a code or an error; reported once it is committed. */
  authorizationEvent: SecurityEvent | null = null;
  /** Null outside of a request. */
  readonly requestSource: RequestSource | null;
  /**
   * When the person on whose behalf this request acts signed in; null until a record or a sign-in shows it.
   */
  signedInAt: Date | null = null;
  /**
   * When a password was given in the sign-in that this request completes; it replaces the time of any earlier
   * session.
   */
  passwordAt: Date | null = null;
  /** When a key was given in the sign-in that the response, its code or its token is based on. */
  keyAt: Date | null = null;
  /** The session of this browser as it was found. */
  session: CurrentSession | null = null;
  /**
   * The id of the session before this request signed the person in again, and the uid that the session keeps.
   */
  formerSession: { readonly id: string; readonly uid: string } | null = null;
  /**
   * False once the save has shown that the session of this request is over, or continues under a newer id.
   */
  keepsSession = true;
  /** What was shown for the code or token that this request was made with, as a level. */
  acr: string | null = null;
  /** The session that grants of this request belong to, and the id under which the relying party knows it. */
  grantedIn: { readonly sessionUid: string; readonly sid: string } | null = null;
  /** The identity that was read last, with its person: a look-up by its id does not read it again. */
  owner: IdentityWithPerson | null = null;
  /** The grant that was read together with a record issued under it. */
  grant: FoundGrant | null = null;
  /** The first-party client at which the person asked to end their session. */
  signingOutOf: string | null = null;
  /** An error that the provider caught and turned into its own error response. */
  fault: Error | null = null;
  /** Keyed hashes of the ids of records that this request has used, each made once. */
  readonly recordIds = new Map<string, Buffer>();
  /** Values that other modules store for this request (domain/requestValue.ts). */
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

  /**
   * The session `uid` continues under another id; the id `id` stays valid for requests that are in progress
   * with it.
   */
  replaceSession(id: Buffer, uid: string): void {
    const key = id.toString('base64');
    this.#saves.delete(key);
    this.#replaces.set(key, { id, uid });
  }

  /** Exactly one concurrent request answers this interaction: the others save nothing. */
  answerInteraction(interaction: Buffer): void {
    this.#answers.set(interaction.toString('base64'), {
      id: interaction,
      sealed: null,
      holder: null,
      codeId: null,
    });
  }

  /** Stores the response with the interaction, for a repeated submission of the same form. */
  keepAnswer(interaction: Buffer, { sealed, holder }: Pick<InteractionAnswer, 'sealed' | 'holder'>): void {
    const codeId = this.codeId;
    this.#answers.set(interaction.toString('base64'), { id: interaction, sealed, holder, codeId });
  }

  constructor(requestSource: RequestSource | null = null) {
    this.requestSource = requestSource;
  }

  /** The id of the code that this request made. */
  get codeId(): Buffer | null {
    const code = [...this.#saves.values()].find(({ model }) => model === 'AuthorizationCode');
    return code?.id ?? null;
  }

  /** Removes and returns what was collected, for a statement that saves it only on further conditions. */
  takeRecords(): TakenRecords {
    const uses = this.#uses;
    const { saves, ends, replaces } = this.#collectRecords();
    return { saves, ends, replaces, uses, additionalStatements: this.#additionalStatements.splice(0) };
  }

  /** Discards everything that was collected. */
  discardRecords(): void {
    this.#additionalStatements.length = 0;
    this.#collectRecords();
  }

  /**
   * The pushed request is consumed only by the statement that saves its response: after an error the same
   * form can be submitted again.
   */
  usePushedRequest(id: Buffer): void {
    this.#uses = id;
  }

  /** Exactly one concurrent request consumes this record: the others save nothing. */
  consumeRecord(id: Buffer): void {
    if (this.#consumes) throw new Error('a request can consume only one record');
    this.#consumes = id;
  }

  /** Adds a statement that must be committed together with the collected records, or not at all. */
  addStatement(statement: Statement, values: readonly unknown[]): void {
    this.#additionalStatements.push({ statement, values });
  }

  /**
   * Writes what was collected, in one statement with that of other requests; in a transaction when there are
   * additional statements.
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
      // The additional statements go first: they may count records that `saveRecords` ends.
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
        : new AlreadyAnsweredError('a concurrent request was answered first');
    }
    this.keepsSession = keepsSession;
  }
}

const current = new AsyncLocalStorage<UnitOfWork>();

export function runInUnitOfWork<T>(unit: UnitOfWork, work: () => Promise<T>): Promise<T> {
  return current.run(unit, work);
}

/** @throws when called outside a request: the provider is never used there */
export function requireUnitOfWork(): UnitOfWork {
  const unit = current.getStore();
  if (!unit) throw new Error('no unit of work: the provider was called outside a request');
  return unit;
}
