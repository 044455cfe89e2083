/**
 * The configuration: the environment is read once into one frozen typed object. All faults are reported
 * together. Without DATABASE_URL this is the sandbox, which refuses to run as production.
 */
import path from 'node:path';
import { z } from 'zod';
import { AUDIT_SINK_SETTINGS, readAuditSink } from './auditSink.ts';
import { CONTACT_SETTINGS, readContact, SANDBOX_CONTACT } from './contact.ts';
import { readDeliverySettings, readRules, readSecurityContact, type DeliverySettings } from './delivery.ts';
import { ADMIN_DATABASE_URL, readDatabaseUrl, readDatabaseUrls, type DatabaseUrls } from './databaseUrls.ts';
import { readKeyring } from './keyringFile.ts';
import { readNodeName, readTrustedProxies } from './logging.ts';
import { explainMissingDatabase, explainUnknownSetting } from './meantSettings.ts';
import { readMetricsAddress } from './metrics.ts';
import { readSecurityKeyModels, SECURITY_KEY_ROOTS, type SecurityKeyModels } from './securityKeys.ts';
import { PRINT_SETTINGS } from './printHouse.ts';
import { isSettingGiven, readSecretFiles, SECRET_FILE_SETTINGS } from './secretFiles.ts';
import { isSettingPresent, readHost, readInstant, readNumber, readOrigins } from './values.ts';
import type { Rules } from '../domain/rules.ts';
import type { ServiceContact } from '../domain/serviceContact.ts';
import { readBreachedPasswordsDir } from '../platform/breachedPasswords.ts';
import type { KeyringFile } from '../platform/keyring.ts';
import type { AuditSinkSettings } from '../platform/outbound/openAuditSink.ts';
import type { MetricsAddress } from '../platform/metrics/metricsListener.ts';
import { DEFAULT_LIMITS, type ListenerLimits } from '../platform/listener.ts';

export { completeKeyring, parseKeyring } from './keyringFile.ts';

export interface ServerConfig extends DatabaseUrls {
  readonly mode: 'server';
  readonly issuer: string;
  readonly host: string;
  readonly port: number;
  readonly databasePool: number;
  /** The timeout of one statement before the database counts as unavailable, in milliseconds. */
  readonly databaseTimeoutMs: number;
  readonly keyring: KeyringFile;
  readonly post: DeliverySettings;
  readonly rules: Rules;
  readonly contact: ServiceContact;
  /** Null: no attestation is asked of security keys. */
  readonly securityKeyModels: SecurityKeyModels | null;
  /** Where security issues are reported, shown in `security.txt`; null for the hotline. */
  readonly securityContact: string | null;
  /** A folder of ranges of breached passwords (platform/breachedPasswords.ts); null when none was loaded. */
  readonly breachedPasswordsDir: string | null;
  /** Origins of relying parties on private networks that may be called. */
  readonly privateOrigins: readonly string[];
  readonly proxyHops: number;
  /** Addresses and CIDR ranges of proxies whose request ids and traces are taken. */
  readonly trustedProxies: readonly string[];
  /** How long a node that was asked to stop still takes requests while it reports not ready. */
  readonly leaveSeconds: number;
  /** How long a keep-alive connection may be idle; longer than the proxies keep theirs. */
  readonly keepAliveSeconds: number;
  readonly limits: ListenerLimits;
  /** How long a start waits for a database that is unavailable. */
  readonly databaseWaitSeconds: number;
  readonly logLevel: LogLevel;
  /** The name of this node in its log. */
  readonly nodeName: string;
  /** Where metrics are served; null for nowhere. */
  readonly metrics: MetricsAddress | null;
  /** The second place of the audit log; null for none. */
  readonly auditSink: AuditSinkSettings | null;
}

export interface SandboxConfig {
  readonly mode: 'sandbox';
  readonly port: number;
  readonly dataDir: string;
  readonly databaseTimeoutMs: number;
  readonly logLevel: LogLevel;
  readonly nodeName: string;
  /** The time at which the clock of the rules begins; null for the present. */
  readonly startAt: Date | null;
  readonly rules: Rules;
  readonly contact: ServiceContact;
}

export type Config = ServerConfig | SandboxConfig;
type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** All faults of the configuration, in words for the operator. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(['The configuration is not right:', ...faults.map((fault) => `- ${fault}`)].join('\n'));
  }
}

