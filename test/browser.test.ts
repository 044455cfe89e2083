/** In Chromium: the sign-in as people see it, with script and without, in both languages. */
import { describe, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import { LANGUAGE_NAMES } from '../src/ui/words/languages.ts';
import { WAYS } from './support/chromium.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  type TestPerson,
  useChromium,
  useNodes,
  useRelyingParty,
  useServer,
} from './support/index.ts';
import { OnwardSite } from './support/onwardSite.ts';
import { WAYS_OUT } from './support/onwardWalk.ts';

const chromium = useChromium();
const relyingParty = useServer((_req, res) => res.end('<title>back</title>back at the relying party'));
const nodes = useNodes();
const rp = useRelyingParty(nodes, () => ({
  redirect_uris: [`${relyingParty.origin}/cb`],
  application_type: 'native',
  post_logout_redirect_uris: [`${relyingParty.origin}/bye`],
}));

async function open(options: { javaScriptEnabled: boolean; locale: string }): Promise<BrowserContext> {
  const context = await chromium.newContext({ ...options, viewport: { width: 800, height: 900 } });
  context.setDefaultTimeout(15_000);
  return context;
}

/** Waits for it: the previous page may still be there when the click returns. */
async function atPage(page: Page, name: string): Promise<void> {
  await page.waitForSelector(`main[data-page="${name}"]`);
}

async function askedKey(page: Page, person: TestPerson): Promise<string> {
  const asked = page.locator('[data-key-number]');
  expect(await asked.getAttribute('data-card-number')).toBe(person.cardNumber);
  return person.keys.get((await asked.getAttribute('data-key-number')) ?? '') ?? '';
}

async function givePassword(page: Page, person: TestPerson, password: string): Promise<void> {
  await page.fill('[name=userId]', person.userId);
  await page.fill('[name=password]', password);
  await page.click('button.button-primary');
}

