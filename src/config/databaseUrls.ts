/** Where the database of a server is, and as which roles its nodes connect. */

export interface DatabaseUrls {
  readonly databaseUrl: string;
  /** For the worker, whose connections keep a session: not through a pooler that shares sessions. */
  readonly directDatabaseUrl: string;
}

export function readDatabaseUrls(
  env: Readonly<Record<string, string | undefined>>,
  faults: string[],
): DatabaseUrls {
  const read = (name: string): string => {
    const text = env[name] ?? '';
    if (!/^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''))
      faults.push(`${name} must look like postgres://user:password@host:5432/database`);
    return text;
  };
  const databaseUrl = read('DATABASE_URL');
  const hasDirectUrl = (env['NOEGLE_DIRECT_DATABASE_URL'] ?? '') !== '';
  return {
    databaseUrl,
    directDatabaseUrl: hasDirectUrl ? read('NOEGLE_DIRECT_DATABASE_URL') : databaseUrl,
  };
}
