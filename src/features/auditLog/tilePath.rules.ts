/** The path of a tile (C2SP tlog-tiles): `<level>/<number>`, and `.p/<width>` for one that is not whole. */
import { TILE_LEAVES } from '../../domain/auditTree/merkleTree.ts';

export interface TileAddress {
  readonly level: number;
  readonly number: number;
  /** How many hashes are asked for, from 1 to 256. */
  readonly width: number;
}

// Four groups of three digits are a tree of 2.5 * 10^14 leaves.
const PATH = /^(0|[1-9]\d?)\/((?:x\d{3}\/){0,3}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** @returns null when it is no path of a tile, or another spelling of one */
export function parseTilePath(path: string): TileAddress | null {
  const [, level = '', digits = '', width] = PATH.exec(path) ?? [];
  if (digits === '' || Number(level) > 63 || digits.startsWith('x000')) return null;
  const tile = {
    level: Number(level),
    number: Number(digits.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_LEAVES : Number(width),
  };
  return width !== undefined && tile.width >= TILE_LEAVES ? null : tile;
}
