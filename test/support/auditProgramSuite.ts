/** What the independent program says of whole and altered exports and proofs: for the proof and interop. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { composeNote } from '../../src/domain/auditTree/signedNote.ts';
import { confirmErasure, proposeErasure, proveEvent } from '../../src/features/auditLog/index.ts';
import { AuditSigner } from '../../src/platform/auditSigner.ts';
import { Keyring } from '../../src/platform/keyring.ts';
import { AuditLogBench, closeId } from './auditLog.ts';
import { exportLines, readVerifierKey, runProgram, writeLines } from './auditProgram.ts';
import { aPerson } from './people.ts';
import { useFolder, useNodes } from './use.ts';

export function verifyByProgram(): void {
  const nodes = useNodes();
  const folder = useFolder('audit-program');
  let bench: AuditLogBench;
  let key = '';
  let erasedId = '';
  let whole: string[] = [];
  let proved: string[] = [];
  const run = (name: string, lines: readonly string[], by = key) =>
    runProgram(writeLines(folder, name, lines), by);

  beforeAll(async () => {
    bench = await AuditLogBench.open(nodes);
    key = readVerifierKey(bench.signer);
    const people = [(await aPerson(nodes)).identityId, (await aPerson(nodes)).identityId];
    erasedId = people[1] ?? '';
    for (let burst = 0; burst < 3; burst += 1) {
      await bench.write(150, [...people, null]);
      await bench.settle();
    }
    await closeId(nodes, erasedId);
    const record = async () => undefined;
    const by = (name: string) => ({ identityId: erasedId, operator: { account: 'noegle', by: name } });
    await proposeErasure(nodes.context, by('Anna'), record);
    await bench.settle();
    const erased = await confirmErasure(
      nodes.context,
      bench.signer,
      { ...by('Bo'), lastStreamed: 1_000 },
      record,
    );
    expect(erased.kind).toBe('erased');
    await bench.settle();
    whole = await exportLines(nodes);
    proved = await exportLines(nodes, { withProofs: true });
  });

  test('a whole export, with proofs and without; a part of it; one person was erased', async () => {
    const count = whole.length - 1;
    const all = run('whole.jsonl', whole);
    expect(all).toEqual({ isRight: true, text: expect.stringContaining(`${count} events are in the log`) });
    expect(all.text).toMatch(/the root of all fits\); 1\d\d of people who were erased/);
    expect(run('proved.jsonl', proved)).toMatchObject({ isRight: true });
    const part = await exportLines(nodes, { from: 100, to: 199, withProofs: true });
    expect(run('part.jsonl', part).text).toContain('100 events are in the log');
    expect(run('unproved.jsonl', [...whole.slice(100, 120), whole.at(-1) ?? '']).isRight).toBe(false);
    console.info(all.text);
  });

  test('one proof, as a person downloads it', async () => {
    const [{ id } = { id: '' }] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM audit_events WHERE identity_id <> $1 ORDER BY id OFFSET 70 LIMIT 1',
      [erasedId],
    );
    const proof = await proveEvent(nodes.context.database, id);
    const file = path.join(folder, 'proof.json');
    writeFileSync(file, `${JSON.stringify(proof, null, 2)}\n`);
    expect(runProgram(file, key).text).toMatch(new RegExp(`^event ${id} is leaf \\d+ of the log`));
    writeFileSync(file, JSON.stringify({ ...proof, kind: 'signed_out_everywhere' }));
    expect(runProgram(file, key)).toMatchObject({ isRight: false });
    writeFileSync(file, JSON.stringify({ ...proof, proof: proof?.proof.toReversed() }));
    expect(runProgram(file, key)).toMatchObject({ isRight: false });
  });

  test('every kind of alteration is refused', () => {
    const change = (at: number, set: Record<string, unknown>) =>
      proved.map((line, i) =>
        i === at ? JSON.stringify({ ...(JSON.parse(line) as object), ...set }) : line,
      );
    const read = (at: number) => JSON.parse(proved[at] ?? '') as { text: string; proof: string[] };
    const sameLeaf = (at: number) => (JSON.parse(proved[at] ?? '') as { leaf: string }).leaf;
    // Line 24 is of the person who was not erased, or of none.
    const cases: Readonly<Record<string, readonly string[]>> = {
      kind: change(24, { kind: 'x' }),
      at: change(24, { at: '2026-01-01T00:00:00.000000Z' }),
      details: change(24, { details: {} }),
      text: change(24, { text: read(24).text.replace('signed', 'Signed') }),
      salt: change(24, { salt: '00'.repeat(32) }),
      leaf: change(24, { leaf: sameLeaf(25) }),
      index: change(24, { index: 23 }),
      proof: change(24, { proof: read(25).proof }),
      'a line less': proved.toSpliced(24, 1),
      'a line twice': proved.toSpliced(24, 0, proved[24] ?? ''),
      'no checkpoint': proved.slice(0, -1),
    };
    const right = Object.entries(cases).filter(([name, lines]) => run(`${name}.jsonl`, lines).isRight);
    expect(right.map(([name]) => name)).toEqual([]);
    const { checkpoint } = JSON.parse(proved.at(-1) ?? '') as { checkpoint: string };
    const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1);
    const withNote = (note: string) => [...proved.slice(0, -1), JSON.stringify({ checkpoint: note })];
    expect(run('changed.jsonl', withNote(checkpoint.replace(/\n\d+\n/, '\n7\n'))).text).toContain(
      'its signature does not fit',
    );
    const another = new AuditSigner(new Keyring(Keyring.generate()), nodes.issuer);
    expect(run('another.jsonl', withNote(another.signNote(text))).text).toContain('signed by another key');
    const [verifier] = bench.signer.verifiers;
    if (!verifier) throw new Error('the log has no key');
    expect(run('zero.jsonl', withNote(composeNote(text, verifier, Buffer.alloc(64)))).isRight).toBe(false);
    expect(run('key.jsonl', proved, readVerifierKey(another)).isRight).toBe(false);
  });
}
