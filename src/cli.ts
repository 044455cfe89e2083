#!/usr/bin/env node
/**
 * The command line: what operators do by hand. Each command loads only what it needs, so that those that
 * build no app answer within a second.
 */
import type { App, AppSettings } from './app.ts';
import type { CommandOutcome } from './cli/keys.ts';
import { parseArguments, type CliOptions } from './cli/options.ts';
import {
  findCommandName,
  readOperator,
  createCommandRecorder,
  type CliOperator,
  type RecordCommand,
} from './cli/operator.ts';
import { explainUnknownCommand, findHelp, USAGE } from './cli/usage.ts';

/** The arguments do not form a command. */
class UsageError extends Error {}

async function runCommand(words: string[], options: CliOptions): Promise<CommandOutcome> {
  const [command, ...rest] = words;
  const name = findCommandName(words);
  const operator = readOperator(options.by ?? (process.env['NOEGLE_OPERATOR'] || undefined));
  if (name === null) throw new UsageError(words.length === 0 ? USAGE : explainUnknownCommand(words));
  if (!operator) throw new UsageError('--by (or NOEGLE_OPERATOR) must be a name, of at most 100 signs');
  const record = createCommandRecorder(operator, name);
  switch (command) {
    case 'migrate':
      if (options.plan === true)
        return await (await import('./cli/database/migrate.ts')).planMigrationsByCommand();
      return await (await import('./cli/database/migrate.ts')).migrateByCommand(record);
    case 'check-config':
      if (options.database === true) return await runDoctor(rest, options);
      return (await import('./cli/checkConfig.ts')).checkConfig();
    case 'doctor':
      return await runDoctor(rest, options);
    case 'status': {
      if (rest.length > 0) throw new UsageError(USAGE);
      return await (await import('./cli/status.ts')).reportStatusByCommand();
    }
    case 'database':
      if (rest.length > 1) throw new UsageError(USAGE);
      if (rest[0] === 'settings') {
        const { saveDatabaseSettings } = await import('./cli/database/databaseSettings.ts');
        return await saveDatabaseSettings(options.role ?? null, record);
      }
      return await (await import('./cli/database/database.ts')).makeDatabaseByCommand(options);
    case 'keys':
      return await runKeysCommand(rest, options, record);
    case 'print-keys': {
      const [action, folder, ...more] = rest;
      if (action !== 'make' || !folder || more.length > 0) throw new UsageError(USAGE);
      return (await import('./cli/printKeys.ts')).makePrintKeys(folder);
    }
    case 'letters': {
      const [action, folder, ...more] = rest;
      if (action === 'write') {
        if (!folder || more.length > 0) throw new UsageError(USAGE);
        const { writeLettersByCommand } = await import('./cli/rehearse.ts');
        return await runWithApp((app, settings) => writeLettersByCommand(app, settings, folder, record));
      }
      const { runLettersCommand } = await import('./cli/letters.ts');
      return await runWithApp(async (app) => requireUsage(await runLettersCommand(app, rest, record)));
    }
    case 'logouts': {
      const { runLogoutsCommand } = await import('./cli/logouts.ts');
      return await runWithApp(async (app) => requireUsage(await runLogoutsCommand(app, rest, record)));
    }
    case 'connections': {
      const { runConnectionsCommand } = await import('./cli/database/connections.ts');
      return requireUsage(await runConnectionsCommand(rest, record));
    }
    case 'staff': {
      const { listStaffByCommand } = await import('./cli/staff.ts');
      return await runWithApp(async (app) => requireUsage(await listStaffByCommand(app, rest, record)));
    }
    case 'person': {
      const { runPersonCommand } = await import('./cli/person.ts');
      return await runWithApp(async (app) =>
        requireUsage(await runPersonCommand(app, rest, options, record)),
      );
    }
    case 'proofing': {
      const { runProofingCommand } = await import('./cli/proofing.ts');
      return await runWithApp(async (app) =>
        requireUsage(await runProofingCommand(app, rest, options, record)),
      );
    }
    case 'notice': {
      const { runNoticeCommand } = await import('./cli/notice.ts');
      return await runWithApp(async (app) =>
        requireUsage(await runNoticeCommand(app, rest, options, record)),
      );
    }
    case 'failures': {
      if (rest.length > 0) throw new UsageError(USAGE);
      const { runFailuresCommand } = await import('./cli/failures.ts');
      return await runWithApp(async (app) => requireUsage(await runFailuresCommand(app, options.hours)));
    }
    case 'register': {
      const [action, file, ...more] = rest;
      if (action !== 'import' || !file || more.length > 0) throw new UsageError(USAGE);
      const leftOutAtMost = readLeftOutLimit(options['left-out-at-most']);
      const { importRegisterFile } = await import('./cli/imports/register.ts');
      return await runWithApp((app) => importRegisterFile(app, file, leftOutAtMost, record));
    }
    case 'tokens': {
      const { isTokensCommand, runTokensCommand } = await import('./cli/imports/tokens.ts');
      if (!isTokensCommand(rest)) throw new UsageError(findHelp(['tokens', rest[0] ?? '']) ?? USAGE);
      return await runWithApp((app) => runTokensCommand(app, rest, record));
    }
    case 'audit':
      return await runAuditCommand(rest, options, operator, record);
    case 'after-restore': {
      if (rest.length > 0) throw new UsageError(USAGE);
      const { runAfterRestore } = await import('./cli/restore/afterRestore.ts');
      return await runAfterRestore(options, record);
    }
    case 'drill': {
      if (rest[0] !== 'restore' || rest.length > 1) throw new UsageError(USAGE);
      const { drillRestore } = await import('./cli/restore/drillRestore.ts');
      return await drillRestore(options, record);
    }
    case 'bind-rows': {
      if (rest.length > 0) throw new UsageError(USAGE);
      const { runBindRows } = await import('./cli/binding.ts');
      return await runWithApp((app) => runBindRows(app, options, record));
    }
    case 'relying-party': {
      const { runRelyingPartiesCommand } = await import('./cli/relyingParty.ts');
      return await runWithApp(async (app, where) =>
        requireUsage(await runRelyingPartiesCommand(app, where, rest, options, record)),
      );
    }
    case 'initial-access-token': {
      const { runAccessTokensCommand } = await import('./cli/relyingParty.ts');
      return await runWithApp(async (app, where) =>
        requireUsage(await runAccessTokensCommand(app, where, rest, options, record)),
      );
    }
    case 'replace-cards': {
      const { readPace, readSelection, replaceSelectedCards } = await import('./cli/replaceCards.ts');
      const selection = readSelection(options);
      if (!selection) throw new UsageError(USAGE);
      const perSecond = readPace(options['per-second']);
      return await runWithApp((app) => replaceSelectedCards(app, selection, perSecond, record));
    }
    case 'bootstrap': {
      const [file] = rest;
      if (!file || rest.length > 1) throw new UsageError(USAGE);
      if (options.rehearse !== undefined) {
        const { rehearse: databaseName, letters: folder } = options;
        if (!folder)
          throw new UsageError('--letters FOLDER is needed: where the letters of the rehearsal go');
        const { rehearseBootstrap } = await import('./cli/rehearse.ts');
        return await runWithApp((app, settings) =>
          rehearseBootstrap(app, settings, { file, folder, databaseName }, record),
        );
      }
      const { bootstrapByCommand } = await import('./cli/issue.ts');
      return await runWithApp((app) => bootstrapByCommand(app, file, record));
    }
    case 'issue': {
      const [file] = rest;
      if (!file || rest.length > 1) throw new UsageError(USAGE);
      const { assertSandbox, issueFromFile } = await import('./cli/issue.ts');
      assertSandbox();
      return await runWithApp((app) => issueFromFile(app, file, record));
    }
    default:
      throw new UsageError(USAGE);
  }
}

