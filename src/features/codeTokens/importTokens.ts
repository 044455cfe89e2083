/**
 * Imports the code tokens of a file, all of them or none. The whole file is read first, so that every fault
 * in it is named; of a seed only its seal and a keyed hash are kept from the row on.
 */
import { DatabaseUnavailable, type Queryable } from '../../db/database.ts';
import { findTakenTokens, insertTokens, type ImportedToken } from '../../db/factors/codeTokenStock.ts';
import { composeSeedContext } from '../../db/factors/codeTokens.ts';
import { foldSerialNumber } from '../../domain/factors/codeToken.ts';
import { NotCsvError, readCsv, type CsvRow } from '../../platform/csvRows.ts';
import type { AppContext } from '../appContext.ts';
import {
  readTokenHeader,
  readTokenRow,
  type TokenColumn,
  type TokenRow,
  type TokenRowFault,
} from './importTokens.rules.ts';

/** The file as a whole is no list of code tokens. Nothing was imported. */
export class TokenFileFault extends Error {}

export type TokenImportFault =
  | TokenRowFault
  | Exclude<CsvRow['fields'], readonly string[]>
  | 'serial_twice'
  | 'seed_twice'
  | 'serial_taken'
  | 'seed_taken';

export interface TokenImportReport {
  readonly rows: number;
  /** 0 when there was a fault. */
  readonly imported: number;
  readonly faultCount: number;
  /** A row may have several faults. */
  readonly faultyRows: number;
  /** The first hundred. A seed is in none of them. */
  readonly faults: readonly { readonly line: number; readonly fault: TokenImportFault }[];
}

const MAX_LISTED_FAULTS = 100;
const BATCH_SIZE = 500;

interface ReadToken extends ImportedToken {
  readonly line: number;
}

/**
 * @param record runs in the transaction that saves them
 * @throws TokenFileFault, DatabaseUnavailable
 */
export async function importTokens(
  context: AppContext,
  file: AsyncIterable<Buffer>,
  record: (db: Queryable, imported: number) => Promise<void>,
): Promise<TokenImportReport> {
  const faults: { line: number; fault: TokenImportFault }[] = [];
  const { rows, tokens } = await readFile(context, file, (line, fault) => void faults.push({ line, fault }));
  for (const batch of splitIntoBatches(tokens)) {
    const taken = await findTakenTokens(context.database, batch);
    for (const { line, serialNumber, seedLookup } of batch) {
      if (taken.serials.has(foldSerialNumber(serialNumber))) faults.push({ line, fault: 'serial_taken' });
      if (taken.seeds.has(seedLookup.toString('hex'))) faults.push({ line, fault: 'seed_taken' });
    }
  }
  if (faults.length === 0) await saveTokens(context, tokens, record);
  const sorted = faults.toSorted((one, other) => one.line - other.line);
  return {
    rows,
    imported: faults.length === 0 ? tokens.length : 0,
    faultCount: faults.length,
    faultyRows: new Set(faults.map(({ line }) => line)).size,
    faults: sorted.slice(0, MAX_LISTED_FAULTS),
  };
}

async function readFile(
  context: AppContext,
  file: AsyncIterable<Buffer>,
  report: (line: number, fault: TokenImportFault) => void,
): Promise<{ rows: number; tokens: ReadToken[] }> {
  const tokens: ReadToken[] = [];
  const seen = { serials: new Set<string>(), seeds: new Set<string>() };
  let columns: readonly TokenColumn[] | null = null;
  let rows = 0;
  try {
    for await (const batch of readCsv(file)) {
      const body: readonly CsvRow[] = columns ? batch : batch.slice(1);
      columns ??= readColumns(batch[0]);
      rows += body.length;
      for (const { line, fields } of body) {
        const row = typeof fields === 'string' ? [fields] : readTokenRow(columns, fields);
        if (!('seed' in row)) {
          for (const fault of row) report(line, fault);
          continue;
        }
        const token = { ...sealRow(context, row), line };
        const [seed, serial] = [token.seedLookup.toString('hex'), foldSerialNumber(token.serialNumber)];
        if (seen.serials.has(serial)) report(line, 'serial_twice');
        if (seen.seeds.has(seed)) report(line, 'seed_twice');
        tokens.push(token);
        seen.serials.add(serial);
        seen.seeds.add(seed);
      }
    }
  } catch (error) {
    if (!(error instanceof NotCsvError)) throw error;
    throw new TokenFileFault(`the file is no CSV in UTF-8: ${error.message}`);
  }
  if (!columns) throw new TokenFileFault('the file is empty');
  if (rows === 0) throw new TokenFileFault('the file has a header and no rows');
  return { rows, tokens };
}

function readColumns(first: CsvRow | undefined): readonly TokenColumn[] {
  const fields = first?.fields ?? [];
  if (typeof fields === 'string') throw new TokenFileFault(`the header cannot be read: ${fields}`);
  const header = readTokenHeader(fields);
  if ('fault' in header) throw new TokenFileFault(`the header is not that of code tokens: ${header.fault}`);
  return header;
}

function sealRow({ random, keyring }: AppContext, { seed, ...row }: TokenRow): ImportedToken {
  const id = random.uuid();
  return {
    ...row,
    id,
    seedSealed: keyring.seal('tokens', seed, composeSeedContext(id)),
    seedLookup: keyring.hmac('cprLookup', `code token seed v1 ${seed.toString('hex')}`),
  };
}

async function saveTokens(
  { database, clock }: AppContext,
  tokens: readonly ImportedToken[],
  record: (db: Queryable, imported: number) => Promise<void>,
): Promise<void> {
  const now = clock.now();
  try {
    await database.transaction(async (db) => {
      for (const batch of splitIntoBatches(tokens)) await insertTokens(db, batch, now);
      await record(db, tokens.length);
    });
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    throw error.isUnknown
      ? new TokenFileFault(
          'the connection was lost as they were saved: "tokens list" says whether they are in',
        )
      : error;
  }
}

function* splitIntoBatches<Token>(tokens: readonly Token[]): Generator<readonly Token[]> {
  for (let i = 0; i < tokens.length; i += BATCH_SIZE) yield tokens.slice(i, i + BATCH_SIZE);
}
