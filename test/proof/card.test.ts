/**
 * The life of the printed card as people see it: a real sandbox, Chromium, and the letter read back from its
 * PDF. Clara has 21 keys left. The folder is copied where her story branches: once her new card was sent.
 */
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { BrowserContext, Browser as Chromium, Page } from 'playwright-core';
import { writeNotice } from '../../src/delivery/mail/notices.ts';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import { launchChromium } from '../support/chromium.ts';
import {
  type DemoFile,
  freePorts,
  makeScratchFolder,
  readDemo,
  RunningNoegle,
  sandboxDatabaseUrl,
} from '../support/index.ts';
import { readLetterPdf } from '../support/pdf.ts';

type Clara = DemoFile['people'][number];
interface ProofCard {
  readonly cardNumber: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** A Tuesday, 10 o'clock in Denmark. */
const ORDERED = new Date('2027-03-02T09:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const after = (ms: number) => new Date(ORDERED.getTime() + ms);

let chromium: Chromium;
let folder: string;
let port: number;
let netbank: string;
let clara: Clara;
let oldCard: ProofCard;
/** Read from the PDF, as she does. */
let newCard: ProofCard;

const running = new Set<RunningNoegle>();
beforeAll(async () => {
  folder = makeScratchFolder('card');
  port = await freePorts();
  netbank = `http://localhost:${port + 1}`;
  chromium = await launchChromium();
});
afterEach(async () => {
  for (const one of running) await one.stop();
  running.clear();
});
afterAll(async () => {
  await chromium?.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(data: string, now: Date): Promise<RunningNoegle> {
  const env = { PORT: String(port), NOEGLE_DATA_DIR: path.join(folder, data), NOEGLE_NOW: now.toISOString() };
  const one = new RunningNoegle(env);
  running.add(one);
  await one.ready();
  return one;
}

async function list(data: string, what: 'letters' | 'mail', name: RegExp): Promise<string[]> {
  const all = await readdir(path.join(folder, data, what)).catch(() => []);
  return all.filter((one) => name.test(one)).sort();
}

const cardLetters = (data: string) => list(data, 'letters', /-card-.*\.json$/);

async function mailTexts(data: string): Promise<string[]> {
  const mails = await list(data, 'mail', /\.json$/);
  const read = mails.map(async (name) => await readFile(path.join(folder, data, 'mail', name), 'utf8'));
  return (await Promise.all(read)).map((mail) => (JSON.parse(mail) as { text: string }).text);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const givesUpAt = performance.now() + 40_000;
  while (!(await holds())) {
    if (performance.now() > givesUpAt) throw new Error('it does not come');
    await setTimeout(50);
  }
}

/** Clara reads Danish. The first sentence, without times, which a mail about several things says too. */
function whatHappened(notice: Parameters<typeof writeNotice>[0]): string {
  return writeNotice(notice, 'da').text.split(/\. |\n\n/)[0] ?? '';
}

async function mailsAbout(data: string, notice: Parameters<typeof writeNotice>[0]): Promise<number> {
  const what = whatHappened(notice);
  return (await mailTexts(data)).filter((text) => text.includes(what)).length;
}

async function untilMailed(data: string, notice: Parameters<typeof writeNotice>[0]): Promise<void> {
  await until(async () => (await mailsAbout(data, notice)) > 0);
}

async function stateOf(data: string, { cardNumber }: ProofCard): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: await sandboxDatabaseUrl(path.join(folder, data)) });
  await client.connect();
  const { rows } = await client.query<{ state: string }>(
    'SELECT state FROM key_cards WHERE card_number = $1',
    [cardNumber.replaceAll('-', '')],
  );
  await client.end();
  return rows[0]?.state;
}

/** Nothing is sent while it is held: the job queue cannot be read. */
async function holdThePost(data: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: await sandboxDatabaseUrl(path.join(folder, data)) });
  // The database may be stopped in the meantime, by the next start after a kill.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE graphile_worker._private_jobs IN ACCESS EXCLUSIVE MODE');
  return client;
}

async function open(options: {
  locale: string;
  javaScriptEnabled: boolean;
}): Promise<[Page, BrowserContext]> {
  const context = await chromium.newContext({ ...options, viewport: { width: 800, height: 900 } });
  context.setDefaultTimeout(15_000);
  return [await context.newPage(), context];
}

async function atPage(page: Page, name: string): Promise<void> {
  await page.waitForSelector(`main[data-page="${name}"]`);
}

async function atNetbank(page: Page): Promise<void> {
  await page.waitForURL(`${netbank}/`, { waitUntil: 'networkidle' });
}

async function givePassword(page: Page): Promise<void> {
  await page.goto(`${netbank}/login`);
  await atPage(page, 'password');
  await page.fill('[name=userId]', clara.userId);
  await page.fill('[name=password]', clara.password);
  await page.click('button.button-primary');
}