async function runAuditCommand(
  [action, ...words]: readonly string[],
  options: CliOptions,
  operator: CliOperator,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const audit = await import('./cli/audit.ts');
  if (action === 'erase')
    return await runWithApp(async (app, settings) =>
      requireUsage(await audit.erasePersonByCommand(app, settings, { words, options, operator }, record)),
    );
  if (words.length > 0) throw new UsageError(USAGE);
  if (action === 'verify') return await audit.verifyAuditByCommand(options);
  return await runWithApp(async (app) =>
    requireUsage(await audit.exportAuditByCommand(app, options, record)),
  );
}

async function runDoctor(rest: readonly string[], options: CliOptions): Promise<CommandOutcome> {
  if (rest.length > 0) throw new UsageError(USAGE);
  return await (await import('./cli/doctor/doctor.ts')).runDoctorByCommand(options);
}

/** The signing keys in the database; `keys make` makes key rings, which `runRingsCommand` changes. */
async function runKeysCommand(
  [action, argument, ...more]: string[],
  { now }: CliOptions,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const ofRings = await runRingsCommand([action, argument, ...more], record);
  if (ofRings) return ofRings;
  const keys = await import('./cli/keys.ts');
  if (action === 'make' && argument) return keys.makeKeys(argument);
  if (action === 'list' && !argument) return await runWithApp(keys.listSigningKeysByCommand);
  if (action === 'rotate' && !argument)
    return await runWithApp((app) => keys.rotateSigningKeysByCommand(app, now, record));
  if (action === 'withdraw' && argument)
    return await runWithApp((app) => keys.withdrawKeyById(app, argument, record));
  throw new UsageError(USAGE);
}

