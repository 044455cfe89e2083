/**
 * The population register is loaded from a file, row by row as the file says it. A row that has not changed costs
 * nothing; one that has, and is about somebody who has an ID, is saved in one transaction with what it changes for
 * that person. So an import that was killed is simply started anew, and two at once do everything once.
 */
import { readHeader, readRow, type RegisterEntry, type RowFault } from '../../core/issuing/register.ts';
import { NotCsvFault, readCsv, type CsvRow } from '../../platform/csvRows.ts';
import { queueMissedLogouts } from '../../store/backchannelLogouts.ts';
import type { Queryable } from '../../store/database.ts';
import { findUnfollowed, findUnfollowedFormer, takeBackUnfollowed } from '../../store/issuing/apartCprs.ts';
import { whileNumbersAreHeld } from '../../store/issuing/formerCprs.ts';
import {
  contextOf,
  findContents,
  openEntry,
  saveEntriesOfNobody,
  saveEntry,
  type EntryRow,
} from '../../store/issuing/register.ts';
import type { World } from '../world.ts';
import { blockOtherIds } from './blockByRegister.ts';
import { changePerson } from './changePerson.ts';
import { followNumbers } from './followNumbers.ts';
import { judgeEarlierLink } from './judgeEarlierLink.ts';

export interface ImportProgress {
  readonly bytes: number;
  readonly rows: number;
}

export interface Imported {
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** People with an ID for whom something changed. */
  readonly people: number;
  /** Rows after which an officer has to look: two IDs of one person, a contradiction, or numbers of two people. */
  readonly toLookAt: number;
  /** Where those stand in the file; the first hundred. */
  readonly toLookAtLines: readonly number[];
  /** Rows that were left out; the first hundred are named. No CPR number and no name stands here. */
  readonly skippedCount: number;
  readonly skipped: readonly { readonly line: number; readonly fault: RowFault }[];
}

/** The file as a whole cannot be one of the register; nothing of it was taken. */
export class RegisterFileFault extends Error {}

const FAULTS_TOLD = 100;
/** While some are saved, the next are read: that halves the time. */
const SAVED_AT_ONCE = 3;

/** @throws RegisterFileFault */
export async function importRegister(
  world: World,
  file: AsyncIterable<Buffer>,
  report: (progress: ImportProgress) => void = () => undefined,
): Promise<Imported> {
  const total = { rows: 0, added: 0, changed: 0, unchanged: 0, people: 0, toLookAt: 0, skippedCount: 0 };
  const skipped: { line: number; fault: RowFault }[] = [];
  const skip = (line: number, fault: RowFault) => {
    total.skippedCount += 1;
    if (skipped.length < FAULTS_TOLD) skipped.push({ line, fault });
  };
  const toLookAtLines: number[] = [];
  let bytes = 0;
  async function* counted() {
    for await (const chunk of file) {
      bytes += chunk.length;
      yield chunk;
    }
  }

  const seen = new SeenNumbers();
  const saving = new AFew(SAVED_AT_ONCE);
  let columns: Columns | null = null;
  for await (const read of orFileFault(readCsv(counted()))) {
    let rows = read;
    if (!columns) {
      columns = columnsOf(read[0]);
      rows = read.slice(1);
    }
    const entries: Placed[] = [];
    for (const { line, fields } of rows) {
      const entry = typeof fields === 'string' ? fields : readRow(columns, fields);
      if (typeof entry === 'string') skip(line, entry);
      else if (!seen.add(entry.cpr)) skip(line, 'cpr_twice');
      else entries.push({ line, entry, saysFormer: columns.includes('former_cpr') });
    }
    await saving.add(async () => {
      const came = await importEntries(world, entries);
      total.rows += rows.length;
      total.added += came.added;
      total.changed += came.changed;
      total.unchanged += entries.length - came.added - came.changed;
      total.people += came.people;
      total.toLookAt += came.toLookAt.length;
      toLookAtLines.push(...came.toLookAt.slice(0, FAULTS_TOLD - toLookAtLines.length));
      report({ bytes, rows: total.rows });
    });
  }
  await saving.end();
  if (!columns) throw new RegisterFileFault('the file is empty');
  if (total.rows === 0) throw new RegisterFileFault('the file has a header and no rows');
  return { ...total, toLookAtLines: toLookAtLines.toSorted((one, other) => one - other), skipped };
}

