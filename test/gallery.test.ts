/**
 * Every page in every state, in the proof: axe, `html-validate`, 320 px, keyboard only, dark and forced
 * colours, and its weight.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser as Chromium } from 'playwright-core';
import { COURTESY_PATH } from '../src/ui/courtesy/courtesy.ts';
import { PAGE_NAMES } from '../src/ui/pageNames.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  IS_WHOLE_PROOF,
  TestBrowser,
  request,
  toKeyPage,
  useNodes,
} from './support/index.ts';
import { launchChromium } from './support/chromium.ts';
import {
  openGallerySite,
  type GallerySite,
  type GalleryLanguage,
  type GallerySample,
} from './support/gallerySite.ts';
import { htmlFaults, Looker } from './support/pageFaults.ts';

const nodes = useNodes();
let site: GallerySite;
let chromium: Chromium;
beforeAll(async () => {
  [site, chromium] = await Promise.all([openGallerySite(), launchChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

/**
 * The proof checks every state, by every rule, in both languages. This file checks what does not depend on
 * the state, and that the checks themselves find faults.
 */
const isProof = process.env['NOEGLE_TEST_WAYS'] === 'other';
const LANGUAGES: readonly GalleryLanguage[] = ['da', 'en'];
const inProof = isProof ? test : noTest;
const beforeProof = isProof ? noTest : test;
function noTest(): void {}
noTest.each = () => noTest;

beforeProof('every page is in the gallery', () => {
  const names = new Set(site.samples.map(({ name }) => name));
  expect(PAGE_NAMES.filter((name) => !names.has(name))).toEqual([]);
});

/** The addresses to which features answer GET, as in the code; unknown parts are `x`. */
function getRoutes(): string[] {
  const files = readdirSync('src/features', { recursive: true, encoding: 'utf8' }).filter((one) =>
    /\.tsx?$/.test(one),
  );
  const routes = files.flatMap((file) =>
    [
      ...readFileSync(`src/features/${file}`, 'utf8').matchAll(
        /(?:(?:\.get|addPage)\(|\['get',)\s*['"`]([^'"`]*\/[^'"`]*)['"`]/g,
      ),
    ].map(([, route = '']) => route.replace('${site.path}', '/desk').replaceAll(/\$\{[^}]+\}|:\w+/g, 'x')),
  );
  return [...new Set(routes)].filter((route) => route.startsWith('/')).sort();
}

/** For machines: no page is rendered. */
const NO_PAGE = /^\/(health|assets|metrics|audit|robots\.txt|favicon\.ico)|\/(time-left|security\.txt)$/;

beforeProof('the summary has its errors in the order of the page, and no sentence twice', () => {
  const found: string[] = [];
  let many = 0;
  for (const { name, state, html } of site.samples) {
    const page = html('da');
    const summary = /<ul class="alert-text noegle-faults"[^]*?<\/ul>/.exec(page)?.[0] ?? '';
    const links = [...summary.matchAll(/<a href="#([^"]+)">([^<]*)/g)];
    many += links.length;
    const places = links.map(([, id]) => page.indexOf(` id="${id}"`));
    const texts = links.map(([, , text]) => text);
    if (places.some((place, i) => place < (places[i - 1] ?? 0))) found.push(`${name}/${state}: order`);
    if (new Set(texts).size < texts.length) found.push(`${name}/${state}: twice`);
  }
  expect(many).toBeGreaterThan(40);
  expect(found).toEqual([]);
});

/** Of fields that no script reads by way of their form: hidden ones, and the name of who orders. */
const TOLERATED: ReadonlySet<string> = new Set(['nonce', 'before', 'name']);

beforeProof('no field hides a property of its form, as a field named `action` would', async () => {
  const fields = /<(?:input|select|textarea|button)\b[^>]*/g;
  const used = new Map<string, string>();
  for (const { name: page, html } of site.samples) {
    for (const [field] of html('da').matchAll(fields)) {
      // A form finds its fields by name and by id.
      for (const [, name = ''] of field.matchAll(/ (?:name|id)="([^"]+)"/g)) used.set(name, page);
    }
  }
  expect(used.has('idMatches')).toBe(true);
  const tab = await chromium.newPage();
  const isHidden = async (names: readonly string[]) =>
    await tab.evaluate(`${JSON.stringify(names)}.filter((name) => name in document.createElement('form'))`);
  // Control.
  const known = ['matches', 'action', 'submit', 'method', 'name', 'id', 'elements', 'length'];
  expect(await isHidden(known)).toEqual(known);
  const found = ((await isHidden([...used.keys()])) as string[]).filter((name) => !TOLERATED.has(name));
  expect(found.map((name) => `${used.get(name)}: ${name}`)).toEqual([]);
  await tab.close();
});

beforeProof('each address that is answered with a page has it in the gallery', async () => {
  const routes = getRoutes().filter((route) => !NO_PAGE.test(route));
  expect(routes).toEqual(
    expect.arrayContaining(['/login/x', '/block', '/order', '/session', '/desk', '/terms']),
  );
  const names = new Set<string>(PAGE_NAMES);
  for (const route of routes) {
    const answer = await request(nodes.node(0)).get(route).set('accept', 'text/html');
    const page = /data-page="([^"]*)"/.exec(answer.text)?.[1];
    const isKnown = answer.status === 303 || (page !== undefined && names.has(page));
    expect([route, answer.status, page, isKnown]).toEqual([route, expect.any(Number), page, true]);
  }
});

