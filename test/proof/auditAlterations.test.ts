/**
 * A thousand random alterations of events older than the lag, by the owner of the database, who turns the
 * triggers off first: each is found, and the record is named.
 */
import { generateKeyPairSync, randomInt, sign } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { hashEvent } from '../../src/domain/auditTree/auditLeaf.ts';
import { TreeEdge, type Subtree } from '../../src/domain/auditTree/merkleTree.ts';
import { composeCheckpointText, composeNote } from '../../src/domain/auditTree/signedNote.ts';
import { composeErasureText, ErasureDigest } from '../../src/domain/auditTree/erasure.ts';
import { listEventsById, listSegments } from '../../src/db/auditTree/auditTree.ts';
import type { Database } from '../../src/db/database.ts';
import { confirmErasure, proposeErasure, sealEvents } from '../../src/features/auditLog/index.ts';
import { realRandom } from '../../src/platform/random.ts';
import { AuditLogBench, closeId, openOwner, queryOn } from '../support/auditLog.ts';
import { aPerson, IS_WHOLE_PROOF, useNodes } from '../support/index.ts';

/** All thousand take a minute and a half: `NOEGLE_PROOF_WHOLE=yes`. */
const MANY = Number(process.env['AUDIT_ALTERATIONS'] ?? (IS_WHOLE_PROOF ? 1_000 : 120));
const SEED = Number(process.env['AUDIT_SEED'] ?? randomInt(2 ** 31));

/** Mulberry32: the same alterations for the same seed. */
let state = SEED;
function draw(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
}
function pick<T>(list: readonly T[]): T {
  const one = list[draw(list.length)];
  if (one === undefined) throw new Error('there is nothing to draw from');
  return one;
}

const nodes = useNodes();
let bench: AuditLogBench;
let owner: pg.Client;
let ids: string[] = [];
let segments: number[] = [];
let people: string[] = [];
let erased = '';
/** Numbers that no event has. */
let freeIds: string[] = [];
/** What the tree was at the ends of some segments. */
const states: { readonly segments: number; readonly maxId: string; readonly row: Record<string, unknown> }[] =
  [];

const TREE_COLUMNS =
  'segments, size, edge, sealed_below, sealed_above, next_below, next_holders, checkpoint, sink_since';

async function rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await owner.query(text, values)).rows as Row[];
}

beforeAll(async () => {
  bench = await AuditLogBench.open(nodes);
  people = [];
  for (let i = 0; i < 6; i += 1) people.push((await aPerson(nodes)).identityId);
  erased = people[5] ?? '';
  // The log is some days old.
  await nodes.database.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
  await nodes.database.query(`UPDATE audit_events SET at = at - interval '40 hours'`);
  await nodes.database.query('ALTER TABLE audit_events ENABLE TRIGGER USER');
  for (let burst = 0; burst < 8; burst += 1) {
    await bench.write(100 + draw(30), [...people, null], { hoursAgo: 30 - 3 * burst });
    await bench.skipIds(1 + draw(4));
    await bench.settle();
    const [row] = await nodes.database.query<Record<string, unknown>>(
      `SELECT ${TREE_COLUMNS} FROM audit_tree`,
    );
    const [{ max } = { max: '' }] = await nodes.database.query<{ max: string }>(
      'SELECT max(id)::text AS max FROM audit_events',
    );
    states.push({ segments: Number(row?.['segments']), maxId: max, row: row ?? {} });
  }
  await closeId(nodes, erased);
  const by = (name: string) => ({ account: 'noegle', by: name });
  const record = async () => undefined;
  await proposeErasure(nodes.context, { identityId: erased, operator: by('Anna') }, record);
  await bench.settle();
  const outcome = await confirmErasure(
    nodes.context,
    bench.signer,
    { identityId: erased, operator: by('Bo'), lastStreamed: 1_000 },
    record,
  );
  expect(outcome.kind).toBe('erased');
  await bench.settle();
  owner = await openOwner(nodes);
  ids = (await rows<{ id: string }>('SELECT id::text AS id FROM audit_events e ORDER BY e.id')).map(
    ({ id }) => id,
  );
  segments = (await rows<{ number: string }>('SELECT number FROM audit_segments s ORDER BY s.number')).map(
    ({ number }) => Number(number),
  );
  const known = new Set(ids);
  freeIds = Array.from({ length: Number(ids.at(-1)) }, (_, i) => String(i)).filter((id) => !known.has(id));
});

