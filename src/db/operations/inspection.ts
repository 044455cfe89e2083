/**
 * One plain connection for an operator's look at the server: without the settings of a node, so that it also
 * works where a node would not start.
 */
import pg from 'pg';

const CONNECT_MS = 5_000;
/** In place of a shorter one that the role may have for the nodes; the client waits a little longer. */
const QUERY_MS = 10_000;
const SILENT_SERVER_MS = 2_000;
/** In the transaction, as a pooler in between may give each one another session. */
const BEGIN = `BEGIN; SET LOCAL statement_timeout = ${QUERY_MS}`;

export interface Inspector {
  /** The process of the server, as the other end of the connection introduced itself. */
  readonly announcedPid: number;
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** @throws Error of the driver or of the server */
export async function inspectDatabase<T>(
  connectionString: string,
  work: (inspector: Inspector) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS + SILENT_SERVER_MS,
    application_name: 'noegle-operator',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work({
      announcedPid: Reflect.get(client, 'processID') as number,
      query: async <Row>(text: string, values: readonly unknown[] = []) =>
        await queryWithTimeout<Row>(client, text, values),
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function queryWithTimeout<Row>(
  client: pg.Client,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  await client.query(BEGIN);
  try {
    const { rows } = await client.query(text, [...values]);
    await client.query('COMMIT');
    return rows as Row[];
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
