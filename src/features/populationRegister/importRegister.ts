/**
 * Loads the population register from a file, row by row. An unchanged row costs nothing; a changed row about
 * a person with an ID is saved in one transaction with its effects on that person. So an import that was
 * killed is simply started again, and of two concurrent imports each change is made once.
 */
import {
  readRegisterHeader,
  readRegisterRow,
  type PopulationRegisterEntry,
  type RowFault,
} from '../../domain/issuing/populationRegister.ts';
import { NotCsvError, readCsv, type CsvRow } from '../../platform/csvRows.ts';
import { enqueueMissedLogouts } from '../../db/oidc/backchannelLogouts.ts';
import type { Queryable } from '../../db/database.ts';
import {
  findUnfollowedNumbers,
  findUnfollowedFormerNumbers,
  removeUnfollowedLinks,
} from '../../db/people/cprLinks.ts';
import { runWithNumbersLocked } from '../../db/people/formerCprs.ts';
import {
  composeEntryContext,
  findEntryContents,
  openEntryIfIntact,
  saveUnclaimedEntries,
  saveEntry,
  type RegisterEntryContent,
} from '../../db/people/populationRegister.ts';
import type { AppContext } from '../appContext.ts';
import { blockDuplicateIds } from './blockByRegister.ts';
import { changePerson } from './changePerson.ts';
import { followNumbers } from './followNumbers.ts';
import { checkEarlierLink } from './checkEarlierLink.ts';
import { SeenCprNumbers } from './seenCprNumbers.ts';

export interface ImportProgress {
  readonly bytes: number;
  readonly rows: number;
}

export interface ImportReport {
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** People with an ID for whom something changed. */
  readonly people: number;
  /**
   * Rows after which an officer has to decide: two IDs of one person, a contradiction, or numbers of two
   * people.
   */
  readonly toLookAt: number;
  /** Their lines in the file; the first hundred. */
  readonly toLookAtLines: readonly number[];
  /** Rows that were skipped; the first hundred are listed, without CPR number or name. */
  readonly skippedCount: number;
  readonly skipped: readonly { readonly line: number; readonly fault: RowFault }[];
}

/** The file as a whole is not a register; nothing of it was imported. */
export class RegisterFileFault extends Error {}

const MAX_LISTED_FAULTS = 100;
/** Batches that are saved while the next is read: that halves the time. */
const SAVE_BATCH_SIZE = 3;

/** @throws RegisterFileFault */
export async function importRegister(
  context: AppContext,
  file: AsyncIterable<Buffer>,
  report: (progress: ImportProgress) => void = () => undefined,
): Promise<ImportReport> {
  const total = { rows: 0, added: 0, changed: 0, unchanged: 0, people: 0, toLookAt: 0, skippedCount: 0 };
  const skipped: { line: number; fault: RowFault }[] = [];
  const skip = (line: number, fault: RowFault) => {
    total.skippedCount += 1;
    if (skipped.length < MAX_LISTED_FAULTS) skipped.push({ line, fault });
  };
  const toLookAtLines: number[] = [];
  let bytes = 0;
  async function* readChunks() {
    for await (const chunk of file) {
      bytes += chunk.length;
      yield chunk;
    }
  }

  const seen = new SeenCprNumbers();
  const saving = new ConcurrentTasks(SAVE_BATCH_SIZE);
  let columns: RegisterColumns | null = null;
  for await (const batch of mapToFileFault(readCsv(readChunks()))) {
    let rows = batch;
    if (!columns) {
      columns = readColumns(batch[0]);
      rows = batch.slice(1);
    }
    const entries: EntryWithLine[] = [];
    for (const { line, fields } of rows) {
      const entry = typeof fields === 'string' ? fields : readRegisterRow(columns, fields);
      if (typeof entry === 'string') skip(line, entry);
      else if (!seen.add(entry.cpr)) skip(line, 'cpr_twice');
      else entries.push({ line, entry, hasFormerNumber: columns.includes('former_cpr') });
    }
    await saving.addTask(async () => {
      const outcome = await importEntries(context, entries);
      total.rows += rows.length;
      total.added += outcome.added;
      total.changed += outcome.changed;
      total.unchanged += entries.length - outcome.added - outcome.changed;
      total.people += outcome.people;
      total.toLookAt += outcome.toLookAt.length;
      toLookAtLines.push(...outcome.toLookAt.slice(0, MAX_LISTED_FAULTS - toLookAtLines.length));
      report({ bytes, rows: total.rows });
    });
  }
  await saving.waitForAll();
  if (!columns) throw new RegisterFileFault('the file is empty');
  if (total.rows === 0) throw new RegisterFileFault('the file has a header and no rows');
  return { ...total, toLookAtLines: toLookAtLines.toSorted((one, other) => one - other), skipped };
}

