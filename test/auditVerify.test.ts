/** The audit log is verified: what was altered is found and named, and a person can be erased. */
import { beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { appendEvent } from '../src/db/auditLog.ts';
import { Database } from '../src/db/database.ts';
import {
  beginEpoch,
  confirmErasure,
  proposeErasure,
  replayRestored,
} from '../src/features/auditLog/index.ts';
import { AuditLogBench, closeId, openOwner, queryOn } from './support/auditLog.ts';
import { aPerson, dumpDatabase, restoreDatabase, useNodes, type TestPerson } from './support/index.ts';

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

test('one person is erased by two: the tree verifies, and a later change of their events is found', async () => {
  const { identityId } = person;
  const { database } = nodes.context;
  const record = async () => undefined;
  const by = (name: string) => ({ account: 'noegle', by: name });
  const erase = (name: string) =>
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
  expect(await erase('anna')).toEqual({ kind: 'same_person' });
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
