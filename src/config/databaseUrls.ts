/** Where the database of a server is, and as which roles its nodes connect. */
import { isSettingGiven } from './secretFiles.ts';

export interface DatabaseUrls {
  readonly databaseUrl: string;
  /** For the worker, whose connections keep a session: not through a pooler that shares sessions. */
  readonly directDatabaseUrl: string;
  /** Whether a node starts as a role that could change the schema and the audit log. */
  readonly mayOwnTables: boolean;
}

/** Of an administrator, for `database make` only: a node never has it. */
export const ADMIN_DATABASE_URL = 'NOEGLE_ADMIN_DATABASE_URL';

export function readDatabaseUrls(
  env: Readonly<Record<string, string | undefined>>,
  faults: string[],
): DatabaseUrls {
  const databaseUrl = readDatabaseUrl(env, 'DATABASE_URL', faults);
  if ((env[ADMIN_DATABASE_URL] ?? '') !== '')
    faults.push(`${ADMIN_DATABASE_URL} is for "database make" only: nothing else may have it`);
  const hasDirectUrl = (env['NOEGLE_DIRECT_DATABASE_URL'] ?? '') !== '';
  return {
    databaseUrl,
    directDatabaseUrl: hasDirectUrl
      ? readDatabaseUrl(env, 'NOEGLE_DIRECT_DATABASE_URL', faults)
      : databaseUrl,
    mayOwnTables: readAllowOwner(env['NOEGLE_ALLOW_OWNER'] ?? '', faults) || env['NODE_ENV'] !== 'production',
  };
}

/** @returns '' for one whose file cannot be read, which is a fault already */
export function readDatabaseUrl(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  faults: string[],
): string {
  const text = env[name] ?? '';
  if (text === '' && isSettingGiven(env, name)) return text;
  if (!/^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''))
    faults.push(`${name} must look like postgres://user:password@host:5432/database`);
  return text;
}

function readAllowOwner(text: string, faults: string[]): boolean {
  if (!['', 'no', 'yes'].includes(text)) faults.push('NOEGLE_ALLOW_OWNER must be yes or no');
  return text === 'yes';
}