beforeProof('no form is left to the browser to judge, and required fields stay required', () => {
  const pages = site.samples.flatMap(({ name, state, html }) =>
    LANGUAGES.map((language) => ({ page: `${language} ${name}/${state}`, text: html(language) })),
  );
  const forms = pages.flatMap(({ page, text }) =>
    [...text.matchAll(/<form\b[^>]*>/g)].map(([form]) => ({ page, form })),
  );
  expect(forms.length).toBeGreaterThan(300);
  // The provider's own form has no field.
  const judged = forms.filter(({ form }) => !form.includes(' novalidate') && !form.includes('op.logoutForm'));
  expect(judged).toEqual([]);
  expect(pages.filter(({ text }) => / required[ >]/.test(text)).length).toBeGreaterThan(50);
});

const SCREENS = [
  { width: 1366, height: 600 },
  { width: 390, height: 664 },
];

/**
 * Where a key is asked for first and nothing is wrong yet: an error has the focus itself, and where a
 * security key is asked for first, no field has.
 */
function listKeyPages(): { readonly path: string; readonly url: string }[] {
  const chosen = chooseSamples();
  return site.samples
    .filter(({ html }) => {
      const [key, securityKey] = ['noegle-key-input', 'data-webauthn="get"'].map((one) =>
        html('da').indexOf(one),
      ) as [number, number];
      return key >= 0 && (securityKey < 0 || key < securityKey) && !html('da').includes('noegle-errors');
    })
    .flatMap((sample) =>
      LANGUAGES.filter((language) => language === 'da' || chosen.has(sample)).map((language) => ({
        path: `${language} ${sample.name}/${sample.state}`,
        url: site.urlOf(sample, language),
      })),
    );
}

inProof.each(SCREENS)(
  'the field of the key is on the screen and in focus, without scrolling: $width x $height',
  async (viewport) => {
    const context = await chromium.newContext({ viewport, javaScriptEnabled: false });
    const page = await context.newPage();
    const keyPages = listKeyPages();
    expect(keyPages.length).toBeGreaterThan(30);
    const hidden: unknown[] = [];
    for (const { path, url } of keyPages) {
      await page.goto(url);
      // A browser gives the focus when it draws, which may be after the page has loaded, and scrolls to it.
      const isFocused = await page
        .locator('.noegle-key-input:focus')
        .waitFor({ timeout: 5_000 })
        .then(
          () => true,
          () => false,
        );
      const box = await page.locator('.noegle-key-input').first().boundingBox();
      const isOnScreen = box !== null && box.y >= 0 && box.y + box.height <= viewport.height;
      // A page that the browser scrolled to the field would show it at the very edge.
      const top = await page.locator('.noegle-head').boundingBox();
      if (!isOnScreen || !isFocused || top === null || top.y < 0) hidden.push({ path, box, isFocused, top });
    }
    expect(hidden).toEqual([]);
    await context.close();
  },
  60_000,
);

