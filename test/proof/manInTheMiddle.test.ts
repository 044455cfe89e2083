/**
 * A site in the middle, which shows a person Nøgle's pages at its own address and relays what they give. User
 * ID, password and a key of the card serve it; a security key or a passkey does not.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  sendAssertion,
  TestBrowser,
  toKeyPage,
  useChromium,
  useNodes,
  usePerson,
  useRelyingParty,
  type BrowserSite,
} from '../support/index.ts';
import { atPage, submitKey, submitPassword } from '../support/chromiumSteps.ts';
import { CopyingSite, type PageChange } from '../support/copyingSite.ts';
import { VirtualAuthenticator } from '../support/virtualAuthenticator.ts';

const chromium = useChromium();
const nodes = useNodes();
const rp = useRelyingParty(nodes, { kind: 'bank' });
const person = usePerson(nodes);
let copy: CopyingSite;
beforeAll(async () => {
  // Browsers take it for a safe place, as they take a copy with a certificate.
  copy = await new CopyingSite(nodes.issuer, 'noegle-login.localhost').listen();
});
afterAll(async () => await copy.close());

const ROUNDS = 20;
const { da: t } = TEXTS_BY_LANGUAGE;
const request = (params = {}) => authRequest(rp, { prompt: 'login', ...params }).path;

async function open(): Promise<Page> {
  const context = await chromium.newContext({ locale: 'da-DK' });
  context.setDefaultTimeout(15_000);
  return await context.newPage();
}

/** What a copy may change in the options that the page gives the browser. */
const changeOptions =
  (change: (options: Record<string, unknown>) => object): PageChange =>
  (html) =>
    html.replace(/(data-options=")([^"]+)/, (_, before: string, text: string) => {
      const options = JSON.parse(text.replaceAll('&quot;', '"')) as Record<string, unknown>;
      return before + JSON.stringify(change(options)).replaceAll('"', '&quot;');
    });
const CHANGES: Readonly<Record<string, PageChange>> = {
  'as it is': (html) => html,
  "for the issuer's host": changeOptions((options) => ({ ...options, rpId: new URL(nodes.issuer).hostname })),
  'for any credential': changeOptions((options) => ({ ...options, allowCredentials: [] })),
  "for any of the issuer's host": changeOptions((options) => ({
    ...options,
    rpId: new URL(nodes.issuer).hostname,
    allowCredentials: [],
  })),
};

/** Presses the button of the security key, and waits for what the page says is wrong. */
async function tryKey(page: Page): Promise<string> {
  await page.click('form[data-webauthn] button.button');
  const alert = page.locator('[role=alert]:visible');
  await alert.filter({ hasText: /\S/ }).first().waitFor();
  return (await alert.first().innerText()).trim();
}

test('the card serves it: it has a code, and the person has none', async () => {
  const page = await open();
  await page.goto(copy.origin + request());
  await submitPassword(page, person);
  await submitKey(page, person);
  await page.waitForURL(/\/health\/live$/);
  expect(copy.codes).toHaveLength(1);
  await page.context().close();
});

test('in Chromium a security key serves it in none of 20 rounds, half of them alone', async () => {
  const before = copy.codes.length;
  const held = await aSecurityKey(nodes, person);
  const page = await open();
  const key = await VirtualAuthenticator.plugInto(page);
  await key.hold(held.authenticator);
  const told: Record<string, number> = {};
  const changes = Object.keys(CHANGES);
  let refused = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const isAlone = round % 2 === 1;
    const change = changes[Math.floor(round / 2) % changes.length] ?? '';
    copy.change = CHANGES[change]!;
    await page.context().clearCookies();
    await page.goto(copy.origin + request());
    if (isAlone) await atPage(page, 'password');
    else await submitPassword(page, person);
    const text = await tryKey(page);
    const what = `${isAlone ? 'alone' : 'second'}, ${change}: ${text}`;
    told[what] = (told[what] ?? 0) + 1;
    if (copy.codes.length === before && page.url().startsWith(`${copy.origin}/`)) refused += 1;
  }
  copy.change = (html) => html;
  console.info(`Chromium: ${refused} of ${ROUNDS} refused; answers that it relayed: ${copy.assertions}
${Object.entries(told)
  .map(([what, many]) => `${many} x ${what}`)
  .join('\n')}`);
  expect(refused).toBe(ROUNDS);

  // Control: the same key at Nøgle itself, with the password and alone.
  for (const isAlone of [false, true]) {
    await page.goto(nodes.issuer + request());
    if (!isAlone) await submitPassword(page, person);
    const [answer] = await Promise.all([
      page.waitForRequest((sent) => sent.url().startsWith(rp.redirectUri)),
      // No one is there: the browser shows its own page, which would interrupt the next round.
      page.waitForEvent('framenavigated', (frame) => frame.url().startsWith('chrome-error:')),
      page.click('form[data-webauthn] button.button'),
    ]);
    expect(new URL(answer.url()).searchParams.get('code')).toBeTruthy();
  }
  await page.context().close();
});

test('an answer for the address that the browser sees serves it in none of 20 rounds', async () => {
  const through: BrowserSite = {
    issuer: copy.origin,
    secrets: nodes.secrets,
    node: () => ({ port: Number(new URL(copy.origin).port) }),
  };
  const before = copy.codes.length;
  let refused = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const someone = await aPerson(nodes);
    const held = await aSecurityKey(nodes, someone, { synced: round % 4 > 1 });
    const isAlone = round % 2 === 1;
    const browser = new TestBrowser(through);
    const login = authRequest(rp);
    const page = isAlone ? await browser.follow(login.path) : await toKeyPage(browser, someone, login);
    // A browser signs for the address that it sees, and for its host or one above it.
    const rpId = round % 3 === 0 ? new URL(nodes.issuer).hostname : copy.hostname;
    const answer = await sendAssertion(browser, page, held, { origin: copy.origin, rpId });
    if (answer.page === page.page && answer.text.includes(t.securityKey.faults.not_accepted)) refused += 1;
  }
  expect(copy.codes).toHaveLength(before);
  console.info(`over HTTP: ${refused} of ${ROUNDS} refused`);
  expect(refused).toBe(ROUNDS);

  // Control: the relay itself is in the way of nothing.
  const someone = await aPerson(nodes);
  const held = await aSecurityKey(nodes, someone);
  const browser = new TestBrowser(through);
  await sendAssertion(browser, await browser.follow(authRequest(rp).path), held);
  expect(copy.codes).toHaveLength(before + 1);
});

test('what is left: a copy that shows only the card, unless the relying party asks for `phr`', async () => {
  const someone = await aPerson(nodes);
  await aSecurityKey(nodes, someone);
  copy.change = (html) => html.replace(/<script [^>]*webauthn[^>]*>/, '<script>');
  const before = copy.codes.length;
  const page = await open();
  await page.goto(copy.origin + request());
  await submitPassword(page, someone);
  await submitKey(page, someone);
  await page.waitForURL(/\/health\/live$/);
  expect(copy.codes).toHaveLength(before + 1);

  await page.context().clearCookies();
  await page.goto(copy.origin + request({ acr_values: 'phr' }));
  await submitPassword(page, someone);
  expect(await page.locator('[name=key]').count()).toBe(0);
  copy.change = (html) => html;
  await page.context().close();
});
