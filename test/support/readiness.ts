/** What a node says about itself, and how the clock of its database is shifted. */
import { request } from './http.ts';
import type { TestDatabase } from './testDatabase.ts';

export interface Readiness {
  readonly status: number;
  readonly checks: Readonly<Record<string, string>>;
}

export async function askReadiness(node: { readonly port: number }): Promise<Readiness> {
  const { status, text } = await request(node).get('/health/ready');
  return { status, checks: (JSON.parse(text) as Pick<Readiness, 'checks'>).checks };
}

/** A node keeps its last answer for a second, and a worker that was refused starts again after five. */
const UNTIL_MS = 20_000;

/** Polls until the node answers with this status. @throws when it does not within some seconds */
export async function waitUntilReadiness(
  node: { readonly port: number },
  status: 200 | 503,
): Promise<Readiness> {
  const end = performance.now() + UNTIL_MS;
  for (;;) {
    const found = await askReadiness(node);
    if (found.status === status) return found;
    if (performance.now() > end) throw new Error(`never ${status}: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Puts a clock in front of PostgreSQL's own, for connections that begin later. It counts how often it is
 * read, and can be shifted and made slow.
 */
export async function installDatabaseClock(database: TestDatabase): Promise<{
  shift(seconds: number): Promise<void>;
  slow(seconds: number): Promise<void>;
  reads(): Promise<number>;
}> {
  const query = async <Row>(text: string) => await database.query<Row>(text);
  await query(`
    CREATE TABLE clock_fault (shift interval NOT NULL, slow double precision NOT NULL);
    INSERT INTO clock_fault VALUES ('0', 0);
    CREATE SEQUENCE clock_reads;
    CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz VOLATILE LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      PERFORM nextval('public.clock_reads'), pg_sleep((SELECT slow FROM public.clock_fault));
      RETURN pg_catalog.clock_timestamp() + (SELECT shift FROM public.clock_fault);
    END $$;
    DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
    END $$;`);
  return {
    shift: async (seconds) => void (await query(`UPDATE clock_fault SET shift = '${seconds} seconds'`)),
    slow: async (seconds) => void (await query(`UPDATE clock_fault SET slow = ${seconds}`)),
    reads: async () => {
      const [row] = await query<{ many: string | null }>(
        `SELECT coalesce(pg_sequence_last_value('clock_reads'), 0) AS many`,
      );
      return Number(row?.many);
    },
  };
}
