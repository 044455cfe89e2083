/** The command `register import`. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { App } from '../../app.ts';
import type { CommandOutcome } from '../keys.ts';
import type { RecordCommand } from '../operator.ts';
import { assertReadable } from '../operatorFile.ts';
import { drawProgress, endProgress } from '../progress.ts';
import type { RowFault } from '../../domain/issuing/populationRegister.ts';
import { importRegister, type ImportReport } from '../../features/populationRegister/importRegister.ts';

const FAULTS: Record<RowFault, string> = {
  bad_cpr: 'no CPR number, or one with an impossible date',
  short_cpr:
    'a CPR number that a spreadsheet took for a number: its zero in front is gone, or most of its digits',
  bad_former_cpr: 'former_cpr is no CPR number, or that of the row; several have semicolons between them',
  no_name: 'no name',
  unknown_status: 'the status is none of active, dead, emigrated',
  bad_postcode:
    'the postcode is not four digits (Faroe Islands: three); an address abroad has its country in the column country',
  bad_country: 'nothing is known of the country; write its name or its two letters',
  address_incomplete: 'of address, postcode and city a part is missing',
  bad_protected: 'protected is none of yes, no, true, false, 1, 0 and is not empty',
  bad_characters: 'a character that cannot be printed',
  not_printable:
    'a name or an address in letters that cannot be printed; write it in Latin letters, as on a letter',
  field_count: 'too many fields, or too few',
  bad_quoting: 'quotes that do not belong together',
  mangled: 'letters that are not as they were: the file was once read in another encoding than its own',
  not_utf8: 'bytes that are not UTF-8, as in a file in Windows-1252 or Latin-1',
  too_long: 'too long',
  cpr_twice: 'a CPR number that the file had before',
};

const SAVE_AS =
  'save the file as "CSV UTF-8" (Excel: File, Save As; LibreOffice: Text CSV, character set UTF-8) from where its letters ' +
  'are right';
const ADVICE: Partial<Record<RowFault, string>> = {
  not_utf8: SAVE_AS,
  mangled: SAVE_AS,
  short_cpr: 'give the column cpr the format Text before the numbers are put in, and save the file again',
};

export async function importRegisterFile(
  { context }: App,
  file: string,
  leftOutAtMost: number,
  record: RecordCommand,
): Promise<CommandOutcome> {
  assertReadable(file);
  const { size } = await stat(file);
  const about = { file: path.basename(file), bytes: size };
  // Each row is a separate transaction: a run that is killed has recorded that it began.
  await record(context.database, { ...about, step: 'begun' });
  const imported = await importRegister(context, createReadStream(file), ({ bytes, rows }) =>
    drawProgress(size === 0 ? 1 : bytes / size, `${rows} rows`),
  ).finally(endProgress);
  const { rows, added, changed, unchanged, people, toLookAt, toLookAtLines, skippedCount, skipped } =
    imported;
  await record(context.database, { ...about, step: 'done', rows, added, changed, people, skippedCount });
  const more = skippedCount - skipped.length;
  const advised = new Set(skipped.flatMap(({ fault }) => ADVICE[fault] ?? []));
  const advice = [...advised];
  const lines = [
    `${rows} rows: ${added} added, ${changed} changed, ${unchanged} unchanged, ${skippedCount} left out`,
    `${people} people who have an ID were changed`,
    ...(toLookAt > 0
      ? [
          `${toLookAt} for an officer to look at, one person with two IDs, rows in contradiction or numbers of two people: line ${toLookAtLines.join(', ')}`,
        ]
      : []),
    ...skipped.map(({ line, fault }) => `line ${line}: ${FAULTS[fault]}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...advice,
  ];
  const failure = composeImportFailure(imported, leftOutAtMost);
  return {
    text: lines.join('\n'),
    json: { ...imported, advice, ...(failure === null ? {} : { failure }) },
    ...(failure === null ? {} : { failure }),
  };
}

/** The valid rows are imported, regardless of a failure that this reports. */
function composeImportFailure({ rows, skippedCount }: ImportReport, leftOutAtMost: number): string | null {
  if (skippedCount === rows) return 'no row could be read: nothing was taken';
  if (skippedCount <= leftOutAtMost) return null;
  return `${skippedCount} rows were left out, and at most ${leftOutAtMost} may be (--left-out-at-most); the others are in`;
}
