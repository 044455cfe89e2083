#!/usr/bin/env node
/** The command line: the same app without a listener, for what operators do by hand. */
import { parseArgs } from 'node:util';
import { createApp, type App, type AppSettings } from './app.ts';
import {
  completeKeys,
  listSigningKeysByCommand,
  makeKeys,
  rotateSigningKeysByCommand,
  withdrawKeyById,
  type CommandOutcome,
} from './cli/keys.ts';
import { bootstrapFromFile, issueFromFile } from './cli/issue.ts';
import { runWithPlainDatabase, saveDatabaseSettings } from './cli/databaseSettings.ts';
import { runBindRows } from './cli/binding.ts';
import { runFailuresCommand } from './cli/failures.ts';
import { runLettersCommand } from './cli/letters.ts';
import { showMigrationPlan } from './cli/migrationPlan.ts';
import { NOTICE_OPTIONS, runNoticeCommand, type NoticeOptions } from './cli/notice.ts';
import {
  runAccessTokensCommand,
  runRelyingPartiesCommand,
  type RelyingPartyOptions,
} from './cli/relyingParty.ts';
import { importRegisterFile } from './cli/register.ts';
import {
  readPace,
  readSelection,
  replaceSelectedCards,
  type ReplaceCardsOptions,
} from './cli/replaceCards.ts';
import { findCommandName, readOperator, createCommandRecorder, type RecordCommand } from './cli/operator.ts';
import { ConfigError, readConfig, composeServerSettings } from './config/config.ts';
import { realClock, createShiftedClock } from './platform/clock.ts';
import { realRandom } from './platform/random.ts';
import { createLog } from './platform/log.ts';
import { readRunningSandboxSettings } from './sandbox/sandboxSettings.ts';
import { describeDatabaseError } from './db/connection/databaseErrors.ts';
import { migrateDatabase } from './db/migrations.ts';

const USAGE = `Usage: npx noegle <command> [--json] [--by NAME]

  migrate [--plan]           brings the database of DATABASE_URL up to date; with --plan it only says what it would do,
                             which locks that takes, and which nodes may run beside it
  database settings [--role NAME]
                             gives the role of DATABASE_URL, or another one, the settings that a node cannot pass
                             through a pooler in transaction mode
  check-config               says whether the configuration is right, and what is not
  keys make FILE             makes new key rings for NOEGLE_KEYS_FILE; never overwrites
  keys complete FILE         adds the rings that a new version needs; those that are there stay
  keys list                  the signing keys: which sign, which come next, which are retired
  keys rotate [--now]        the next keys sign, once everybody may know them; with --now at once, when a key leaked
  keys withdraw KID          deletes a retired signing key: what it signed is not believed any more
  letters                    how many letters wait, were sent, or were set aside, and why
  letters retry ID | all     sends a letter again that was set aside, or all of them, notices too
  notice set --da TEXT --en TEXT [--until TIME]
                             a line on every page, in plain text, at most 200 characters; until it is cleared, or
                             2026-12-01T06:00+01:00
  notice show | clear
  bind-rows [--check]        gives every row its MAC while "binding" is "write"; says which rows are not as they were written
  bind-rows --accept ID      an identity that you have looked at is believed as it stands
  failures [--hours N]       wrong answers of the last 24 (or so many) hours, over all names: a few everywhere
  replace-cards --batch B | --day YYYY-MM-DD | --kid K [--per-second N]
                             orders new cards for all that were printed in a batch, left on a day, or were made
                             with a card key; N people a second (20); start it anew if it was stopped
  bootstrap FILE             issues IDs to the first two operators, once: a JSON list of two, with the fields of the
                             desk's form (docs/how-to/running.md)
  issue FILE                 in the sandbox: issues an ID on one such form
  relying-party add FILE     a relying party, from a JSON file (docs/how-to/relying-parties.md); its secret is shown once
  relying-party list | show ID | update ID FILE | rotate-secret ID | remove ID
  relying-party approve ID --version N [--logo FILE]
                             what it registered, or wants to change, as "show" says it at that version
  initial-access-token create --kind bank|public [--profile web|browser|native] [--scope "openid ..."] [--trusted]
                             [--acr URI] [--sector URI] [--hours N]
                             opens one registration, within these limits, for a week or so many hours
  register import FILE [--left-out-at-most N]
                             loads the population register from a CSV file; start it again if it was stopped; ends with 1
                             if more than N rows (0) were left out

Who gave a command stands in the audit log: the account of the system, and the NAME (or NOEGLE_OPERATOR) of the
person where several share one. Without DATABASE_URL the commands from "keys list" on work on the sandbox that is running.`;

