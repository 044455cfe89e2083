/**
 * `bootstrap FILE --rehearse DATABASE --letters FOLDER`, and `letters write FOLDER`: the whole way to two
 * operators without the post and without waiting, in a database that is a rehearsal for good
 * (docs/decisions/0024-rehearsal.md). Nodes send no letter of such a database.
 */
import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { App, AppSettings } from '../app.ts';
import { isBootstrapped } from '../db/installation.ts';
import { findDatabaseName, isRehearsal, markRehearsal } from '../db/rehearsal.ts';
import { renderBrailleLetter } from '../delivery/braille/brailleLetter.ts';
import { renderLetter } from '../delivery/letters/letterPdf.ts';
import { sendLetters } from '../jobs/sendLetters.ts';
import { createFolderPrintHouse } from '../platform/outbound/folderPrintHouse.ts';
import { bootstrapFromFile, checkOperatorsFile, FormFileError } from './issue.ts';
import type { CommandOutcome } from './keys.ts';
import type { RecordCommand } from './operator.ts';

const LEASE_MS = 60_000;

/**
 * All that can be refused is refused before the database is marked: the mark is for good.
 * @param where.databaseName typed as the confirmation: the settings may be those of production
 * @param where.folder where the letters are written; it is made, and only its owner may read it
 */
export async function rehearseBootstrap(
  app: App,
  settings: AppSettings,
  {
    file,
    folder,
    databaseName,
  }: { readonly file: string; readonly folder: string; readonly databaseName: string },
  record: RecordCommand,
): Promise<CommandOutcome> {
  const { database } = app.context;
  const connected = await findDatabaseName(database);
  if (connected !== databaseName)
    throw new FormFileError(
      `DATABASE_URL leads to the database ${connected}, not to ${databaseName}, and nothing was changed. A rehearsal has ` +
        'a database, settings and a folder of its own: docs/how-to/operator-commands.md, "A rehearsal"',
    );
  await makeFolder(folder);
  // A run that was stopped after the operators were made only has to write the letters.
  if (!((await isRehearsal(database)) && (await isBootstrapped(database)))) {
    checkOperatorsFile(app, file);
    if (!(await markRehearsal(database)))
      throw new FormFileError(
        'this database is not empty, so it never becomes a rehearsal: make another database, and migrate it',
      );
    await bootstrapFromFile(app, file, record);
  }
  const written = await writeLetters(app, settings, folder);
  return {
    text: `both are operators of this rehearsal; ${written} letters are in ${folder}: activate both IDs at ${settings.issuer}/activate`,
    json: { ok: true, rehearsal: true, letters: written, folder },
  };
}

export async function writeLettersByCommand(
  app: App,
  settings: AppSettings,
  folder: string,
  record: RecordCommand,
): Promise<CommandOutcome> {
  if (!(await isRehearsal(app.context.database)))
    throw new Error('this database is no rehearsal: its letters go to the print house, and nowhere else');
  await record(app.context.database, { folder: path.basename(folder) });
  const written = await writeLetters(app, settings, folder);
  return { text: `${written} letters were written to ${folder}`, json: { letters: written, folder } };
}

/** Writes every letter that waits, dated today. @returns how many */
async function writeLetters(
  { context, log }: App,
  { contact }: AppSettings,
  folder: string,
): Promise<number> {
  await makeFolder(folder);
  return await sendLetters(context, {
    printHouse: createFolderPrintHouse(folder),
    render: (letter) => renderLetter(letter, contact),
    emboss: async (letter) => renderBrailleLetter(letter, contact),
    log,
    atOnce: 1,
    leaseMs: LEASE_MS,
    isRehearsal: true,
  });
}

/** @throws FormFileError where the letters could not be written */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new FormFileError(
      `the letters cannot be written to ${folder} (${(error as NodeJS.ErrnoException).code}): ` +
        `make the folder for this account: install -d -m 700 -o noegle -g noegle ${folder}`,
    );
  }
}
