import { expect, test } from '@jest/globals';
import {
  computeRoot,
  EMPTY_ROOT,
  hashLeaf,
  joinSubtrees,
  listInclusionRanges,
  listPerfectSubtrees,
  TreeEdge,
  verifyInclusion,
} from './merkleTree.ts';

/** The entries and roots of the reference tree of Certificate Transparency (RFC 6962's test data). */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((text) => Buffer.from(text, 'hex'));
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = ENTRIES.map(hashLeaf);

test('the roots of the reference tree', () => {
  expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(leaves.map((_, i) => computeRoot(leaves.slice(0, i + 1)).toString('hex'))).toEqual(ROOTS);
});

test('an edge goes on after it was stored', () => {
  const whole = new TreeEdge();
  for (const [i, leaf] of leaves.entries()) {
    const stored = TreeEdge.parse(i, whole.bytes);
    stored.append(leaf);
    whole.append(leaf);
    expect(stored.root).toEqual(whole.root);
  }
  expect(() => TreeEdge.parse(3, leaves[0] as Buffer)).toThrow(/no edge/);
});

test('each leaf of each tree is proved, and no other leaf, place, size or root', () => {
  const many = Array.from({ length: 70 }, (_, i) => hashLeaf(Buffer.from([i])));
  for (let size = 1; size <= many.length; size += 1) {
    const root = computeRoot(many.slice(0, size));
    for (let index = 0; index < size; index += 1) {
      const proof = listInclusionRanges(index, size).map(({ start, end }) =>
        computeRoot(many.slice(start, end)),
      );
      const claim = { leaf: many[index] as Buffer, index, size, proof };
      expect(verifyInclusion(claim, root)).toBe(true);
      expect(verifyInclusion({ ...claim, leaf: hashLeaf(Buffer.from('another')) }, root)).toBe(false);
      expect(verifyInclusion({ ...claim, index: index + 1 }, root)).toBe(false);
      expect(verifyInclusion({ ...claim, proof: [...proof, root] }, root)).toBe(false);
      if (proof.length > 0) expect(verifyInclusion({ ...claim, proof: proof.slice(1) }, root)).toBe(false);
      expect(verifyInclusion(claim, hashLeaf(root))).toBe(false);
    }
  }
});

test('a range is joined from its perfect subtrees', () => {
  const many = Array.from({ length: 40 }, (_, i) => hashLeaf(Buffer.from([i])));
  for (const start of [0, 8, 16, 32]) {
    const end = Math.min(many.length, start + 8 + (start % 3));
    const parts = listPerfectSubtrees({ start, end }).map(({ height, index }) =>
      computeRoot(many.slice(index * 2 ** height, (index + 1) * 2 ** height)),
    );
    expect(joinSubtrees(parts)).toEqual(computeRoot(many.slice(start, end)));
  }
});

test('subtrees of 256 leaves are handed out when they are whole', () => {
  const edge = new TreeEdge();
  const completed = Array.from({ length: 70_000 }, () => edge.append(EMPTY_ROOT)).flat();
  expect(completed.filter(({ height }) => height === 8)).toHaveLength(273);
  expect(completed.filter(({ height }) => height === 16)).toHaveLength(1);
  expect(completed[0]?.hash).toEqual(computeRoot(Array.from({ length: 256 }, () => EMPTY_ROOT)));
});
