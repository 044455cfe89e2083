/** The pages of an order in Chromium: Enter, Back, reload, another language, and answers that are changed. */
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import { PROOF_WAYS } from '../support/chromium.ts';
import { aRegistered, fillIn, orderedBy, useChromium, useNodes } from '../support/index.ts';

const chromium = useChromium();
const nodes = useNodes({ count: 2 });

const atPage = async (page: Page, name: string) => {
  await page.waitForSelector(`main[data-page="${name}"]`);
};
const submit = (page: Page) => page.click('main button.button-primary');

async function fillPerson(page: Page, fields: Record<string, string>): Promise<void> {
  for (const name of ['cpr', 'name', 'documentNumber']) await page.fill(`[name=${name}]`, fields[name] ?? '');
  await page.check('[name=documentKind][value=passport]');
  await page.fill('[name=email]', 'soeren@mail.example');
}

describe.each(PROOF_WAYS)('$locale, script $javaScriptEnabled', (way) => {
  const [own, other] = way.locale.startsWith('da') ? (['da', 'en'] as const) : (['en', 'da'] as const);

  test('an order, with all detours', async () => {
    const entry = await aRegistered(nodes);
    const fields = fillIn(entry);
    const context = await chromium.newContext({ ...way, viewport: { width: 390, height: 664 } });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const languageOf = () => page.locator('html').getAttribute('lang');
    await page.goto(`${nodes.issuer}/order`);
    await fillPerson(page, fields);
    // Enter sends the form as its own button does, and not the one for another language.
    await page.press('[name=cpr]', 'Enter');
    await atPage(page, 'order-terms');
    expect([await languageOf(), new URL(page.url()).pathname]).toEqual([own, '/order/terms']);

    await page.goBack();
    await atPage(page, 'order');
    expect(await page.inputValue('[name=cpr]')).toBe(entry.cpr);
    // What is typed and not sent yet goes along into the other language.
    await page.fill('[name=name]', 'Søren Anderledes');
    await page.click(`header button[lang=${other}]`);
    await atPage(page, 'order');
    expect([await languageOf(), await page.inputValue('[name=name]')]).toEqual([other, 'Søren Anderledes']);
    await page.click(`header button[lang=${own}]`);
    await page.locator(`html[lang=${own}]`).waitFor();
    await submit(page);
    await atPage(page, 'order-terms');
    for (const box of ['withoutInterpreter', 'operatesAlone', 'terms']) await page.check(`[name=${box}]`);
    await submit(page);
    await atPage(page, 'order-check');
    await page.reload();
    await atPage(page, 'order-check');
    expect(await page.locator('.noegle-answers').innerText()).toContain('Søren Anderledes');

    await page.click('button[name=change][value=name]');
    await atPage(page, 'order');
    expect(new URL(page.url()).hash).toBe('#name');
    await page.fill('[name=name]', fields['name'] ?? '');
    await submit(page);
    await atPage(page, 'order-check');
    expect(await orderedBy(nodes, entry)).toEqual([]);
    await page.dblclick('main button.button-primary');
    await atPage(page, 'order-received');
    const words = TEXTS_BY_LANGUAGE[own].order.received;
    expect(await page.locator('h1').innerText()).toBe(words.title);
    const reference = await page.locator('[data-reference]').innerText();
    await page.reload();
    expect(await page.locator('[data-reference]').innerText()).toBe(reference);
    expect(await orderedBy(nodes, entry)).toHaveLength(1);

    // Back shows a page, and nothing of the person.
    await page.goBack();
    await atPage(page, 'order');
    expect(await page.content()).not.toContain(entry.cpr);
    for (const name of ['cpr', 'name', 'documentNumber', 'email'])
      expect([name, await page.inputValue(`[name=${name}]`)]).toEqual([name, '']);
    await context.close();
  });
});

test('in a browser that keeps no cookies', async () => {
  const entry = await aRegistered(nodes);
  const context = await chromium.newContext({ locale: 'da-DK' });
  await context.route('**/*', async (route) => {
    const { cookie: _, ...headers } = await route.request().allHeaders();
    const answer = await route.fetch({ headers, maxRedirects: 0 });
    await context.clearCookies();
    await route.fulfill({ response: answer });
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(`${nodes.issuer}/order`);
  await fillPerson(page, fillIn(entry));
  await submit(page);
  await atPage(page, 'order-terms');
  for (const box of ['withoutInterpreter', 'operatesAlone', 'terms']) await page.check(`[name=${box}]`);
  await submit(page);
  await atPage(page, 'order-check');
  await submit(page);
  await atPage(page, 'order-received');
  expect(await orderedBy(nodes, entry)).toHaveLength(1);
  // Styles and script of the last page may still be on their way.
  await context.unrouteAll({ behavior: 'wait' });
  await context.close();
});
