/**
 * Security keys and passkeys in Chromium, by its virtual authenticator: added, waited for, used as a second
 * factor and alone, stopped and lost. Without script the card serves.
 */
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  IS_WHOLE_PROOF,
  useChromium,
  useNodes,
  useRelyingParty,
  useServer,
  type TestPerson,
} from '../support/index.ts';
import { atPage, submitKey, submitPassword, readCode } from '../support/chromiumSteps.ts';
import { VirtualAuthenticator } from '../support/virtualAuthenticator.ts';

const chromium = useChromium();
const site = useServer((_req, res) => res.end('<title>back</title>back at the relying party'));
const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes, () => ({
  redirect_uris: [`${site.origin}/cb`],
  application_type: 'native',
}));

const DAY_MS = 24 * 60 * 60_000;

async function open(locale: string, javaScriptEnabled = true): Promise<Page> {
  const context = await chromium.newContext({
    locale,
    javaScriptEnabled,
    viewport: { width: 900, height: 900 },
  });
  context.setDefaultTimeout(5_000);
  return await context.newPage();
}

const ask = async (page: Page) => await page.goto(nodes.issuer + authRequest(rp, { prompt: 'login' }).path);

async function openSelfService(page: Page, person: TestPerson): Promise<void> {
  // As in a browser that was closed and opened again.
  await page.context().clearCookies();
  await page.goto(`${nodes.issuer}/self-service`);
  await submitPassword(page, person);
  await submitKey(page, person);
  await atPage(page, 'self-home');
}

async function openList(page: Page): Promise<void> {
  await page.goto(`${nodes.issuer}/self-service/security-keys`);
  await atPage(page, 'self-security-keys');
}

const readNotice = async (page: Page, text: string) =>
  await page.locator('.alert-success').filter({ hasText: text }).waitFor();

/** Adds one by the page, with a key of the card for that alone. */
async function add(page: Page, person: TestPerson, name: string): Promise<void> {
  await openSelfService(page, person);
  await openList(page);
  await page.click('a[href$="/security-keys/add"]');
  await page.fill('[name=name]', name);
  await page.click('form[data-webauthn=create] button.button-primary');
  await atPage(page, 'self-confirm');
  await submitKey(page, person);
  await atPage(page, 'self-told');
}

/** The proof has time for each story in one language; with `NOEGLE_PROOF_WHOLE=yes` all are told in both. */
const LANGUAGES = { danish: 'da-DK', english: 'en-GB' };
function noTest(): void {}

