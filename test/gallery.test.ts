/** Every page in every state: axe, 320 px, keyboard alone, forced colours, and what it weighs. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Browser as Chromium, Page } from 'playwright-core';
import { TEXTS } from '../src/web/language.ts';
import { contentSecurityPolicy } from '../src/web/page.ts';
import { PAGE_NAMES, renderPage } from '../src/web/layout.tsx';
import { GALLERY, type Sample } from '../src/web/pages/gallery.tsx';
import { launchChromium } from './support/chromium.ts';
import { authRequest, toKeyPage } from './support/flow.ts';
import { Browser } from './support/browser.ts';
import { Nodes } from './support/nodes.ts';
import { aPerson, aRelyingParty } from './support/people.ts';

let nodes: Nodes;
let chromium: Chromium;
beforeAll(async () => {
  nodes = await Nodes.start();
  chromium = await launchChromium();
}, 120_000);
afterAll(async () => {
  await chromium?.close();
  await nodes.close();
});

const samples = PAGE_NAMES.flatMap((name) => GALLERY[name].map((sample) => ({ name, ...sample })));

async function stylesheet(): Promise<string> {
  const page = await (await fetch(`${nodes.issuer}/none`, { headers: { accept: 'text/html' } })).text();
  return `${nodes.issuer}${/href="(\/assets\/css\/[^"]+)"/.exec(page)?.[1] ?? ''}`;
}

async function openGallery(language: 'da' | 'en', width: number): Promise<Page> {
  const context = await chromium.newContext({ viewport: { width, height: 700 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  if (width === 320) await page.addInitScript(axe.source);
  const frame = {
    t: TEXTS[language],
    language,
    languageSwitch: '/login/x?language=da',
    stylesheet: await stylesheet(),
  };
  await page.route('**/gallery/**', async (route) => {
    const [, name, state] = /gallery\/([^/]+)\/([^/]+)/.exec(route.request().url()) ?? [];
    const sample = samples.find((one) => one.name === name && one.state === state);
    if (!sample) return await route.abort();
    const headers = { 'content-security-policy': contentSecurityPolicy([]) };
    await route.fulfill({ contentType: 'text/html', headers, body: renderPage(sample.render(frame)) });
  });
  return page;
}

/** @param rules those to run; all of them if not said. */
async function faultsOf(page: Page, rules: string[] = []): Promise<string[]> {
  const options = JSON.stringify({
    resultTypes: ['violations'],
    ...(rules.length > 0 ? { runOnly: rules } : {}),
  });
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as axe.AxeResults;
  return violations.map(({ id, nodes: where }) => `${id} ${where[0]?.html}`);
}

/** Notes what takes focus, and whether that is seen: whether it looks otherwise than it did at rest. */
const WATCH = `(() => {
  const looks = (element) => { const { outline, boxShadow, borderColor } = getComputedStyle(element);
    return outline + boxShadow + borderColor; };
  const atRest = new Map([...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
    .map((element) => [element, looks(element)]));
  window.reached = [];
  document.addEventListener('focusin', ({ target }) => window.reached.push(
    { html: target.outerHTML.slice(0, 80), shown: looks(target) !== atRest.get(target) }));
})()`;

/** What Tab comes to, in order, up to the `most`th. */
async function tabThrough(page: Page, most: number): Promise<{ html: string; shown: boolean }[]> {
  await page.evaluate(WATCH);
  for (let i = 0; i < most; i += 1) await page.keyboard.press('Tab');
  return (await page.evaluate('window.reached')) as { html: string; shown: boolean }[];
}

