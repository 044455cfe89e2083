/** The independent program that verifies exports and proofs (examples/audit/verify.py), and files for it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { composeVerifierKey } from '../../src/domain/auditTree/signedNote.ts';
import { exportEvents, type ExportedEvent } from '../../src/features/auditLog/index.ts';
import { beginSnapshot } from '../../src/db/auditTree/verification.ts';
import type { AuditSigner } from '../../src/platform/auditSigner.ts';
import type { Nodes } from './nodes.ts';

export const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;

export interface ProgramResult {
  readonly isRight: boolean;
  readonly text: string;
}

/** @param key the verifier key of the log, or a file with it */
export function runProgram(file: string, key: string): ProgramResult {
  const { status, stdout, stderr } = spawnSync(
    'python3',
    [path.resolve('examples/audit/verify.py'), '--key', key, file],
    { encoding: 'utf8' },
  );
  return { isRight: status === 0, text: (stdout + stderr).trim() };
}

export function readVerifierKey(signer: AuditSigner): string {
  return signer.verifiers.map(composeVerifierKey).join('\n');
}

/** As `audit export` prints it. */
export async function exportLines(
  nodes: Nodes,
  range: { readonly from?: number; readonly to?: number; readonly withProofs?: boolean } = {},
): Promise<string[]> {
  const events: ExportedEvent[] = [];
  const checkpoint = await nodes.context.database.transaction(async (db) => {
    await beginSnapshot(db);
    const asked = { from: 0, to: Number.MAX_SAFE_INTEGER - 1, withProofs: false, ...range };
    return await exportEvents(db, asked, async (event) => void events.push(event));
  });
  return [...events, { checkpoint }].map((line) => JSON.stringify(line));
}

export function writeLines(folder: string, name: string, lines: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
