/** The client script: what it adds, and that nothing is missing without it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser as Chromium, Page } from 'playwright-core';
import { COURTESY_SCRIPT } from '../src/ui/courtesy/courtesy.ts';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import { launchChromium } from './support/chromium.ts';
import { openGallerySite, type GallerySite, type GalleryLanguage } from './support/gallerySite.ts';

let site: GallerySite;
let chromium: Chromium;
beforeAll(async () => {
  [site, chromium] = await Promise.all([openGallerySite(), launchChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

async function open(
  name: Parameters<GallerySite['urlOf']>[0]['name'],
  state: string,
  {
    language = 'da',
    javaScriptEnabled = true,
  }: { language?: GalleryLanguage; javaScriptEnabled?: boolean } = {},
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
    const { showPassword, hidePassword, capsLock } = TEXTS_BY_LANGUAGE[language].courtesy;
    const button = page.locator('.noegle-show');
    const field = page.locator('#password');
    const seen = async () => [await field.getAttribute('type'), await button.textContent()];
    expect(await seen()).toEqual(['password', showPassword]);
    await button.click();
    expect(await seen()).toEqual(['text', hidePassword]);
    await button.click();
    expect(await seen()).toEqual(['password', showPassword]);
    const hint = page.getByRole('status').filter({ hasText: capsLock });
    for (const [isOn, hints] of [
      [false, 0],
      [true, 1],
      [false, 0],
    ] as const) {
      await field.evaluate((input, modifierCapsLock) => {
        input.dispatchEvent(new KeyboardEvent('keydown', { key: 'h', modifierCapsLock }));
      }, isOn);
      expect(await hint.count()).toBe(hints);
    }
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

test('without script nothing is dead: no further button, no dialog', async () => {
  const page = await open('password', 'first', { javaScriptEnabled: false });
  expect(await page.locator('.noegle-show').count()).toBe(0);
  await page.goto(site.urlOf({ name: 'desk-home', state: 'officer' }));
  expect(await page.locator('dialog').isVisible()).toBe(false);
  expect(await page.locator('.noegle-desk-idle').isVisible()).toBe(true);
  await page.context().close();
});

test.each([
  ['password', 'remembered', '#password', 'hemmelig', /password=hemmelig/, /forget=/],
  ['locked', 'code-needed', '#code', 'ABCD1234', /code=ABCD1234/, /send=/],
  ['new-card', 'after-old-key', '#newKey', '123456', /newKey=123456/, /skip=/],
  ['key', 'step-up', '#key', '123456', /key=123456/, /another=/],
  // The field that was filled says which way it is.
  ['key', 'code-token-or-card', '#key', '123456', /key=123456/, /cancel=/],
] as const)('%s/%s: Enter sends the form, and presses no other button', async (...one) => {
  const [name, state, field, typed, sent, other] = one;
  const page = await open(name, state);
  await page.route('**/login/x', async (route) => await route.fulfill({ status: 204 }));
  await page.fill(field, typed);
  const asked = page.waitForRequest('**/login/x');
  await page.press(field, 'Enter');
  const posted = (await asked).postData();
  expect(posted).toMatch(sent);
  expect(posted).not.toMatch(other);
  await page.context().close();
});

