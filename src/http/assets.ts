/**
 * The files that Nøgle serves: styles, icons and fonts of `dkfds`, Nøgle's additional styles, and the
 * two scripts.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type Router from '@koa/router';
import { COURTESY_PATH, COURTESY_SCRIPT } from '../ui/courtesy/courtesy.ts';
import { WEBAUTHN_PATH, WEBAUTHN_SCRIPT } from '../ui/webauthn/webauthn.ts';
import { refuseUnsupportedMethod } from './methods.ts';
import { FONT_WEIGHTS, OWN_STYLES } from '../ui/styles.ts';
import { DARK_STYLES } from '../ui/styles/dark.ts';
import { PAPER_STYLES } from '../ui/styles/paper.ts';
import { HttpError } from '../ui/httpError.ts';

/**
 * The part of `dkfds` that pages use, created by the build. Without it, as when tests run the source, all of
 * it is served.
 */
export const TRIMMED_STYLES = path.join(import.meta.dirname, '../ui/styles/dkfds.css');

// The exports map of dkfds has only `.`, so the other files are located relative to it.
const DKFDS = path.resolve(path.dirname(createRequire(import.meta.url).resolve('dkfds')), '..');

/** The styles of dkfds without fonts and source maps, which are served separately or not at all. */
export async function readDkfds(): Promise<string> {
  const css = await readFile(`${DKFDS}/css/dkfds.min.css`, 'utf8');
  return css.replace(/@font-face\{[^}]*\}/g, '').replace(/\/\*# sourceMappingURL=.*?\*\//, '');
}

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly br?: Buffer;
  readonly gzip?: Buffer;
}

const ICON_FILE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b4a6f"/>' +
  '<circle cx="11" cy="16" r="5" fill="none" stroke="#fff" stroke-width="3"/>' +
  '<path d="M16 16h11v5m-5-5v4" fill="none" stroke="#fff" stroke-width="3"/></svg>';

const SCRIPTS = [
  [COURTESY_PATH, COURTESY_SCRIPT],
  [WEBAUTHN_PATH, WEBAUTHN_SCRIPT],
] as const;

export class Assets {
  static #own: Promise<Assets> | null = null;

  /** Path of the stylesheet; it contains a hash of the content, so that it may be cached permanently. */
  readonly stylesheet: string;
  readonly #files: ReadonlyMap<string, Asset>;

  private constructor(stylesheet: string, files: ReadonlyMap<string, Asset>) {
    this.stylesheet = stylesheet;
    this.#files = files;
  }

  /**
   * Loaded once for all apps of a process: compressing the untrimmed `dkfds` takes 150 ms.
   * @throws Error with which reading failed, here and at every later call
   */
  static async loadOnce(): Promise<Assets> {
    return await (Assets.#own ??= Assets.load());
  }

  /** @param trimmed the styles of `dkfds` that pages use, where they are available. */
  static async load(trimmed?: string): Promise<Assets> {
    const files = new Map<string, Asset>();

    for (const { file } of FONT_WEIGHTS) {
      const plain = await readFile(`${DKFDS}/fonts/IBMPlexSans/split/woff2/${file}`);
      files.set(`/assets/fonts/${file}`, { type: 'font/woff2', plain });
    }
    const fontFaces = FONT_WEIGHTS.map(
      ({ weight, file }) =>
        `@font-face{font-family:IBM Plex Sans;font-display:swap;font-style:normal;font-weight:${weight};` +
        `src:url(../fonts/${file}) format("woff2")}`,
    ).join('\n');

    const dkfds = trimmed ?? (await readFile(TRIMMED_STYLES, 'utf8').catch(() => readDkfds()));
    const images = new Set(
      [...dkfds.matchAll(/url\(\.\.\/(img\/[a-zA-Z0-9_/-]+\.(?:svg|png))\)/g)].map((m) => m[1]),
    );
    for (const image of images) {
      if (!image) continue;
      const plain = await readFile(`${DKFDS}/${image}`);
      const asset = image.endsWith('.svg')
        ? await compressAsset('image/svg+xml', plain)
        : { type: 'image/png', plain };
      files.set(`/assets/${image}`, asset);
    }
    files.set('/assets/icon.svg', await compressAsset('image/svg+xml', Buffer.from(ICON_FILE)));

    const css = [fontFaces, dkfds, OWN_STYLES, DARK_STYLES, PAPER_STYLES].join('\n');
    const hash = createHash('sha256').update(css).digest('hex').slice(0, 12);
    const stylesheet = `/assets/css/noegle-${hash}.css`;
    files.set(stylesheet, await compressAsset('text/css; charset=utf-8', Buffer.from(css)));
    for (const [scriptPath, script] of SCRIPTS) {
      files.set(scriptPath, await compressAsset('text/javascript; charset=utf-8', Buffer.from(script)));
    }
    return new Assets(stylesheet, files);
  }

  find(urlPath: string): Asset | undefined {
    return this.#files.get(urlPath);
  }

  mount(router: Router): void {
    router.get(/^\/assets\//, async (ctx, next) => {
      const asset = this.find(ctx.path);
      if (!asset) return await next();
      const isNamedByContent =
        ctx.path === this.stylesheet ||
        SCRIPTS.some(([scriptPath]) => scriptPath === ctx.path) ||
        ctx.path.startsWith('/assets/fonts/');
      ctx.set(
        'Cache-Control',
        isNamedByContent ? 'public, max-age=31536000, immutable' : 'public, max-age=86400',
      );
      ctx.remove('X-Robots-Tag');
      ctx.set('Vary', 'Accept-Encoding');
      ctx.type = asset.type;
      const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity');
      const smaller = encoding === 'br' || encoding === 'gzip' ? asset[encoding] : undefined;
      if (smaller && encoding) ctx.set('Content-Encoding', encoding);
      ctx.body = smaller ?? asset.plain;
    });
    router.all(/^\/assets\//, (ctx) => {
      if (!this.find(ctx.path)) throw new HttpError(404, 'not_found');
      refuseUnsupportedMethod(ctx, ['GET'], 'person');
    });
  }
}

async function compressAsset(type: string, plain: Buffer): Promise<Asset> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } };
  const [br, gz] = await Promise.all([promisify(brotliCompress)(plain, quality), promisify(gzip)(plain)]);
  return { type, plain, br, gzip: gz };
}