interface ProofChallenge {
  readonly cardNumber: string | null;
  readonly keyNumber: string | null;
}

async function asked(page: Page): Promise<ProofChallenge> {
  const shown = page.locator('[data-key-number]');
  const keyNumber = await shown.getAttribute('data-key-number');
  return { cardNumber: await shown.getAttribute('data-card-number'), keyNumber };
}

async function answer(page: Page, field: 'key' | 'newKey', card: ProofCard): Promise<void> {
  const { cardNumber, keyNumber } = await asked(page);
  expect(cardNumber).toBe(card.cardNumber);
  await page.fill(`[name=${field}]`, card.keys[keyNumber ?? ''] ?? '');
  await page.click('button.button-primary');
}

async function giveKey(page: Page, card: ProofCard): Promise<void> {
  await atPage(page, 'key');
  await answer(page, 'key', card);
}

async function block(page: Page): Promise<void> {
  await page.goto(`http://localhost:${port}/block`);
  await page.click('main a[href="/block/card"]');
  await page.fill('[name=userId]', clara.userId);
  await page.fill('[name=password]', clara.password);
  await page.click('button.button-primary');
  await atPage(page, 'block-received');
}

describe('a card is ordered', () => {
  const browser = { locale: 'da-DK', javaScriptEnabled: true };

  test('at the key that leaves 20, and comes in one letter, whichever process is killed on the way', async () => {
    const first = await start('ordered', ORDERED);
    const { people } = await readDemo(path.join(folder, 'ordered'));
    clara = people.find(({ name }) => name === 'clara') as Clara;
    oldCard = clara.cards[0] as ProofCard;

    const held = await holdThePost('ordered');
    const [page, context] = await open(browser);
    await givePassword(page);
    await giveKey(page, oldCard);
    await atNetbank(page);
    await context.close();
    expect(await cardLetters('ordered')).toEqual([]);
    await first.kill9();
    await held.end();

    // Again as soon as the letter is visible: it may not be recorded as sent at that time.
    const second = await start('ordered', after(HOUR));
    await until(async () => (await cardLetters('ordered')).length > 0);
    await second.kill9();

    const third = await start('ordered', after(2 * HOUR));
    const day = '2027-03-02';
    // A letter that a killed node had claimed is sent when the claim expires.
    await until(async () =>
      (await mailTexts('ordered')).some((text) => /Dit nye nøglekort .* er sendt med posten/.test(text)),
    );
    await third.stop();
    const printed = await list('ordered', 'letters', /^[^.]/);
    expect(printed.map((name) => name.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/, 'ID'))).toEqual([
      `${day}-card-ID.json`,
      `${day}-card-ID.pdf`,
    ]);
  }, 120_000);

  test('and the PDF has what the JSON has: the number and 148 keys', async () => {
    const [name = ''] = await cardLetters('ordered');
    const file = path.join(folder, 'ordered/letters', name);
    const json = JSON.parse(await readFile(file, 'utf8')) as ProofCard & {
      kind: string;
      to: { name: string };
    };
    expect([json.kind, json.to.name]).toEqual(['card', 'Clara Christoffersen']);
    const { keys, pages } = await readLetterPdf(await readFile(file.replace(/json$/, 'pdf')));
    newCard = { cardNumber: json.cardNumber, keys: Object.fromEntries(keys) };
    expect(newCard.keys).toEqual(json.keys);
    expect(keys.size).toBe(148);
    for (const { text } of pages.slice(-2)) expect(text).toContain(json.cardNumber);
    expect(newCard.cardNumber).not.toBe(oldCard.cardNumber);
  });

  test('and each step of it is notified once', async () => {
    const details = { cardNumber: newCard.cardNumber, expectedFrom: '2027-03-09', expectedTo: '2027-03-16' };
    expect(await mailsAbout('ordered', { kind: 'card_sent', details })).toBe(1);
    // Left out where the card was sent before the mail was.
    expect(await mailsAbout('ordered', { kind: 'card_ordered', details })).toBeLessThanOrEqual(1);
    for (const text of await mailTexts('ordered')) expect(text).toMatch(/^Kære Clara Christoffersen,/);
  });
});

