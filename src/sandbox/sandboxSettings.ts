/** The settings of a sandbox's app: for the sandbox itself, and for a command that runs next to it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AppSettings } from '../app.ts';
import { composeSandboxIssuer, ConfigError, parseKeyring, type SandboxConfig } from '../config/config.ts';
import { findRunningPostgres } from '../platform/embeddedPostgres.ts';
import type { KeyringFile } from '../platform/keyring.ts';
import { isDataDirLocked, readRunningPort } from './dataDirLock.ts';
import { composeDemoUrls } from './demoSites.ts';

export const DATABASE_NAME = 'noegle';

export function readSandboxIssuer({ port }: SandboxConfig): string {
  return composeSandboxIssuer(port);
}

export function composeSandboxSettings(
  config: SandboxConfig,
  databaseUrl: string,
  keyring: KeyringFile,
): AppSettings {
  const { dataDir, contact, port } = config;
  // There is no older node, and existing rows got their MACs at the start.
  const rules = { ...config.rules, binding: config.rules.binding ?? 'require' };
  const post = { kind: 'folders', dataDir } as const;
  // The demo sites are notified of logouts, also by a command; the sandbox itself may call any loopback port.
  const privateOrigins = Object.values(composeDemoUrls(port));
  const outside = {
    issuer: readSandboxIssuer(config),
    privateOrigins,
    waitsForApproval: false,
    proxyHops: 0,
    selfPort: port,
  };
  return {
    ...outside,
    databaseUrl,
    databasePool: 10,
    databaseTimeoutMs: config.databaseTimeoutMs,
    keyring,
    post,
    rules,
    contact,
  };
}

/**
 * For a command: the settings of the sandbox that runs with this data. Starts and creates nothing.
 * @throws ConfigError when none runs or its keys cannot be read
 */
export async function readRunningSandboxSettings(config: SandboxConfig): Promise<AppSettings> {
  const { dataDir } = config;
  const databaseUrl = (await isDataDirLocked(dataDir))
    ? await findRunningPostgres(dataDir, DATABASE_NAME)
    : null;
  if (!databaseUrl) {
    throw new ConfigError([
      `DATABASE_URL is not set, and no sandbox is running with the data in ${dataDir}: start it with npm start, ` +
        'or say where it is with NOEGLE_DATA_DIR',
    ]);
  }
  const file = path.join(dataDir, 'keys.json');
  const keyring = parseKeyring(await readFile(file, 'utf8').catch(() => ''));
  if (typeof keyring === 'string') throw new ConfigError([`${file}: ${keyring}`]);
  // Its port, not that of this shell: the addresses of self-service and desk are registered at each start of
  // an app, and with another port no one could sign in there until the sandbox is started again.
  const port = (await readRunningPort(dataDir)) ?? config.port;
  return composeSandboxSettings({ ...config, port }, databaseUrl, keyring);
}
