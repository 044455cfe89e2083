/**
 * The population register of the sandbox: the demo people, and some citizens who have no ID yet and can order
 * one. It is imported at each start; unchanged rows cost nothing.
 */
import { createReadStream } from 'node:fs';
import { importRegister, type ImportReport } from '../features/populationRegister/importRegister.ts';
import type { AppContext } from '../features/appContext.ts';

const FILE = new URL('../../examples/register.csv', import.meta.url);

/** @throws Error when a row of the file is wrong */
export async function importDemoRegister(context: AppContext): Promise<ImportReport> {
  const imported = await importRegister(context, createReadStream(FILE));
  const [wrong] = imported.skipped;
  if (wrong) throw new Error(`examples/register.csv, line ${wrong.line}: ${wrong.fault}`);
  return imported;
}