test('a double click sends once, and a person who comes back can send again', async () => {
  const page = await open('key', 'first');
  const sent: string[] = [];
  await page.route('**/login/x', async (route) => {
    sent.push(route.request().postData() ?? '');
    // The answer is slow; the page is still there, as after a download.
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
  const words = TEXTS_BY_LANGUAGE.da.courtesy.timeout;
  const name = 'Erik Elm';

  interface AtDesk {
    readonly page: Page;
    /** Requests that prolong the session. */
    readonly asked: () => number;
  }

  /** @param status answered to requests of the desk; @param left remaining seconds of the session */
  async function atDesk(
    status: () => number,
    left: () => number | null = () => null,
    state = 'officer',
  ): Promise<AtDesk> {
    const page = await open('desk-home', state);
    let asked = 0;
    await page.route('**/desk', async (route) => {
      asked += 1;
      if (status() === 0) return await route.abort();
      await route.fulfill({ status: status(), headers: status() === 303 ? { location: '/elsewhere' } : {} });
    });
    await page.route('**/desk/time-left*', async (route) => {
      const seconds = left();
      if (seconds === null) return await route.abort();
      await route.fulfill({ body: String(seconds) });
    });
    await page.route('**/desk/timed-out*', async (route) => {
      if (status() === 0) return await route.abort();
      await route.fulfill({ body: 'signed out', contentType: 'text/html' });
    });
    return { page, asked: () => asked };
  }

  test('is announced two minutes before, and again; one click, and there is as much time as before', async () => {
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
    // Escape counts as activity.
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'hidden' });
    expect(asked()).toBe(2);
    await page.context().close();
  });

  test('leaves nothing of the page, also where no server answers and Escape is pressed', async () => {
    const { page } = await atDesk(() => 0);
    await page.evaluate(`history.replaceState(null, '', '/desk?q=Anna')`);
    expect(await page.locator('body').innerText()).toContain(name);
    await page.clock.runFor('13:05');
    await page.getByRole('dialog', { name: words.soon }).waitFor();
    for (const _ of [1, 2, 3]) await page.keyboard.press('Escape');
    await page.clock.runFor('02:00');
    await page.getByRole('heading', { name: words.over }).waitFor();
    await page.getByRole('link', { name: words.again }).and(page.locator(':focus')).waitFor();
    for (const _ of [1, 2, 3]) await page.keyboard.press('Escape');
    expect(await page.getByRole('heading', { name: words.over }).isVisible()).toBe(true);
    expect(await page.content()).not.toContain(name);
    expect(await page.title()).toBe(`${words.over} – Nøgle`);
    expect(page.url()).toBe(`${site.origin}/desk/timed-out?to=%2Fdesk`);
    await page.context().close();
  });

  test('is replaced by a page of the server, and by none of the script’s, where one answers', async () => {
    const { page } = await atDesk(
      () => 200,
      () => 0,
    );
    await page.clock.runFor('13:01');
    await page.waitForURL('**/desk/timed-out?to=*');
    await page.getByText('signed out').waitFor();
    expect(await page.content()).not.toContain(name);
    await page.context().close();
  });

  test('does not end what the server says continues, nor is it warned of', async () => {
    const { page, asked } = await atDesk(
      () => 200,
      () => 600,
    );
    const answered = page.waitForResponse('**/desk/time-left*');
    await page.clock.runFor('13:01');
    await (await answered).finished();
    await page.clock.runFor('03:00');
    expect(await page.locator('dialog').isVisible()).toBe(false);
    expect(await page.locator('main').isVisible()).toBe(true);
    expect(asked()).toBe(0);
    await page.context().close();
  });

  test('a computer that slept wakes to nothing', async () => {
    const { page } = await atDesk(() => 0);
    // The clock advances, and no timer has run.
    await page.clock.fastForward('08:00:00');
    await page.getByRole('heading', { name: words.over }).waitFor();
    expect(await page.content()).not.toContain(name);
    await page.context().close();
  });

  test('a session that was over already is shown as over; a lost connection may be tried again', async () => {
    let status = 0;
    const { page } = await atDesk(() => status);
    await page.clock.runFor('13:05');
    await page.getByRole('button', { name: words.stay }).click();
    await page.getByRole('status').filter({ hasText: words.failed }).waitFor();
    // An error of the server or the network says nothing about the session.
    for (status of [500, 502, 503, 429]) {
      const answered = page.waitForResponse((answer) => answer.status() === status);
      await page.getByRole('button', { name: words.stay }).click();
      await answered;
      await page.evaluate('Promise.resolve()');
      expect(await page.locator('main').getAttribute('data-page')).toBe('desk-home');
      expect(await page.getByRole('dialog', { name: words.soon }).isVisible()).toBe(true);
    }
    status = 303;
    await page.getByRole('button', { name: words.stay }).click();
    await page.waitForURL('**/desk/timed-out?to=*');
    await page.context().close();
  });

  test('another tab of the same session counts, and one that was signed out does too', async () => {
    let left = 600;
    const { page } = await atDesk(
      () => 200,
      () => (left === 600 ? null : left),
    );
    await page.clock.runFor('13:05');
    await page.getByRole('dialog', { name: words.soon }).waitFor();
    const other = await page.context().newPage();
    await other.goto(site.urlOf({ name: 'desk-search', state: 'first' }));
    await page.locator('dialog').waitFor({ state: 'hidden' });
    left = 0;
    await other.goto(site.urlOf({ name: 'site-signed-out', state: 'first' }));
    await page.waitForURL('**/desk/timed-out?to=*');
    await page.context().close();
  });

  test('a tab of another session does not keep the page, and makes it ask whose session there is', async () => {
    let left: number | null = 60;
    const { page } = await atDesk(
      () => 200,
      () => left,
    );
    await page.clock.runFor('13:05');
    await page.getByRole('dialog', { name: words.soon }).waitFor();
    left = 0;
    const asked = page.waitForRequest(/\/desk\/time-left\?of=[\w-]{16}$/);
    const other = await page.context().newPage();
    await other.goto(site.urlOf({ name: 'terms', state: 'first' }));
    await other.evaluate(`new BroadcastChannel('noegle').postMessage('used /desk another-session-')`);
    await asked;
    await page.waitForURL('**/desk/timed-out?to=*');
    await page.context().close();
  });

  test('a person who types in a page of a session stays signed in', async () => {
    const { page, asked } = await atDesk(() => 200);
    const type = `document.querySelector('main').dispatchEvent(new Event('input', { bubbles: true }))`;
    await page.clock.runFor('05:00');
    await page.evaluate(type);
    expect(asked()).toBe(0);
    await page.clock.runFor('04:00');
    const prolonged = page.waitForResponse('**/desk');
    for (const _ of [1, 2, 3]) await page.evaluate(type);
    await prolonged;
    await page.evaluate('Promise.resolve()');
    await page.clock.runFor('12:00');
    expect([asked(), await page.locator('dialog').isVisible()]).toEqual([1, false]);
    await page.context().close();
  });

  test('a form of no session is kept by use, and emptied when it is idle', async () => {
    const { emptied } = TEXTS_BY_LANGUAGE.da.courtesy;
    const page = await open('order', 'first');
    await page.fill('#cpr', '010190-1234');
    await page.clock.runFor('20:00');
    await page.fill('#name', 'Anna Andersen');
    await page.clock.runFor('27:00');
    expect(await page.locator('dialog').isVisible()).toBe(false);
    await page.clock.runFor('01:05');
    await page.getByRole('button', { name: emptied.stay }).click();
    await page.clock.runFor('27:00');
    expect(await page.inputValue('#cpr')).toBe('010190-1234');
    await page.clock.runFor('03:05');
    await page.getByRole('heading', { name: emptied.over }).waitFor();
    expect(await page.locator('input').count()).toBe(0);
    await page.context().close();
  });

  /** As when the browser restores the page as it was left; the browser of the tests has no such cache. */
  const comeBack = async (page: Page) => {
    const fire = (type: string) => `dispatchEvent(new PageTransitionEvent('${type}', { persisted: true }))`;
    await page.evaluate(fire('pagehide'));
    expect(await page.locator('main').isVisible()).toBe(false);
    await page.evaluate(fire('pageshow'));
  };

  test('a page that is restored by the browser is evaluated first', async () => {
    let left: number | null = 600;
    const { page } = await atDesk(
      () => 200,
      () => left,
    );
    await comeBack(page);
    await page.locator('main').waitFor();
    expect(page.url()).toContain('/desk-home/');
    left = null;
    await comeBack(page);
    await page.waitForURL('**/desk/timed-out?to=*');
    await page.context().close();
  });

  test('what was typed and answered is gone from a page that comes back; what was not is there', async () => {
    const page = await open('order', 'first');
    await page.fill('#cpr', '010190-1234');
    await comeBack(page);
    await page.locator('main').waitFor();
    expect(await page.inputValue('#cpr')).toBe('010190-1234');
    await page.evaluate(`document.addEventListener('submit', (event) => event.preventDefault());
      document.querySelector('main form').requestSubmit()`);
    await page.evaluate(`sessionStorage.setItem('noegle answered', String(Date.now() + 1))`);
    await comeBack(page);
    await page.locator('main').waitFor();
    expect(await page.inputValue('#cpr')).toBe('');
    await page.context().close();
  });
});
