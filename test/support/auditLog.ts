/** An audit log with a sink, whose events a suite writes and whose passes it runs itself. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { NO_AUTHENTICATOR } from '../../src/domain/rowMac.ts';
import type { Queryable, Statement } from '../../src/db/database.ts';
import { AuditFollower, verifyAuditLog, type AuditVerification } from '../../src/features/auditLog/index.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { closeIdentity } from '../../src/features/selfService/accountDetails.queries.ts';
import { AuditSigner } from '../../src/platform/auditSigner.ts';
import { createLog } from '../../src/platform/log.ts';
import { openFolderAuditSink } from '../../src/platform/outbound/folderAuditSink.ts';
import type { AuditSink } from '../../src/platform/outbound/auditSink.ts';
import { Keyring } from '../../src/platform/keyring.ts';
import type { Nodes } from './nodes.ts';
import { makeScratchFolder } from './scratch.ts';

/** Statements of the application on a connection of the suite, such as the owner's, in its transaction. */
export function queryOn(client: pg.ClientBase): Queryable {
  return {
    rowAuthenticator: NO_AUTHENTICATOR,
    query: async <Row>({ text }: Statement, values: readonly unknown[] = []) => {
      const { rows, rowCount } = await client.query({ text, values: [...values] });
      return { rows: rows as Row[], rowCount: rowCount ?? 0 };
    },
  };
}

export class AuditLogBench {
  readonly sinkFolder: string;
  readonly sink: AuditSink;
  readonly signer: AuditSigner;
  readonly keyring: Keyring;
  readonly #nodes: Nodes;
  readonly #follower: AuditFollower;

  private constructor(nodes: Nodes) {
    this.#nodes = nodes;
    this.sinkFolder = path.join(makeScratchFolder('sink'), 'audit');
    mkdirSync(this.sinkFolder, { recursive: true });
    this.sink = openFolderAuditSink(this.sinkFolder);
    this.keyring = new Keyring(nodes.keyringFile);
    this.signer = new AuditSigner(this.keyring, nodes.issuer);
    const { database, clock, random, keyring } = nodes.context;
    const log = createLog('error', { write: (line: string) => nodes.keepLog(line) });
    const deps = { database, clock, random, keyring, signer: this.signer, sink: this.sink, log };
    this.#follower = new AuditFollower(deps);
  }

  static async open(nodes: Nodes): Promise<AuditLogBench> {
    const bench = new AuditLogBench(nodes);
    await bench.#follower.begin({ isNode: true, mayBeWithout: false });
    return bench;
  }

  /** @param identityIds of the events, in turn; null for events that concern no ID */
  async write(
    count: number,
    identityIds: readonly (string | null)[],
    { hoursAgo = 0 }: { readonly hoursAgo?: number } = {},
  ): Promise<void> {
    await this.#nodes.database.query(
      `INSERT INTO audit_events (at, kind, identity_id, details)
       SELECT now() - interval '1 hour' * $3::int, (ARRAY['signed_in', 'signed_out', 'gone_on_to'])[1 + i % 3], ($2::uuid[])[1 + i % cardinality($2::uuid[])],
         jsonb_build_object('clientId', 'rp-' || (i % 7), 'n', i)
       FROM generate_series(1, $1::int) AS i`,
      [count, identityIds, hoursAgo],
    );
  }

  /** Numbers that no event has, as a transaction that is rolled back leaves them. */
  async skipIds(count: number): Promise<void> {
    await this.#nodes.database.query(
      `SELECT count(nextval(pg_get_serial_sequence('audit_events', 'id'))) FROM generate_series(1, $1::int)`,
      [count],
    );
  }

  async runPass(): Promise<void> {
    await this.#follower.runPass();
  }

  /** Until every event is in the tree and in the sink, and none can still appear among them. */
  async settle(): Promise<void> {
    for (let pass = 0; pass < 100; pass += 1) {
      await this.runPass();
      const [state] = await this.#nodes.database.query<{ settled: boolean }>(
        'SELECT sealed_below = (SELECT max(id) FROM audit_events) AS settled FROM audit_tree',
      );
      if (state?.settled === true) {
        await this.runPass();
        return;
      }
    }
    throw new Error('the audit log does not settle');
  }

  /** Verifies what this connection sees. */
  async verifyOn(
    db: Queryable,
    given: { readonly sink?: AuditSink | null; readonly checkpoints?: readonly string[] } = {},
  ): Promise<AuditVerification> {
    const { keyring, signer } = this;
    return await verifyAuditLog({
      sink: this.sink,
      ...given,
      db,
      inSnapshot: async (work) => await work(db),
      signer,
      keyring,
      now: this.#nodes.clock.now(),
    });
  }

  async verify(
    given: { readonly sink?: AuditSink | null; readonly checkpoints?: readonly string[] } = {},
  ): Promise<AuditVerification> {
    return await this.verifyOn(this.#nodes.context.database, given);
  }
}

/** As a person does in self-service. */
export async function closeId({ context }: Nodes, identityId: string): Promise<void> {
  const now = context.clock.now();
  await blockTarget(context, identityId, 'identity', { by: 'person' });
  const isClosed = await context.database.transaction(
    async (db) => await closeIdentity(db, identityId, { now, emailUntil: now }),
  );
  if (!isClosed) throw new Error('the ID is not closed');
}

/** A connection of the owner of the tables, in a transaction in which no trigger runs. */
export async function openOwner(nodes: Nodes): Promise<pg.Client> {
  const client = new pg.Client(nodes.database.ownerUrl);
  await client.connect();
  await client.query('BEGIN');
  await client.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
  await client.query('ALTER TABLE audit_events ALTER COLUMN id SET GENERATED BY DEFAULT');
  return client;
}
