/** Where the database is: the server's, or that of the sandbox that is running. */
import type { Config } from '../../config/config.ts';

/** @throws ConfigError when no sandbox is running */
export async function findDatabaseUrl(config: Config): Promise<string> {
  if (config.mode === 'server') return config.databaseUrl;
  const { readRunningSandboxSettings } = await import('../../sandbox/sandboxSettings.ts');
  return (await readRunningSandboxSettings(config)).databaseUrl;
}