async function* mapToFileFault(rows: AsyncIterable<CsvRow[]>): AsyncGenerator<CsvRow[]> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof NotCsvError)) throw error;
    throw new RegisterFileFault(
      `the file is no CSV in UTF-8: ${error.message}. In a spreadsheet, save it as "CSV UTF-8"`,
    );
  }
}

type RegisterColumns = Extract<ReturnType<typeof readRegisterHeader>, { columns: unknown }>['columns'];

function readColumns(first: CsvRow | undefined): RegisterColumns {
  const fields = first?.fields ?? [];
  if (typeof fields === 'string') throw new RegisterFileFault(`the header cannot be read: ${fields}`);
  const header = readRegisterHeader(fields);
  if ('fault' in header) throw new RegisterFileFault(`the header is not that of a register: ${header.fault}`);
  return header.columns;
}

interface EntryWithLine {
  readonly line: number;
  readonly entry: PopulationRegisterEntry;
  /** The file has the column: a row without a value then states that there is no former number. */
  readonly hasFormerNumber: boolean;
}

interface HashedEntry extends EntryWithLine {
  readonly lookup: Buffer;
  readonly content: Buffer;
}

interface ImportCounts {
  added: number;
  changed: number;
  people: number;
  /** Line numbers. */
  toLookAt: number[];
}

async function importEntries(context: AppContext, entries: readonly EntryWithLine[]): Promise<ImportCounts> {
  const { database, keyring, clock } = context;
  const outcome = { added: 0, changed: 0, people: 0, toLookAt: [] as number[] };
  const keyed = entries.map(({ line, entry, hasFormerNumber }): HashedEntry => {
    const content = keyring.hmac('cprLookup', `register v1 ${JSON.stringify(entry)}`);
    return { line, entry, hasFormerNumber, lookup: keyring.hmac('cprLookup', entry.cpr), content };
  });
  const known = await findEntryContents(database, keyed.map(readLookup));
  const fresh = keyed.filter(
    ({ lookup, content }) => !known.get(composeEntryContext(lookup))?.equals(content),
  );
  if (fresh.length === 0) return outcome;
  const rows = fresh.map((one) => ({ ...one, ...sealEntry(context, one) }));
  // What a row states about other numbers is recorded with the row, in one transaction.
  const withoutFormer = rows.filter(({ entry, hasFormerNumber }) => hasFormerNumber && !entry.formerCprs);
  const unfollowed =
    withoutFormer.length === 0 ? [] : await findUnfollowedNumbers(database, withoutFormer.map(readLookup));
  const withdrawing = new Set(unfollowed.map(composeEntryContext));
  const plain = rows.filter(
    ({ entry, lookup }) => !entry.formerCprs && !withdrawing.has(composeEntryContext(lookup)),
  );
  const saved = await saveUnclaimedEntries(database, plain, clock.now());
  const added = plain.filter(({ lookup }) => saved.get(composeEntryContext(lookup)) === true);
  outcome.toLookAt.push(...(await checkEarlierLinks(context, added)));
  for (const row of rows) {
    const isNew =
      saved.get(composeEntryContext(row.lookup)) ?? (await importForPerson(context, row, outcome));
    if (isNew !== null) outcome[isNew ? 'added' : 'changed'] += 1;
  }
  return outcome;
}

