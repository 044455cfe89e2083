/** Compares the row of `audit_tree` with the segments. */
import type { AuditTreeState } from '../../../db/auditTree/auditTree.ts';
import type { AuditFindings } from './auditFinding.rules.ts';

export interface KnownTree {
  readonly size: number;
  readonly edge: Buffer;
  /** Ids in the tree that are larger than `sealedBelow` of the row. */
  readonly sealedAbove: readonly string[];
  /** The largest id in the tree. */
  readonly maxId: bigint;
  /** A part of the tree is not known. */
  readonly isLost: boolean;
}

export function compareTreeRow(
  { size, edge, sealedBelow, sealedAbove, nextBelow }: AuditTreeState,
  known: KnownTree,
  findings: AuditFindings,
): void {
  const listed = new Set(sealedAbove.map(String));
  const areListed =
    listed.size === known.sealedAbove.length && known.sealedAbove.every((id) => listed.has(id));
  const wrong = {
    size: !known.isLost && size !== known.size,
    edge: !known.isLost && !edge.equals(known.edge),
    sealed_below: sealedBelow > known.maxId,
    sealed_above: !known.isLost && !areListed,
    next_below: nextBelow > known.maxId,
  } as const;
  for (const [column, isWrong] of Object.entries(wrong))
    if (isWrong) findings.add({ kind: 'tree_row_changed', column: column as keyof typeof wrong });
}
