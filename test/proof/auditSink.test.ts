/** The sink of the audit log: a folder or an address, what is in it, and what is refused. */
import { createServer, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSegmentContent, readSegmentObject } from '../../src/features/auditLog/sinkObjects.ts';
import { computeRoot } from '../../src/domain/auditTree/merkleTree.ts';
import { AuditSigner } from '../../src/platform/auditSigner.ts';
import { Keyring } from '../../src/platform/keyring.ts';
import { AuditSinkUnavailable, type AuditSink } from '../../src/platform/outbound/auditSink.ts';
import { openFolderAuditSink } from '../../src/platform/outbound/folderAuditSink.ts';
import { limitAuditSink } from '../../src/platform/outbound/limitedAuditSink.ts';
import { openHttpsAuditSink } from '../../src/platform/outbound/httpsAuditSink.ts';
import pg from 'pg';
import { sealEvents } from '../../src/features/auditLog/index.ts';
import { AS_NODE, openFollower, passTimes as pass, readHead } from '../support/auditFollowers.ts';
import { aPerson, Nodes, useFolder } from '../support/index.ts';

const nodes = new Nodes();
const folder = useFolder('sinks');
/** An object store: objects by name, and what it was asked. */
const objects = new Map<string, Buffer>();
let server: Server;
let address = '';

