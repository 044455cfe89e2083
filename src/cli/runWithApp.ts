/** Runs a command with the whole app, as a node has it, without a listener. */
import { createApp, type App, type AppSettings } from '../app.ts';
import { readConfig, composeServerSettings } from '../config/config.ts';
import { realClock, createShiftedClock } from '../platform/clock.ts';
import { realRandom } from '../platform/random.ts';
import { createLog } from '../platform/log.ts';
import { readRunningSandboxSettings } from '../sandbox/sandboxSettings.ts';
import type { CommandOutcome } from './keys.ts';

export async function runWithApp(
  work: (app: App, settings: AppSettings) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  return await runWithSettings((settings) => settings, work);
}

/** @param change the settings of the app are those of a node but for this */
export async function runWithSettings(
  change: (settings: AppSettings) => AppSettings,
  work: (app: App, settings: AppSettings) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const config = readConfig(process.env);
  const settings = change(
    config.mode === 'server' ? composeServerSettings(config) : await readRunningSandboxSettings(config),
  );
  const startAt = config.mode === 'sandbox' ? config.startAt : null;
  const clock = startAt ? createShiftedClock(startAt) : realClock;
  const app = await createApp(
    { ...settings, isCommand: true },
    { clock, random: realRandom, log: createLog('error') },
  );
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
 * @throws Error when only the database has `write`
 */
function assertBindingIsSet({ context }: App, { rules }: AppSettings): void {
  if (rules.binding !== undefined || context.database.rowAuthenticator.mode !== 'write') return;
  throw new Error(
    '"binding" is "write" by the database alone: say so in NOEGLE_RULES_FILE, as for the nodes',
  );
}