/** `complete`, `add` and `use` change a file and need no database. @returns null for other actions */
async function runRingsCommand(
  [action, first = '', second = '', third = '', ...more]: (string | undefined)[],
  record: RecordCommand,
): Promise<CommandOutcome | null> {
  const given = [first, second, third].filter((word) => word !== '').length;
  const arities: Record<string, number> = {
    complete: 1,
    add: 2,
    use: 3,
    rings: 0,
    reseal: 0,
    retire: 2,
    remove: 3,
  };
  if (action === undefined || !Object.hasOwn(arities, action)) return null;
  if (given !== arities[action] || more.length > 0) throw new UsageError(USAGE);
  const file = await import('./cli/ringKeys/ringFile.ts');
  if (action === 'complete') return file.completeKeys(first);
  if (action === 'add') return file.addRingKey(first, second);
  if (action === 'use') return file.useRingKey(first, second, third);
  if (action === 'reseal') {
    const { resealByCommand } = await import('./cli/ringKeys/resealCommand.ts');
    return await runWithApp(async (app) => await resealByCommand(app, record));
  }
  const rings = await import('./cli/ringKeys/ringCommands.ts');
  if (action === 'rings') return await runWithApp(rings.listRingsByCommand);
  if (action === 'retire')
    return await runWithApp(async (app) => await rings.retireRingKey(app, first, second, record));
  const removal = { name: first, kid: second, file: third };
  return await runWithApp(async (app) => await rings.removeRingKey(app, removal, record));
}

function requireUsage(outcome: CommandOutcome | null): CommandOutcome {
  if (outcome) return outcome;
  throw new UsageError(USAGE);
}

async function runWithApp(
  work: (app: App, settings: AppSettings) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  return await (await import('./cli/runWithApp.ts')).runWithApp(work);
}

function readLeftOutLimit(text = '0'): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('--left-out-at-most must be a number of rows');
  return Number(text);
}

const cliArguments = process.argv.slice(2);
try {
  const { values, positionals } = parseArguments(cliArguments);
  const isHelp = values.help || positionals[0] === 'help';
  if (isHelp) {
    const words = positionals.filter((word) => word !== 'help');
    const help = words.length === 0 ? USAGE : findHelp(words);
    process.stdout.write(`${help ?? explainUnknownCommand(words)}\n`);
    if (help === null) process.exitCode = 1;
  } else {
    const { text, json, failure, exitCode } = await runCommand(positionals, values);
    process.stdout.write(`${values.json ? JSON.stringify(json) : text}\n`);
    if (exitCode !== undefined) process.exitCode = exitCode;
    if (failure !== undefined) {
      process.stderr.write(`${values.json ? JSON.stringify({ error: failure }) : failure}\n`);
      process.exitCode = 1;
    }
  }
} catch (error) {
  const { describeDatabaseError } = await import('./db/connection/databaseErrors.ts');
  const message = describeDatabaseError(error);
  process.stderr.write(`${cliArguments.includes('--json') ? JSON.stringify({ error: message }) : message}\n`);
  process.exit(1);
}
