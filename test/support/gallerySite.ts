/**
 * The gallery as a site: every page in every state, with the headers, the styles and the script of a built
 * Nøgle.
 */
import { SAMPLE_CONTACT } from '../../src/gallery/sampleContact.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Assets } from '../../src/http/assets.ts';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import { renderPage, type PageFrame } from '../../src/ui/layout.tsx';
import { PAGE_NAMES, type PageName } from '../../src/ui/pageNames.ts';
import { contentSecurityPolicy } from '../../src/ui/page.ts';
import { GALLERY } from '../../src/gallery/gallery.tsx';
import { trimDkfds } from '../../src/gallery/trim.ts';

export type GalleryLanguage = 'da' | 'en';

export interface GallerySample {
  readonly name: PageName;
  readonly state: string;
  readonly html: (language: GalleryLanguage) => string;
}

export interface GallerySite {
  readonly origin: string;
  readonly assets: Assets;
  /** The same with all of `dkfds`, as where nothing is built. */
  readonly whole: Assets;
  readonly samples: readonly GallerySample[];
  urlOf(sample: Pick<GallerySample, 'name' | 'state'>, language?: GalleryLanguage): string;
  close(): Promise<void>;
}

export async function openGallerySite(): Promise<GallerySite> {
  const [assets, whole] = await Promise.all([trimDkfds().then((css) => Assets.load(css)), Assets.load()]);
  const samples = PAGE_NAMES.flatMap((name) =>
    GALLERY[name].map(({ state, render }) => {
      const html = (language: GalleryLanguage) => {
        const frame: PageFrame = {
          t: TEXTS_BY_LANGUAGE[language],
          language,
          languageSwitch: '/login/x',
          stylesheet: assets.stylesheet,
          contact: SAMPLE_CONTACT,
        };
        return renderPage(render(frame));
      };
      return { name, state, html };
    }),
  );
  const byPath = new Map(samples.map((sample) => [`${sample.name}/${sample.state}`, sample]));
  const server = createServer((req, res) => {
    const asset = assets.find(req.url ?? '') ?? whole.find(req.url ?? '');
    if (asset) {
      const { type, plain, br } = asset;
      const headers = { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' };
      res.writeHead(200, br ? { ...headers, 'content-encoding': 'br' } : headers).end(br ?? plain);
      return;
    }
    const [, language, path] = /^\/(da|en)\/([^?]+)/.exec(decodeURI(req.url ?? '')) ?? [];
    const sample = byPath.get(path ?? '');
    if (!sample) return void res.writeHead(404).end();
    res
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy('/login/x'),
      })
      .end(sample.html(language as GalleryLanguage));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    assets,
    whole,
    samples,
    urlOf: ({ name, state }, language = 'da') => `${origin}/${language}/${name}/${encodeURI(state)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
