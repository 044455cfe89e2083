/** The audit log as a tree, and its second place: what a node does all the time, and when it refuses to serve. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aPerson, Nodes } from './support/index.ts';

const nodes = new Nodes();
let sink = '';
beforeAll(async () => {
  sink = path.resolve(`.tmp/sink-${process.pid}`);
  mkdirSync(sink, { recursive: true });
  await nodes.open({ count: 2, auditSink: () => sink, follow: true });
});
afterAll(async () => await nodes.close());

test('smoke', async () => {
  await aPerson(nodes);
  await new Promise((r) => setTimeout(r, 3500));
  console.log(await nodes.database.query('SELECT * FROM audit_tree'));
  console.log(await nodes.database.query('SELECT count(*) FROM audit_segments'));
  console.log(
    nodes.log
      .split('\n')
      .filter((l) => /"(warn|error)"/.test(l))
      .slice(0, 10)
      .join('\n'),
  );
  expect(1).toBe(1);
});
