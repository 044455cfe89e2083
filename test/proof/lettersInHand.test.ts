/**
 * With nothing but the letters in hand, in Chromium: their text is read from the PDFs, as a person reads
 * paper. A new person finds the address, activates the ID and signs in; another one has lost the card, and
 * blocks it by what the letter says.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import type { Language } from '../../src/domain/language/language.ts';
import {
  aRegistered,
  createSiteClient,
  HOTLINE,
  orderedBy,
  postOrder,
  sendAllLetters,
  useChromium,
  useNodes,
} from '../support/index.ts';
import { readLetterPdf } from '../support/pdf.ts';

const chromium = useChromium();
const nodes = useNodes({ proxyHops: 1 });

/** What is printed on the paper of a letter. */
interface Paper {
  readonly text: string;
  readonly keys: ReadonlyMap<string, string>;
}

/** The letters with this name on them. */
async function openPost(name: string): Promise<Paper[]> {
  const folder = path.join(nodes.folder, 'letters');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.pdf'));
  const letters = await Promise.all(
    files.map(async (file) => {
      const { pages, keys } = await readLetterPdf(await readFile(path.join(folder, file)));
      return { text: pages.map(({ text }) => text).join(' '), keys };
    }),
  );
  return letters.filter(({ text }) => text.includes(name));
}

/** What a reader looks for; a group is the part that is typed. */
const PRINTED = {
  /** With `http` or without. */
  address: (page: string) => new RegExp(`(?:https?://)?[a-z0-9.-]+(?::\\d+)?/${page}\\b`),
  idNumber: /\b\d{3} \d{3} \d{3}\b/,
  temporaryPassword: /(?:Midlertidig adgangskode|Temporary password)\s+((?:[a-z2-9]{4}\s?){3})(?![a-z0-9])/,
} as const;

/** @throws when the letter does not say it */
function read({ text }: Paper, what: string, pattern: RegExp): string {
  const found = pattern.exec(text);
  if (!found) throw new Error(`the letter has no ${what}: ${text}`);
  return (found[1] ?? found[0]).trim();
}

const asUrl = (address: string) => (address.startsWith('http') ? address : `http://${address}`);

/** The letter with the card and the letter with the password, of a new person who has ordered an ID. */
async function twoLetters(language: Language) {
  const entry = await aRegistered(nodes);
  await postOrder(createSiteClient(nodes), entry, { language });
  const [identity] = await orderedBy(nodes, entry);
  await sendAllLetters(nodes);
  const letters = await openPost(entry.familyName);
  const card = letters.find(({ keys }) => keys.size > 0);
  const password = letters.find(({ text }) => PRINTED.temporaryPassword.test(text));
  if (!identity || !card || !password) throw new Error(`${letters.length} letters, and not both`);
  for (const key of card.keys.values()) nodes.secrets.keys.add(key);
  nodes.secrets.add(read(password, 'password', PRINTED.temporaryPassword), 'temporary password');
  return { identityId: identity.id, card, password };
}

async function open(locale: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.newContext({ locale, viewport: { width: 390, height: 664 } });
  context.setDefaultTimeout(15_000);
  return { context, page: await context.newPage() };
}

const atPage = async (page: Page, name: string) => {
  await page.waitForSelector(`main[data-page="${name}"]`);
};
const submit = (page: Page) => page.click('main button.button-primary');

async function giveKey(page: Page, { keys }: Paper): Promise<void> {
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', keys.get(number ?? '') ?? '');
  await submit(page);
}

/** From the address that both letters name to an ID that is ready. */
async function activate(page: Page, letters: { card: Paper; password: Paper }, password: string) {
  const [one, other] = [letters.card, letters.password].map((letter) =>
    read(letter, 'address', PRINTED.address('activate')),
  );
  expect(one).toBe(other);
  await page.goto(asUrl(one ?? ''));
  await atPage(page, 'activate');
  await page.fill('[name=userId]', read(letters.card, 'ID number', PRINTED.idNumber));
  await page.fill('[name=password]', read(letters.password, 'password', PRINTED.temporaryPassword));
  await submit(page);
  await atPage(page, 'activate-key');
  await giveKey(page, letters.card);
  await atPage(page, 'activate-choose');
  const userId = `har-to-breve-${Date.now()}`;
  nodes.secrets.add(password, 'password');
  await page.fill('[name=userId]', userId);
  await page.fill('[name=password]', password);
  await submit(page);
  await atPage(page, 'activate-done');
  return { userId, password };
}

describe.each([
  { language: 'da', locale: 'da-DK' },
  { language: 'en', locale: 'en-GB' },
] as const)('with the letters in hand, in $language', ({ language, locale }) => {
  test('a new person finds the address, activates the ID and signs in', async () => {
    const letters = await twoLetters(language);
    for (const letter of [letters.card, letters.password])
      expect(letter.text.replaceAll('\u00A0', ' ')).toContain(HOTLINE);
    const { context, page } = await open(locale);
    const { userId, password } = await activate(page, letters, `Regn over fjorden ${language} 7`);
    // From there it goes on with a link, to where one signs in.
    await page.click('main a[href="/self-service"]');
    await atPage(page, 'password');
    await page.fill('[name=userId]', userId);
    await page.fill('[name=password]', password);
    await submit(page);
    await atPage(page, 'key');
    await giveKey(page, letters.card);
    await atPage(page, 'self-home');
    await context.close();
  });

  test('another one has lost the card, and blocks it', async () => {
    const letters = await twoLetters(language);
    const home = await open(locale);
    const { password } = await activate(home.page, letters, `Sol over heden ${language} 7`);
    await home.context.close();

    const { context, page } = await open(locale);
    await page.goto(asUrl(read(letters.card, 'address', PRINTED.address('block'))));
    await atPage(page, 'block');
    await page.click('main a[href="/block/card"]');
    await page.waitForSelector('[name=userId]');
    // Nothing but the letter: the number on it serves as user ID.
    await page.fill('[name=userId]', read(letters.card, 'ID number', PRINTED.idNumber));
    await page.fill('[name=password]', password);
    await submit(page);
    await atPage(page, 'block-received');
    const [card] = await nodes.database.query<{ state: string }>(
      'SELECT state FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at LIMIT 1',
      [letters.identityId],
    );
    expect(card?.state).toBe('blocked');
    await context.close();
  });
});
