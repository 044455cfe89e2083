/**
 * Reads a CSV file of any length in batches of rows. One row is one line: a fault in a line (quoting, bytes
 * that are not UTF-8) affects only that line, and an unclosed quote does not swallow the next lines.
 */
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';

export interface CsvRow {
  /** Starts at 1, as in editors. */
  readonly line: number;
  readonly fields: readonly string[] | 'bad_quoting' | 'not_utf8' | 'too_long';
}

const BATCH_SIZE = 500;
const MAX_LINE_LENGTH = 8_192;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BOM = Buffer.from('\uFEFF');

/** The bytes are not lines of text in an encoding with one byte per ASCII character. */
export class NotCsvError extends Error {}

/**
 * Skips empty lines. The delimiter is a comma if it splits the header, else the semicolon or tab (which
 * spreadsheets write in many countries) that splits the header and the line below it into equally many
 * fields.
 * @throws NotCsvError
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRow[]> {
  let lines: CsvLine[] = [];
  let delimiter: string | null = null;
  const readAll = () => {
    delimiter ??= findDelimiter(lines);
    return parseCsvLines(lines, delimiter);
  };
  for await (const line of splitLines(checkStart(chunks))) {
    // Skips the first line with which Excel is told the separator.
    if (lines.length === 0 && delimiter === null) {
      const [, separator] = /^sep=([,;\t])$/i.exec(line.bytes.toString('latin1')) ?? [];
      if (separator !== undefined) continue;
    }
    lines.push(line);
    if (lines.length < BATCH_SIZE) continue;
    yield readAll();
    lines = [];
  }
  if (lines.length > 0) yield readAll();
}

const FOREIGN_FILE_STARTS: readonly [start: string, what: string][] = [
  ['fffe', 'it is in UTF-16'],
  ['feff', 'it is in UTF-16'],
  ['504b0304', 'it is a workbook of a spreadsheet'],
  ['d0cf11e0', 'it is a workbook of a spreadsheet'],
  ['1f8b', 'it is compressed'],
];
const MAX_START_LENGTH = 4;

async function* checkStart(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start) {
      start = Buffer.concat([start, chunk]);
      if (start.length < MAX_START_LENGTH) continue;
      assertCsvStart(start);
      yield start;
      start = null;
    } else yield chunk;
  }
  if (!start) return;
  assertCsvStart(start);
  yield start;
}

/** @throws NotCsvError */
function assertCsvStart(start: Buffer): void {
  const hex = start.subarray(0, MAX_START_LENGTH).toString('hex');
  const found = FOREIGN_FILE_STARTS.find(([begins]) => hex.startsWith(begins))?.[1];
  if (found) throw new NotCsvError(found);
  // UTF-16 without a byte order mark: every other byte of ASCII text is zero.
  if (start.length >= 2 && (start[0] === 0 || start[1] === 0)) throw new NotCsvError('it is in UTF-16');
}

function findDelimiter(lines: readonly CsvLine[]): string {
  const [header = '', row] = lines.slice(0, 2).map(({ bytes }) => bytes.toString());
  const countOf = (text: string, delimiter: string) => {
    const fields = parseCsvLine(text, delimiter);
    return typeof fields === 'string' ? 0 : fields.length;
  };
  const fits = (delimiter: string) => {
    const count = countOf(header, delimiter);
    return count > 1 && (row === undefined || countOf(row, delimiter) === count);
  };
  return countOf(header, ',') > 1 ? ',' : ([';', '\t'].find(fits) ?? ',');
}

interface CsvLine {
  readonly line: number;
  readonly bytes: Buffer;
  readonly isTooLong: boolean;
}

async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvLine> {
  let rest: Buffer = Buffer.alloc(0);
  let isTooLong = false;
  let line = 1;
  const finish = (end: Buffer): CsvLine => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, end]) : end;
    if (line === 1 && bytes.subarray(0, BOM.length).equals(BOM)) bytes = bytes.subarray(BOM.length);
    if (bytes.at(-1) === RETURN) bytes = bytes.subarray(0, -1);
    if (line === 1) assertFirstLine(bytes);
    const finished = { line, bytes, isTooLong: isTooLong || bytes.length > MAX_LINE_LENGTH };
    [rest, isTooLong, line] = [Buffer.alloc(0), false, line + 1];
    return finished;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      const finished = finish(chunk.subarray(from, to));
      from = to + 1;
      if (finished.bytes.length > 0 || finished.isTooLong) yield finished;
    }
    rest = Buffer.concat([rest, chunk.subarray(from)]);
    // The bytes of a line that is too long to be a row are not kept in memory.
    if (rest.length > MAX_LINE_LENGTH && line === 1) assertFirstLine(rest);
    if (rest.length > MAX_LINE_LENGTH) [rest, isTooLong] = [Buffer.alloc(0), true];
  }
  if (rest.length === 0 && !isTooLong) return;
  const last = finish(Buffer.alloc(0));
  if (last.bytes.length > 0 || last.isTooLong) yield last;
}

/** @throws NotCsvError */
function assertFirstLine(line: Buffer): void {
  if (line.includes(RETURN)) throw new NotCsvError('its lines end with CR alone, as on old Macintoshes');
}

function parseCsvLines(lines: readonly CsvLine[], delimiter: string): CsvRow[] {
  const texts = lines.map(({ bytes, isTooLong }) => {
    if (isTooLong) return { fault: 'too_long' } as const;
    return isUtf8(bytes) ? { text: bytes.toString() } : ({ fault: 'not_utf8' } as const);
  });
  const right = texts.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const parsed = parseCsvBatch(right, delimiter) ?? right.map((line) => parseCsvLine(line, delimiter));
  let at = 0;
  return lines.map(({ line }, i) => ({ line, fields: texts[i]?.fault ?? parsed[at++] ?? 'bad_quoting' }));
}

const PARSER_OPTIONS = { relax_column_count: true, record_delimiter: '\n' };

/**
 * Parses all lines together, which is ten times as fast as one by one. Equally many records as lines means
 * that no record spans lines. Returns null when a line is faulty.
 */
function parseCsvBatch(lines: readonly string[], delimiter: string): string[][] | null {
  try {
    const records = parse(lines.join('\n'), { ...PARSER_OPTIONS, delimiter });
    return records.length === lines.length ? records : null;
  } catch {
    return null;
  }
}

function parseCsvLine(line: string, delimiter: string): string[] | 'bad_quoting' {
  try {
    const records = parse(line, { ...PARSER_OPTIONS, delimiter });
    return (records.length === 1 && records[0]) || 'bad_quoting';
  } catch {
    return 'bad_quoting';
  }
}