beforeAll(async () => {
  await nodes.open({ count: 1 });
  server = createServer((req, res) => {
    void (async () => {
      const name = req.url ?? '';
      if (req.headers.authorization !== 'Bearer a-token') return void res.writeHead(401).end();
      if (req.method === 'GET') {
        const found = objects.get(name);
        return void (found ? res.writeHead(200).end(found) : res.writeHead(404).end());
      }
      const content = await buffer(req);
      if (req.headers['if-none-match'] === '*' && objects.has(name)) return void res.writeHead(412).end();
      objects.set(name, content);
      res.writeHead(201).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/noegle`;
  writeFileSync(path.join(folder, 'token'), 'a-token\n');
});
afterAll(async () => {
  server.close();
  await nodes.close();
});

function makeFolder(name: string): string {
  const at = path.join(folder, name);
  mkdirSync(at);
  return at;
}

const follow = (sink: AuditSink) => openFollower(nodes, sink);
describe.each<[string, () => AuditSink]>([
  ['a folder', () => openFolderAuditSink(makeFolder('plain'))],
  ['an address', () => openHttpsAuditSink(address, path.join(folder, 'token'))],
])('%s', (_kind, open) => {
  test('objects are created once and the pointers replaced', async () => {
    const sink = open();
    expect(await sink.read('a/b')).toBeNull();
    const created = await Promise.all(
      ['one', 'two', 'three'].map((text) => sink.create('a/b', Buffer.from(text))),
    );
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(await sink.create('a/b', Buffer.from('four'))).toBe(false);
    expect((await sink.read('a/b'))?.toString()).toBe(['one', 'two', 'three'][created.indexOf(true)]);
    await sink.replace('head', Buffer.from('1'));
    await sink.replace('head', Buffer.from('2'));
    expect((await sink.read('head'))?.toString()).toBe('2');
    for (const name of ['../up', 'a//b', '/a', 'A', ''])
      await expect(sink.read(name)).rejects.toThrow('no name');
  });
});

test('a folder that is not there, a token that is wrong and a store that is down are said', async () => {
  const gone = openFolderAuditSink(path.join(folder, 'not-mounted'));
  await expect(gone.read('head')).rejects.toThrow(AuditSinkUnavailable);
  await expect(gone.create('a', Buffer.from('1'))).rejects.toThrow('ENOENT');
  writeFileSync(path.join(folder, 'wrong'), 'other');
  const refused = openHttpsAuditSink(address, path.join(folder, 'wrong'));
  await expect(refused.read('head')).rejects.toThrow('it answered 401');
  const down = openHttpsAuditSink('http://127.0.0.1:1/', null);
  await expect(down.read('head')).rejects.toThrow(AuditSinkUnavailable);
});

test('a sink that hangs is given up, joined by no second call, and asked nothing old when it is back', async () => {
  const asked: string[] = [];
  let letGo: () => void = () => undefined;
  const hangs = new Promise<void>((resolve) => (letGo = resolve));
  const held = openFolderAuditSink(makeFolder('hangs'));
  const hanging: AuditSink = {
    ...held,
    read: async (name) => {
      asked.push(name);
      if (name === 'first') await hangs;
      return null;
    },
  };
  const sink = limitAuditSink(hanging, 100);
  await expect(sink.read('first')).rejects.toThrow('no answer within 100 ms');
  const waited = await Promise.allSettled([sink.read('second'), sink.read('third')]);
  expect(waited.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(asked).toEqual(['first']);
  letGo();
  expect(await sink.read('fourth')).toBeNull();
  expect(asked).toEqual(['first', 'fourth']);
});

test('of two nodes that begin a sink together both start, whichever was first', async () => {
  const fresh = new Nodes();
  await fresh.open({ count: 1 });
  try {
    const sink = openFolderAuditSink(makeFolder('together'));
    const first = openFollower(nodes, sink, fresh.context);
    let begun: Promise<void> | null = null;
    // The first begins it between two reads of the second.
    const held: AuditSink = {
      ...sink,
      read: async (name) => {
        const before = await sink.read(name);
        await (begun ??= first.begin(AS_NODE));
        return before;
      },
    };
    const second = openFollower(nodes, held, fresh.context);
    await second.begin(AS_NODE);
    await pass(second);
    expect([second.mayServe, second.fault]).toEqual([true, null]);
  } finally {
    await fresh.close();
  }
});

test('a sink that a node has begun is finished by another, and not by one of another database', async () => {
  const [fresh, stranger] = [new Nodes(), new Nodes()];
  await Promise.all([fresh.open({ count: 1 }), stranger.open({ count: 1 })]);
  try {
    const sink = openFolderAuditSink(makeFolder('begun'));
    const dies: AuditSink = { ...sink, replace: async () => await Promise.reject(new Error('it died')) };
    await expect(openFollower(nodes, dies, fresh.context).begin(AS_NODE)).rejects.toThrow('it died');
    await expect(openFollower(nodes, sink, stranger.context).begin(AS_NODE)).rejects.toThrow(
      'two databases cannot share one',
    );
    const next = openFollower(nodes, sink, fresh.context);
    await next.begin(AS_NODE);
    // It died after the head.
    await fresh.database.query('UPDATE audit_tree SET sink_since = NULL');
    await pass(next);
    expect([next.mayServe, next.fault]).toEqual([true, null]);
    const empty = openFolderAuditSink(makeFolder('emptied'));
    await expect(openFollower(nodes, empty, fresh.context).begin(AS_NODE)).rejects.toThrow(
      'this one is empty',
    );
  } finally {
    await Promise.all([fresh.close(), stranger.close()]);
  }
});

test('of two nodes the one that is not first waits for the head of the other', async () => {
  const fresh = new Nodes();
  await fresh.open({ count: 1 });
  try {
    const sink = openFolderAuditSink(makeFolder('waited-for'));
    const slow: AuditSink = {
      ...sink,
      replace: async (...args) => {
        await setTimeout(300);
        await sink.replace(...args);
      },
    };
    await Promise.all(
      [slow, slow, slow].map(async (one) => await openFollower(nodes, one, fresh.context).begin(AS_NODE)),
    );
  } finally {
    await fresh.close();
  }
});

describe('one database', () => {
  let sink: AuditSink;
  let at = '';
  beforeAll(async () => {
    at = makeFolder('followed');
    sink = openFolderAuditSink(at);
    await aPerson(nodes);
  });

  test('its events are in the sink, signed, with the rows that they changed', async () => {
    const follower = follow(sink);
    await follower.begin(AS_NODE);
    await pass(follower);
    expect([follower.fault, follower.mayDeliver]).toEqual([null, true]);
    expect(follower.lagSeconds).toBeLessThan(5);
    const signer = new AuditSigner(nodes.context.keyring, nodes.issuer);
    const bytes = await sink.read('segments/000/000/000/000000000000');
    const segment = readSegmentObject(signer, 0, bytes ?? Buffer.alloc(0));
    expect(computeRoot(segment.leaves)).toEqual(segment.root);
    expect(bytes?.toString()).not.toContain('identity_issued');
    const content = openSegmentContent(nodes.context.keyring, 0, segment.sealed);
    expect(content.events.map(({ kind }) => kind)).toContain('identity_issued');
    expect(content.rows.key_cards).toHaveLength(1);
  });

  test('another node goes on, and another database is refused', async () => {
    const second = follow(sink);
    await second.begin(AS_NODE);
    const stranger = new Nodes();
    await stranger.open({ count: 1 });
    try {
      const foreign = openFollower(nodes, sink, stranger.context);
      await expect(foreign.begin(AS_NODE)).rejects.toThrow('two databases cannot share one');
      await foreign.runPass();
      expect(foreign.mayServe).toBe(false);
      await expect(foreign.assertMaySend()).rejects.toThrow('two databases cannot share one');
    } finally {
      await stranger.close();
    }
  });

  test('a hole, a change, another key and an empty sink are named', async () => {
    await aPerson(nodes);
    await pass(follow(sink), 1);
    const fresh = follow(sink);
    await fresh.begin(AS_NODE);
    await pass(fresh);
    const { lastSegment } = readHead(at) as {
      lastSegment: number;
    };
    const name = `segments/000/000/000/${String(lastSegment).padStart(12, '0')}`;
    const whole = readFileSync(path.join(at, name));
    rmSync(path.join(at, name));
    await expect(follow(sink).begin(AS_NODE)).rejects.toThrow(`${name} is missing: the sink has a hole`);
    writeFileSync(path.join(at, name), whole.toString().replace('audit segment v1', 'audit segment v2'));
    await expect(follow(sink).begin(AS_NODE)).rejects.toThrow(`${name} was changed`);
    const other = new Keyring(Keyring.generate());
    const [lines, , sealed] = whole.toString().split('\n\n');
    const signed = new AuditSigner(other, nodes.issuer).signNote(`${lines}\n`);
    writeFileSync(path.join(at, name), `${signed}\n${sealed}`);
    await expect(follow(sink).begin(AS_NODE)).rejects.toThrow('was signed by another key');
    writeFileSync(path.join(at, name), whole);
    await follow(sink).begin(AS_NODE);
    const head = readFileSync(path.join(at, 'head'), 'utf8');
    writeFileSync(path.join(at, 'head'), head.replace('"epoch":1', '"epoch":2'));
    await expect(follow(sink).begin(AS_NODE)).rejects.toThrow('head was changed');
    writeFileSync(path.join(at, 'head'), head);
    const empty = openFolderAuditSink(makeFolder('empty'));
    await expect(follow(empty).begin(AS_NODE)).rejects.toThrow('this one is empty');
  });

  test('a sink that is away stops no one, and is caught up with', async () => {
    const follower = follow(sink);
    await follower.begin(AS_NODE);
    rmSync(`${at}-away`, { recursive: true, force: true });
    renameSync(at, `${at}-away`);
    await aPerson(nodes);
    await pass(follower);
    expect([follower.mayServe, follower.fault]).toEqual([true, expect.stringContaining('ENOENT')]);
    await follower.assertMaySend();
    await expect(follow(sink).begin(AS_NODE)).rejects.toThrow(AuditSinkUnavailable);
    await follow(sink).begin({ isNode: true, mayBeWithout: true });
    renameSync(`${at}-away`, at);
    await pass(follower, 1);
    await aPerson(nodes);
    await pass(follower);
    const [tree] = await nodes.database.query<{ segments: number }>(
      'SELECT segments::int AS segments FROM audit_tree',
    );
    const { lastSegment } = readHead(at) as {
      lastSegment: number;
    };
    expect([follower.fault, lastSegment]).toEqual([null, (tree?.segments ?? 0) - 1]);
  });

  test('a node that died between a segment and the head leaves a head that does not show what was lost', async () => {
    const follower = follow(sink);
    await follower.begin(AS_NODE);
    await pass(follower);
    await follower.assertMaySend();
    const { lastSegment } = readHead(at) as { lastSegment: number };
    const [last, next] = [lastSegment, lastSegment + 1].map((number) =>
      path.join(at, `segments/000/000/000/${String(number).padStart(12, '0')}`),
    ) as [string, string];
    copyFileSync(last, next);
    const lost = 'the audit sink holds events that this database has lost';
    await expect(follower.assertMaySend()).rejects.toThrow(lost);
    await expect(follow(sink).begin(AS_NODE)).rejects.toThrow(lost);
    await follower.runPass();
    expect([follower.mayServe, follower.mayDeliver]).toEqual([false, false]);
    rmSync(next);
    await follower.runPass();
    expect(follower.mayServe).toBe(true);
  });
});

test('a long log is added within a pass or two, and what is known of it stays small', async () => {
  const others = new Nodes();
  await others.open({ count: 1 });
  try {
    await others.database.query(
      `INSERT INTO audit_events (kind, details) SELECT 'identity_accepted', '{}' FROM generate_series(1, 4000)`,
    );
    const signer = new AuditSigner(others.context.keyring, others.issuer);
    expect((await sealEvents(others.context, signer)).added).toBeGreaterThanOrEqual(4_000);
    expect((await sealEvents(others.context, signer)).added).toBe(0);
    const [tree] = await others.database.query<{
      size: number;
      below: number;
      above: number;
      subtrees: number;
    }>(
      `SELECT size::int AS size, sealed_below::int AS below, cardinality(sealed_above) AS above,
         (SELECT count(*)::int FROM audit_subtrees) AS subtrees FROM audit_tree`,
    );
    expect(tree).toMatchObject({ above: 0, subtrees: Math.floor((tree?.size ?? 0) / 256) });
    expect(tree?.below).toBe(tree?.size);
  } finally {
    await others.close();
  }
});

test('an event that is committed late is added, and what was rolled back is not waited for', async () => {
  const others = new Nodes();
  await others.open({ count: 1 });
  const [slow, undone] = [new pg.Client(others.database.appUrl), new pg.Client(others.database.appUrl)];
  const signer = new AuditSigner(others.context.keyring, others.issuer);
  const append = `INSERT INTO audit_events (kind, details) VALUES ('identity_accepted', '{}')`;
  const seal = async () => (await sealEvents(others.context, signer)).added;
  const readTree = async () =>
    (
      await others.database.query<{ below: number; above: number; most: number }>(
        `SELECT sealed_below::int AS below, cardinality(sealed_above) AS above,
           (SELECT max(id)::int FROM audit_events) AS most FROM audit_tree`,
      )
    )[0];
  try {
    for (const client of [slow, undone]) {
      await client.connect();
      await client.query('BEGIN');
      await client.query(append);
    }
    await others.database.query(append);
    await seal();
    await seal();
    const open = await readTree();
    expect([open?.above, open?.most]).toEqual([1, (open?.below ?? 0) + 3]);
    await undone.query('ROLLBACK');
    await slow.query('COMMIT');
    expect(await seal()).toBe(1);
    await seal();
    const decided = await readTree();
    expect(decided).toEqual({ below: decided?.most, above: 0, most: decided?.most });
  } finally {
    await Promise.all([slow.end(), undone.end()]);
    await others.close();
  }
});