const KNOWN = [
  ...AUDIT_SINK_SETTINGS,
  ...CONTACT_SETTINGS,
  ...PRINT_SETTINGS,
  ...SECRET_FILE_SETTINGS.filter((name) => name.startsWith('NOEGLE_')),
  ADMIN_DATABASE_URL,
  'NOEGLE_ALLOW_OWNER',
  'NOEGLE_BREACHED_PASSWORDS_DIR',
  'NOEGLE_CONNECTIONS',
  'NOEGLE_DATABASE_POOL',
  'NOEGLE_DATABASE_TIMEOUT_MS',
  'NOEGLE_DATABASE_WAIT_SECONDS',
  'NOEGLE_DATA_DIR',
  'NOEGLE_DIRECT_DATABASE_URL',
  'NOEGLE_HEADERS_SECONDS',
  'NOEGLE_HOST',
  'NOEGLE_ISSUER',
  'NOEGLE_KEEP_ALIVE_SECONDS',
  'NOEGLE_KEYS_FILE',
  'NOEGLE_LEAVE_SECONDS',
  'NOEGLE_LOG_LEVEL',
  'NOEGLE_MAIL_FROM',
  'NOEGLE_NODE_NAME',
  'NOEGLE_METRICS_HOST',
  'NOEGLE_METRICS_PORT',
  'NOEGLE_NOW',
  'NOEGLE_OPERATOR',
  'NOEGLE_POOLER',
  'NOEGLE_PRIVATE_ORIGINS',
  'NOEGLE_PROXY_HOPS',
  'NOEGLE_REQUEST_SECONDS',
  'NOEGLE_RULES_FILE',
  'NOEGLE_SECURITY_CONTACT',
  SECURITY_KEY_ROOTS,
  'NOEGLE_SMTP_URL',
  'NOEGLE_TRUSTED_PROXIES',
];
const ALSO_SANDBOX = [
  ...CONTACT_SETTINGS,
  'NOEGLE_DATABASE_TIMEOUT_MS',
  'NOEGLE_DATA_DIR',
  'NOEGLE_LOG_LEVEL',
  'NOEGLE_NODE_NAME',
  'NOEGLE_NOW',
  'NOEGLE_OPERATOR',
  'NOEGLE_RULES_FILE',
];
/** Short enough for an outage to be reported within two seconds, connecting included. */
export const DATABASE_TIMEOUT_MS = 1_200;
const DATABASE_TIMEOUT = { fallback: DATABASE_TIMEOUT_MS, from: 500, to: 60_000 };
const SERVER_ONLY = KNOWN.filter((name) => !ALSO_SANDBOX.includes(name));
const SANDBOX_ONLY = ['NOEGLE_DATA_DIR', 'NOEGLE_NOW'];