/** What a finding has to say. */
type Expected = Readonly<Record<string, unknown>>;
/** An alteration. @returns what has to be found; one of them is enough where it is a list of lists */
type Alteration = () => Promise<readonly Expected[]>;

const changed = (...some: string[]) => some.map((id) => ({ kind: 'event_changed', id }));

async function idOf(where: string, values: unknown[] = []): Promise<string> {
  return pick(
    await rows<{ id: string }>(
      `SELECT id::text AS id FROM audit_events e WHERE ${where} ORDER BY e.id`,
      values,
    ),
  ).id;
}

async function change(set: string, id = pick(ids)): Promise<Expected[]> {
  const { rowCount } = await owner.query(`UPDATE audit_events SET ${set} WHERE id = $1`, [id]);
  expect(rowCount).toBe(1);
  return changed(id);
}

/** Two events of one kind of owner, with other contents. */
async function drawPair(): Promise<[string, string]> {
  for (;;) {
    const [one, other] = [pick(ids), pick(ids)];
    const [found] = await rows<{ differs: boolean }>(
      `SELECT (a.kind, a.details::text, a.identity_id, a.at) IS DISTINCT FROM (b.kind, b.details::text, b.identity_id, b.at)
         AND a.details <> b.details
         AND (a.kind, a.identity_id, a.at) IS DISTINCT FROM (b.kind, b.identity_id, b.at) AS differs FROM audit_events a, audit_events b WHERE a.id = $1 AND b.id = $2`,
      [one, other],
    );
    if (one !== other && found?.differs === true) return [one, other];
  }
}

const CONTENT = 'at, kind, identity_id, details';

async function swap(columns: string): Promise<[string, string]> {
  const [one, other] = await drawPair();
  await owner.query(
    `UPDATE audit_events t SET (${columns}) = (SELECT ${columns} FROM audit_events s
       WHERE s.id = CASE WHEN t.id = $1 THEN $2::bigint ELSE $1::bigint END) WHERE t.id IN ($1, $2)`,
    [one, other],
  );
  return [one, other];
}

async function insertEvent(
  id: string,
  at = 'now()',
  identityId: string | null = pick(people.slice(0, 5)),
): Promise<void> {
  await owner.query(
    `INSERT INTO audit_events (id, at, kind, identity_id, details) OVERRIDING SYSTEM VALUE
     VALUES ($1, ${at}, 'signed_in', $2, '{"clientId": "rp-1", "n": 0}')`,
    [id, identityId],
  );
}

/** Leaves, roots, subtrees and edge as they are computed from the events as they stand; nothing is signed. */
async function recompute(): Promise<void> {
  const db = queryOn(owner);
  const edge = new TreeEdge();
  const subtrees: Subtree[] = [];
  const erasedIds = new Set(
    (await rows<{ id: string }>('SELECT event_id::text AS id FROM audit_erased_events')).map(({ id }) => id),
  );
  for (const segment of await listSegments(db, 0, 10_000)) {
    const byId = new Map((await listEventsById(db, segment.eventIds)).map((event) => [event.id, event]));
    const leaves = segment.eventIds.map((id, i) => {
      const event = byId.get(id);
      return event && !erasedIds.has(id)
        ? hashEvent(event, event.salt ?? segment.salt)
        : (segment.leaves[i] ?? Buffer.alloc(32));
    });
    for (const leaf of leaves) subtrees.push(...edge.append(leaf));
    await owner.query('UPDATE audit_segments SET leaves = $2, root = $3 WHERE number = $1', [
      segment.number,
      Buffer.concat(leaves),
      edge.root,
    ]);
  }
  for (const { height, index, hash } of subtrees)
    await owner.query('UPDATE audit_subtrees SET hash = $3 WHERE height = $1 AND index = $2', [
      height,
      index,
      hash,
    ]);
  await owner.query('UPDATE audit_tree SET edge = $1', [edge.bytes]);
}

