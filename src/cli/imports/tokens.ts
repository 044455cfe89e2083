/** The commands `tokens import` and `tokens list`. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { App } from '../../app.ts';
import { countTokensByState } from '../../db/factors/codeTokenStock.ts';
import { CODE_TOKEN_STATES } from '../../domain/factors/codeToken.ts';
import { importTokens, type TokenImportReport } from '../../features/codeTokens/index.ts';
import type { CommandOutcome } from '../keys.ts';
import type { RecordCommand } from '../operator.ts';
import { assertReadable } from '../operatorFile.ts';

type Fault = TokenImportReport['faults'][number]['fault'];

const FAULTS: Readonly<Record<Fault, string>> = {
  field_count: 'too many fields, or too few',
  bad_quoting: 'quotes that do not belong together',
  not_utf8: 'bytes that are not UTF-8',
  too_long: 'too long',
  bad_serial: 'serial is none of 4 to 32 letters, digits and hyphens',
  bad_kind: 'kind is neither hotp nor totp',
  bad_seed: 'seed is neither hexadecimal nor base32',
  short_seed: 'seed has fewer than 16 bytes',
  long_seed: 'seed has more than 64 bytes',
  bad_digits: 'digits is neither 6 nor 8',
  bad_period: 'period is none of 15 to 300 seconds, or a hotp has one',
  bad_algorithm: 'algorithm is neither SHA-1 nor SHA-256',
  bad_counter: 'counter is no whole number, or a totp has one',
  serial_twice: 'a serial number that the file had before',
  seed_twice: 'a seed that the file had before',
  serial_taken: 'a serial number that was imported before',
  seed_taken: 'a seed that was imported before',
};

/** The words after `tokens`. */
export type TokensCommand = readonly ['list'] | readonly ['import', file: string];

export function isTokensCommand(words: readonly string[]): words is TokensCommand {
  const [action, file] = words;
  return action === 'list' ? words.length === 1 : action === 'import' && Boolean(file) && words.length === 2;
}

export async function runTokensCommand(
  app: App,
  [, file]: TokensCommand,
  record: RecordCommand,
): Promise<CommandOutcome> {
  return file === undefined ? await listTokensByCommand(app) : await importTokensByCommand(app, file, record);
}

async function importTokensByCommand(
  { context }: App,
  file: string,
  record: RecordCommand,
): Promise<CommandOutcome> {
  assertReadable(file);
  const report = await importTokens(context, createReadStream(file), (db, many) =>
    record(db, { file: path.basename(file), imported: many }),
  );
  const { rows, imported, faultCount, faultyRows, faults } = report;
  if (faultCount > 0) {
    const more = faultCount - faults.length;
    const lines = [
      ...faults.map(({ line, fault }) => `line ${line}: ${FAULTS[fault]}`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ];
    const failure = `${faultyRows} of ${rows} rows cannot be imported: nothing was`;
    return { text: lines.join('\n'), json: { ...report, failure }, failure };
  }
  const inStock = (await countTokensByState(context.database)).get('in_stock') ?? 0;
  const counts = `${imported} code ${imported === 1 ? 'token was' : 'tokens were'} imported; ${inStock} in stock now`;
  return {
    text: `${counts}. Delete the file, and every copy of it: it has the seeds in clear`,
    json: { ...report, inStock },
  };
}

async function listTokensByCommand({ context }: App): Promise<CommandOutcome> {
  const counts = await countTokensByState(context.database);
  const states = CODE_TOKEN_STATES.map((state) => ({ state, tokens: counts.get(state) ?? 0 }));
  return {
    text: states.map(({ state, tokens }) => `${state.padEnd(10)} ${tokens}`).join('\n'),
    json: { states },
  };
}
