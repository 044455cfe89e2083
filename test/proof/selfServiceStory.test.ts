/**
 * A person manages their ID in Chromium: every function of self-service, in both languages, with and without
 * script.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  codesTo,
  signInAtNode as signInElsewhere,
  type TestPerson,
  useChromium,
  useNodes,
} from '../support/index.ts';
import { PROOF_WAYS, type ChromiumMode } from '../support/chromium.ts';

const chromium = useChromium();
const nodes = useNodes({ count: 2 });

async function open(way: ChromiumMode): Promise<Page> {
  const context = await chromium.newContext({ ...way, viewport: { width: 900, height: 900 } });
  context.setDefaultTimeout(15_000);
  return await context.newPage();
}

const atPage = async (page: Page, name: string) => await page.waitForSelector(`main[data-page="${name}"]`);

async function giveKey(page: Page, person: TestPerson): Promise<void> {
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', person.keys.get(number ?? '') ?? '');
  await page.click('button.button-primary');
}

async function signIn(page: Page, person: TestPerson, secret = person.password): Promise<void> {
  await page.goto(`${nodes.issuer}/self-service`);
  await atPage(page, 'password');
  await page.fill('[name=userId]', person.idNumber);
  await page.fill('[name=password]', secret);
  await page.click('button.button-primary');
  await atPage(page, 'key');
  await giveKey(page, person);
  await atPage(page, 'self-home');
}

const go = async (page: Page, name: string) => {
  await page.goto(`${nodes.issuer}/self-service`);
  await page.click(`.noegle-cards a[href="/self-service/${name}"]`);
  await atPage(page, `self-${name}`);
};

/** Presses the button of the form that does this. */
const press = async (page: Page, action: string) =>
  await page.locator(`form:has(input[name=do][value="${action}"])`).getByRole('button').last().click();

const fillCurrent = async (page: Page, what: string, password: string) =>
  await page.locator(`form:has(input[name=do][value="${what}"]) [name=currentPassword]`).fill(password);

async function confirm(page: Page, person: TestPerson): Promise<void> {
  await atPage(page, 'self-confirm');
  await giveKey(page, person);
  await atPage(page, 'self-told');
  expect(await page.locator('.alert-success').count()).toBe(1);
}

