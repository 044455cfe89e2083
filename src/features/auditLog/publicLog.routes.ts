/**
 * The log at a public address, for witnesses and for those who verify a proof: its signed checkpoint, the
 * hashes of its tree, and the keys that sign it (C2SP tlog-tiles, tlog-checkpoint, signed-note). Hashes say
 * nothing of the events: each leaf has a salt. Entries are not public.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { TILE_LEAVES } from '../../domain/auditTree/merkleTree.ts';
import { composeVerifierKey } from '../../domain/auditTree/signedNote.ts';
import { AuditSigner } from '../../platform/auditSigner.ts';
import { HttpError } from '../../ui/httpError.ts';
import type { Feature, FeatureDeps } from '../feature.ts';
import { findSignedState } from './proveInclusion.ts';
import { parseTilePath } from './tilePath.rules.ts';
import { countHashesOfLevel, readTile } from './treeTiles.ts';

/** Requests within this time share a statement. */
const STATE_MS = 1_000;
const FOR_SECONDS = 'public, max-age=2';
const FOR_AN_HOUR = 'public, max-age=3600';
/** What has a hash of the tree never has another one. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const MAX_TILES = 128;

export const publicLog: Feature = { mount: addPublicLogRoutes };

interface LastTile {
  readonly number: number;
  readonly at: number;
  readonly tile: Promise<Buffer>;
}

function addPublicLogRoutes(router: Router, { context, issuer }: FeatureDeps): void {
  const { database, keyring } = context;
  const signer = new AuditSigner(keyring, issuer);
  let read: { readonly at: number; readonly state: ReturnType<typeof findSignedState> } | null = null;
  const findState = async () => {
    const now = performance.now();
    if (read === null || now - read.at > STATE_MS) read = { at: now, state: findSignedState(database) };
    try {
      return await read.state;
    } catch (error) {
      read = null;
      throw error;
    }
  };
  /** Whole tiles; the ones that were used last. */
  const tiles = new Map<string, Buffer>();
  /** The last one of each level, which grows. */
  const lastTiles = new Map<number, LastTile>();
  const readLastTile = async (level: number, number: number, bytes: number) => {
    const now = performance.now();
    const known = lastTiles.get(level);
    if (known?.number === number && now - known.at <= STATE_MS && (await known.tile).length >= bytes)
      return await known.tile;
    const tile = readTile(database, level, number).then((hashes) => Buffer.concat(hashes));
    lastTiles.set(level, { number, at: now, tile });
    try {
      return await tile;
    } catch (error) {
      lastTiles.delete(level);
      throw error;
    }
  };

  router.get('/audit/checkpoint', async (ctx) => {
    const state = await findState();
    if (!state) throw new HttpError(404, 'not_found');
    send(ctx, 'text/plain; charset=utf-8', FOR_SECONDS, state.checkpoint);
  });

  router.get('/audit/key', (ctx) => {
    const keys = signer.verifiers.map((verifier) => `${composeVerifierKey(verifier)}\n`);
    send(ctx, 'text/plain; charset=utf-8', FOR_AN_HOUR, keys.join(''));
  });

  router.get(/^\/audit\/tile\/.+$/, async (ctx) => {
    const tile = parseTilePath(ctx.path.slice('/audit/tile/'.length));
    const state = tile && (await findState());
    if (!tile || !state) throw new HttpError(404, 'not_found');
    const { level, number, width } = tile;
    const hashes = countHashesOfLevel(level, state.size);
    if (number * TILE_LEAVES + width > hashes) throw new HttpError(404, 'not_found');
    const name = `${level} ${number}`;
    const isWhole = (number + 1) * TILE_LEAVES <= hashes;
    const bytes =
      tiles.get(name) ??
      (isWhole
        ? Buffer.concat(await readTile(database, level, number))
        : await readLastTile(level, number, width * 32));
    if (bytes.length === TILE_LEAVES * 32) {
      tiles.delete(name);
      tiles.set(name, bytes);
      const [oldest] = tiles.keys();
      if (tiles.size > MAX_TILES && oldest !== undefined) tiles.delete(oldest);
    }
    send(ctx, 'application/octet-stream', FOR_EVER, bytes.subarray(0, width * 32));
  });
}

function send(ctx: Context, type: string, caching: string, body: string | Buffer): void {
  ctx.set('Cache-Control', caching);
  ctx.type = type;
  ctx.body = body;
}