/** The arguments do not form a command. */
class UsageError extends Error {}

interface CliOptions extends RelyingPartyOptions, ReplaceCardsOptions, NoticeOptions {
  readonly json: boolean;
  readonly 'per-second'?: string | undefined;
  readonly 'left-out-at-most'?: string | undefined;
  readonly now: boolean;
  readonly check?: boolean | undefined;
  readonly accept?: string | undefined;
  readonly by?: string | undefined;
  readonly role?: string | undefined;
  readonly plan?: boolean | undefined;
}

async function runCommand(words: string[], options: CliOptions): Promise<CommandOutcome> {
  const [command, ...rest] = words;
  const name = findCommandName(words);
  const operator = readOperator(options.by ?? (process.env['NOEGLE_OPERATOR'] || undefined));
  if (name === null) throw new UsageError(USAGE);
  if (!operator) throw new UsageError('--by (or NOEGLE_OPERATOR) must be a name, of at most 100 signs');
  const record = createCommandRecorder(operator, name);
  switch (command) {
    case 'database': {
      if (rest.length > 1) throw new UsageError(USAGE);
      return await saveDatabaseSettings(requireDatabaseUrl(), options.role ?? null, record);
    }
    case 'migrate': {
      const databaseUrl = requireDatabaseUrl();
      if (options.plan) return await showMigrationPlan(databaseUrl);
      const say = (text: string) => void process.stderr.write(`${text}\n`);
      const files = await migrateDatabase(databaseUrl, { log: say });
      await recordMigration(databaseUrl, record, files);
      return { text: files.length > 0 ? `ran ${files.join(', ')}` : 'nothing to do', json: { ran: files } };
    }
    case 'check-config': {
      const { mode } = readConfig(process.env);
      return {
        text: `right, for ${mode === 'server' ? 'a server' : 'the sandbox'}`,
        json: { ok: true, mode },
      };
    }
    case 'keys':
      return await runKeysCommand(rest, options, record);
    case 'letters':
      return await runWithApp(async (app) => requireUsage(await runLettersCommand(app, rest, record)));
    case 'notice':
      return await runWithApp(async (app) =>
        requireUsage(await runNoticeCommand(app, rest, options, record)),
      );
    case 'failures': {
      if (rest.length > 0) throw new UsageError(USAGE);
      return await runWithApp(async (app) => requireUsage(await runFailuresCommand(app, options.hours)));
    }
    case 'register': {
      const [action, file, ...more] = rest;
      if (action !== 'import' || !file || more.length > 0) throw new UsageError(USAGE);
      const leftOutAtMost = readLeftOutLimit(options['left-out-at-most']);
      return await runWithApp((app) => importRegisterFile(app, file, leftOutAtMost, record));
    }
    case 'bind-rows':
      if (rest.length > 0) throw new UsageError(USAGE);
      return await runWithApp((app) => runBindRows(app, options, record));
    case 'relying-party':
      return await runWithApp(async (app, where) =>
        requireUsage(await runRelyingPartiesCommand(app, where, rest, options, record)),
      );
    case 'initial-access-token':
      return await runWithApp(async (app, where) =>
        requireUsage(await runAccessTokensCommand(app, where, rest, options, record)),
      );
    case 'replace-cards': {
      const selection = readSelection(options);
      if (!selection) throw new UsageError(USAGE);
      const perSecond = readPace(options['per-second']);
      return await runWithApp((app) => replaceSelectedCards(app, selection, perSecond, record));
    }
    case 'bootstrap':
    case 'issue': {
      const [file] = rest;
      if (!file || rest.length > 1) throw new UsageError(USAGE);
      if (command === 'bootstrap') return await runWithApp((app) => bootstrapFromFile(app, file, record));
      if (readConfig(process.env).mode === 'server') {
        throw new ConfigError([
          'this is for the sandbox: in production IDs are issued at desks, banks and online',
        ]);
      }
      return await runWithApp((app) => issueFromFile(app, file, record));
    }
    default:
      throw new UsageError(USAGE);
  }
}

