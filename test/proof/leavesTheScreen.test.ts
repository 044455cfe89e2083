/** Self-service in Chromium, with the server's own time: what is left on the screen after its end. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser as Chromium, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { aPerson, Nodes, type TestPerson } from '../support/index.ts';

let nodes: Nodes;
let chromium: Chromium;
let person: TestPerson;
beforeAll(async () => {
  [nodes, chromium] = [await Nodes.start({ count: 2 }), await launchChromium()];
  person = await aPerson(nodes);
});
afterAll(async () => {
  await chromium?.close();
  await nodes.close();
});

const atPage = async (page: Page, name: string) => await page.waitForSelector(`main[data-page="${name}"]`);

async function atContact(javaScriptEnabled = true): Promise<Page> {
  const context = await chromium.newContext({ locale: 'da-DK', javaScriptEnabled });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  if (javaScriptEnabled) await page.clock.install();
  await page.goto(`${nodes.issuer}/self-service`);
  await page.fill('[name=userId]', person.userId);
  await page.fill('[name=password]', person.password);
  await page.click('main button.button-primary');
  await atPage(page, 'key');
  // The address no longer contains the time of its start.
  if (javaScriptEnabled) expect(page.url()).not.toContain('at=');
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', person.keys.get(number ?? '') ?? '');
  await page.click('main button.button-primary');
  await atPage(page, 'self-home');
  await page.goto(`${nodes.issuer}/self-service/contact`);
  await atPage(page, 'self-contact');
  expect(await page.content()).toContain(person.fullName);
  return page;
}

test('untouched for half an hour: the page is gone, and so is what is behind it', async () => {
  const page = await atContact();
  nodes.clock.forward(28.5 * 60_000);
  await page.clock.fastForward('28:30');
  await page.locator('dialog[open]').waitFor();
  for (const _ of [1, 2]) await page.keyboard.press('Escape');
  // The person was active: the full time again.
  await page.locator('dialog').waitFor({ state: 'hidden' });
  nodes.clock.forward(31 * 60_000);
  // Nøgle's own session keeps real time, and has been idle for longer by that time.
  await nodes.database.query(`UPDATE oidc_records SET expires_at = now() WHERE model = 'Session'`);
  await page.clock.fastForward('31:00');
  await atPage(page, 'site-timed-out');
  expect(page.url()).toBe(`${nodes.issuer}/self-service/timed-out?to=%2Fself-service%2Fcontact`);
  expect(await page.content()).not.toContain(person.fullName);
  await page.goBack();
  await atPage(page, 'password');
  expect(await page.content()).not.toContain(person.fullName);
  await page.context().close();
});

test('offline at the end: emptied all the same; and a second window of the session goes too', async () => {
  const page = await atContact();
  const other = await page.context().newPage();
  await other.goto(`${nodes.issuer}/self-service/card`);
  await atPage(other, 'self-card');
  await page.context().setOffline(true);
  await page.clock.fastForward('31:00');
  await atPage(page, 'emptied');
  await atPage(other, 'emptied');
  for (const one of [page, other]) expect(await one.content()).not.toContain(person.fullName);
  await page.context().close();
});

test.each([true, false])('signed out, script %s: back shows nothing', async (javaScriptEnabled) => {
  const page = await atContact(javaScriptEnabled);
  await page.click('form[action="/self-service/sign-out"] button');
  await page.waitForURL((url) => !url.pathname.startsWith('/self-service/contact'));
  await page.goBack();
  await page.waitForLoadState();
  expect(await page.content()).not.toContain(person.fullName);
  await page.context().close();
});
