/**
 * One request, one unit of work. The engine saves its records one by one wherever it happens to be; the unit
 * gathers them and writes them in one statement before the answer leaves, so that an answer is sent only when
 * all of it is committed. It also remembers on whose sign-in the request acts.
 *
 * Whatever must be judged by rows at once (consuming a code, ending a grant) goes straight to the database.
 * Decided in docs/decisions/0002-unit-of-work.md.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Queryable, Statement } from './database.ts';
import { endRecords, saveRecords, type StoredRecord } from './oidcRecords.ts';

/** What this request ended was ended by another one first; nothing of this one is written. */
export class EndedBefore extends Error {
  readonly statusCode = 409;
}

/** A session: whose, at which level, when it began, and when its password was given. */
export interface FoundSession {
  readonly accountId: string | undefined;
  readonly acr: string | undefined;
  readonly startedAt: Date | null;
  readonly loginAt: Date | null;
  readonly passwordAt: Date | null;
}

export class UnitOfWork {
  /** When the person signed in on whose word this request acts; null until a record or a sign-in tells. */
  signedInAt: Date | null = null;
  /** When a password was given in the sign-in that this request completes. */
  passwordAt: Date | null = null;
  /** The session of this browser as it was found. */
  session: FoundSession | null = null;
  /** The level of the code or token that this request was made with. */
  acr: string | null = null;
  /** The session that grants of this request belong to, and the id under which the relying party knows it. */
  grantedIn: { readonly sessionUid: string; readonly sid: string } | null = null;
  /** A fault that the engine caught and turned into an answer of its own. */
  fault: Error | null = null;
  readonly #saves = new Map<string, StoredRecord>();
  readonly #ends = new Map<string, { id: Buffer; onlyOnce: boolean }>();
  readonly #besides: { statement: Statement; values: readonly unknown[] }[] = [];

  /** The record as this request has saved it; null if it has ended it, undefined if it has done neither. */
  pending(id: Buffer): StoredRecord | null | undefined {
    const key = id.toString('base64');
    return this.#ends.has(key) ? null : this.#saves.get(key);
  }

  save(record: StoredRecord): void {
    this.#saves.set(record.id.toString('base64'), record);
  }

  /** @param onlyOnce of all requests that end this record, one is answered: the others save nothing. */
  end(id: Buffer, { onlyOnce }: { onlyOnce: boolean }): void {
    const key = id.toString('base64');
    this.#saves.delete(key);
    this.#ends.set(key, { id, onlyOnce });
  }

  /** What has to stand or fall with what was gathered. */
  besides(statement: Statement, values: readonly unknown[]): void {
    this.#besides.push({ statement, values });
  }

  /** Writes what was gathered, in one statement; with what goes besides it, in one transaction. @throws EndedBefore */
  async flush(database: Database): Promise<void> {
    const besides = this.#besides.splice(0);
    if (besides.length === 0) return await this.#write(database);
    await database.transaction(async (db) => {
      // First: what is counted besides may ask what was still alive.
      for (const { statement, values } of besides) await db.query(statement, values);
      await this.#write(db);
    });
  }

  async #write(db: Queryable): Promise<void> {
    const ending = [...this.#ends.values()];
    const ends = ending.filter((one) => !one.onlyOnce).map(({ id }) => id);
    const onlyOnce = ending.filter((one) => one.onlyOnce).map(({ id }) => id);
    const saves = [...this.#saves.values()];
    this.#ends.clear();
    this.#saves.clear();
    if (saves.length === 0 && onlyOnce.length === 0) {
      if (ends.length > 0) await endRecords(db, ends);
      return;
    }
    if (!(await saveRecords(db, saves, ends, onlyOnce))) throw new EndedBefore('another request was first');
  }
}

const current = new AsyncLocalStorage<UnitOfWork>();

export function runInUnitOfWork<T>(unit: UnitOfWork, work: () => Promise<T>): Promise<T> {
  return current.run(unit, work);
}

/** @throws when called outside a request: the engine is never used there. */
export function currentUnitOfWork(): UnitOfWork {
  const unit = current.getStore();
  if (!unit) throw new Error('no unit of work: the engine was called outside a request');
  return unit;
}