type ServerEnvironment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError */
export function readConfig(env: ServerEnvironment): Config {
  const faults: string[] = [];
  for (const name of Object.keys(env).filter((one) => one.startsWith('NOEGLE_') && !KNOWN.includes(one)))
    faults.push(explainUnknownSetting(name, KNOWN));
  const settings = readSecretFiles(env, faults);
  const isServer = isSettingGiven(env, 'DATABASE_URL');
  const config = isServer ? readServer(settings, faults) : readSandbox(settings, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

/** The timeout of one statement, for a command that needs no other setting. @throws ConfigError */
export function readDatabaseTimeout(env: ServerEnvironment): number {
  const faults: string[] = [];
  const timeoutMs = readNumber(env, 'NOEGLE_DATABASE_TIMEOUT_MS', DATABASE_TIMEOUT, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return timeoutMs;
}

/**
 * The URL of the database alone, for commands that need nothing else.
 * @throws ConfigError
 */
export function readDatabaseUrlSetting(env: ServerEnvironment): string {
  const faults: string[] = [];
  const settings = readSecretFiles(env, faults);
  if (!isSettingGiven(env, 'DATABASE_URL'))
    throw new ConfigError(['DATABASE_URL (or DATABASE_URL_FILE) is not set']);
  const databaseUrl = readDatabaseUrl(settings, 'DATABASE_URL', faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return databaseUrl;
}

/**
 * The settings that an app is created with (app.ts), with the address at which the node reaches itself: the
 * loopback if it listens everywhere.
 */
export function composeServerSettings(
  config: ServerConfig,
): ServerConfig & { selfPort: number; selfHost: string } {
  const { host, port } = config;
  const selfHost = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return { ...config, selfPort: port, selfHost };
}

function readSandbox(env: ServerEnvironment, faults: string[]): SandboxConfig {
  const ofServer = SERVER_ONLY.filter((one) => isSettingPresent(env[one]));
  if (env['NODE_ENV'] === 'production' || ofServer.length > 0) faults.unshift(explainMissingDatabase(env));
  for (const name of ofServer)
    faults.push(`${name} is for a server with a DATABASE_URL; the sandbox has its own`);
  const port = readPort(env, faults);
  return {
    mode: 'sandbox',
    port,
    dataDir: path.resolve(env['NOEGLE_DATA_DIR'] || '.data'),
    databaseTimeoutMs: readNumber(env, 'NOEGLE_DATABASE_TIMEOUT_MS', DATABASE_TIMEOUT, faults),
    logLevel: readLogLevel(env, faults),
    nodeName: readNodeName(env, faults),
    startAt: readInstant(env['NOEGLE_NOW'], faults),
    rules: readRules(env, faults),
    contact: readContact(withSandboxContact(env), composeSandboxIssuer(port), faults),
  };
}

function readServer(env: ServerEnvironment, faults: string[]): ServerConfig {
  const number = (name: string, fallback: number, [from, to]: readonly [number, number]) =>
    readNumber(env, name, { fallback, from, to }, faults);
  for (const name of SANDBOX_ONLY.filter((one) => isSettingPresent(env[one])))
    faults.push(`${name} is for the sandbox only`);
  const issuer = readIssuer(env['NOEGLE_ISSUER'], faults);
  const rules = readRules(env, faults);
  return {
    mode: 'server',
    issuer,
    host: readHost(env['NOEGLE_HOST'], faults),
    port: readPort(env, faults),
    ...readDatabaseUrls(env, faults),
    databasePool: number('NOEGLE_DATABASE_POOL', 10, [1, 200]),
    databaseTimeoutMs: readNumber(env, 'NOEGLE_DATABASE_TIMEOUT_MS', DATABASE_TIMEOUT, faults),
    keyring: readKeyring(env['NOEGLE_KEYS_FILE'], faults),
    post: readDeliverySettings(env, faults),
    rules,
    contact: readContact(env, issuer, faults),
    securityKeyModels: readSecurityKeyModels(env, rules, faults),
    securityContact: readSecurityContact(env['NOEGLE_SECURITY_CONTACT'], faults),
    breachedPasswordsDir: readBreachedPasswordsDir(env['NOEGLE_BREACHED_PASSWORDS_DIR'], faults),
    privateOrigins: readOrigins(env['NOEGLE_PRIVATE_ORIGINS'], faults),
    proxyHops: number('NOEGLE_PROXY_HOPS', 0, [0, 10]),
    trustedProxies: readTrustedProxies(env['NOEGLE_TRUSTED_PROXIES'], faults),
    leaveSeconds: number('NOEGLE_LEAVE_SECONDS', 3, [0, 60]),
    keepAliveSeconds: number('NOEGLE_KEEP_ALIVE_SECONDS', 75, [1, 3_600]),
    limits: {
      requestSeconds: number('NOEGLE_REQUEST_SECONDS', DEFAULT_LIMITS.requestSeconds, [5, 3_600]),
      headersSeconds: number('NOEGLE_HEADERS_SECONDS', DEFAULT_LIMITS.headersSeconds, [5, 3_600]),
      connections: number('NOEGLE_CONNECTIONS', DEFAULT_LIMITS.connections, [10, 1_000_000]),
    },
    databaseWaitSeconds: number('NOEGLE_DATABASE_WAIT_SECONDS', 60, [0, 3_600]),
    logLevel: readLogLevel(env, faults),
    nodeName: readNodeName(env, faults),
    metrics: readMetricsAddress(env, faults),
    auditSink: readAuditSink(env, faults),
  };
}

/** The address of a sandbox that listens on this port. */
export function composeSandboxIssuer(port: number): string {
  return `http://localhost:${port}`;
}

/** The settings of this environment; what it does not say is the sandbox's own. */
function withSandboxContact(env: ServerEnvironment): ServerEnvironment {
  const present = Object.entries(env).filter(([, value]) => isSettingPresent(value));
  return { ...SANDBOX_CONTACT, ...Object.fromEntries(present) };
}

function readPort(env: ServerEnvironment, faults: string[]): number {
  return readNumber(env, 'PORT', { fallback: 3000, from: 1, to: 65_533 }, faults);
}

function readLogLevel(env: ServerEnvironment, faults: string[]): LogLevel {
  const parsed = z.enum(['debug', 'info', 'warn', 'error']).safeParse(env['NOEGLE_LOG_LEVEL'] || 'info');
  if (!parsed.success) faults.push('NOEGLE_LOG_LEVEL must be debug, info, warn or error');
  return parsed.data ?? 'info';
}

function readIssuer(text: string | undefined, faults: string[]): string {
  const url = isSettingPresent(text) ? URL.parse(text) : null;
  if (!url) {
    faults.push('NOEGLE_ISSUER is required: the address that people and relying parties know, https://…');
    return '';
  }
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    faults.push('NOEGLE_ISSUER must begin with https:// (http:// only on the loopback)');
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    faults.push('NOEGLE_ISSUER must be an origin: no path, query or user');
  }
  return url.origin;
}