async function* orFileFault(rows: AsyncIterable<CsvRow[]>): AsyncGenerator<CsvRow[]> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof NotCsvFault)) throw error;
    throw new RegisterFileFault(
      `the file is no CSV in UTF-8: ${error.message}. In a spreadsheet, save it as "CSV UTF-8"`,
    );
  }
}

type Columns = Extract<ReturnType<typeof readHeader>, { columns: unknown }>['columns'];

function columnsOf(first: CsvRow | undefined): Columns {
  const fields = first?.fields ?? [];
  if (typeof fields === 'string') throw new RegisterFileFault(`the header cannot be read: ${fields}`);
  const header = readHeader(fields);
  if ('fault' in header) throw new RegisterFileFault(`the header is not that of a register: ${header.fault}`);
  return header.columns;
}

interface Placed {
  readonly line: number;
  readonly entry: RegisterEntry;
  /** The file has the column: where the row names none, the register knows of none. */
  readonly saysFormer: boolean;
}

interface Keyed extends Placed {
  readonly lookup: Buffer;
  readonly content: Buffer;
}

interface Came {
  added: number;
  changed: number;
  people: number;
  /** By line. */
  toLookAt: number[];
}

async function importEntries(world: World, entries: readonly Placed[]): Promise<Came> {
  const { database, keyring, clock } = world;
  const came = { added: 0, changed: 0, people: 0, toLookAt: [] as number[] };
  const keyed = entries.map(({ line, entry, saysFormer }): Keyed => {
    const content = keyring.hmac('cprLookup', `register v1 ${JSON.stringify(entry)}`);
    return { line, entry, saysFormer, lookup: keyring.hmac('cprLookup', entry.cpr), content };
  });
  const known = await findContents(
    database,
    keyed.map(({ lookup }) => lookup),
  );
  const fresh = keyed.filter(({ lookup, content }) => !known.get(contextOf(lookup))?.equals(content));
  if (fresh.length === 0) return came;
  const rows = fresh.map((one) => ({ ...one, ...sealEntry(world, one) }));
  // What a row says of other numbers is recorded with it, in one transaction.
  const silent = rows.filter(({ entry, saysFormer }) => saysFormer && !entry.formerCprs);
  const unfollowed = silent.length === 0 ? [] : await findUnfollowed(database, silent.map(lookupOf));
  const takesBack = new Set(unfollowed.map(contextOf));
  const plain = rows.filter(({ entry, lookup }) => !entry.formerCprs && !takesBack.has(contextOf(lookup)));
  const saved = await saveEntriesOfNobody(database, plain, clock.now());
  const added = plain.filter(({ lookup }) => saved.get(contextOf(lookup)) === true);
  came.toLookAt.push(...(await judgeEarlierLinks(world, added)));
  for (const row of rows) {
    const isNew = saved.get(contextOf(row.lookup)) ?? (await importForPerson(world, row, came));
    if (isNew !== null) came[isNew ? 'added' : 'changed'] += 1;
  }
  return came;
}

/** @returns the lines of those that are not the person whom an earlier row says they became. */
async function judgeEarlierLinks(world: World, added: readonly (EntryRow & Placed)[]): Promise<number[]> {
  const { database } = world;
  if (added.length === 0) return [];
  const linked = new Set((await findUnfollowedFormer(database, added.map(lookupOf))).map(contextOf));
  const lines: number[] = [];
  for (const { lookup, line } of added.filter((row) => linked.has(contextOf(row.lookup)))) {
    const fits = await whileNumbersAreHeld(database, { numbers: [lookup] }, (db) =>
      judgeEarlierLink(world, db, lookup),
    );
    if (!fits) lines.push(line);
  }
  return lines;
}