describe.each(WAYS)('$locale, script $javaScriptEnabled', (options) => {
  const t = options.locale.startsWith('da') ? TEXTS_BY_LANGUAGE.da : TEXTS_BY_LANGUAGE.en;

  test('sign-in, with a wrong password and a wrong key on the way', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    await page.goto(nodes.issuer + authRequest(rp).path);
    await atPage(page, 'password');
    expect(await page.locator('html').getAttribute('lang')).toBe(t.htmlLang);
    expect(await page.locator('.noegle-for').innerText()).toContain(
      t.htmlLang === 'da' ? 'Prøvekommunen' : 'The test municipality',
    );

    await givePassword(page, person, 'not it at all');
    await page.locator('[role=alert]').filter({ hasText: t.password.wrong }).waitFor();
    expect(await page.inputValue('[name=userId]')).toBe(person.userId);

    await givePassword(page, person, person.password);
    await atPage(page, 'key');
    const key = await askedKey(page, person);
    await page.fill('[name=key]', key === '000000' ? '000001' : '000000');
    await page.click('button.button-primary');
    await page.locator('[role=alert]').filter({ hasText: t.key.wrong }).waitFor();

    await page.reload();
    await page.fill('[name=key]', `${key.slice(0, 3)} ${key.slice(3)}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/^http:\/\/127\.0\.0\.1/);
    expect(new URL(page.url()).searchParams.get('code')).toBeTruthy();
    await page.waitForLoadState('networkidle');
    expect(await page.title()).toBe('back');
    await page.goBack();
    await atPage(page, 'trouble');
    await context.close();
  });

  test('the first page loads again, also gone back to; without cookies its form says so', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    await page.goto(nodes.issuer + authRequest(rp).path);
    await atPage(page, 'password');
    await page.reload();
    await givePassword(page, person, person.password);
    await atPage(page, 'key');
    await page.goBack();
    // Without script the address is that which began the request, and begins another.
    if (!options.javaScriptEnabled) {
      await atPage(page, 'password');
      expect(new URL(page.url()).pathname).toBe('/auth');
      await givePassword(page, person, person.password);
    }
    await atPage(page, 'key');
    await page.fill('[name=key]', await askedKey(page, person));
    await page.keyboard.press('Enter');
    await page.waitForURL(/^http:\/\/127\.0\.0\.1/);
    expect(new URL(page.url()).searchParams.get('code')).toBeTruthy();

    await page.goto(nodes.issuer + authRequest(rp, { prompt: 'login' }).path);
    await atPage(page, 'password');
    await context.clearCookies();
    await givePassword(page, person, person.password);
    await atPage(page, 'trouble');
    expect(await page.locator('h1').innerText()).toBe(t.cookiesNeeded.title);
    await context.close();
  });

  test('cancel on both pages leads back to the relying party', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    for (const step of ['password', 'key']) {
      await page.goto(nodes.issuer + authRequest(rp).path);
      if (step === 'key') await givePassword(page, person, person.password);
      await atPage(page, step);
      await page.click(`text=${t.cancel}`);
      await page.waitForURL(/^http:\/\/127\.0\.0\.1/);
      const back = new URL(page.url()).searchParams;
      expect(back.get('error')).toBe('access_denied');
      expect(back.get('error_description')).toMatch(/^user_cancelled: /);
    }
    await context.close();
  });

  test('the whole sign-in by keyboard only', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    await page.goto(nodes.issuer + authRequest(rp).path);
    /** Tab until the field has the focus, as someone without a mouse does; it may have it already. */
    const tabTo = async (name: string) => {
      for (let i = 0; i < 10; i += 1) {
        if (i > 0) await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement?.getAttribute("name")')) === name) return;
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    await tabTo('userId');
    await page.keyboard.type(person.userId);
    await tabTo('password');
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('main[data-page=key]');
    await tabTo('key');
    await page.keyboard.type(await askedKey(page, person));
    await page.keyboard.press('Enter');
    await page.waitForURL(/^http:\/\/127\.0\.0\.1/);
    expect(new URL(page.url()).searchParams.get('code')).toBeTruthy();
    await context.close();
  });

  test('logging out leads back to the relying party, and asks for a new sign-in', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    await page.goto(nodes.issuer + authRequest(rp).path);
    await givePassword(page, person, person.password);
    await page.fill('[name=key]', await askedKey(page, person));
    await page.click('button.button-primary');
    await page.waitForURL(/^http:\/\/127\.0\.0\.1/);

    const back = rp.redirectUri.replace('/cb', '/bye');
    const query = new URLSearchParams({ client_id: rp.clientId, post_logout_redirect_uri: back });
    await page.goto(`${nodes.issuer}/session/end?${query}`);
    await atPage(page, 'logout');
    await page.click(`button:has-text("${t.logout.submit}")`);
    await page.waitForURL(`${back}**`);
    await page.goto(nodes.issuer + authRequest(rp).path);
    await atPage(page, 'password');
    await context.close();
  });

  test('each way out continues to wherever the relying party redirects', async () => {
    const site = await OnwardSite.listen();
    const context = await open(options);
    const page = await context.newPage();
    const person = await aPerson(nodes);
    const walk = { nodes, site, page, person, rp: await aRelyingParty(nodes, site.registration) };
    await WAYS_OUT['sign-in'](walk, 'origins');
    await WAYS_OUT.cancel(walk, 'origin');
    await WAYS_OUT.refusal(walk, 'app');
    await WAYS_OUT['log-out'](walk, 'origin');
    await context.close();
    await site.close();
  });

  test('the language can be changed on the way, and nothing is lost by it', async () => {
    const context = await open(options);
    const page = await context.newPage();
    await page.goto(nodes.issuer + authRequest(rp).path);
    const other = t.htmlLang === 'da' ? 'en' : 'da';
    await page.click(`header >> text=${LANGUAGE_NAMES[other]}`);
    await page.waitForSelector(`html[lang=${other}]`);
    await atPage(page, 'password');
    await context.close();
  });
});