/**
 * States of a page have the same parts: of those after its first, the proof's time has room for a sixth where
 * only words or colours differ from what was looked at.
 */
function chooseSamples(): ReadonlySet<GallerySample> {
  const names = new Set<string>();
  let others = 0;
  const chosen = site.samples.filter(({ name }) => {
    const isFirst = !names.has(name);
    names.add(name);
    return isFirst || IS_WHOLE_PROOF || (others += 1) % 6 === 0;
  });
  return new Set(chosen);
}

/** Tags, classes and roles, without words and values. Where they are the same, axe finds the same. */
function structureOf({ name, html }: GallerySample): string {
  const bare = html('da')
    .replace(/>[^<]+</g, '><')
    .replace(/(value|href|content|action|datetime|data-[a-z-]+)="[^"]*"/g, '$1');
  return `${name} ${bare}`;
}

inProof('html-validate finds nothing', () => {
  const chosen = chooseSamples();
  const structures = new Map(site.samples.toReversed().map((sample) => [structureOf(sample), sample]));
  const looked = IS_WHOLE_PROOF ? site.samples : [...structures.values()];
  const found = looked.flatMap((sample) =>
    LANGUAGES.filter((language) => language === 'da' || chosen.has(sample)).flatMap((language) =>
      htmlFaults(sample.html(language)).map(
        (fault) => `${language} ${sample.name}/${sample.state}: ${fault}`,
      ),
    ),
  );
  expect(found).toEqual([]);
});

inProof.each(LANGUAGES)(
  '%s: axe, 320 px, keyboard, dark and forced colours find nothing',
  async (language) => {
    const looker = await Looker.open(chromium, site.urlOf({ name: 'password', state: 'first' }));
    const found: string[] = [];
    const [shapes, structures] = [new Set<string>(), new Set<string>()];
    const chosen = chooseSamples();
    const spent = { open: 0, axe: 0, colours: 0, keyboard: 0 };
    const time = async <T>(what: keyof typeof spent, work: Promise<T>): Promise<T> => {
      const start = performance.now();
      const result = await work;
      spent[what] += performance.now() - start;
      return result;
    };
    for (const sample of site.samples) {
      if (language === 'en' && !chosen.has(sample)) continue;
      const note = (faults: string[]) =>
        found.push(...faults.map((fault) => `${sample.name}/${sample.state}: ${fault}`));
      await time('open', looker.show(sample.html(language)));
      // Keys and colours do not depend on the words.
      if (language === 'en') {
        note(await time('axe', looker.faults({ colours: false })));
        continue;
      }
      const structure = structureOf(sample);
      if (IS_WHOLE_PROOF || !structures.has(structure))
        note(await time('axe', looker.faults({ colours: true })));
      else note(await time('axe', looker.ownFaults()));
      structures.add(structure);
      const shape = await looker.keyboardShape();
      if (!shapes.has(shape)) note(await time('keyboard', looker.keyboardFaults()));
      shapes.add(shape);
      if (!chosen.has(sample)) continue;
      for (const mode of ['dark', 'forced'] as const)
        note(await time('colours', looker.contrastFaults(mode)));
    }
    console.info(`${site.samples.length} states, ms: ${JSON.stringify(spent)}`);
    expect(found).toEqual([]);
    await looker.close();
  },
  230_000,
);