describe('the new card takes over', () => {
  const t = TEXTS_BY_LANGUAGE.en;

  test('right after a key of the old one; not come yet is fine, and nothing is lost by going back', async () => {
    await cp(path.join(folder, 'ordered'), path.join(folder, 'taken'), { recursive: true });
    const sandbox = await start('taken', after(8 * DAY));
    const [page, context] = await open({ locale: 'en-GB', javaScriptEnabled: false });

    await givePassword(page);
    await atPage(page, 'key');
    expect(await page.locator('main').innerText()).toContain('between 9 and 16 March 2027');
    await giveKey(page, oldCard);
    await atPage(page, 'new-card');
    expect(await page.locator('h1').innerText()).toBe(t.newCard.title);
    const first = await asked(page);
    expect(first.cardNumber).toBe(newCard.cardNumber);
    await page.goBack();
    await page.goForward();
    await atPage(page, 'new-card');
    await page.reload();
    expect(await asked(page)).toEqual(first);
    await page.click(`button[name=skip] >> text=${t.newCard.skip}`);
    await atNetbank(page);
    expect(await stateOf('taken', newCard)).toBe('sent');

    // Asked again the next time, for the same key; a wrong one is reported and changes nothing.
    await givePassword(page);
    await giveKey(page, oldCard);
    await atPage(page, 'new-card');
    const key = newCard.keys[first.keyNumber ?? ''];
    await page.fill('[name=newKey]', key === '000000' ? '000001' : '000000');
    await page.click('button.button-primary');
    await page.locator('[role=alert]').filter({ hasText: t.key.wrong }).waitFor();
    expect(await asked(page)).toEqual(first);
    await page.reload();
    expect(await asked(page)).toEqual(first);
    await answer(page, 'newKey', newCard);
    await atNetbank(page);
    await page.goBack();
    await page.goForward();
    expect([await stateOf('taken', oldCard), await stateOf('taken', newCard)]).toEqual([
      'replaced',
      'active',
    ]);

    await givePassword(page);
    await giveKey(page, newCard);
    await atNetbank(page);
    await untilMailed('taken', { kind: 'card_active', details: newCard });
    await context.close();
    await sandbox.stop();
    expect(await cardLetters('taken')).toHaveLength(1);
  }, 60_000);
});

describe('where the old card is blocked', () => {
  const t = TEXTS_BY_LANGUAGE.da;
  const blockedAt = after(8 * DAY);
  const opensAfter = new Date(blockedAt.getTime() + 25 * HOUR);
  const browser = { locale: 'da-DK', javaScriptEnabled: true };

  test('the new one can be used after 24 hours, and its owner knows when', async () => {
    await cp(path.join(folder, 'ordered'), path.join(folder, 'waiting'), { recursive: true });
    const sandbox = await start('waiting', blockedAt);
    const [page, context] = await open(browser);
    await block(page);
    expect(await page.locator('h1').innerText()).toBe(t.blockReceived.title);

    await givePassword(page);
    await atPage(page, 'new-card');
    expect(await page.locator('h1').innerText()).toBe(t.newCard.titleInstead);
    expect(await page.locator('main').innerText()).toContain('24 timer');
    expect(await page.locator('[name=skip]').count()).toBe(0);
    await answer(page, 'newKey', newCard);
    await atPage(page, 'refused');
    expect(await page.locator('h1').innerText()).toBe(t.refused.card_waiting.title);
    const validFrom = /torsdag den 11\. marts 2027 kl\. 10\.0[0-9]/;
    expect(await page.locator('main').innerText()).toMatch(validFrom);
    await page.reload();
    await atPage(page, 'refused');
    await page.click('button[name=cancel]');
    await page.waitForURL(`${netbank}/**`);

    const details = { cardNumber: newCard.cardNumber, opensAt: blockedAt.toISOString() };
    await untilMailed('waiting', { kind: 'card_blocked', details: { ...oldCard, by: 'person' } });
    await untilMailed('waiting', { kind: 'wait_started', details });
    await context.close();
    expect(await sandbox.stop()).toBe(0);

    await cp(path.join(folder, 'waiting'), path.join(folder, 'stopped'), { recursive: true });
    const later = await start('waiting', opensAfter);
    const [laterPage, laterContext] = await open(browser);
    await givePassword(laterPage);
    await giveKey(laterPage, newCard);
    await atNetbank(laterPage);
    await laterContext.close();
    await later.stop();
  }, 60_000);

  test('the one who stops the wait has stopped the card', async () => {
    const sandbox = await start('stopped', new Date(blockedAt.getTime() + HOUR));
    const [page, context] = await open({ ...browser, javaScriptEnabled: false });
    await givePassword(page);
    await atPage(page, 'refused');
    await page.click(`footer >> text=${t.foot.block}`);
    await atPage(page, 'block');
    await block(page);
    await sandbox.stop();

    const later = await start('stopped', opensAfter);
    await givePassword(page);
    await atPage(page, 'refused');
    expect(await page.locator('h1').innerText()).toBe(t.refused.card_blocked.title);
    expect(await stateOf('stopped', newCard)).toBe('blocked');
    await context.close();
    await later.stop();
  }, 60_000);
});
