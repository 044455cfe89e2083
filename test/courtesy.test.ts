/** The client script: what it adds, and that nothing is missing without it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser as Chromium, Page } from 'playwright-core';
import { COURTESY_SCRIPT } from '../src/web/courtesy/courtesy.ts';
import { TEXTS } from '../src/web/language.ts';
import { launchChromium } from './support/chromium.ts';
import { openGallerySite, type GallerySite, type Lang } from './support/gallerySite.ts';

let site: GallerySite;
let chromium: Chromium;
beforeAll(async () => {
  [site, chromium] = await Promise.all([openGallerySite(), launchChromium()]);
}, 120_000);
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

async function open(
  name: Parameters<GallerySite['urlOf']>[0]['name'],
  state: string,
  { language = 'da', javaScriptEnabled = true }: { language?: Lang; javaScriptEnabled?: boolean } = {},
): Promise<Page> {
  const context = await chromium.newContext({ javaScriptEnabled });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(site.urlOf({ name, state }, language));
  return page;
}

test('it is small', () => {
  expect(Buffer.byteLength(COURTESY_SCRIPT)).toBeLessThan(10_000);
  console.info(`client script: ${Buffer.byteLength(COURTESY_SCRIPT)} bytes`);
});

test.each(['da', 'en'] as const)(
  '%s: a password can be looked at, and is hidden before it leaves',
  async (language) => {
    const page = await open('password', 'first', { language });
    const button = page.getByRole('button', { name: TEXTS[language].courtesy.showPassword });
    const field = page.locator('#password');
    const seen = async () => [await field.getAttribute('type'), await button.getAttribute('aria-pressed')];
    expect(await seen()).toEqual(['password', 'false']);
    await button.click();
    expect(await seen()).toEqual(['text', 'true']);
    await button.click();
    expect(await seen()).toEqual(['password', 'false']);
    await button.click();
    await page.fill('#userId', 'anna');
    await field.fill('hemmelig');
    await page.evaluate(`document.addEventListener('submit', (event) => {
    window.typeAtSubmit = document.getElementById('password').type; event.preventDefault(); })`);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('window.typeAtSubmit')).toBe('password');
    await page.context().close();
  },
);

test.each([true, false])('script %s: what is wrong has the focus', async (javaScriptEnabled) => {
  const page = await open('activate-choose', 'everything', { javaScriptEnabled });
  await page.locator('.noegle-errors:focus').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('#userId:focus').waitFor();
  await page.context().close();
});

test('without script nothing stands dead: no button of its own, no dialog', async () => {
  const page = await open('password', 'first', { javaScriptEnabled: false });
  expect(await page.locator('.noegle-show').count()).toBe(0);
  await page.goto(site.urlOf({ name: 'desk-home', state: 'officer' }));
  expect(await page.locator('dialog').isVisible()).toBe(false);
  expect(await page.locator('.noegle-desk-idle').isVisible()).toBe(true);
  await page.context().close();
});

test('a double click sends once, and whoever comes back can send again', async () => {
  const page = await open('key', 'first');
  const sent: string[] = [];
  await page.route('**/key/first', async (route) => {
    if (route.request().method() !== 'POST') return await route.fallback();
    sent.push(route.request().postData() ?? '');
    // The answer is long in coming; then the page is still there, as after a file.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.fulfill({ status: 204 });
  });
  await page.fill('#key', '123456');
  const button = page.locator('button.button-primary');
  await button.dblclick();
  await page.keyboard.press('Enter');
  await page.clock.runFor(10);
  await page.locator('button.button-primary:disabled').waitFor();
  await page.clock.runFor(8_100);
  await page.locator('button.button-primary:enabled').waitFor();
  expect(sent).toEqual([expect.stringContaining('key=123456')]);
  await page.context().close();
});

test('the button that was pressed is sent, though it is disabled afterwards', async () => {
  const page = await open('new-card', 'after-old-key');
  const asked = page.waitForRequest((request) => request.method() === 'POST');
  await page.locator('button[name=skip]').click();
  expect((await asked).postData()).toContain('skip=1');
  await page.context().close();
});

describe('time-out', () => {
  const words = TEXTS.da.courtesy.timeout;

  /** @param status what a request for the desk is answered with. */
  async function atDesk(status: () => number): Promise<{ page: Page; asked: () => number }> {
    const page = await open('desk-home', 'officer');
    let asked = 0;
    await page.route('**/desk', async (route) => {
      asked += 1;
      if (status() === 0) return await route.abort();
      await route.fulfill({ status: status(), headers: status() === 303 ? { location: '/elsewhere' } : {} });
    });
    return { page, asked: () => asked };
  }

  test('is said two minutes before, and again; one click, and there is as much time as before', async () => {
    const { page, asked } = await atDesk(() => 200);
    await page.clock.runFor('12:50');
    expect(await page.locator('dialog').isVisible()).toBe(false);
    await page.clock.runFor('00:15');
    await page.getByRole('dialog', { name: words.soon }).waitFor();
    await page.getByRole('button', { name: words.stay }).and(page.locator(':focus')).waitFor();
    await page.clock.runFor('01:00');
    await page.getByRole('status').filter({ hasText: words.oneMinute }).waitFor();
    await page.getByRole('button', { name: words.stay }).click();
    await page.locator('dialog').waitFor({ state: 'hidden' });
    expect(asked()).toBe(1);
    await page.clock.runFor('12:50');
    expect(await page.locator('dialog').isVisible()).toBe(false);
    await page.clock.runFor('00:15');
    await page.getByRole('dialog', { name: words.soon }).waitFor();
    // Escape is a sign of life.
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'hidden' });
    expect(asked()).toBe(2);
    await page.context().close();
  });

  test('ends in words, with the way back in, and not in a form that is dead', async () => {
    const { page } = await atDesk(() => 200);
    await page.clock.runFor('15:05');
    await page.getByRole('heading', { name: words.over }).waitFor();
    await page.getByRole('link', { name: words.again }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('heading', { name: words.over }).isVisible()).toBe(true);
    await page.context().close();
  });

  test('a session that was over already is said to be; a lost connection may be tried again', async () => {
    let status = 0;
    const { page } = await atDesk(() => status);
    await page.clock.runFor('13:05');
    await page.getByRole('button', { name: words.stay }).click();
    await page.getByRole('status').filter({ hasText: words.failed }).waitFor();
    status = 303;
    await page.getByRole('button', { name: words.stay }).click();
    await page.getByRole('heading', { name: words.over }).waitFor();
    await page.context().close();
  });

  test('another tab of the same session counts', async () => {
    const { page } = await atDesk(() => 200);
    await page.clock.runFor('13:05');
    await page.getByRole('dialog', { name: words.soon }).waitFor();
    const other = await page.context().newPage();
    await other.goto(site.urlOf({ name: 'desk-search', state: 'first' }));
    await page.locator('dialog').waitFor({ state: 'hidden' });
    await page.context().close();
  });
});
