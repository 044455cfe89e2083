/**
 * Takes a picture of every page in every state, in both languages, on the screens that people have, light and
 * dark, in forced colours and on paper, and one sheet of them all, into .tmp/screenshots. Run by `npm run
 * screenshots`, which builds first: the pages are read from dist/. An argument selects pages whose name
 * contains it: `npm run -s screenshots -- key-`, or `-- -dark`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type * as AssetsModule from '../src/http/assets.ts';
import type * as LanguageModule from '../src/ui/language.ts';
import type * as LayoutModule from '../src/ui/layout.tsx';
import type * as PageNamesModule from '../src/ui/pageNames.ts';
import type * as SampleContactModule from '../src/gallery/sampleContact.ts';
import type * as GalleryModule from '../src/gallery/gallery.tsx';
import { launchChromium } from './support/chromium.ts';

const FOLDER = path.resolve('.tmp/screenshots');
const dist = async (file: string) => await import(new URL(`../dist/${file}.js`, import.meta.url).href);

const { Assets } = (await dist('http/assets')) as typeof AssetsModule;
const { GALLERY } = (await dist('gallery/gallery')) as typeof GalleryModule;
const { SAMPLE_CONTACT } = (await dist('gallery/sampleContact')) as typeof SampleContactModule;
const { PAGE_NAMES } = (await dist('ui/pageNames')) as typeof PageNamesModule;
const { renderPage } = (await dist('ui/layout')) as typeof LayoutModule;
const { TEXTS_BY_LANGUAGE: TEXTS } = (await dist('ui/language')) as typeof LanguageModule;

interface Mode {
  readonly mode: string;
  readonly language: 'da' | 'en';
  readonly width: number;
  /** The height of the screen, where only what is seen without scrolling matters. */
  readonly fold?: number;
  readonly media?: Parameters<Page['emulateMedia']>[0];
  /** Only for the first state of a page: its others differ in words. */
  readonly isForFirst?: boolean;
}

const DARK = { colorScheme: 'dark' } as const;

/** The variants of each picture; those that differ only in colour are taken in one language. */
const MODES: readonly Mode[] = [
  { mode: 'da-1280', language: 'da', width: 1280 },
  { mode: 'en-1280', language: 'en', width: 1280 },
  { mode: 'da-1366x600', language: 'da', width: 1366, fold: 600 },
  { mode: 'da-390x664', language: 'da', width: 390, fold: 664 },
  { mode: 'en-390x664', language: 'en', width: 390, fold: 664, isForFirst: true },
  { mode: 'da-320', language: 'da', width: 320 },
  { mode: 'en-320', language: 'en', width: 320, isForFirst: true },
  { mode: 'dark-1280', language: 'da', width: 1280, media: DARK },
  { mode: 'dark-390', language: 'da', width: 390, media: DARK, isForFirst: true },
  {
    mode: 'forced',
    language: 'da',
    width: 800,
    media: { ...DARK, forcedColors: 'active' },
    isForFirst: true,
  },
  { mode: 'paper', language: 'da', width: 800, media: { media: 'print' }, isForFirst: true },
];

const [only = ''] = process.argv.slice(2);
const assets = await Assets.load();
await rm(FOLDER, { recursive: true, force: true });
await mkdir(`${FOLDER}/small`, { recursive: true });

const states = PAGE_NAMES.flatMap((name) =>
  GALLERY[name].map((sample, i) => ({ name, ...sample, isFirst: i === 0 })),
);
const shots = states
  .flatMap(({ name, state, render, isFirst }) =>
    MODES.filter(({ isForFirst }) => isFirst || !isForFirst).map((mode) => ({
      ...mode,
      render,
      title: `${name}-${state}`,
      file: `${name}-${state}-${mode.mode}.png`,
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
    contact: SAMPLE_CONTACT,
  };
  res.setHeader('content-type', 'text/html; charset=utf-8').end(renderPage(shot.render(frame)));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Size on the sheet: what fits of the top of a page. */
const SMALL = { width: 112, height: 150 };

const chromium = await launchChromium();
const left = [...shots.entries()];
await Promise.all(
  Array.from({ length: 2 }, async () => {
    const page = await chromium.newPage();
    const protocol = await page.context().newCDPSession(page);
    for (let next = left.shift(); next; next = left.shift()) {
      const [i, { width, fold, media, file }] = next;
      await page.setViewportSize({ width, height: fold ?? 600 });
      await page.goto(`${origin}/shot/${i}`);
      // After the navigation: print is not kept across one.
      await page.emulateMedia({ media: null, colorScheme: null, forcedColors: null, ...media });
      await page.evaluate('document.fonts.ready');
      await page.screenshot({ path: `${FOLDER}/${file}`, fullPage: fold === undefined });
      const scale = SMALL.width / width;
      const small = await protocol.send('Page.captureScreenshot', {
        format: 'png',
        clip: { x: 0, y: 0, width, height: Math.min(SMALL.height / scale, fold ?? Infinity), scale },
        captureBeyondViewport: true,
      });
      await writeFile(`${FOLDER}/small/${file}`, Buffer.from(small.data, 'base64'));
    }
    await page.close();
  }),
);
server.close();

/** A row has a state in all variants; states of a page, and pages of a family, are next to each other. */
const titles = [...new Set(shots.map(({ title }) => title))];
const rows = titles.map((title) => {
  const pictures = shots
    .filter((shot) => shot.title === title)
    .map(({ file }) => `<a href="${file}"><img src="small/${file}" alt="${file}"></a>`);
  return `<figure><figcaption>${title}</figcaption>${pictures.join('')}</figure>`;
});
const style =
  `body{font:11px sans-serif;margin:8px;display:grid;grid-template-columns:repeat(4,${MODES.length * 114}px);gap:8px}` +
  `figure{margin:0}img{width:${SMALL.width}px;max-height:${SMALL.height}px;border:1px solid #bbb;vertical-align:top}`;
const html = `<!doctype html><meta charset="utf-8"><title>Nøgle</title><style>${style}</style>${rows.join('')}`;
await writeFile(`${FOLDER}/sheet.html`, html);
const page = await chromium.newPage();
await page.setViewportSize({ width: 16 + 4 * MODES.length * 114 + 3 * 8, height: 900 });
await page.goto(`file://${FOLDER}/sheet.html`);
await page.screenshot({ path: `${FOLDER}/sheet.png`, fullPage: true });
await chromium.close();
process.stdout.write(
  `${shots.length} pictures of ${titles.length} states, and one sheet of them all, in ${path.relative('', FOLDER)}\n`,
);
