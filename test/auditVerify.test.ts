/** The audit log is verified: what was altered is found and named, and a person can be erased. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { appendEvent } from '../src/db/auditLog.ts';
import { Database, sql } from '../src/db/database.ts';
import {
  beginEpoch,
  confirmErasure,
  proposeErasure,
  replayRestored,
} from '../src/features/auditLog/index.ts';
import { openFolderAuditSink } from '../src/platform/outbound/folderAuditSink.ts';
import { AuditLogBench, closeId, openOwner, queryOn } from './support/auditLog.ts';
import {
  aPerson,
  dumpDatabase,
  makeScratchFolder,
  restoreDatabase,
  useNodes,
  type TestPerson,
} from './support/index.ts';

const nodes = useNodes();
let bench: AuditLogBench;
let person: TestPerson;
let other: TestPerson;
beforeAll(async () => {
  bench = await AuditLogBench.open(nodes);
  [person, other] = [await aPerson(nodes), await aPerson(nodes)];
  for (let burst = 0; burst < 4; burst += 1) {
    await bench.write(75, [person.identityId, other.identityId, null]);
    await bench.skipIds(3);
    await bench.settle();
  }
});

const kindsOf = ({ findings }: { findings: readonly { kind: string }[] }) => findings.map(({ kind }) => kind);

/** Alters the log as its owner, and verifies it before that is rolled back. */
async function alter(
  change: (owner: pg.Client) => Promise<unknown>,
  given: Parameters<AuditLogBench['verify']>[0] = {},
) {
  const owner = await openOwner(nodes);
  try {
    await change(owner);
    return await bench.verifyOn(queryOn(owner), given);
  } finally {
    await owner.query('ROLLBACK');
    await owner.end();
  }
}

test('a log that nobody altered: no finding, with the sink and without', async () => {
  const { findings, leaves, unsealed, sink } = await bench.verify();
  expect(findings).toEqual([]);
  expect(leaves).toBeGreaterThan(300);
  expect([unsealed, sink?.behind]).toEqual([0, 0]);
  expect((await bench.verify({ sink: null })).findings).toEqual([]);
  await bench.write(5, [null]);
  expect(await bench.verify()).toMatchObject({ findings: [], unsealed: 5 });
  await bench.settle();
});

test('a burst of concurrent transactions, some of which are rolled back: no finding', async () => {
  const append = async (isRolledBack: boolean) =>
    await nodes.context.database
      .transaction(async (db) => {
        for (let i = 0; i < 3; i += 1)
          await appendEvent(db, { kind: 'signed_out_everywhere', identityId: other.identityId, details: {} });
        if (isRolledBack) throw new Error('rolled back');
      })
      .catch(() => undefined);
  for (let round = 0; round < 5; round += 1) {
    const passes = [bench.runPass(), ...Array.from({ length: 20 }, (_, i) => append(i % 4 === 0))];
    await Promise.all(passes);
    expect((await bench.verify()).findings).toEqual([]);
  }
  await bench.settle();
  const { findings, unsealed } = await bench.verify();
  expect([findings, unsealed]).toEqual([[], 0]);
});

test('a changed event is named', async () => {
  const [{ id } = { id: '' }] = await nodes.database.query<{ id: string }>(
    'SELECT id FROM audit_events ORDER BY id OFFSET 100 LIMIT 1',
  );
  const change = (owner: pg.Client) =>
    owner.query(`UPDATE audit_events SET at = at + interval '1 microsecond' WHERE id = $1`, [id]);
  for (const sink of [bench.sink, null])
    expect((await alter(change, { sink })).findings).toEqual([
      { kind: 'event_changed', id, leaf: expect.any(Number) },
    ]);
});