/** A checkpoint of the tree as it stands, signed by a key of the owner's own under the log's name. */
async function signByAnotherKey(): Promise<void> {
  const [tree] = await rows<{ size: string; edge: Buffer }>('SELECT size, edge FROM audit_tree');
  const size = Number(tree?.size);
  const root = TreeEdge.parse(size, tree?.edge ?? Buffer.alloc(0)).root;
  await owner.query('UPDATE audit_tree SET checkpoint = $1', [
    forge(composeCheckpointText({ origin: bench.signer.origin, size, root })),
  ]);
}

function forge(text: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return composeNote(
    text,
    { name: bench.signer.origin, publicKey: raw },
    sign(null, Buffer.from(text), privateKey),
  );
}

/** A pass of an honest node over what the owner wrote. */
async function sealOnOwner(): Promise<void> {
  const db = queryOn(owner);
  const database = {
    queryForCheck: async (...asked: Parameters<typeof db.query>) => await db.query(...asked),
    transaction: async <T>(work: (on: typeof db) => Promise<T>) => await work(db),
  };
  const context = { database: database as unknown as Database, clock: nodes.clock, random: realRandom };
  expect((await sealEvents(context, bench.signer)).added).toBeGreaterThan(0);
}

async function rollTreeBack(to: (typeof states)[number], { withEvents = true } = {}): Promise<void> {
  await owner.query('DELETE FROM audit_segments WHERE number >= $1', [to.segments]);
  const size = Number(to.row['size']);
  await owner.query('DELETE FROM audit_subtrees WHERE (index + 1) * (2 ^ height)::bigint > $1', [size]);
  if (withEvents) {
    await owner.query('DELETE FROM audit_erased_events');
    await owner.query('DELETE FROM audit_events WHERE id > $1', [to.maxId]);
  }
  const columns = TREE_COLUMNS.split(', ');
  await owner.query(
    `UPDATE audit_tree SET ${columns.map((column, i) => `${column} = $${i + 1}`).join(', ')}`,
    columns.map((column) => to.row[column]),
  );
}

const segmentChanged = (segment: number, column: string) => ({ kind: 'segment_changed', segment, column });