function requireDatabaseUrl(): string {
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw new ConfigError(['DATABASE_URL is not set']);
  return databaseUrl;
}

/**
 * `make` and `complete` work on the key rings in a file; the other actions on the signing keys in the
 * database.
 */
async function runKeysCommand(
  [action, argument]: string[],
  { now }: CliOptions,
  record: RecordCommand,
): Promise<CommandOutcome> {
  if (action === 'make' && argument) return makeKeys(argument);
  if (action === 'complete' && argument) return completeKeys(argument);
  if (action === 'list' && !argument) return await runWithApp(listSigningKeysByCommand);
  if (action === 'rotate' && !argument)
    return await runWithApp((app) => rotateSigningKeysByCommand(app, now, record));
  if (action === 'withdraw' && argument)
    return await runWithApp((app) => withdrawKeyById(app, argument, record));
  throw new UsageError(USAGE);
}

function requireUsage(outcome: CommandOutcome | null): CommandOutcome {
  if (outcome) return outcome;
  throw new UsageError(USAGE);
}

async function runWithApp(
  work: (app: App, settings: { readonly issuer: string }) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const config = readConfig(process.env);
  const settings =
    config.mode === 'server' ? composeServerSettings(config) : await readRunningSandboxSettings(config);
  const startAt = config.mode === 'sandbox' ? config.startAt : null;
  const clock = startAt ? createShiftedClock(startAt) : realClock;
  const app = await createApp(settings, { clock, random: realRandom, log: createLog('error') });
  try {
    assertBindingIsSet(app, settings);
    return await work(app, settings);
  } finally {
    await app.close();
  }
}

/**
 * The binding mode that the database stores may have been written by an attacker. If a command followed a
 * stored `write`, it would give a valid MAC to every row, including forged ones. So `write` must be set in
 * the rules file.
 * @throws Error when only the database says `write`
 */
function assertBindingIsSet({ context }: App, { rules }: AppSettings): void {
  if (rules.binding !== undefined || context.database.rowAuthenticator.mode !== 'write') return;
  throw new Error(
    '"binding" is "write" by the database alone: say so in NOEGLE_RULES_FILE, as for the nodes',
  );
}

/** Recorded after the migration, because the first migration creates the table of audit events. */
async function recordMigration(
  databaseUrl: string,
  record: RecordCommand,
  ran: readonly string[],
): Promise<void> {
  await runWithPlainDatabase(databaseUrl, (database) => record(database, { ran }));
}

function readLeftOutLimit(text = '0'): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('--left-out-at-most must be a number of rows');
  return Number(text);
}

// The id of a signing key (43 characters) may begin with a dash. No option is that long.
const isKid = (argument: string) => /^-[A-Za-z0-9_-]{42}$/.test(argument);
const cliArguments = process.argv.slice(2);

const parseArguments = () =>
  parseArgs({
    args: [...cliArguments.filter((one) => !isKid(one)), '--', ...cliArguments.filter(isKid)],
    options: {
      json: { type: 'boolean', default: false },
      batch: { type: 'string' },
      day: { type: 'string' },
      kid: { type: 'string' },
      'per-second': { type: 'string' },
      'left-out-at-most': { type: 'string' },
      now: { type: 'boolean', default: false },
      check: { type: 'boolean' },
      accept: { type: 'string' },
      logo: { type: 'string' },
      version: { type: 'string' },
      kind: { type: 'string' },
      profile: { type: 'string' },
      scope: { type: 'string' },
      sector: { type: 'string' },
      acr: { type: 'string' },
      hours: { type: 'string' },
      trusted: { type: 'boolean' },
      by: { type: 'string' },
      role: { type: 'string' },
      plan: { type: 'boolean' },
      ...NOTICE_OPTIONS,
    },
    allowPositionals: true,
  });
try {
  const { values, positionals } = parseArguments();
  const { text, json, failure } = await runCommand(positionals, values);
  process.stdout.write(`${values.json ? JSON.stringify(json) : text}\n`);
  if (failure !== undefined) {
    process.stderr.write(`${values.json ? JSON.stringify({ error: failure }) : failure}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  const message = describeDatabaseError(error);
  process.stderr.write(`${cliArguments.includes('--json') ? JSON.stringify({ error: message }) : message}\n`);
  process.exit(1);
}
