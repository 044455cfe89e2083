/**
 * Takes a picture of every page in every state and both languages, wide, narrow, dark, in forced colours and on paper,
 * and one sheet for each of these ways, into .tmp/screenshots. Run by `npm run screenshots`, which builds first: the pages are read
 * from dist/. An argument takes those whose name has it: `npm run -s screenshots -- key-`, or `-- -dark`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
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

/** The ways in which a page is looked at; what only differs in colour is looked at in one language. */
const MODES = [
  { mode: 'da-wide', language: 'da', width: 800, media: {} },
  { mode: 'da-narrow', language: 'da', width: 320, media: {} },
  { mode: 'en-wide', language: 'en', width: 800, media: {} },
  { mode: 'en-narrow', language: 'en', width: 320, media: {} },
  { mode: 'dark', language: 'da', width: 800, media: { colorScheme: 'dark' } },
  { mode: 'forced', language: 'da', width: 800, media: { forcedColors: 'active', colorScheme: 'dark' } },
  { mode: 'paper', language: 'da', width: 800, media: { media: 'print' } },
] as const;

const [only = ''] = process.argv.slice(2);
const assets = await Assets.load();
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });

const states = PAGE_NAMES.flatMap((name) => GALLERY[name].map((sample) => ({ name, ...sample })));
const shots = states
  .flatMap(({ name, state, render }) =>
    MODES.map((way) => ({
      ...way,
      render,
      title: `${name}-${state}`,
      file: `${name}-${state}-${way.mode}.jpg`,
    })),
  )
  .filter(({ file }) => file.includes(only));

const server = createServer((req, res) => {
  const asset = assets.find(req.url ?? '');
  const shot = shots[Number(/^\/shot\/([0-9]+)$/.exec(req.url ?? '')?.[1] ?? -1)];
  if (asset) return void res.setHeader('content-type', asset.type).end(asset.plain);
  if (!shot) return void res.writeHead(404).end();
  const t = TEXTS[shot.language];
  const frame = {
    t,
    language: shot.language,
    languageSwitch: '/x',
    stylesheet: assets.stylesheet,
    hotline: '70 10 20 30',
  };
  res.setHeader('content-type', 'text/html; charset=utf-8').end(renderPage(shot.render(frame)));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const chromium = await launchChromium();
const left = [...shots.entries()];
await Promise.all(
  Array.from({ length: 2 }, async () => {
    const page = await chromium.newPage();
    for (let next = left.shift(); next; next = left.shift()) {
      const [i, { width, media, file }] = next;
      await page.setViewportSize({ width, height: 600 });
      await page.emulateMedia({ media: null, colorScheme: null, forcedColors: null, ...media });
      await page.goto(`${origin}/shot/${i}`);
      await page.evaluate('document.fonts.ready');
      await page.screenshot({ path: `${FOLDER}/${file}`, fullPage: true, type: 'jpeg', quality: 80 });
    }
    await page.close();
  }),
);
server.close();

/** One sheet for each way: a family stands side by side. */
const page = await chromium.newPage();
await page.setViewportSize({ width: 3000, height: 900 });
const sheets = MODES.map(({ mode }) => ({ mode, of: shots.filter((shot) => shot.mode === mode) }));
for (const { mode, of } of sheets.filter((sheet) => sheet.of.length > 0)) {
  const figures = of.map(
    ({ file, title }) => `<figure><img src="${file}"><figcaption>${title}</figcaption></figure>`,
  );
  const style =
    'body{font:11px sans-serif;columns:18;column-gap:8px;margin:8px}img{width:100%;border:1px solid #bbb}' +
    'figure{break-inside:avoid;margin:0 0 12px}';
  const html = `<!doctype html><meta charset="utf-8"><title>${mode}</title><style>${style}</style>${figures.join('')}`;
  await writeFile(`${FOLDER}/sheet-${mode}.html`, html);
  await page.goto(`file://${FOLDER}/sheet-${mode}.html`);
  await page.screenshot({ path: `${FOLDER}/sheet-${mode}.jpg`, fullPage: true, quality: 70, type: 'jpeg' });
}
await chromium.close();
process.stdout.write(
  `${shots.length} pictures of ${states.length} states, and a sheet for each way, in ${path.relative('', FOLDER)}\n`,
);
