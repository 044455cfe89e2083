/** A separate database for a suite, cloned from the migrated template. */
import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { APP, AUDIT, OWNER, QUEUE } from '../../src/db/roles/roles.ts';
import { connectAs } from './databaseRoles.ts';

export interface TestDatabase {
  /** As the superuser. */
  readonly url: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly queueUrl: string;
  readonly auditUrl: string;
  /** What a node and its worker are started with. */
  readonly nodeUrls: { readonly databaseUrl: string; readonly directDatabaseUrl: string };
  /** For what cannot be done over HTTP: set-up that has no page yet, and reading what was left behind. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** @param options.isEmpty for another version's migrations; otherwise ours have run */
export async function createTestDatabase(
  options: { quickCommits?: boolean; isEmpty?: boolean } = {},
): Promise<TestDatabase> {
  const server = process.env['NOEGLE_TEST_SERVER'] ?? '';
  const template = options.isEmpty ? 'template1' : (process.env['NOEGLE_TEST_TEMPLATE'] ?? '');
  const name = `noegle_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE "${name}" TEMPLATE "${template}" OWNER ${OWNER}`);
  if (options.quickCommits) await onServer(server, `ALTER DATABASE "${name}" SET synchronous_commit = off`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  // A connection that is closing when the database is dropped reports it; no one waits for it.
  pool.on('error', () => undefined);
  const [appUrl, queueUrl] = [connectAs(APP, url.href), connectAs(QUEUE, url.href)];
  return {
    url: url.href,
    ownerUrl: connectAs(OWNER, url.href),
    appUrl,
    queueUrl,
    auditUrl: connectAs(AUDIT, url.href),
    nodeUrls: { databaseUrl: appUrl, directDatabaseUrl: queueUrl },
    query: async <Row>(text: string, values: unknown[] = []) =>
      (await pool.query(withDatabaseName(text, values))).rows as Row[],
    drop: async () => {
      await pool.end();
      await onServer(server, `DROP DATABASE "${name}" WITH (FORCE)`);
    },
  };
}

/** Statements with values are repeated: planned once a connection, as the nodes do. */
function withDatabaseName(text: string, values: unknown[]): pg.QueryConfig {
  if (values.length === 0) return { text };
  return { name: createHash('sha256').update(text).digest('base64url').slice(0, 32), text, values };
}

async function onServer(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