beforeProof('control: faults are seen, in words, in colours, in width and by keyboard', async () => {
  const looker = await Looker.open(chromium, site.urlOf({ name: 'password', state: 'first' }));
  const good = site.samples.find(({ name, state }) => name === 'password' && state === 'wrong')!.html('da');
  const seen = async (from: string | RegExp, to: string, style = '') => {
    const bad = good.replace(from, to);
    expect(bad).not.toBe(good);
    await looker.show(bad);
    if (style !== '') await looker.style('#bad', style);
    const inLight = [...htmlFaults(bad), ...(await looker.faults({ colours: true }))];
    const inDark = await looker.contrastFaults('dark');
    return [...inLight, ...inDark, ...(await looker.keyboardFaults())].join('\n');
  };
  const [text, link] = ['<p id="bad">words</p></main>', '<a id="bad" href="/">words</a></main>'];
  expect(await seen('</main>', '<img src="/assets/icon.svg"></main>')).toMatch(/wcag\/h37[^]*image-alt/);
  expect(await seen('</main>', text, 'color:#777;background:#fff')).toMatch(/^color-contrast/m);
  expect(await seen('</main>', text, 'color:#1a1a1a')).toMatch(/^dark: color-contrast/m);
  expect(await seen('</main>', text, 'width:400px')).toContain('px wide');
  expect(await seen('</main>', link, 'outline:none')).toContain('not seen');
  expect(await seen('</main>', '<a href="/" tabindex="1">x</a></main>')).toContain('Tab reaches');
  expect(await seen('Fejl: ', '')).toContain('the title does not say');
  expect(await seen('href="#userId"', 'href="#nobody"')).toContain('leads to nothing');
  expect(await seen(/<span class="form-error-message".*?<\/span>/, '')).toContain('nothing beside the field');
  await looker.close();
});

inProof('what the build takes out of the styles changes no page', async () => {
  const looker = await Looker.open(chromium, site.urlOf({ name: 'password', state: 'first' }));
  const changed: string[] = [];
  const seen = new Set<string>();
  /** Whether it has an element that no earlier page had: the others are made of the same parts. */
  const hasNew = ({ html }: GallerySample): boolean => {
    const parts = [...html('da').matchAll(/<([a-z0-9]+)[^>]*>/g)];
    const before = seen.size;
    for (const [whole, tag] of parts) seen.add(`${tag} ${/ class="([^"]*)"/.exec(whole)?.[1] ?? ''}`);
    return seen.size > before;
  };
  for (const { name, state, html } of site.samples.filter(hasNew)) {
    await looker.show(html('da'));
    const trimmed = (await looker.look()).split('\n');
    await looker.show(html('da').replace(site.assets.stylesheet, site.whole.stylesheet));
    const whole = (await looker.look()).split('\n');
    const at = whole.findIndex((line, i) => line !== trimmed[i]);
    if (at < 0) continue;
    const [a, b] = [whole[at], trimmed[at]].map((line) => new Set(line?.split(';')));
    changed.push(`${name}/${state}: ${[...a!].filter((one) => !b!.has(one)).join('; ')}`);
  }
  expect(changed).toEqual([]);
  await looker.close();
});

beforeProof.each(['key', 'desk-search'])('%s: forced colours show what is chosen', async (name) => {
  const looker = await Looker.open(chromium, site.urlOf({ name: 'password', state: 'first' }));
  await looker.forceColours();
  await looker.show(site.samples.find((one) => one.name === name)!.html('da'));
  const looks = async (checked: boolean) =>
    await looker.looksOf(
      '.form-radio + label, .form-checkbox + label',
      `document.querySelector('[type=radio], [type=checkbox]').checked = ${checked}`,
    );
  expect((await looks(true)).equals(await looks(false))).toBe(false);
  await looker.close();
});

inProof('every page weighs at most 60 kB at first and 15 kB later, without fonts', () => {
  const weigh = (path: string) => site.assets.find(path)?.br?.length ?? 0;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
  const shared = weigh(site.assets.stylesheet) + weigh(COURTESY_PATH);
  const pages = site.samples.map(({ name, state, html }) => ({
    page: `${name}/${state}`,
    weight: brotliCompressSync(html('da'), quality).length,
  }));
  pages.sort((a, b) => b.weight - a.weight);
  const images = [
    ...(site.assets.find(site.assets.stylesheet)?.plain.toString() ?? '').matchAll(/\/img\/[^)]+/g),
  ];
  const pictures = [...new Set(images.map(([path]) => path))].reduce(
    (sum, path) => sum + weigh(`/assets${path}`),
    weigh('/assets/icon.svg'),
  );
  const most = pages[0]!;
  console.info(
    `brotli bytes: styles ${weigh(site.assets.stylesheet)}, script ${weigh(COURTESY_PATH)}, pictures ${pictures}, ` +
      `heaviest page ${most.page} ${most.weight}`,
  );
  expect(weigh(COURTESY_PATH)).toBeLessThanOrEqual(10_000);
  expect(shared + pictures + most.weight).toBeLessThanOrEqual(60_000);
  expect(most.weight).toBeLessThanOrEqual(15_000);
});

