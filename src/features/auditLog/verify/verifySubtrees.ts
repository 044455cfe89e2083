/** Compares the stored subtrees with those of the tree, as it grows. */
import type { Subtree } from '../../../domain/auditTree/merkleTree.ts';
import { countSubtrees, listSubtreesAt } from '../../../db/auditTree/verification.ts';
import type { Queryable } from '../../../db/database.ts';
import type { AuditFindings } from './auditFinding.rules.ts';

export class SubtreeComparison {
  readonly #db: Queryable;
  readonly #findings: AuditFindings;
  #pending: Subtree[] = [];
  #expected = 0;
  #missing = 0;

  constructor(db: Queryable, findings: AuditFindings) {
    this.#db = db;
    this.#findings = findings;
  }

  add(completed: readonly Subtree[]): void {
    this.#pending.push(...completed);
  }

  async compare(): Promise<void> {
    const expected = this.#pending;
    this.#pending = [];
    this.#expected += expected.length;
    const stored = await listSubtreesAt(this.#db, expected);
    const byPlace = new Map(stored.map((one) => [`${one.height} ${one.index}`, one.hash]));
    for (const { height, index, hash } of expected) {
      const found = byPlace.get(`${height} ${index}`);
      if (found?.equals(hash)) continue;
      if (!found) this.#missing += 1;
      this.#findings.add({ kind: found ? 'subtree_changed' : 'subtree_missing', height, index });
    }
  }

  async finish(): Promise<void> {
    const many = (await countSubtrees(this.#db)) - (this.#expected - this.#missing);
    if (many > 0) this.#findings.add({ kind: 'subtrees_added', many });
  }
}