describe('what is not the log does not pass for it', () => {
  const INSERT = `INSERT INTO audit_events (id, at, kind, identity_id, details) OVERRIDING SYSTEM VALUE`;
  const find = async (where: string) =>
    (
      await nodes.database.query<{ id: string }>(
        `SELECT id::text AS id FROM audit_events e WHERE ${where} ORDER BY e.id OFFSET 100 LIMIT 1`,
      )
    )[0]?.id ?? '';

  test('a child table with the true row, beside a forged one', async () => {
    const id = await find('true');
    for (const sink of [bench.sink, null]) {
      const { findings } = await alter(
        async (owner) => {
          await owner.query('CREATE TABLE forged () INHERITS (audit_events)');
          await owner.query('INSERT INTO forged SELECT * FROM ONLY audit_events WHERE id = $1', [id]);
          await owner.query(`UPDATE ONLY audit_events SET kind = 'x' WHERE id = $1`, [id]);
        },
        { sink },
      );
      expect(findings).toEqual(
        expect.arrayContaining([
          { kind: 'table_inherited', parent: 'audit_events', child: 'forged' },
          { kind: 'event_doubled', id },
        ]),
      );
    }
  });

  test('a child of the people, with their salts', async () => {
    const { findings } = await alter(async (owner) => {
      await owner.query('CREATE TABLE forged () INHERITS (people)');
      await owner.query('INSERT INTO forged SELECT * FROM ONLY people');
    });
    const child = { kind: 'table_inherited', parent: 'people', child: 'forged' };
    const id = await find('identity_id IS NOT NULL');
    expect(findings).toEqual(expect.arrayContaining([child, { kind: 'event_doubled', id }]));
  });

  test('without the primary key, a second row of an event that is in the tree, and of one that is not', async () => {
    const sealed = await find('true');
    const young = '(SELECT max(id) FROM audit_events)';
    await bench.write(1, [null]);
    const [{ id } = { id: '' }] = await nodes.database.query<{ id: string }>(`SELECT ${young}::text AS id`);
    const { findings } = await alter(async (owner) => {
      await owner.query('ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey');
      await owner.query(
        `${INSERT} SELECT id, at, 'x', identity_id, details FROM audit_events WHERE id IN ($1, $2)`,
        [sealed, id],
      );
    });
    expect(findings).toEqual(
      expect.arrayContaining([
        { kind: 'event_doubled', id: sealed },
        { kind: 'event_doubled', id },
      ]),
    );
    await bench.settle();
  });

  test.each(['infinity', '-infinity', '294276-01-01', '4000-01-01 BC'])(
    'a time of %s: of an event that is in the tree, and of a new one',
    async (at) => {
      const id = await find('true');
      const change = async (owner: pg.Client, statement: string, values: unknown[]) => {
        await owner.query('ALTER TABLE audit_events DROP CONSTRAINT audit_events_time');
        return (await owner.query<{ id: string }>(`${statement} RETURNING id::text AS id`, values)).rows[0]
          ?.id;
      };
      for (const sink of [bench.sink, null]) {
        const changed = await alter(
          async (owner) => await change(owner, 'UPDATE audit_events SET at = $2 WHERE id = $1', [id, at]),
          { sink },
        );
        expect(changed.findings).toEqual([{ kind: 'event_changed', id, leaf: expect.any(Number) }]);
      }
      let added: string | undefined;
      const insert = `INSERT INTO audit_events (at, kind, details) VALUES ($1, 'signed_in', '{}')`;
      const { findings } = await alter(async (owner) => (added = await change(owner, insert, [at])));
      expect(findings).toEqual([{ kind: 'event_unsealed', id: added }]);
    },
  );

  test('a node cannot append an event at no time', async () => {
    for (const offset of ['Infinity', '-Infinity', '1e15'])
      await expect(
        nodes.context.database.transaction(async (db) => {
          await db.query(sql`SELECT set_config('noegle.clock_offset_ms', $1, true)`, [offset]);
          await appendEvent(db, { kind: 'signed_out_everywhere', identityId: null, details: {} });
        }),
      ).rejects.toThrow();
    await bench.write(1, [null]);
    await bench.settle();
    expect((await bench.verify()).findings).toEqual([]);
  });

  test('an event without a leaf is found after an hour', async () => {
    const insert = (at: string) => async (owner: pg.Client) =>
      await owner.query(
        `INSERT INTO audit_events (at, kind, details) VALUES (now() + $1::interval, 'signed_in', '{}')`,
        [at],
      );
    expect(await alter(insert('-55 minutes'))).toMatchObject({ findings: [], unsealed: 1 });
    for (const at of ['-61 minutes', '61 minutes', '-400 days'])
      expect(await alter(insert(at))).toMatchObject({
        findings: [{ kind: 'event_unsealed', id: expect.any(String) }],
        unsealed: 0,
      });
  });

  test('a number that was not given is named, and no event below it', async () => {
    for (const id of ['100000', '9223372036854775807', '-9223372036854775808']) {
      const { findings } = await alter(async (owner) => {
        await owner.query(`${INSERT} VALUES ($1, now(), 'signed_in', NULL, '{}')`, [id]);
        await owner.query(`INSERT INTO audit_events (kind, details) VALUES ('signed_in', '{}')`);
      });
      expect(findings).toEqual([{ kind: id.startsWith('-') ? 'event_added' : 'event_not_numbered', id }]);
    }
  });
});

