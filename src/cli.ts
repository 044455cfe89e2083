#!/usr/bin/env node
/** The same app without a listener: what operators do by hand. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigFault, readConfig } from './config.ts';
import { Keyring } from './platform/keyring.ts';
import { migrate } from './store/migrations.ts';

const USAGE = `Usage: npx noegle <command> [--json]

  migrate            brings the database of DATABASE_URL up to date
  check-config       says whether the configuration is right, and what is not
  keys make FILE     makes new key rings for NOEGLE_KEYS_FILE; never overwrites`;

/** Asked for something that there is not. */
class UsageFault extends Error {}

interface Outcome {
  readonly text: string;
  readonly json: object;
}

async function run([command, ...rest]: string[]): Promise<Outcome> {
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
      if (action !== 'make' || !file) throw new UsageFault(USAGE);
      writeFileSync(file, `${JSON.stringify(Keyring.generate(), null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      return { text: `made ${file}; keep it apart from the database and its backups`, json: { file } };
    }
    default:
      throw new UsageFault(USAGE);
  }
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
try {
  const { text, json } = await run(positionals);
  process.stdout.write(`${values.json ? JSON.stringify(json) : text}\n`);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${values.json ? JSON.stringify({ error: message }) : message}\n`);
  process.exit(1);
}
