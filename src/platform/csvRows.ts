/**
 * A CSV file as rows, a few hundred at a time, however long the file is. One row is one line: what is wrong in a line
 * (quoting, bytes that are not UTF-8) costs that line alone, and a quote that nobody closes swallows nothing.
 */
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';

export interface CsvRow {
  /** From 1, as editors count. */
  readonly line: number;
  readonly fields: readonly string[] | 'bad_quoting' | 'not_utf8' | 'too_long';
}

const AT_ONCE = 500;
const LONGEST_LINE = 8_192;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BOM = Buffer.from('\uFEFF');

/** The bytes are no lines of text with one byte a letter, whatever stands in them. */
export class NotCsvFault extends Error {}

/**
 * Empty lines are left out. Between fields stand commas, or the semicolons or tabs that spreadsheets write in many
 * countries: whichever the header and the line below it have both.
 * @throws NotCsvFault
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRow[]> {
  let lines: Line[] = [];
  let delimiter: string | null = null;
  const readAll = () => {
    delimiter ??= findDelimiter(lines);
    return readLines(lines, delimiter);
  };
  for await (const line of splitLines(afterLook(chunks))) {
    // The first line that Excel wants to be told the separator by.
    if (lines.length === 0 && delimiter === null) {
      const [, said] = /^sep=([,;\t])$/i.exec(line.bytes.toString('latin1')) ?? [];
      if (said !== undefined) continue;
    }
    lines.push(line);
    if (lines.length < AT_ONCE) continue;
    yield readAll();
    lines = [];
  }
  if (lines.length > 0) yield readAll();
}

const STARTS: readonly [start: string, what: string][] = [
  ['fffe', 'it is in UTF-16'],
  ['feff', 'it is in UTF-16'],
  ['504b0304', 'it is a workbook of a spreadsheet'],
  ['d0cf11e0', 'it is a workbook of a spreadsheet'],
  ['1f8b', 'it is compressed'],
];
const LONGEST_START = 4;

async function* afterLook(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start) {
      start = Buffer.concat([start, chunk]);
      if (start.length < LONGEST_START) continue;
      lookAt(start);
      yield start;
      start = null;
    } else yield chunk;
  }
  if (!start) return;
  lookAt(start);
  yield start;
}

/** @throws NotCsvFault */
function lookAt(start: Buffer): void {
  const hex = start.subarray(0, LONGEST_START).toString('hex');
  const found = STARTS.find(([begins]) => hex.startsWith(begins))?.[1];
  if (found) throw new NotCsvFault(found);
  // UTF-16 without its mark: every other byte of plain letters is zero.
  if (start.length >= 2 && (start[0] === 0 || start[1] === 0)) throw new NotCsvFault('it is in UTF-16');
}

function findDelimiter(lines: readonly Line[]): string {
  const [header = '', row] = lines.slice(0, 2).map(({ bytes }) => bytes.toString());
  const countOf = (text: string, delimiter: string) => {
    const fields = parseOne(text, delimiter);
    return typeof fields === 'string' ? 0 : fields.length;
  };
  const fits = (delimiter: string) => {
    const many = countOf(header, delimiter);
    return many > 1 && (row === undefined || countOf(row, delimiter) === many);
  };
  return countOf(header, ',') > 1 ? ',' : ([';', '\t'].find(fits) ?? ',');
}

interface Line {
  readonly line: number;
  readonly bytes: Buffer;
  readonly isTooLong: boolean;
}

async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let isTooLong = false;
  let line = 1;
  const finish = (end: Buffer): Line => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, end]) : end;
    if (line === 1 && bytes.subarray(0, BOM.length).equals(BOM)) bytes = bytes.subarray(BOM.length);
    if (bytes.at(-1) === RETURN) bytes = bytes.subarray(0, -1);
    if (line === 1) lookAtFirst(bytes);
    const finished = { line, bytes, isTooLong: isTooLong || bytes.length > LONGEST_LINE };
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
    // What is too long to be a row is not kept in memory either.
    if (rest.length > LONGEST_LINE && line === 1) lookAtFirst(rest);
    if (rest.length > LONGEST_LINE) [rest, isTooLong] = [Buffer.alloc(0), true];
  }
  if (rest.length === 0 && !isTooLong) return;
  const last = finish(Buffer.alloc(0));
  if (last.bytes.length > 0 || last.isTooLong) yield last;
}

/** @throws NotCsvFault */
function lookAtFirst(line: Buffer): void {
  if (line.includes(RETURN)) throw new NotCsvFault('its lines end with CR alone, as on old Macintoshes');
}

function readLines(lines: readonly Line[], delimiter: string): CsvRow[] {
  const texts = lines.map(({ bytes, isTooLong }) => {
    if (isTooLong) return { fault: 'too_long' } as const;
    return isUtf8(bytes) ? { text: bytes.toString() } : ({ fault: 'not_utf8' } as const);
  });
  const right = texts.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const parsed = parseAll(right, delimiter) ?? right.map((line) => parseOne(line, delimiter));
  let at = 0;
  return lines.map(({ line }, i) => ({ line, fields: texts[i]?.fault ?? parsed[at++] ?? 'bad_quoting' }));
}

const OPTIONS = { relax_column_count: true, record_delimiter: '\n' };

/**
 * All at once, which is ten times as fast as one by one. As many records as lines: then no record goes over an end of
 * line. Null when something is wrong with one of them.
 */
function parseAll(lines: readonly string[], delimiter: string): string[][] | null {
  try {
    const records = parse(lines.join('\n'), { ...OPTIONS, delimiter });
    return records.length === lines.length ? records : null;
  } catch {
    return null;
  }
}

function parseOne(line: string, delimiter: string): string[] | 'bad_quoting' {
  try {
    const records = parse(line, { ...OPTIONS, delimiter });
    return (records.length === 1 && records[0]) || 'bad_quoting';
  } catch {
    return 'bad_quoting';
  }
}
