/**
 * Hashes of the tree by tiles (C2SP tlog-tiles): a tile has up to 256 hashes, of leaves or of perfect
 * subtrees of 2^8, 2^16, ... leaves. A proof reads at most two of each level.
 */
import {
  computeRoot,
  joinSubtrees,
  listInclusionRanges,
  listPerfectSubtrees,
  TILE_HEIGHT,
  TILE_LEAVES,
  type Subtree,
} from '../../domain/auditTree/merkleTree.ts';
import { listLeaves, listSubtrees } from '../../db/auditTree/auditTree.ts';
import type { Queryable } from '../../db/database.ts';

/** @param level 0 for leaves, 1 for subtrees of 2^8 leaves, and so on. @returns at most 256 hashes */
export async function readTile(db: Queryable, level: number, number: number): Promise<Buffer[]> {
  const range = { start: number * TILE_LEAVES, end: (number + 1) * TILE_LEAVES };
  return level === 0 ? await listLeaves(db, range) : await listSubtrees(db, level * TILE_HEIGHT, range);
}

/** How many hashes a level has in a tree of this size. */
export function countHashesOfLevel(level: number, size: number): number {
  return Math.floor(size / TILE_LEAVES ** level);
}

const MAX_TILES = 64;

/** Makes proofs for one size of the tree; proofs of neighbours share their tiles. */
export class InclusionProver {
  readonly #db: Queryable;
  readonly #size: number;
  readonly #tiles = new Map<string, Buffer[]>();

  /** @param size which the tree has reached */
  constructor(db: Queryable, size: number) {
    this.#db = db;
    this.#size = size;
  }

  async #readTile(level: number, number: number): Promise<Buffer[]> {
    const name = `${level} ${number}`;
    const tile = this.#tiles.get(name) ?? (await readTile(this.#db, level, number));
    // The ones that were used last stay.
    this.#tiles.delete(name);
    this.#tiles.set(name, tile);
    const [oldest] = this.#tiles.keys();
    if (this.#tiles.size > MAX_TILES && oldest !== undefined) this.#tiles.delete(oldest);
    return tile;
  }

  async #hashSubtree({ height, index }: Omit<Subtree, 'hash'>): Promise<Buffer> {
    const level = Math.floor(height / TILE_HEIGHT);
    const count = 2 ** (height - level * TILE_HEIGHT);
    const first = index * count;
    const tile = await this.#readTile(level, Math.floor(first / TILE_LEAVES));
    const hashes = tile.slice(first % TILE_LEAVES, (first % TILE_LEAVES) + count);
    if (hashes.length < count) throw new Error(`the audit tree has no subtree ${index} of height ${height}`);
    return computeRoot(hashes);
  }

  /** @returns the inclusion proof of a leaf (RFC 9162, 2.1.3), from the leaf upwards */
  async prove(index: number): Promise<Buffer[]> {
    const proof: Buffer[] = [];
    for (const range of listInclusionRanges(index, this.#size)) {
      const parts: Buffer[] = [];
      for (const subtree of listPerfectSubtrees(range)) parts.push(await this.#hashSubtree(subtree));
      proof.push(joinSubtrees(parts));
    }
    return proof;
  }
}
