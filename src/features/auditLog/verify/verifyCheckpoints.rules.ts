/** Compares signed checkpoints with the roots of the tree, as it grows to their sizes. */
import type { TreeEdge } from '../../../domain/auditTree/merkleTree.ts';
import { parseCheckpointText, type Checkpoint } from '../../../domain/auditTree/signedNote.ts';
import type { AuditSigner } from '../../../platform/auditSigner.ts';
import type { AuditFinding, AuditFindings } from './auditFinding.rules.ts';

type CheckpointPlace = Extract<AuditFinding, { kind: 'checkpoint_wrong' }>['place'];

export class CheckpointComparison {
  readonly #signer: Pick<AuditSigner, 'readNote' | 'origin'>;
  readonly #findings: AuditFindings;
  readonly #bySize = new Map<number, { readonly place: CheckpointPlace; readonly root: Buffer }[]>();

  constructor(signer: Pick<AuditSigner, 'readNote' | 'origin'>, findings: AuditFindings) {
    this.#signer = signer;
    this.#findings = findings;
  }

  /** @param exactSize of the tree that it has to be about; any when it is not given */
  expect(place: CheckpointPlace, note: string | null, exactSize?: number): void {
    const checkpoint = this.#read(place, note);
    if (!checkpoint) return;
    const { size, root } = checkpoint;
    if (exactSize !== undefined && size !== exactSize)
      this.#findings.add({
        kind: 'checkpoint_wrong',
        place,
        fault: size < exactSize ? 'behind' : 'ahead',
        size,
      });
    this.#bySize.set(size, [...(this.#bySize.get(size) ?? []), { place, root }]);
  }

  #read(place: CheckpointPlace, note: string | null): Checkpoint | null {
    const fault = { kind: 'checkpoint_wrong', place, size: null } as const;
    if (note === null) {
      this.#findings.add({ ...fault, fault: 'missing' });
      return null;
    }
    const reading = this.#signer.readNote(note);
    if (reading.kind !== 'valid') {
      const { kind } = reading;
      const keyId = kind === 'another_key' ? { keyId: `${reading.name}+${reading.keyId}` } : {};
      this.#findings.add({ ...fault, fault: kind, ...keyId });
      return null;
    }
    const checkpoint = parseCheckpointText(reading.text);
    if (checkpoint?.origin === this.#signer.origin) return checkpoint;
    this.#findings.add({ ...fault, fault: checkpoint ? 'another_log' : 'malformed' });
    return null;
  }

  /** Called after each leaf. */
  compare(edge: TreeEdge): void {
    for (const { place, root } of this.#bySize.get(edge.size) ?? [])
      if (!root.equals(edge.root))
        this.#findings.add({ kind: 'checkpoint_wrong', place, fault: 'another_root', size: edge.size });
  }

  /** @param storedSize of the tree in the database */
  finish(storedSize: number): void {
    for (const [size, expected] of this.#bySize)
      if (size > storedSize)
        for (const { place } of expected)
          if (place !== 'database')
            this.#findings.add({ kind: 'checkpoint_wrong', place, fault: 'ahead', size });
  }
}
