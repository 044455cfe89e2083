/** Files of the population register, in the format that a municipality gets. */
import { Readable } from 'node:stream';

export const HEADER = 'cpr,name,address,postcode,city,passport,driving_licence,email,protected,status';

export interface RegisterFileRow {
  readonly cpr: string;
  readonly name?: string;
  /** A file without any has no such columns. */
  readonly given?: string;
  readonly family?: string;
  readonly address?: string;
  readonly postcode?: string;
  readonly city?: string;
  /** A file without any has no such column. */
  readonly country?: string;
  readonly passport?: string;
  readonly licence?: string;
  readonly email?: string;
  readonly isProtected?: string;
  readonly status?: string;
  /** Numbers that became this one, in the format of the file. A file without any has no such column. */
  readonly former?: string;
}

export function writeRow(
  row: RegisterFileRow,
  { hasFormer = false, isApart = false, hasCountry = false } = {},
): string {
  return [
    row.cpr,
    row.name ?? 'Anna Prøve',
    row.address ?? 'Prøvegade 1',
    row.postcode ?? '8900',
    row.city ?? 'Randers C',
    row.passport ?? '',
    row.licence ?? '',
    row.email ?? '',
    row.isProtected ?? 'no',
    row.status ?? 'active',
    ...(hasFormer ? [row.former ?? ''] : []),
    ...(hasCountry ? [row.country ?? ''] : []),
    ...(isApart ? [row.given ?? '', row.family ?? ''] : []),
  ]
    .map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}

/** In chunks with arbitrary ends, as a disk returns them. */
export function aFile(lines: readonly (string | Buffer)[], pieceLength = 701): Readable {
  const whole = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; at += pieceLength) pieces.push(whole.subarray(at, at + pieceLength));
  return Readable.from(pieces);
}

export function aRegisterFile(rows: readonly RegisterFileRow[]): Readable {
  const hasFormer = rows.some(({ former }) => former !== undefined);
  const isApart = rows.some(({ given, family }) => given !== undefined || family !== undefined);
  const hasCountry = rows.some(({ country }) => country !== undefined);
  const more = [
    ...(hasFormer ? ['former_cpr'] : []),
    ...(hasCountry ? ['country'] : []),
    ...(isApart ? ['given_names', 'family_name'] : []),
  ];
  const written = rows.map((row) => writeRow(row, { hasFormer, isApart, hasCountry }));
  return aFile([[HEADER, ...more].join(','), ...written]);
}

/** Real dates, each number unique: 60 is added to the day, as the CPR office does for test persons. */
export function cprAt(index: number): string {
  const day = 61 + (index % 28);
  const month = 1 + (Math.floor(index / 28) % 12);
  const year = Math.floor(index / 336) % 100;
  const serial = Math.floor(index / 33_600) % 4_000;
  return `${day}${String(month).padStart(2, '0')}${String(year).padStart(2, '0')}${String(serial).padStart(4, '0')}`;
}
