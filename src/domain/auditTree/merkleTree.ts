/**
 * The Merkle tree of the audit log, as RFC 9162 (2.1) defines it: SHA-256, leaves and nodes hashed under
 * different first bytes, so that no node passes for a leaf. Only hashes stand here. Where the hashes of a
 * proof come from is the caller's matter.
 */
import { hash as computeHash } from 'node:crypto';

export const HASH_BYTES = 32;
/** Subtrees of 2^8 leaves, 2^16 and so on are stored (C2SP tlog-tiles), so that a proof reads few rows. */
export const TILE_HEIGHT = 8;
export const TILE_LEAVES = 2 ** TILE_HEIGHT;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export const EMPTY_ROOT: Buffer = sha256();

function sha256(...parts: readonly Buffer[]): Buffer {
  return computeHash('sha256', Buffer.concat(parts), 'buffer');
}

/** The hash of a leaf with this content. */
export function hashLeaf(content: Buffer): Buffer {
  return sha256(LEAF, content);
}

export function hashNode(left: Buffer, right: Buffer): Buffer {
  return sha256(NODE, left, right);
}

/** A perfect subtree: 2^`height` leaves, of which `index` such subtrees come before. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
  readonly hash: Buffer;
}

/**
 * The right edge of a tree: the hashes of its perfect subtrees, largest first, one for each bit of the size.
 * It is all that is needed to append leaves and to compute the root.
 */
export class TreeEdge {
  #size: number;
  readonly #hashes: Buffer[];

  /** @throws Error when the number of hashes does not fit the size */
  constructor(size = 0, hashes: readonly Buffer[] = []) {
    if (countBits(size) !== hashes.length) throw new Error(`${hashes.length} hashes are no edge of ${size}`);
    this.#size = size;
    this.#hashes = [...hashes];
  }

  static parse(size: number, bytes: Buffer): TreeEdge {
    return new TreeEdge(size, splitHashes(bytes));
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#hashes);
  }

  get root(): Buffer {
    return (
      this.#hashes.reduceRight<Buffer | null>(
        (right, left) => (right ? hashNode(left, right) : left),
        null,
      ) ?? EMPTY_ROOT
    );
  }

  /** @returns the subtrees of a stored height that this leaf completes, smallest first */
  append(leaf: Buffer): Subtree[] {
    const completed: Subtree[] = [];
    let hash = leaf;
    let index = this.#size;
    for (let height = 0; index % 2 === 1; ) {
      hash = hashNode(this.#hashes.pop() ?? EMPTY_ROOT, hash);
      index = (index - 1) / 2;
      height += 1;
      if (height % TILE_HEIGHT === 0) completed.push({ height, index, hash });
    }
    this.#hashes.push(hash);
    this.#size += 1;
    return completed;
  }
}

function countBits(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** @throws Error when the bytes are no whole number of hashes */
export function splitHashes(bytes: Buffer): Buffer[] {
  if (bytes.length % HASH_BYTES !== 0) throw new Error(`${bytes.length} bytes are no list of hashes`);
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/** The range of leaves whose root a proof needs; `end` is exclusive. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** The largest power of two below `size`, where RFC 9162 splits a tree. */
function splitPoint(size: number): number {
  let point = 1;
  while (point * 2 < size) point *= 2;
  return point;
}

/** The ranges whose roots are the inclusion proof of a leaf, from the leaf upwards (RFC 9162, 2.1.3.1). */
export function listInclusionRanges(leaf: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (leaf < middle) {
      ranges.unshift({ start: middle, end });
      end = middle;
    } else {
      ranges.unshift({ start, end: middle });
      start = middle;
    }
  }
  return ranges;
}

/** Cuts a range into perfect subtrees, from the left: their hashes give its root. */
export function listPerfectSubtrees({ start, end }: LeafRange): Omit<Subtree, 'hash'>[] {
  const subtrees: Omit<Subtree, 'hash'>[] = [];
  let at = start;
  while (at < end) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= end) height += 1;
    subtrees.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return subtrees;
}

/** The root over hashes of leaves, or of perfect subtrees of one height. */
export function computeRoot(hashes: readonly Buffer[]): Buffer {
  const edge = new TreeEdge();
  for (const one of hashes) edge.append(one);
  return edge.root;
}

/** The root over perfect subtrees of falling height, as `listPerfectSubtrees` gives them. */
export function joinSubtrees(hashes: readonly Buffer[]): Buffer {
  return (
    hashes.reduceRight<Buffer | null>((right, left) => (right ? hashNode(left, right) : left), null) ??
    EMPTY_ROOT
  );
}

/** Whether the proof shows that the leaf is in the tree (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  {
    leaf,
    index,
    size,
    proof,
  }: {
    readonly leaf: Buffer;
    readonly index: number;
    readonly size: number;
    readonly proof: readonly Buffer[];
  },
  root: Buffer,
): boolean {
  if (index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const part of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = hashNode(part, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = hashNode(hash, part);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash.equals(root);
}