const ALTERATIONS: Readonly<Record<string, Alteration>> = {
  'another kind': async () => await change(`kind = kind || 'x'`),
  'a microsecond': async () => await change(`at = at + interval '1 microsecond'`),
  'a microsecond less': async () => await change(`at = at - interval '1 microsecond'`),
  'years earlier': async () => await change(`at = at - interval '3 years'`),
  'another ID': async () => {
    const id = await idOf('identity_id = ANY($1::uuid[])', [people.slice(0, 5)]);
    return await change(
      `identity_id = '${people.find((one) => one !== erased) ?? ''}', kind = kind || ''`,
      id,
    ).then(async (found) => {
      const [row] = await rows<{ same: boolean }>(
        `SELECT identity_id = $2 AS same FROM audit_events WHERE id = $1`,
        [id, people[0]],
      );
      expect(row?.same).toBe(true);
      // Its own ID was drawn: then it is taken from it.
      await owner.query(`UPDATE audit_events SET identity_id = NULL WHERE id = $1`, [id]);
      return found;
    });
  },
  'an ID that does not exist': async () =>
    await change(`identity_id = '${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}'`),
  'one bit of the details': async () => {
    const id = await idOf(`details ? 'clientId'`);
    const [row] = await rows<{ details: { clientId: string } }>(
      'SELECT details FROM audit_events WHERE id = $1',
      [id],
    );
    const { clientId = '' } = row?.details ?? {};
    const place = draw(clientId.length);
    const other = String.fromCharCode(clientId.charCodeAt(place) ^ 1);
    const text = clientId.slice(0, place) + other + clientId.slice(place + 1);
    return await change(`details = jsonb_set(details, '{clientId}', '${JSON.stringify(text)}')`, id);
  },
  'a number of the details': async () =>
    await change(`details = jsonb_set(details, '{n}', '-1')`, await idOf(`details ? 'n'`)),
  'a member more': async () => await change(`details = details || '{"x": null}'`),
  'a member less': async () => await change(`details = details - 'n'`, await idOf(`details ? 'n'`)),
  'another number': async () => {
    const [id, free] = [pick(ids), pick(freeIds)];
    await owner.query('UPDATE audit_events SET id = $2 WHERE id = $1', [id, free]);
    return [
      { kind: 'event_missing', id },
      { kind: 'event_added', id: free },
    ];
  },
  'an event deleted': async () => {
    const id = pick(ids);
    await owner.query('DELETE FROM audit_events WHERE id = $1', [id]);
    return [{ kind: 'event_missing', id }];
  },
  'an event deleted with its leaf': async () => {
    const id = pick(ids);
    await owner.query('DELETE FROM audit_events WHERE id = $1', [id]);
    await owner.query(
      `UPDATE audit_segments SET event_ids = array_remove(event_ids, $1::bigint),
         leaves = substring(leaves FROM 1 FOR 32 * (array_position(event_ids, $1::bigint) - 1))
           || substring(leaves FROM 32 * array_position(event_ids, $1::bigint) + 1)
       WHERE $1::bigint = ANY(event_ids)`,
      [id],
    );
    await recompute();
    return [{ kind: 'event_missing', id }];
  },
  'many deleted': async () => {
    const first = draw(ids.length - 60);
    const gone = ids.slice(first, first + 2 + draw(50));
    await owner.query('DELETE FROM audit_events WHERE id = ANY($1::bigint[])', [gone]);
    return gone.map((id) => ({ kind: 'event_missing', id }));
  },
  'all of a person deleted': async () => {
    const gone = await rows<{ id: string }>(
      'DELETE FROM audit_events WHERE identity_id = $1 RETURNING id::text AS id',
      [pick(people)],
    );
    return gone.map(({ id }) => ({ kind: 'event_missing', id }));
  },
  'an event inserted': async () => {
    const id = pick(freeIds);
    await insertEvent(id);
    return [{ kind: 'event_added', id }];
  },
  'an event inserted below zero': async () => {
    const id = String(-1 - draw(1_000_000));
    await insertEvent(id);
    return [{ kind: 'event_added', id }];
  },
  'an event inserted at the time of its neighbour': async () => {
    const id = pick(freeIds);
    await insertEvent(id, `(SELECT min(at) FROM audit_events WHERE id > ${id})`, null);
    return [{ kind: 'event_added', id }];
  },
  'an event inserted with a forged leaf': async () => {
    const id = pick(freeIds);
    const segment = pick(segments);
    await insertEvent(id);
    await owner.query(
      `UPDATE audit_segments SET event_ids = event_ids || $2::bigint, leaves = leaves || $3 WHERE number = $1`,
      [segment, id, Buffer.alloc(32, 7)],
    );
    await recompute();
    return [{ kind: 'event_added', id }, segmentChanged(segment, 'event_ids')];
  },
  'a child table with the true event': async () => {
    const id = pick(ids);
    await owner.query('CREATE TABLE forged () INHERITS (audit_events)');
    await owner.query('INSERT INTO forged SELECT * FROM ONLY audit_events WHERE id = $1', [id]);
    await owner.query(`UPDATE ONLY audit_events SET kind = 'x' WHERE id = $1`, [id]);
    return [
      { kind: 'table_inherited', child: 'forged' },
      { kind: 'event_doubled', id },
    ];
  },
  'a second row of an event': async () => {
    const id = pick(ids);
    await owner.query('ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey');
    await owner.query(
      `INSERT INTO audit_events (id, at, kind, identity_id, details) OVERRIDING SYSTEM VALUE
       SELECT id, at, 'x', identity_id, details FROM audit_events WHERE id = $1`,
      [id],
    );
    return [{ kind: 'event_doubled', id }];
  },
  'a time that is none': async () => {
    const at = pick(['infinity', '-infinity', '294276-12-31', '4713-01-01 BC']);
    await owner.query('ALTER TABLE audit_events DROP CONSTRAINT audit_events_time');
    return await change(`at = '${at}'`);
  },
  'an event that no node adds to the tree': async () => {
    const { rows: added } = await owner.query<{ id: string }>(
      `INSERT INTO audit_events (at, kind, details) VALUES (now() + $1::interval, 'signed_in', '{}') RETURNING id::text AS id`,
      [pick(['-2 hours', '2 hours', '-3 years'])],
    );
    return [{ kind: 'event_unsealed', id: added[0]?.id }];
  },
  'a number that was not given': async () => {
    const id = pick([String(Number(ids.at(-1)) + 1_000 + draw(1_000_000)), '9223372036854775807']);
    await insertEvent(id);
    return [{ kind: 'event_not_numbered', id }];
  },
  'back-dated, and sealed by a node': async () => {
    const [{ id } = { id: '' }] = await rows<{ id: string }>(
      `SELECT (max(id) + 1)::text AS id FROM audit_events`,
    );
    await insertEvent(id, `now() - interval '2 hours' - interval '1 day' * ${draw(400)}`);
    await sealOnOwner();
    return [{ kind: 'event_back_dated', id }];
  },
  'post-dated, and sealed by a node': async () => {
    const [{ id } = { id: '' }] = await rows<{ id: string }>(
      `SELECT (max(id) + 1)::text AS id FROM audit_events`,
    );
    await insertEvent(id, `now() + interval '2 hours' + interval '1 day' * ${draw(400)}`);
    await sealOnOwner();
    return [{ kind: 'event_back_dated', id }];
  },
  'an old number, sealed by a node that was made to': async () => {
    const id = pick(freeIds.filter((one) => Number(one) < Number(states[5]?.maxId)));
    const at = pick(['now()', `(SELECT min(at) FROM audit_events WHERE id > ${id})`]);
    await insertEvent(id, at, null);
    await owner.query(
      `UPDATE audit_tree SET sealed_below = $1::bigint - 1, next_below = $1::bigint - 1,
         sealed_above = ARRAY(SELECT id FROM audit_events WHERE id > $1::bigint ORDER BY id)`,
      [id],
    );
    await sealOnOwner();
    return [{ kind: 'event_back_dated', id }];
  },
  'two swapped': async () => {
    const [id, otherId] = (await swap(CONTENT)).toSorted((a, b) => Number(a) - Number(b));
    return [{ kind: 'events_swapped', id, otherId }];
  },
  'two swapped by their numbers': async () => {
    const [one, other] = await drawPair();
    await owner.query('UPDATE audit_events SET id = -9 WHERE id = $1', [one]);
    await owner.query('UPDATE audit_events SET id = $2 WHERE id = $1', [other, one]);
    await owner.query('UPDATE audit_events SET id = $1 WHERE id = -9', [other]);
    const [id, otherId] = [one, other].toSorted((a, b) => Number(a) - Number(b));
    return [{ kind: 'events_swapped', id, otherId }];
  },
  'the details of two swapped': async () => changed(...(await swap('details'))),
  'events truncated': async () => {
    await owner.query('TRUNCATE audit_events');
    // The first thousand are named.
    return [pick(ids.slice(0, 1_000)), ids[0]].map((id) => ({ kind: 'event_missing', id }));
  },
  'segments truncated': async () => {
    await owner.query('TRUNCATE audit_segments');
    return [{ kind: 'segments_missing', place: 'database', from: 0, to: segments.length - 1 }];
  },
  'subtrees truncated': async () => {
    await owner.query('TRUNCATE audit_subtrees');
    return [{ kind: 'subtree_missing', height: 8, index: 0 }];
  },
  'the tree truncated': async () => {
    await owner.query('TRUNCATE audit_tree');
    return [{ kind: 'tree_row_missing' }];
  },
  'the tree made anew': async () => {
    await owner.query('TRUNCATE audit_tree, audit_segments, audit_subtrees');
    await owner.query('INSERT INTO audit_tree DEFAULT VALUES');
    return [{ kind: 'log_rolled_back', segments: 0, segmentsInSink: segments.length }];
  },
  'everything truncated': async () => {
    await owner.query(
      'TRUNCATE audit_tree, audit_segments, audit_subtrees, audit_events, audit_erased_events',
    );
    await owner.query('INSERT INTO audit_tree DEFAULT VALUES');
    return [
      { kind: 'log_rolled_back', segments: 0 },
      { kind: 'event_missing', id: pick(ids.slice(0, 1_000)) },
    ];
  },
  'rolled back': async () => {
    const to = pick(states);
    await rollTreeBack(to);
    return [{ kind: 'log_rolled_back', segments: to.segments, segmentsInSink: segments.length }];
  },
  'rolled back without the events': async () => {
    const to = pick(states);
    await rollTreeBack(to, { withEvents: false });
    return [{ kind: 'log_rolled_back', segments: to.segments }];
  },
  'the row of the tree rolled back': async () => {
    const to = pick(states);
    const columns = TREE_COLUMNS.split(', ');
    await owner.query(
      `UPDATE audit_tree SET ${columns.map((column, i) => `${column} = $${i + 1}`).join(', ')}`,
      columns.map((column) => to.row[column]),
    );
    return [{ kind: 'tree_row_changed', column: 'segments' }];
  },
  'changed, and all recomputed': async () => {
    const id = await idOf('identity_id IS DISTINCT FROM $1', [erased]);
    await change(`details = details || '{"x": 1}'`, id);
    await recompute();
    return [...changed(id), segmentChanged(segments.length - 1, 'root')];
  },
  'changed, all recomputed, and signed by another key': async () => {
    const id = await idOf('identity_id IS DISTINCT FROM $1', [erased]);
    await change(`kind = 'x'`, id);
    await recompute();
    await signByAnotherKey();
    return [...changed(id), { kind: 'checkpoint_wrong', place: 'database', fault: 'another_key' }];
  },
  'the checkpoint taken out': async () => {
    await owner.query('UPDATE audit_tree SET checkpoint = NULL');
    return [{ kind: 'checkpoint_wrong', fault: 'missing' }];
  },
  'the checkpoint changed': async () => {
    await owner.query(
      `UPDATE audit_tree SET checkpoint = replace(checkpoint, E'\\n' || size || E'\\n', E'\\n' || (size + 1) || E'\\n')`,
    );
    return [{ kind: 'checkpoint_wrong', fault: 'changed' }];
  },
  'the checkpoint of before': async () => {
    const [tree] = await rows<{ checkpoint: string }>('SELECT checkpoint FROM audit_tree');
    const older = states.filter(({ row }) => row['checkpoint'] !== tree?.checkpoint);
    await owner.query('UPDATE audit_tree SET checkpoint = $1', [pick(older).row['checkpoint']]);
    return [{ kind: 'checkpoint_wrong', fault: 'behind' }];
  },
  'a column of the tree': async () => {
    const [column, value] = pick([
      ['segments', 'segments + 1'],
      ['size', 'size - 1'],
      ['edge', ''],
      ['sealed_below', 'sealed_below + 1'],
      ['sealed_above', 'sealed_above || 1::bigint'],
      ['next_below', 'next_below + 5'],
    ] as const);
    if (column === 'edge') {
      const bit = draw(200);
      await owner.query(`UPDATE audit_tree SET edge = set_bit(edge, ${bit}, 1 - get_bit(edge, ${bit}))`);
    } else await owner.query(`UPDATE audit_tree SET ${column} = ${value}`);
    return column === 'segments'
      ? [{ kind: 'segments_missing', from: segments.length }]
      : [{ kind: 'tree_row_changed', column }];
  },
  'what is sealed lowered': async () => {
    await owner.query('UPDATE audit_tree SET sealed_below = $1', [ids[draw(ids.length - 1)]]);
    return [{ kind: 'tree_row_changed', column: 'sealed_above' }];
  },
  'a bit of a leaf': async () => {
    const segment = pick(segments);
    const bit = draw(200);
    await owner.query(
      `UPDATE audit_segments SET leaves = set_bit(leaves, ${bit}, 1 - get_bit(leaves, ${bit})) WHERE number = $1`,
      [segment],
    );
    return [segmentChanged(segment, 'leaves')];
  },
  'a bit of a root': async () => {
    const segment = pick(segments);
    const bit = draw(256);
    await owner.query(
      `UPDATE audit_segments SET root = set_bit(root, ${bit}, 1 - get_bit(root, ${bit})) WHERE number = $1`,
      [segment],
    );
    return [segmentChanged(segment, 'root')];
  },
  'the salt of a segment': async () => {
    const segment = pick(segments);
    await owner.query(`UPDATE audit_segments SET salt = sha256(salt) WHERE number = $1`, [segment]);
    return [segmentChanged(segment, 'salt')];
  },
  'the time of a segment': async () => {
    const segment = pick(segments);
    await owner.query(
      `UPDATE audit_segments SET sealed_at = sealed_at + interval '1 millisecond' WHERE number = $1`,
      [segment],
    );
    return [segmentChanged(segment, 'sealed_at')];
  },
  'the order of a segment': async () => {
    const [{ number } = { number: '' }] = await rows<{ number: string }>(
      'SELECT number FROM audit_segments WHERE cardinality(event_ids) > 1 ORDER BY random() LIMIT 1',
    );
    await owner.query(
      `UPDATE audit_segments SET event_ids = ARRAY(SELECT x FROM unnest(event_ids) AS x ORDER BY x DESC) WHERE number = $1`,
      [number],
    );
    return [segmentChanged(Number(number), 'event_ids')];
  },
  'a segment deleted': async () => {
    const segment = draw(segments.length - 1);
    await owner.query('DELETE FROM audit_segments WHERE number = $1', [segment]);
    return [{ kind: 'segments_missing', place: 'database', from: segment, to: segment }];
  },
  'a segment moved': async () => {
    const segment = pick(segments);
    await owner.query('UPDATE audit_segments SET first_leaf = first_leaf + 100000 WHERE number = $1', [
      segment,
    ]);
    return [segmentChanged(segment, 'first_leaf')];
  },
  'a subtree changed': async () => {
    const [{ height, index } = { height: 0, index: 0 }] = await rows<{ height: number; index: number }>(
      'UPDATE audit_subtrees SET hash = sha256(hash) WHERE height = 8 AND index = $1 RETURNING height::int, index::int',
      [draw(3)],
    );
    return [{ kind: 'subtree_changed', height, index }];
  },
  'a subtree added': async () => {
    await owner.query('INSERT INTO audit_subtrees VALUES (8, $1, sha256($2))', [
      1_000 + draw(9),
      Buffer.of(1),
    ]);
    return [{ kind: 'subtrees_added', many: 1 }];
  },
  'the salt of a person': async () => {
    const identityId = pick(people.slice(0, 5));
    await owner.query(
      'UPDATE people SET log_salt = sha256(log_salt) WHERE id = (SELECT person_id FROM identities WHERE id = $1)',
      [identityId],
    );
    return [{ kind: 'person_salt_changed', identityId }];
  },
  'an erased event changed': async () =>
    await change(`kind = kind || 'x'`, await idOf('identity_id = $1 AND kind LIKE $2', [erased, 'signed%'])),
  'an erased event and its hash changed': async () => {
    const id = await idOf('identity_id = $1 AND kind LIKE $2', [erased, 'signed%']);
    await change(`kind = kind || 'x'`, id);
    const [event] = await listEventsById(queryOn(owner), [id]);
    if (!event?.salt) throw new Error('the person is gone');
    await owner.query('UPDATE audit_erased_events SET hash = $2 WHERE event_id = $1', [
      id,
      hashEvent(event, event.salt),
    ]);
    return [...changed(id), { kind: 'erasure_changed', identityId: erased }];
  },
  'an erased event deleted with its hash': async () => {
    const id = await idOf('identity_id = $1 AND kind LIKE $2', [erased, 'signed%']);
    await owner.query('DELETE FROM audit_events WHERE id = $1', [id]);
    await owner.query('DELETE FROM audit_erased_events WHERE event_id = $1', [id]);
    return [
      { kind: 'event_missing', id },
      { kind: 'erasure_changed', identityId: erased },
    ];
  },
  'a forged erasure': async () => {
    const identityId = pick(people.slice(0, 5));
    await change(`details = details || '{"x": 1}'`, await idOf('identity_id = $1', [identityId]));
    const db = queryOn(owner);
    const digest = new ErasureDigest();
    const all = (await listEventsById(db, ids)).filter((event) => event.identityId === identityId);
    for (const event of all) {
      const hash = hashEvent(event, event.salt ?? Buffer.alloc(0));
      digest.add({ id: event.id, hash });
      await owner.query('INSERT INTO audit_erased_events VALUES ($1, $2, $3)', [event.id, identityId, hash]);
    }
    const { count } = digest;
    const text = composeErasureText({
      origin: bench.signer.origin,
      identityId,
      count,
      digest: digest.finish(),
    });
    await owner.query(
      `INSERT INTO audit_events (kind, identity_id, details) VALUES ('person_erased', $1, jsonb_build_object('record', $2::text))`,
      [identityId, forge(text)],
    );
    await sealOnOwner();
    return [{ kind: 'erasure_changed', identityId }];
  },
};

