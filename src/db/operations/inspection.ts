/**
 * One plain connection for an operator's look at the server: without the settings of a node, so that it also
 * works where a node would not start.
 */
import pg from 'pg';

const CONNECT_MS = 5_000;
const QUERY_MS = 10_000;

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
    query_timeout: QUERY_MS,
    application_name: 'noegle-operator',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work({
      announcedPid: Reflect.get(client, 'processID') as number,
      query: async <Row>(text: string, values: readonly unknown[] = []) =>
        (await client.query(text, [...values])).rows as Row[],
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
