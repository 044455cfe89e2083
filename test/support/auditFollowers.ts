/** What follows the audit log, without the rest of a node. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AuditFollower } from '../../src/features/auditLog/index.ts';
import type { AppContext } from '../../src/features/appContext.ts';
import { AuditSigner } from '../../src/platform/auditSigner.ts';
import type { AuditSink } from '../../src/platform/outbound/auditSink.ts';
import type { Nodes } from './nodes.ts';

export const AS_NODE = { isNode: true, mayBeWithout: false } as const;

/** @param context another database than that of the nodes */
export function openFollower(
  nodes: Nodes,
  sink: AuditSink,
  { database, clock, random }: Pick<AppContext, 'database' | 'clock' | 'random'> = nodes.context,
): AuditFollower {
  const { keyring } = nodes.context;
  const signer = new AuditSigner(keyring, nodes.issuer);
  return new AuditFollower({ database, clock, random, keyring, signer, sink, log: nodes.node(0).app.log });
}

/** The head of a sink in a folder; its signature is not verified. */
export function readHead(folder: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, 'head'), 'utf8').split('\n')[0] ?? '');
}

export async function passTimes(follower: AuditFollower, times = 3): Promise<void> {
  for (let i = 0; i < times; i += 1) await follower.runPass();
}