beforeProof('a first visit weighs at most 60 kB and 40 kB of fonts, the next 15 kB', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const context = await chromium.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  let weight = { fonts: 0, rest: 0 };
  const types = new Map<string, string>();
  cdp.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    weight[types.get(requestId) === 'Font' ? 'fonts' : 'rest'] += encodedDataLength;
  });
  const requestSource = async (url: string) => {
    weight = { fonts: 0, rest: 0 };
    await page.goto(url, { waitUntil: 'networkidle' });
    return weight;
  };
  const first = await requestSource(nodes.issuer + authRequest(rp).path);
  const next = await requestSource(nodes.issuer + authRequest(rp).path);
  await page.fill('[name=userId]', person.userId);
  await page.fill('[name=password]', person.password);
  weight = { fonts: 0, rest: 0 };
  await page.click('button.button-primary');
  await page.waitForLoadState('networkidle');
  const keyPage = weight;
  console.info(
    `bytes over the wire: first ${JSON.stringify(first)}, next ${JSON.stringify(next)}, key page ${JSON.stringify(keyPage)}`,
  );
  expect(first.rest).toBeLessThanOrEqual(60_000);
  expect(first.fonts).toBeLessThanOrEqual(40_000);
  for (const again of [next, keyPage]) expect(again.rest + again.fonts).toBeLessThanOrEqual(15_000);
  await context.close();
});

beforeProof('in English a day after "from", "until" or "since" has no "on"', () => {
  const day = /.{0,30}\b(?:from|until|since) on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day/g;
  const found = site.samples.flatMap(({ name, html }) =>
    (html('en').match(day) ?? []).map((at) => `${name}: ${at}`),
  );
  expect([...new Set(found)]).toEqual([]);
});

beforeProof('every letter of the texts is in the fonts that are served', () => {
  // The Latin subset: a character that it does not have would be rendered in another font, or as an empty
  // box.
  const words = site.samples.flatMap(({ html }) => [html('da'), html('en')]).join('');
  const strange = [...new Set(words)].filter((letter) => !/[\n\x20-\x7e\u00a0-\u00ff–—‘’“”•…]/.test(letter));
  expect(strange).toEqual([]);
});

beforeProof('the logo, the styles, the script and the fonts come through our own policy', async () => {
  const page = await (await chromium.newContext()).newPage();
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text());
  });
  await page.goto(site.urlOf({ name: 'key', state: 'first' }), { waitUntil: 'networkidle' });
  expect(refused).toEqual([]);
  const seen = (await page.evaluate(`[document.querySelector('.noegle-for img').naturalWidth > 0,
    getComputedStyle(document.querySelector('.button-primary')).backgroundColor,
    [...document.fonts].some((font) => font.status === 'loaded')]`)) as unknown[];
  expect(seen).toEqual([true, 'rgb(11, 74, 111)', true]);
  await page.context().close();
});

async function stylesheet(): Promise<string> {
  const page = await request(nodes.node(0)).get('/none').set('accept', 'text/html');
  return /href="(\/assets\/css\/[^"]+)"/.exec(page.text)?.[1] ?? '';
}

beforeProof('nothing is loaded from elsewhere', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const css = await request(nodes.node(0)).get(await stylesheet());
  const pages = [
    await browser.follow(authRequest(rp).path),
    await toKeyPage(browser, person, authRequest(rp)),
  ];
  for (const { text } of pages) expect(text.match(/(?:src|href)="https?:/g)).toBeNull();
  for (const [, url = ''] of css.text.matchAll(/url\(([^)]+)\)/g)) {
    if (url.startsWith('data:') || url.startsWith('"data:')) continue;
    const { pathname } = new URL(url.replaceAll('"', ''), nodes.issuer + (await stylesheet()));
    const answer = await request(nodes.node(0)).get(pathname);
    expect([url, answer.status]).toEqual([url, 200]);
  }
});
