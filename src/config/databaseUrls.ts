/** Where the database of a server is, how it is reached, and as which roles its nodes connect. */
import { accessSync, constants } from 'node:fs';
import { isSettingGiven } from './secretFiles.ts';

export interface DatabaseUrls {
  readonly databaseUrl: string;
  /** For the worker, whose connections keep a session: not through a pooler that shares sessions. */
  readonly directDatabaseUrl: string;
  /** Whether a node starts as a role that could change the schema and the audit log. */
  readonly mayOwnTables: boolean;
  /** A pooler in front of `databaseUrl` that gives every transaction any session; null for none. */
  readonly pooler: 'transaction' | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Of an administrator, for `database make` only: a node never has it. */
export const ADMIN_DATABASE_URL = 'NOEGLE_ADMIN_DATABASE_URL';

const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

export function readDatabaseUrls(env: Environment, faults: string[]): DatabaseUrls {
  const databaseUrl = readDatabaseUrl(env, 'DATABASE_URL', faults);
  if ((env[ADMIN_DATABASE_URL] ?? '') !== '')
    faults.push(`${ADMIN_DATABASE_URL} is for "database make" only: nothing else may have it`);
  const hasDirectUrl = isSettingGiven(env, 'NOEGLE_DIRECT_DATABASE_URL');
  return {
    databaseUrl,
    directDatabaseUrl: hasDirectUrl
      ? readDatabaseUrl(env, 'NOEGLE_DIRECT_DATABASE_URL', faults)
      : databaseUrl,
    mayOwnTables: readAllowOwner(env['NOEGLE_ALLOW_OWNER'] ?? '', faults) || env['NODE_ENV'] !== 'production',
    pooler: readPooler(env, hasDirectUrl, faults),
  };
}

/** @returns '' for one whose file cannot be read, which is a fault already */
export function readDatabaseUrl(env: Environment, name: string, faults: string[]): string {
  const text = env[name] ?? '';
  if (text === '' && isSettingGiven(env, name)) return text;
  const url = URL.parse(text);
  if (url && /^postgres(ql)?:$/.test(url.protocol)) assertTlsParameters(name, url, faults);
  else faults.push(`${name} must look like postgres://user:password@host:5432/database`);
  return text;
}

function readAllowOwner(text: string, faults: string[]): boolean {
  if (!['', 'no', 'yes'].includes(text)) faults.push('NOEGLE_ALLOW_OWNER must be yes or no');
  return text === 'yes';
}

/** The driver reads the files at the first connection, and takes an unknown mode for `verify-full`. */
function assertTlsParameters(name: string, { searchParams }: URL, faults: string[]): void {
  const mode = searchParams.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode))
    faults.push(`${name}: sslmode must be one of ${SSL_MODES.join(', ')}`);
  for (const parameter of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = searchParams.get(parameter);
    if (file === null) continue;
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      faults.push(`${name}: ${parameter}: ${(error as Error).message}`);
    }
  }
}

function readPooler(env: Environment, hasDirectUrl: boolean, faults: string[]): 'transaction' | null {
  const text = env['NOEGLE_POOLER'] ?? '';
  if (text === '') return null;
  if (text !== 'transaction') {
    faults.push(
      'NOEGLE_POOLER must be transaction (PgBouncer 1.21 or newer with pool_mode = transaction), or not set',
    );
    return null;
  }
  if (!hasDirectUrl)
    faults.push(
      'NOEGLE_POOLER needs NOEGLE_DIRECT_DATABASE_URL: the worker listens, and a pooler in transaction mode ' +
        'passes nothing on to it. Let it lead to the same database, past the pooler',
    );
  if (env['NOEGLE_DATABASE_POOL'] === '1')
    faults.push('NOEGLE_DATABASE_POOL must be 2 or more where NOEGLE_POOLER is set');
  return 'transaction';
}