/** All that takes focus. Of radio buttons Tab comes to the checked one, or else to the first; arrows lead to the others. */
const FOCUSABLE = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
  .filter((element) => { const group = 'input[type=radio][name="' + element.name + '"]';
    return element.type !== 'radio' ||
      element === (document.querySelector(group + ':checked') ?? document.querySelector(group)); })
  .map((element) => element.outerHTML.slice(0, 80))`;

test('every page is in the gallery', () => {
  for (const name of PAGE_NAMES) expect([name, GALLERY[name].length > 0]).toEqual([name, true]);
});

/** Here each page once, in Danish; in the proof every state in both languages. */
const isProof = process.env['NOEGLE_TEST_WAYS'] === 'other';
const LANGUAGES = isProof ? (['da', 'en'] as const) : (['da'] as const);
const looked = isProof ? samples : PAGE_NAMES.map((name) => ({ name, ...(GALLERY[name][0] as Sample) }));

test.each(LANGUAGES)(
  '%s: axe, 320 px, keyboard and forced colours find nothing',
  async (language) => {
    const page = await openGallery(language, 320);
    const found: string[] = [];
    for (const { name, state } of looked) {
      const note = (fault: string) => found.push(`${name}/${state}: ${fault}`);
      await page.emulateMedia({ forcedColors: 'none' });
      await page.goto(`${nodes.issuer}/gallery/${name}/${state}`);
      expect(await page.locator('main').getAttribute('data-page')).toBe(name);
      for (const fault of await faultsOf(page)) note(fault);

      const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
      if (width > 320) note(`${width} px wide`);

      // Keys and colours do not depend on the words.
      if (language === 'en') continue;

      const focusable = (await page.evaluate(FOCUSABLE)) as string[];
      const reached = await tabThrough(page, focusable.length);
      const order = reached.map(({ html }) => html);
      if (JSON.stringify(order) !== JSON.stringify(focusable)) note(`Tab reaches ${order.join(' ')}`);
      for (const { html, shown } of reached) if (!shown) note(`focus is not seen on ${html}`);

      await page.emulateMedia({ forcedColors: 'active' });
      // Of what axe looks at, only colours are others now.
      for (const fault of await faultsOf(page, ['color-contrast'])) note(`forced colours: ${fault}`);
      const bordered = (await page.evaluate(`[...document.querySelectorAll('.form-input, .button-primary')]
      .every((element) => getComputedStyle(element).borderStyle !== 'none')`)) as boolean;
      if (!bordered) note('forced colours: a field or button has no edge');
    }
    expect(found).toEqual([]);
    await page.context().close();
  },
  230_000,
);

test.each(['key', 'block'])('%s: forced colours show what is chosen', async (name) => {
  const page = await openGallery('da', 320);
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto(`${nodes.issuer}/gallery/${name}/first`, { waitUntil: 'networkidle' });
  const looks = async (checked: boolean) => {
    const script = `document.querySelector('[type=radio], [type=checkbox]').checked = ${checked}`;
    await page.evaluate(script);
    return await page.locator('.form-radio + label, .form-checkbox + label').first().screenshot();
  };
  expect((await looks(true)).equals(await looks(false))).toBe(false);
  await page.context().close();
});

test('a first visit weighs at most 60 kB and 40 kB of fonts, the next 15 kB', async () => {
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
  const visit = async (url: string) => {
    weight = { fonts: 0, rest: 0 };
    await page.goto(url, { waitUntil: 'networkidle' });
    return weight;
  };
  const first = await visit(nodes.issuer + authRequest(rp).path);
  const next = await visit(nodes.issuer + authRequest(rp).path);
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

test('every letter of the texts is in the fonts that are served', () => {
  // The Latin subset: what it lacks would come from another font, or as an empty box.
  const words = samples.map(({ render }) =>
    (['da', 'en'] as const)
      .map((language) =>
        renderPage(render({ t: TEXTS[language], language, languageSwitch: null, stylesheet: '' })),
      )
      .join(''),
  );
  const strange = [...new Set(words.join(''))].filter(
    (letter) => !/[\x20-\x7e\u00a0-\u00ff–—‘’“”•…]/.test(letter),
  );
  expect(strange).toEqual([]);
});

test('the logo, the styles and the fonts come through our own policy', async () => {
  const page = await openGallery('da', 800);
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text());
  });
  await page.goto(`${nodes.issuer}/gallery/key/first`, { waitUntil: 'networkidle' });
  expect(refused).toEqual([]);
  const seen = (await page.evaluate(`[document.querySelector('.noegle-for img').naturalWidth > 0,
    getComputedStyle(document.querySelector('.button-primary')).backgroundColor,
    [...document.fonts].some((font) => font.status === 'loaded')]`)) as unknown[];
  expect(seen).toEqual([true, 'rgb(11, 74, 111)', true]);
  await page.context().close();
});

test('nothing is loaded from elsewhere', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new Browser(nodes);
  const css = await (await fetch(await stylesheet())).text();
  const pages = [
    await browser.follow(authRequest(rp).path),
    await toKeyPage(browser, person, authRequest(rp)),
  ];
  for (const { text } of pages) expect(text.match(/(?:src|href)="https?:/g)).toBeNull();
  for (const [, url = ''] of css.matchAll(/url\(([^)]+)\)/g)) {
    if (url.startsWith('data:') || url.startsWith('"data:')) continue;
    const answer = await fetch(new URL(url.replaceAll('"', ''), await stylesheet()));
    expect([url, answer.status]).toEqual([url, 200]);
  }
});
