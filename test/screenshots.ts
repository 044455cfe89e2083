/**
 * Takes a picture of every page in every state and both languages, and one sheet of all, into .tmp/screenshots.
 * Run by `npm run screenshots`, which builds first: the pages are read from dist/.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type * as AssetsModule from '../src/web/assets.ts';
import type * as LanguageModule from '../src/web/language.ts';
import type * as LayoutModule from '../src/web/layout.tsx';
import type * as GalleryModule from '../src/web/pages/gallery.tsx';
import { launchChromium } from './support/chromium.ts';

const FOLDER = path.resolve('.tmp/screenshots');
const dist = async (file: string) => await import(new URL(`../dist/web/${file}.js`, import.meta.url).href);

const { Assets } = (await dist('assets')) as typeof AssetsModule;
const { GALLERY } = (await dist('pages/gallery')) as typeof GalleryModule;
const { PAGE_NAMES, renderPage } = (await dist('layout')) as typeof LayoutModule;
const { TEXTS } = (await dist('language')) as typeof LanguageModule;

const [only = ''] = process.argv.slice(2);
const assets = await Assets.load();
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });

const shots = PAGE_NAMES.flatMap((name) =>
  GALLERY[name].flatMap(({ state, render }) =>
    (['da', 'en'] as const).flatMap((language) =>
      [800, 320].map((width) => ({ name, state, language, width, render })),
    ),
  ),
).filter(({ name, state, language, width }) => `${name}-${state}-${language}-${width}`.includes(only));

const server = createServer((req, res) => {
  const asset = assets.find(req.url ?? '');
  const shot = shots[Number(/^\/shot\/([0-9]+)$/.exec(req.url ?? '')?.[1] ?? -1)];
  if (asset) return void res.setHeader('content-type', asset.type).end(asset.plain);
  if (!shot) return void res.writeHead(404).end();
  const t = TEXTS[shot.language];
  const frame = { t, language: shot.language, languageSwitch: '/x', stylesheet: assets.stylesheet };
  res.setHeader('content-type', 'text/html; charset=utf-8').end(renderPage(shot.render(frame)));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const chromium = await launchChromium();
const page = await chromium.newPage();
for (const [i, { name, state, language, width }] of shots.entries()) {
  await page.setViewportSize({ width, height: 600 });
  await page.goto(`${origin}/shot/${i}`, { waitUntil: 'networkidle' });
  await page.screenshot({ path: `${FOLDER}/${name}-${state}-${language}-${width}.png`, fullPage: true });
}

const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.png')).sort();
const figures = files.map((file) => `<figure><img src="${file}"><figcaption>${file}</figcaption></figure>`);
const style =
  'body{font:12px sans-serif;columns:6;column-gap:8px;width:1800px;margin:8px}img{width:100%;border:1px solid #bbb}' +
  'figure{break-inside:avoid;margin:0 0 12px}';
await writeFile(
  `${FOLDER}/sheet.html`,
  `<!doctype html><meta charset="utf-8"><style>${style}</style>${figures.join('')}`,
);
await page.setViewportSize({ width: 1816, height: 900 });
await page.goto(`file://${FOLDER}/sheet.html`, { waitUntil: 'networkidle' });
await page.screenshot({ path: `${FOLDER}/sheet.png`, fullPage: true });
await chromium.close();
server.close();
process.stdout.write(`${files.length} pictures and sheet.png in ${path.relative('', FOLDER)}\n`);
