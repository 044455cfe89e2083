/** From a sign-in to a letter with a new password, in Chromium: in each language, with script and without. */
import { describe, expect, test } from '@jest/globals';
import { da } from '../../src/ui/words/words.da.ts';
import { en } from '../../src/ui/words/words.en.ts';
import {
  aPerson,
  authRequest,
  listSecretLetters,
  useChromium,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });
const bank = useRelyingParty(nodes, { kind: 'bank' });
const chromium = useChromium();

const WAYS = [
  { locale: 'da-DK', javaScriptEnabled: true, words: da },
  { locale: 'en-GB', javaScriptEnabled: false, words: en },
];

describe.each(WAYS)('in Chromium: $locale, script $javaScriptEnabled', ({ words, ...way }) => {
  test('a forgotten password: the link at the sign-in, user ID, key, and what follows', async () => {
    const person = await aPerson(nodes);
    const context = await chromium.newContext(way);
    context.setDefaultTimeout(15_000);
    const signIn = await context.newPage();
    await signIn.goto(`${nodes.issuer}${authRequest(bank).path}`);
    await signIn.waitForSelector('main[data-page="password"]');
    const opened = context.waitForEvent('page');
    await signIn.click('main a[href="/new-password"]');
    const page = await opened;
    const at = async (name: string) => await page.waitForSelector(`main[data-page="${name}"]`);
    await at('new-password');
    await page.fill('[name=userId]', person.userId);
    // The Enter key sends the form, and does not choose another language.
    await page.keyboard.press('Enter');
    await at('new-password-key');
    const keyNumber = (await page.getAttribute('[data-key-number]', 'data-key-number')) ?? '';
    expect(await page.locator('main').innerText()).toContain(words.newPasswordKey.lookFor);
    await page.fill('[name=key]', '12 34');
    await page.click('main button.button-primary');
    await page.locator('.form-error-message').waitFor();
    await page.reload();
    await at('new-password-key');
    expect(await page.getAttribute('[data-key-number]', 'data-key-number')).toBe(keyNumber);
    const key = person.keys.get(keyNumber) ?? '';
    await page.fill('[name=key]', `${key.slice(0, 3)}-${key.slice(3)}`);
    await page.keyboard.press('Enter');
    await at('new-password-received');
    expect(await page.locator('main h1').innerText()).toBe(words.newPasswordReceived.title);
    await page.reload();
    await at('new-password-received');
    expect(await listSecretLetters(nodes, person)).toEqual(['password']);
    await page.click('main a[href="/activate"]');
    await at('activate');
    // The sign-in waits where it was.
    await signIn.bringToFront();
    await signIn.fill('[name=userId]', person.userId);
    await signIn.fill('[name=password]', person.password);
    await signIn.keyboard.press('Enter');
    await signIn.waitForSelector('main[data-page="key"]');
    await context.close();
  });
});