const lookupOf = ({ lookup }: EntryRow) => lookup;

function sealEntry({ keyring }: World, { entry, lookup, content }: Keyed): EntryRow {
  return { lookup, content, sealed: keyring.seal('seal', JSON.stringify(entry), contextOf(lookup)) };
}

/** @returns whether the row is new; null when another import was first. */
async function importForPerson(
  world: World,
  { line, entry, saysFormer, ...row }: EntryRow & Placed,
  came: Came,
): Promise<boolean | null> {
  const { database, keyring, clock } = world;
  const former = (entry.formerCprs ?? []).map((cpr) => keyring.hmac('cprLookup', cpr));
  const save = async (db: Queryable) => {
    const { saved, before } = await saveEntry(db, row, clock.now());
    if (!saved) return { kind: null, changed: null, followed: null, blocked: [], isApart: false };
    const was = before && openEntry(keyring, row.lookup, before);
    if (saysFormer) await takeBackUnfollowed(db, row.lookup, former);
    const isApart = saysFormer && !before && !(await judgeEarlierLink(world, db, row.lookup));
    const followed = await followNumbers(world, db, { lookup: row.lookup, entry });
    const said =
      followed.kind === 'moved'
        ? { lookup: followed.lookup, entry: followed.entry, before: null, isRenumbered: true }
        : { lookup: row.lookup, entry, before: was };
    const isNewStatus = said.entry.status !== (said.before?.status ?? 'active');
    const isNewToOthers = isNewStatus || followed.kind === 'to_look_at';
    const blocked = isNewToOthers ? await blockOtherIds(world, db, said) : [];
    const changed = await changePerson(world, db, said);
    return { kind: before ? 'changed' : 'added', changed, followed, blocked, isApart } as const;
  };
  const { kind, changed, followed, blocked, isApart } = saysFormer
    ? await whileNumbersAreHeld(database, { numbers: [row.lookup, ...former] }, save)
    : await database.transaction(save);
  if (isApart || followed?.kind === 'to_look_at') came.toLookAt.push(line);
  if (changed || followed?.kind === 'moved') came.people += 1;
  came.people += blocked.length;
  for (const identityId of blocked) await queueMissedLogouts(database, identityId);
  const isBlocked = changed?.what.some((one) => one === 'dead' || one === 'emigrated') ?? false;
  if (changed && isBlocked) await queueMissedLogouts(database, changed.identityId);
  else if (followed?.kind === 'moved' && followed.publicSitesEnded) {
    await queueMissedLogouts(database, followed.identityId, 'public');
  }
  return kind === null ? null : kind === 'added';
}

/** A few pieces of work at a time. The first that fails ends all, when those that run with it are through. */
class AFew {
  readonly #running = new Set<Promise<void>>();
  readonly #most: number;
  #fault: unknown = null;

  constructor(most: number) {
    this.#most = most;
  }

  /** Begins it as soon as there is room. @throws what one before it failed with. */
  async add(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    if (this.#fault) await this.end();
    const running = work()
      .catch((error: unknown) => {
        this.#fault ??= error;
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async end(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#fault) throw this.#fault;
  }
}

/**
 * The CPR numbers of a file, a bit for each: a page of 1,250 bytes for a birth date. So a file of the whole country
 * takes some 50 MB at most, where a set of numbers would take ten times that.
 */
class SeenNumbers {
  readonly #pages = new Map<string, Uint8Array>();

  /** False when it was there. */
  add(cpr: string): boolean {
    const date = cpr.slice(0, 6);
    const serial = Number(cpr.slice(6));
    let page = this.#pages.get(date);
    if (!page) this.#pages.set(date, (page = new Uint8Array(1_250)));
    const [at, bit] = [serial >> 3, 1 << (serial & 7)];
    const isNew = ((page[at] ?? 0) & bit) === 0;
    page[at] = (page[at] ?? 0) | bit;
    return isNew;
  }
}
