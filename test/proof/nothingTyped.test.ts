/**
 * WCAG 3.3.8, Accessible Authentication: from a relying party to the code in Chromium without anything being
 * read off, remembered or typed. What a person does on Nøgle's pages is counted in the browser.
 */
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  useChromium,
  useNodes,
  useRelyingParty,
  useServer,
} from '../support/index.ts';
import { atPage, submitKey, submitPassword, readCode } from '../support/chromiumSteps.ts';
import { VirtualAuthenticator } from '../support/virtualAuthenticator.ts';

const chromium = useChromium();
let signInAt = '';
const site = useServer((req, res) => {
  res.setHeader('content-type', 'text/html');
  res.end(
    req.url === '/' ? `<title>site</title><a href="${signInAt}">Sign in</a>` : '<title>back</title>back',
  );
});
const nodes = useNodes();
const rp = useRelyingParty(nodes, () => ({
  kind: 'bank',
  redirect_uris: [`${site.origin}/cb`],
  application_type: 'native',
}));

interface Done {
  /** On which of Nøgle's pages. */
  readonly page: string;
  readonly what: string;
}

/** What Chromium is told to report of every page before the page's own script runs. */
const REPORTER = `
  const report = (what) => window.reportToTest({ page: document.querySelector('main')?.dataset.page ?? location.pathname, what });
  const isText = (target) => target instanceof HTMLInputElement && !['checkbox', 'hidden', 'radio', 'submit'].includes(target.type);
  addEventListener('keydown', ({ key }) => report(key.length === 1 ? 'key' : key), true);
  addEventListener('beforeinput', () => report('before input'), true);
  addEventListener('input', () => report('input'), true);
  addEventListener('paste', () => report('paste'), true);
  addEventListener('click', ({ target }) => report('click on ' + (isText(target) ? 'a field' : target.tagName.toLowerCase())), true);
  addEventListener('submit', ({ target }) => {
    for (const field of target.elements) if (isText(field) && field.value !== '') report('sent ' + field.name);
  }, true);
`;

/** A new browser with a passkey, and the list of what is done in it. */
async function open(isTouched: boolean) {
  const done: Done[] = [];
  const context = await chromium.newContext({ locale: 'da-DK' });
  context.setDefaultTimeout(5_000);
  await context.exposeBinding('reportToTest', ({ frame }, one: Done) => {
    if (frame.url().startsWith(nodes.issuer)) done.push(one);
  });
  await context.addInitScript(REPORTER);
  const page = await context.newPage();
  const person = await aPerson(nodes);
  const held = await aSecurityKey(nodes, person, { synced: true });
  const passkey = await VirtualAuthenticator.plugInto(page, { isSynced: true, isTouched });
  await passkey.hold(held.authenticator);
  signInAt = nodes.issuer + authRequest(rp).path;
  return { page, person, passkey, done };
}

async function signInAtSite(page: Page): Promise<void> {
  await page.goto(`${site.origin}/`);
  await page.click('text=Sign in');
}

const countTyped = (done: readonly Done[]) => done.filter(({ what }) => !what.startsWith('click on')).length;

test('by a passkey: one press of a button, and nothing typed or filled in', async () => {
  const { page, passkey, done } = await open(false);
  await signInAtSite(page);
  await atPage(page, 'password');
  await page.waitForLoadState('networkidle');
  await passkey.setTouched(true);
  await page.click('form[data-webauthn] button.button');
  expect(await readCode(page, rp)).toBeTruthy();
  expect(done).toEqual([{ page: 'password', what: 'click on button' }]);
  console.info(`typed with a passkey: ${countTyped(done)}`);
  await page.context().close();
});

test('by a passkey that the browser offers in the field: nothing at all on the page', async () => {
  const { page, done } = await open(true);
  await signInAtSite(page);
  expect(await readCode(page, rp)).toBeTruthy();
  expect(done).toEqual([]);
  await page.context().close();
});

test('by the keyboard alone the button is reached, and no character is typed', async () => {
  const { page, passkey, done } = await open(false);
  await signInAtSite(page);
  await atPage(page, 'password');
  await page.waitForLoadState('networkidle');
  await passkey.setTouched(true);
  const isAtButton = `document.activeElement.matches('form[data-webauthn] button')`;
  for (let i = 0; i < 20 && !(await page.evaluate(isAtButton)); i += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await readCode(page, rp)).toBeTruthy();
  expect(new Set(done.map(({ what }) => what))).toEqual(new Set(['Tab', 'Enter', 'click on button']));
  await page.context().close();
});

test('control: by user ID, password and card all of it is counted', async () => {
  const { page, person, done } = await open(false);
  await signInAtSite(page);
  await submitPassword(page, person);
  await page.locator('[name=key]').focus();
  await page.keyboard.type('1');
  await submitKey(page, person);
  expect(await readCode(page, rp)).toBeTruthy();
  const what = new Set(done.map((one) => `${one.page}: ${one.what}`));
  for (const one of ['password: input', 'password: sent userId', 'password: sent password'])
    expect(what).toContain(one);
  for (const one of ['key: key', 'key: input', 'key: sent key', 'key: Enter']) expect(what).toContain(one);
  console.info(`typed with the card: ${countTyped(done)}`);
  await page.context().close();
});
