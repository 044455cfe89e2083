/** Two database servers that report to one sink: a copy beside the original, and a fail-over. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openFolderAuditSink } from '../../src/platform/outbound/folderAuditSink.ts';
import { AuditSigner } from '../../src/platform/auditSigner.ts';
import { AS_NODE, openFollower, passTimes, readHead } from '../support/auditFollowers.ts';
import { aPerson, useFolder, useNodes } from '../support/index.ts';

const nodes = useNodes();
const at = useFolder('servers');
const sink = openFolderAuditSink(at);

test('a server that still reports is waited for, and one that fell silent is followed by the next', async () => {
  await aPerson(nodes);
  const first = openFollower(nodes, sink);
  await first.begin(AS_NODE);
  await passTimes(first);
  const signer = new AuditSigner(nodes.context.keyring, nodes.issuer);
  const head = readHead(at) as { beat: number; place: object };
  const write = () =>
    writeFileSync(
      path.join(at, 'head'),
      signer.signNote(`${JSON.stringify({ ...head, beat: (head.beat += 1) })}\n`),
    );
  head.place = { ...head.place, timeline: '0000000A' };
  write();
  const beating = setInterval(write, 500);
  await expect(openFollower(nodes, sink).begin(AS_NODE)).rejects.toThrow('another database server reports');
  // A command does not wait.
  await openFollower(nodes, sink).begin({ isNode: false, mayBeWithout: false });
  clearInterval(beating);
  const next = openFollower(nodes, sink);
  await next.begin(AS_NODE);
  await passTimes(next, 1);
  expect(readFileSync(path.join(at, 'head'), 'utf8')).not.toContain('0000000A');
}, 30_000);