test(`${MANY} alterations, of ${Object.keys(ALTERATIONS).length} kinds: all found and named; control: none without`, async () => {
  console.info(`AUDIT_SEED=${SEED}; ${ids.length} events in ${segments.length} segments`);
  const db = queryOn(owner);
  expect((await bench.verifyOn(db)).findings).toEqual([]);
  const begunAt = performance.now();
  const names = Object.keys(ALTERATIONS);
  const byName: Record<string, number> = {};
  const missed: string[] = [];
  let foundWithoutSink = 0;
  let withoutSink = 0;
  for (let i = 0; i < MANY; i += 1) {
    const name = i < names.length ? (names[i] ?? '') : pick(names);
    byName[name] = (byName[name] ?? 0) + 1;
    await owner.query('SAVEPOINT before');
    const expected = await ALTERATIONS[name]?.();
    const { findings } = await bench.verifyOn(db);
    for (const one of expected ?? [{ kind: 'none' }])
      if (
        !findings.some((finding) =>
          Object.entries(one).every(([key, value]) => Object.is(finding[key as never], value)),
        )
      )
        missed.push(`${name}: ${JSON.stringify(one)} is not among ${JSON.stringify(findings.slice(0, 5))}`);
    if (i % 10 === 0) {
      withoutSink += 1;
      if ((await bench.verifyOn(db, { sink: null })).findings.length > 0) foundWithoutSink += 1;
    }
    await owner.query('ROLLBACK TO before');
  }
  const seconds = Math.round((performance.now() - begunAt) / 1_000);
  console.info(
    `${MANY} alterations in ${seconds} s, ${MANY - missed.length} found and named; without the sink ` +
      `${foundWithoutSink} of ${withoutSink}\n${JSON.stringify(byName)}`,
  );
  expect((await bench.verifyOn(db)).findings).toEqual([]);
  await owner.query('ROLLBACK');
  await owner.end();
  expect(missed.slice(0, 10)).toEqual([]);
});
