/** The command `check-config` without a database: whether the settings are valid. */
import { readConfig } from '../config/config.ts';
import type { CommandOutcome } from './keys.ts';

/** @throws ConfigError with all faults */
export function checkConfig(): CommandOutcome {
  const { mode } = readConfig(process.env);
  return {
    text: `right, for ${mode === 'server' ? 'a server' : 'the sandbox'}`,
    json: { ok: true, mode },
  };
}