describe.each(Object.values(LANGUAGES))('%s', (locale) => {
  const storyIn = (own: string) => (IS_WHOLE_PROOF || own === locale ? test : noTest);
  const t = TEXTS_BY_LANGUAGE[locale === 'da-DK' ? 'da' : 'en'];
  const pressKey = async (page: Page) => await page.click(`button:has-text("${t.securityKey.submit}")`);
  const pressAlone = async (page: Page) => await page.click(`button:has-text("${t.securityKey.only}")`);
  /** What the page says is wrong, whether the browser or Nøgle found it. */
  const readAlert = async (page: Page, text: string) =>
    await page.locator('[role=alert]').filter({ hasText: text }).waitFor();

  storyIn(LANGUAGES.danish)(
    'a security key is added, waits a day, and is the second factor, or both',
    async () => {
      const person = await aPerson(nodes);
      const page = await open(locale);
      const key = await VirtualAuthenticator.plugInto(page);
      await add(page, person, 'Nøgleringen');
      expect(await key.credentials()).toHaveLength(1);
      await openList(page);
      await page.getByRole('heading', { name: 'Nøgleringen' }).waitFor();

      // While it waits the card alone is asked for, and the page says why it is not accepted.
      await ask(page);
      await submitPassword(page, person);
      expect(await page.locator('form[data-webauthn]').count()).toBe(0);
      await ask(page);
      await pressAlone(page);
      await readAlert(page, t.securityKey.faults.waiting);
      nodes.clock.forward(DAY_MS + 60_000);

      await ask(page);
      await submitPassword(page, person);
      await pressKey(page);
      expect(await readCode(page, rp)).toBeTruthy();
      await ask(page);
      await atPage(page, 'password');
      await pressAlone(page);
      expect(await readCode(page, rp)).toBeTruthy();
      await page.context().close();
    },
  );

  storyIn(LANGUAGES.english)(
    'a passkey is offered in the field of the user ID, and in the way of no one',
    async () => {
      const person = await aPerson(nodes);
      const page = await open(locale);
      const passkey = await VirtualAuthenticator.plugInto(page, { isSynced: true });
      await add(page, person, 'Telefonen');
      nodes.clock.forward(DAY_MS + 60_000);

      // Chosen as soon as it is offered: nothing is pressed on the page.
      await ask(page);
      expect(await readCode(page, rp)).toBeTruthy();

      // Offered and not chosen: the field, the button and the card serve as if it were not.
      await passkey.setTouched(false);
      await ask(page);
      await submitPassword(page, person);
      await submitKey(page, person);
      expect(await readCode(page, rp)).toBeTruthy();

      // Where the button led to nothing, it is offered again.
      await page.addInitScript(`
        const { get } = CredentialsContainer.prototype;
        window.asked = [];
        CredentialsContainer.prototype.get = function (options) {
          window.asked.push(options.mediation);
          return get.call(this, options);
        };
      `);
      await passkey.setUserVerified(false);
      await ask(page);
      await atPage(page, 'password');
      // By then it is offered. Whether it is touched is decided when it is asked for.
      await page.waitForLoadState('networkidle');
      await passkey.setTouched(true);
      await pressAlone(page);
      await readAlert(page, t.securityKey.browserFaults.NotAllowedError);
      await page.waitForFunction(`window.asked.join() === 'conditional,optional,conditional'`);
      await passkey.setUserVerified(true);
      await pressAlone(page);
      expect(await readCode(page, rp)).toBeTruthy();
      await page.context().close();
    },
  );

  storyIn(LANGUAGES.danish)('what a thief added is stopped within its wait', async () => {
    const person = await aPerson(nodes);
    const thief = await open(locale);
    const key = await VirtualAuthenticator.plugInto(thief);
    await add(thief, person, 'En andens');

    const page = await open(locale);
    await openSelfService(page, person);
    await openList(page);
    const item = page.locator('.noegle-item', { hasText: 'En andens' });
    await item.locator('summary', { hasText: t.securityKeyPages.stop }).click();
    await item.getByRole('button', { name: t.securityKeyPages.stopSubmit }).click();
    await readNotice(page, t.securityKeyPages.isDone.stopped);
    // It signed the thief out, who cannot look at the list any more.
    await thief.goto(`${nodes.issuer}/self-service/security-keys`);
    await atPage(thief, 'password');

    nodes.clock.forward(DAY_MS + 60_000);
    await ask(thief);
    await pressAlone(thief);
    await readAlert(thief, t.securityKey.faults.not_accepted);
    await submitPassword(thief, person);
    expect(await thief.locator('form[data-webauthn]').count()).toBe(0);
    expect(await key.countSignatures()).toBeGreaterThan(0);
    await Promise.all([page.context().close(), thief.context().close()]);
  });

  storyIn(LANGUAGES.english)('when it is lost the card serves, and ends it', async () => {
    const person = await aPerson(nodes);
    const lost = await open(locale);
    await VirtualAuthenticator.plugInto(lost);
    await add(lost, person, 'Tabt');
    nodes.clock.forward(DAY_MS + 60_000);

    // In another browser nothing answers: the card is on the same page.
    const page = await open(locale);
    const other = await VirtualAuthenticator.plugInto(page);
    await ask(page);
    await submitPassword(page, person);
    await pressKey(page);
    await readAlert(page, t.securityKey.browserFaults.NotAllowedError);
    await submitKey(page, person);
    expect(await readCode(page, rp)).toBeTruthy();
    expect(await other.credentials()).toEqual([]);

    await openSelfService(page, person);
    await openList(page);
    const item = page.locator('.noegle-item', { hasText: 'Tabt' });
    await item.locator('summary', { hasText: t.securityKeyPages.remove }).click();
    await item.getByRole('button', { name: t.securityKeyPages.removeSubmit }).click();
    await readNotice(page, t.securityKeyPages.isDone.removed);
    await ask(lost);
    await pressAlone(lost);
    await readAlert(lost, t.securityKey.faults.not_accepted);
    await Promise.all([page.context().close(), lost.context().close()]);
  });

  storyIn(LANGUAGES.english)('without script the card serves, and the pages say what does not', async () => {
    const person = await aPerson(nodes);
    await aSecurityKey(nodes, person);
    const page = await open(locale, false);
    await ask(page);
    await atPage(page, 'password');
    expect(await page.locator(`button:has-text("${t.securityKey.only}")`).isVisible()).toBe(false);
    await submitPassword(page, person);
    await page.getByText(t.securityKey.missing).waitFor();
    expect(await page.locator(`button:has-text("${t.securityKey.submit}")`).isVisible()).toBe(false);
    await submitKey(page, person);
    expect(await readCode(page, rp)).toBeTruthy();
    await openSelfService(page, person);
    await openList(page);
    await page.getByRole('heading', { name: 'Nøglering' }).waitFor();
    await page.click('a[href$="/security-keys/add"]');
    await page.getByText(t.securityKeys.missing).waitFor();
    expect(await page.locator('[name=name]').isVisible()).toBe(false);

    // Where only a security key is of use, a way back to the site is left.
    await page.goto(nodes.issuer + authRequest(rp, { acr_values: 'phr', prompt: 'login' }).path);
    await submitPassword(page, person);
    await page.getByText(t.securityKey.missingWithoutCard).waitFor();
    await page.click(`button:has-text("${t.cancel}")`);
    await page.waitForURL(/^http:\/\/127\.0\.0\.1.*error=access_denied/);
    await page.context().close();
  });
});
