#!/usr/bin/env node
/** The same app without a listener: what operators do by hand. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createApp, type App } from './app.ts';
import { completeKeyring, ConfigFault, readConfig } from './config.ts';
import { realClock } from './platform/clock.ts';
import { realDice } from './platform/dice.ts';
import { Keyring } from './platform/keyring.ts';
import { createLog } from './platform/log.ts';
import type { CardSelection } from './store/cardSelection.ts';
import { reportLetters, tryAllAgain, tryLetterAgain } from './store/letters.ts';
import { migrate } from './store/migrations.ts';
import { replaceCards, type ReplacementProgress } from './usecases/replaceCards.ts';

const USAGE = `Usage: npx noegle <command> [--json]

  migrate                    brings the database of DATABASE_URL up to date
  check-config               says whether the configuration is right, and what is not
  keys make FILE             makes new key rings for NOEGLE_KEYS_FILE; never overwrites
  keys complete FILE         adds the rings that a new version needs; those that are there stay
  letters                    how many letters wait, were sent, or were set aside, and why
  letters retry ID | all     sends a letter again that was set aside, or all of them, notices too
  replace-cards --batch B | --day YYYY-MM-DD | --kid K [--per-second N]
                             orders new cards for all that were printed in a batch, left on a day, or were made
                             with a card key; N people a second (20); start it anew if it was stopped`;

/** Asked for something that there is not. */
class UsageFault extends Error {}

interface Outcome {
  readonly text: string;
  readonly json: object;
}

interface Options {
  readonly json: boolean;
  readonly batch?: string | undefined;
  readonly day?: string | undefined;
  readonly kid?: string | undefined;
  readonly 'per-second'?: string | undefined;
}

async function run([command, ...rest]: string[], options: Options): Promise<Outcome> {
  switch (command) {
    case 'migrate': {
      const databaseUrl = process.env['DATABASE_URL'];
      if (!databaseUrl) throw new ConfigFault(['DATABASE_URL is not set']);
      const files = await migrate(databaseUrl);
      return { text: files.length > 0 ? `ran ${files.join(', ')}` : 'nothing to do', json: { ran: files } };
    }
    case 'check-config': {
      const { mode } = readConfig(process.env);
      return {
        text: `right, for ${mode === 'server' ? 'a server' : 'the sandbox'}`,
        json: { ok: true, mode },
      };
    }
    case 'keys': {
      const [action, file] = rest;
      if (action === 'complete' && file) return completeKeys(file);
      if (action !== 'make' || !file) throw new UsageFault(USAGE);
      writeFileSync(file, `${JSON.stringify(Keyring.generate(), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      return { text: `made ${file}; keep it apart from the database and its backups`, json: { file } };
    }
    case 'letters':
      return await withApp((app) => letters(app, rest));
    case 'replace-cards': {
      const selection = readSelection(options);
      const perSecond = readPace(options['per-second']);
      return await withApp((app) => replace(app, selection, perSecond));
    }
    default:
      throw new UsageFault(USAGE);
  }
}

function completeKeys(file: string): Outcome {
  const completed = completeKeyring(readFileSync(file, 'utf8'));
  if (!completed) return { text: 'nothing is missing', json: { file, completed: false } };
  writeFileSync(`${file}.new`, `${JSON.stringify(completed, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(`${file}.new`, file);
  return { text: `completed ${file}; the same file for every node`, json: { file, completed: true } };
}

async function withApp(work: (app: App) => Promise<Outcome>): Promise<Outcome> {
  const config = readConfig(process.env);
  if (config.mode !== 'server') throw new ConfigFault(['DATABASE_URL is not set: this is for a server']);
  const app = await createApp(config, { clock: realClock, dice: realDice, log: createLog('error') });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

async function letters({ world }: App, [action, id]: string[]): Promise<Outcome> {
  if (action === 'retry') {
    if (id === 'all') {
      const many = await tryAllAgain(world.database);
      return { text: `${many} are sent again`, json: { again: many } };
    }
    if (!id || !UUID.test(id)) throw new UsageFault(USAGE);
    if (!(await tryLetterAgain(world.database, id))) throw new Error(`no letter ${id} was set aside`);
    return { text: `letter ${id} is sent again`, json: { id } };
  }
  if (action !== undefined) throw new UsageFault(USAGE);
  const report = await reportLetters(world.database);
  const counts = Object.entries(report.counts).map(([state, many]) => `${state}: ${many}`);
  const aside = report.setAside.map(
    ({ id: letterId, kind, orderedAt, tries, fault }) =>
      `${letterId}  ${kind}, ordered ${orderedAt.toISOString()}, ${tries} tries: ${fault}`,
  );
  return { text: [...counts, ...aside].join('\n') || 'no letters', json: report };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readSelection({ batch, day, kid }: Options): CardSelection {
  const given = [batch, day, kid].filter((one) => one !== undefined);
  if (given.length !== 1) throw new UsageFault(USAGE);
  if (batch !== undefined) return { kind: 'batch', batch };
  if (kid !== undefined) return { kind: 'kid', kid };
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day ?? '')) throw new Error(`${day} is no day; YYYY-MM-DD`);
  return { kind: 'day', day: day ?? '' };
}

function readPace(text = '20'): number {
  const perSecond = Number(text);
  if (!(perSecond > 0 && perSecond <= 1_000)) throw new Error('--per-second must be a number from 1 to 1000');
  return perSecond;
}

async function replace(app: App, selection: CardSelection, perSecond: number): Promise<Outcome> {
  const by = { by: 'system' } as const;
  const progress = await replaceCards(app.world, selection, { by, perSecond, report: drawProgress });
  process.stderr.write('\n');
  const { total, done, left } = progress;
  const text = `${done} of ${total} have a new card on the way; ${left} could not: blocked, or without an address`;
  return { text, json: progress };
}

const BAR = 40;

function drawProgress({ total, done, left }: ReplacementProgress): void {
  const share = total === 0 ? 1 : (done + left) / total;
  const bar = '#'.repeat(Math.round(share * BAR)).padEnd(BAR, '.');
  process.stderr.write(`\r[${bar}] ${done + left} of ${total}`);
}

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    batch: { type: 'string' },
    day: { type: 'string' },
    kid: { type: 'string' },
    'per-second': { type: 'string' },
  },
  allowPositionals: true,
});
try {
  const { text, json } = await run(positionals, values);
  process.stdout.write(`${values.json ? JSON.stringify(json) : text}\n`);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${values.json ? JSON.stringify({ error: message }) : message}\n`);
  process.exit(1);
}