test('a number that was not given is named in the tree too, and settles none below it', async () => {
  const id = '100000';
  const { findings, unsealed } = await alter(
    async (owner) => {
      await owner.query(
        `INSERT INTO audit_events (id, at, kind, details) OVERRIDING SYSTEM VALUE VALUES ($1, now(), 'signed_in', '{}')`,
        [id],
      );
      await owner.query(
        `UPDATE audit_segments SET event_ids = event_ids || $1::bigint, leaves = leaves || sha256('x')
         WHERE number = (SELECT max(number) FROM audit_segments)`,
        [id],
      );
      await owner.query(`UPDATE audit_segments SET sealed_at = sealed_at - interval '3 hours'`);
      await owner.query(`INSERT INTO audit_events (kind, details) VALUES ('signed_in', '{}')`);
    },
    { sink: null },
  );
  expect(findings).toContainEqual({ kind: 'event_not_numbered', id });
  expect([findings.filter(({ kind }) => kind === 'event_added'), unsealed]).toEqual([[], 1]);
});

test('a sink that lacks a segment for more than a minute is found', async () => {
  const copy = path.join(makeScratchFolder('sink-behind'), 'audit');
  cpSync(bench.sinkFolder, copy, { recursive: true });
  const sink = openFolderAuditSink(copy);
  await bench.write(10, [null]);
  await bench.settle();
  const behind = await bench.verify({ sink });
  expect([behind.findings, behind.sink?.behind]).toEqual([[], 1]);
  const segment = behind.segments - 1;
  const later = await alter(
    (owner) =>
      owner.query(
        `UPDATE audit_segments SET sealed_at = sealed_at - interval '61 seconds' WHERE number = $1`,
        [segment],
      ),
    { sink },
  );
  expect(later.findings).toEqual([{ kind: 'sink_lags', from: segment, to: segment }]);
});

test('a stretch that was added to the tree late is told, and is no finding', async () => {
  const before = await bench.verify();
  await bench.write(30, [null]);
  await bench.settle();
  const late = await alter(
    async (owner) =>
      await owner.query(`UPDATE audit_segments SET sealed_at = sealed_at + interval '2 hours'
        WHERE number = (SELECT max(number) FROM audit_segments)`),
    { sink: null },
  );
  const [from, to] = [before.leaves, before.leaves + 29];
  expect([before.sealedLate, late.sealedLate, late.findings]).toEqual([[], [{ from, to }], []]);
});