/** @returns the lines of the rows whose person is not the one that an earlier row links them to. */
async function checkEarlierLinks(
  context: AppContext,
  added: readonly (RegisterEntryContent & EntryWithLine)[],
): Promise<number[]> {
  const { database } = context;
  if (added.length === 0) return [];
  const linked = new Set(
    (await findUnfollowedFormerNumbers(database, added.map(readLookup))).map(composeEntryContext),
  );
  const lines: number[] = [];
  for (const { lookup, line } of added.filter((row) => linked.has(composeEntryContext(row.lookup)))) {
    const isConfirmed = await runWithNumbersLocked(database, { numbers: [lookup] }, (db) =>
      checkEarlierLink(context, db, lookup),
    );
    if (!isConfirmed) lines.push(line);
  }
  return lines;
}

const readLookup = ({ lookup }: Pick<RegisterEntryContent, 'lookup'>) => lookup;

function sealEntry({ keyring }: AppContext, { entry, lookup, content }: HashedEntry): RegisterEntryContent {
  return {
    lookup,
    content,
    sealed: keyring.seal('seal', JSON.stringify(entry), composeEntryContext(lookup)),
  };
}

/** @returns whether the row is new; null when another import saved it first. */
async function importForPerson(
  context: AppContext,
  { line, entry, hasFormerNumber, ...row }: RegisterEntryContent & EntryWithLine,
  outcome: ImportCounts,
): Promise<boolean | null> {
  const { database, keyring, clock } = context;
  const former = (entry.formerCprs ?? []).map((cpr) => keyring.hmac('cprLookup', cpr));
  const save = async (db: Queryable) => {
    const { saved, before } = await saveEntry(db, row, clock.now());
    if (!saved) return { kind: null, changed: null, followed: null, blocked: [], isUnlinked: false };
    const previous = openEntryIfIntact(keyring, row.lookup, before);
    if (hasFormerNumber) await removeUnfollowedLinks(db, row.lookup, former);
    const isUnlinked = hasFormerNumber && !before && !(await checkEarlierLink(context, db, row.lookup));
    const followed = await followNumbers(context, db, { lookup: row.lookup, entry });
    const followedRow =
      followed.kind === 'moved'
        ? { lookup: followed.lookup, entry: followed.entry, before: null, isRenumbered: true }
        : { lookup: row.lookup, entry, before: previous };
    const isNewStatus = followedRow.entry.status !== (followedRow.before?.status ?? 'active');
    const isNewToOthers = isNewStatus || followed.kind === 'to_look_at';
    const blocked = isNewToOthers ? await blockDuplicateIds(context, db, followedRow) : [];
    const changed = await changePerson(context, db, followedRow);
    return { kind: before ? 'changed' : 'added', changed, followed, blocked, isUnlinked } as const;
  };
  const { kind, changed, followed, blocked, isUnlinked } = hasFormerNumber
    ? await runWithNumbersLocked(database, { numbers: [row.lookup, ...former] }, save)
    : await database.transaction(save);
  if (isUnlinked || followed?.kind === 'to_look_at') outcome.toLookAt.push(line);
  if (changed || followed?.kind === 'moved') outcome.people += 1;
  outcome.people += blocked.length;
  for (const identityId of blocked) await enqueueMissedLogouts(database, identityId);
  const isBlocked = changed?.what.some((one) => one === 'dead' || one === 'emigrated') ?? false;
  if (changed && isBlocked) await enqueueMissedLogouts(database, changed.identityId);
  else if (followed?.kind === 'moved' && followed.publicSitesEnded) {
    await enqueueMissedLogouts(database, followed.identityId, 'public');
  }
  return kind === null ? null : kind === 'added';
}

/**
 * Runs a few tasks concurrently. The first failure stops further tasks, after the running ones have finished.
 */
class ConcurrentTasks {
  readonly #running = new Set<Promise<void>>();
  readonly #most: number;
  #fault: unknown = null;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Starts the task as soon as there is room.
   *
   * @throws the error of an earlier task.
   */
  async addTask(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    if (this.#fault) await this.waitForAll();
    const running = work()
      .catch((error: unknown) => {
        this.#fault ??= error;
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async waitForAll(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#fault) throw this.#fault;
  }
}