describe.each(PROOF_WAYS)('$locale, script $javaScriptEnabled', (way) => {
  test('cards, user ID, password, e-mail, language and public sites', async () => {
    const person = await aPerson(nodes);
    const page = await open(way);
    await signIn(page, person);
    expect(await page.locator('.noegle-values').innerText()).toContain(person.fullName);

    await go(page, 'card');
    await page.fill('[name=threshold]', '3');
    await press(page, 'threshold');
    await page.waitForSelector('.alert-error');
    expect(await page.title()).toMatch(way.locale === 'da-DK' ? /^Fejl: / : /^Error: /);
    await page.fill('[name=threshold]', '35');
    await press(page, 'threshold');
    await confirm(page, person);
    await go(page, 'card');
    await press(page, 'order');
    await confirm(page, person);
    await nodes.node(0).app.tasks['sendLetters']?.({});
    await go(page, 'card');
    await press(page, 'not-arrived');
    await page.waitForSelector('.alert-success');

    await go(page, 'sign-in');
    await page.fill('[name=userId]', `${person.userId}-ny`);
    await fillCurrent(page, 'user-id', person.password);
    await press(page, 'user-id');
    await confirm(page, person);
    await go(page, 'sign-in');
    const password = `En helt ny kode for ${person.userId}`;
    nodes.secrets.add(password, 'password');
    await page.fill('[name=password]', password);
    await fillCurrent(page, 'password', person.password);
    await press(page, 'password');
    await confirm(page, person);

    await go(page, 'contact');
    const email = `ny-${person.userId}@mail.example`;
    await page.fill('[name=email]', email);
    await fillCurrent(page, 'email', password);
    await press(page, 'email');
    await atPage(page, 'self-confirm');
    await giveKey(page, person);
    await atPage(page, 'self-email');
    await page.fill('[name=code]', (await codesTo(nodes, email)).at(-1) ?? '');
    await press(page, 'code');
    await atPage(page, 'self-contact');
    await press(page, 'call-off');
    await page.waitForSelector('.alert-success');
    await go(page, 'contact');
    await fillCurrent(page, 'no-email', password);
    await press(page, 'no-email');
    await confirm(page, person);
    const other = way.locale === 'da-DK' ? 'en' : 'da';
    await go(page, 'contact');
    await page.check(`[name=language][value=${other}]`);
    await press(page, 'language');
    await page.waitForSelector('.alert-success');
    expect(await page.locator('html').getAttribute('lang')).toBe(other);

    await go(page, 'public-sites');
    await press(page, 'off');
    await page.waitForSelector('.alert-success');
    await press(page, 'on');
    await confirm(page, person);

    await page.locator('form[action="/self-service/sign-out"] button').click();
    await page.waitForSelector('main[data-page]');
    await page.context().close();
  });

  test('what happened, where they are signed in, who has access, and the file', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes, { name_da: 'Biblioteket', name_en: 'The library' });
    await signInElsewhere(new TestBrowser(nodes), person, authRequest(rp));
    const page = await open(way);
    await signIn(page, person);

    await go(page, 'activity');
    const [mine, first] = await page.locator('.noegle-log li').allInnerTexts();
    expect(mine).toMatch(way.locale === 'da-DK' ? /Chrome .*på Linux/s : /Chrome .*on Linux/s);
    expect(first).toContain(
      way.locale === 'da-DK' ? 'Du loggede på hos Biblioteket' : 'You signed in at The library',
    );
    await nodes.database.query(
      `INSERT INTO audit_events (kind, identity_id, details)
       SELECT 'threshold_changed', $1, '{"threshold": 40}' FROM generate_series(1, 30)`,
      [person.identityId],
    );
    await page.reload();
    expect(await page.locator('.noegle-log li').count()).toBe(25);
    await page.click('.noegle-pages a');
    await page.locator('.noegle-log').first().waitFor();
    expect(
      await page
        .locator('.noegle-log')
        .allInnerTexts()
        .then((all) => all.join()),
    ).toContain(first);

    await go(page, 'access');
    await page.locator('form:has(input[value="access"]) button').click();
    await page.waitForSelector('.alert-success');
    await page.locator('form:has(input[value="session"]) button').click();
    await page.waitForSelector('.alert-success');
    expect(await page.locator('form:has(input[value="session"])').count()).toBe(0);

    await go(page, 'data');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.click('form[action="/self-service/data"] button'),
    ]);
    expect(file.suggestedFilename()).toMatch(/^noegle-\d{4}-\d\d-\d\d\.json$/);
    const data = JSON.parse(readFileSync(await file.path(), 'utf8')) as Record<string, unknown>;
    expect(data['id']).toMatchObject({ idNumber: person.idNumber });

    await go(page, 'access');
    await press(page, 'everywhere');
    await page.waitForSelector('main[data-page="site-signed-out"]');
    await page.context().close();
  });

  test('block in three clicks, and close permanently', async () => {
    const blocked = await aPerson(nodes);
    const page = await open(way);
    await signIn(page, blocked);
    // One click away from any page; what it leads to is read before it is done.
    await go(page, 'data');
    await page.click('footer a[href="/self-service/block"]');
    await atPage(page, 'self-block');
    await page.click(`main a[href$="/block/${way.javaScriptEnabled ? 'identity' : 'card'}"]`);
    await atPage(page, 'self-block');
    await page.click('button.button-primary');
    await atPage(page, 'self-blocked');
    await page.context().close();

    const closed = await aPerson(nodes);
    const last = await open(way);
    await signIn(last, closed);
    await go(last, 'close');
    await last.click('main button.button-primary');
    await last.waitForSelector('.alert-error');
    await last.check('[name=understood]');
    await last.click('main button.button-primary');
    await atPage(last, 'self-confirm');
    await giveKey(last, closed);
    await atPage(last, 'self-closed');
    await last.context().close();
  });
});