test('one person is erased by two: the tree verifies, and a later change of their events is found', async () => {
  const { identityId } = person;
  const { database } = nodes.context;
  const record = async () => undefined;
  const by = (name: string | null) => ({ account: 'noegle', by: name });
  const erase = (name: string | null) =>
    confirmErasure(
      nodes.context,
      bench.signer,
      { identityId, operator: by(name), lastStreamed: 1_000 },
      record,
    );
  expect(await erase('Bo')).toEqual({ kind: 'not_closed' });
  await closeId(nodes, identityId);
  expect(await erase('Bo')).toEqual({ kind: 'not_proposed' });
  expect(await proposeErasure({ database }, { identityId, operator: by('Anna') }, record)).toBeNull();
  expect(await erase('Bo')).toMatchObject({ kind: 'not_sealed' });
  await bench.settle();
  for (const name of ['anna', ' ANNA ', null]) expect(await erase(name)).toEqual({ kind: 'same_person' });
  const spelled = { identityId, operator: by('Bo\u0308rge') };
  expect(await proposeErasure({ database }, spelled, record)).toBeNull();
  await bench.settle();
  expect(await erase('B\u00f6rge')).toEqual({ kind: 'same_person' });
  expect(await erase('Bo')).toMatchObject({ kind: 'erased' });
  expect(await erase('Bo')).toEqual({ kind: 'erased_before' });
  await bench.settle();
  const { findings, erased } = await bench.verify();
  expect(findings).toEqual([]);
  expect(erased).toBeGreaterThan(90);
  expect((await bench.verify({ sink: null })).findings).toEqual([]);
  const [{ id } = { id: '' }] = await nodes.database.query<{ id: string }>(
    'SELECT id FROM audit_events WHERE identity_id = $1 ORDER BY id OFFSET 10 LIMIT 1',
    [identityId],
  );
  for (const sink of [bench.sink, null]) {
    const changed = await alter(
      (owner) => owner.query(`UPDATE audit_events SET kind = 'signed_out_everywhere' WHERE id = $1`, [id]),
      { sink },
    );
    expect(changed.findings).toMatchObject([{ kind: 'event_changed', id }]);
    const gone = await alter(
      (owner) => owner.query('DELETE FROM audit_erased_events WHERE event_id = $1', [id]),
      {
        sink,
      },
    );
    expect(kindsOf(gone)).toEqual([sink ? 'person_salt_changed' : 'event_changed', 'erasure_changed']);
  }
});

test('a restore to before the erasure: found, and whole again after the replay', async () => {
  const { context } = nodes;
  // What is lost: more events, and an erasure.
  const lost = await aPerson(nodes);
  await bench.write(40, [lost.identityId, null]);
  await closeId(nodes, lost.identityId);
  await bench.settle();
  const dump = await dumpDatabase(nodes.database);
  const asked = (by: string) => ({ identityId: lost.identityId, operator: { account: 'noegle', by } });
  await proposeErasure(context, asked('Anna'), async () => undefined);
  await bench.settle();
  const confirmed = { ...asked('Bo'), lastStreamed: 1_000 };
  expect((await confirmErasure(context, bench.signer, confirmed, async () => undefined)).kind).toBe('erased');
  await bench.write(20, [other.identityId, null]);
  await bench.settle();

  await restoreDatabase(nodes.database, dump);
  expect(kindsOf(await bench.verify())).toContain('log_rolled_back');
  const owner = new Database(nodes.database.ownerUrl, {
    poolSize: 2,
    timeoutMs: 60_000,
    onLost: () => undefined,
  });
  const source = { sink: bench.sink, signer: bench.signer, lostAt: nodes.clock.now() };
  const replayed = await replayRestored(
    { ...context, database: owner },
    { source, record: () => Promise.resolve() },
  );
  await beginEpoch({ ...context, database: owner }, source);
  await owner.close();
  expect(replayed.events).toBeGreaterThan(20);
  const { findings, erased } = await bench.verify();
  expect(findings).toEqual([]);
  expect(erased).toBeGreaterThan(115);
  await bench.settle();
  expect((await bench.verify()).findings).toEqual([]);
});
