/**
 * From the counter to the municipality's page, in Chromium: Dorte issues an ID to a person of the demo
 * register, two letters arrive on two days, the person activates it and signs in. And an order online, for a
 * person who has an ID already.
 */
import { createReadStream } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { drainListeners, listenOnPort, type Listener } from '../src/app.ts';
import { prepareDemoPeople, type ListedPerson } from '../src/sandbox/demoPeople.ts';
import { prepareDemoRelyingParties } from '../src/sandbox/demoRelyingParties.ts';
import { createDemoSites, composeDemoUrls } from '../src/sandbox/demoSites.ts';
import { prepareDemoStaff } from '../src/sandbox/demoStaff.ts';
import { importRegister } from '../src/features/populationRegister/importRegister.ts';
import { freePorts, printedLetters, sendAllLetters, useChromium, useNodes } from './support/index.ts';
import { WAYS, type ChromiumMode } from './support/chromium.ts';

let servers: Listener[] = [];
let people: readonly ListedPerson[];

const chromium = useChromium();
afterAll(async () => await drainListeners(servers));
const port = await freePorts();
const urls = composeDemoUrls(port);
const nodes = useNodes({ port, privateOrigins: Object.values(urls) });
beforeAll(async () => {
  people = await prepareDemoPeople(nodes.context);
  await importRegister(nodes.context, createReadStream('examples/register.csv'));
  const relyingParties = await prepareDemoRelyingParties(nodes.context, { ...urls, issuer: nodes.issuer });
  await prepareDemoStaff(nodes.context, people);
  const sites = await createDemoSites(nodes.issuer, port, relyingParties);
  servers = await Promise.all(sites.map((site) => listenOnPort(site.handle, site.port, '127.0.0.1')));
});

/** A person who can sign in: with user ID and password, and with the keys of a card. */
interface Known {
  readonly userId: string;
  readonly password: string;
  readonly keys: ReadonlyMap<string, string>;
}

function demo(name: string): Known {
  const person = people.find((one) => one.name === name);
  if (!person) throw new Error(`no one is called ${name}`);
  return { ...person, keys: new Map(Object.entries(person.cards[0]?.keys ?? {})) };
}

async function open(options: ChromiumMode): Promise<BrowserContext> {
  const context = await chromium.newContext({ ...options, viewport: { width: 900, height: 900 } });
  context.setDefaultTimeout(15_000);
  return context;
}

async function atPage(page: Page, name: string): Promise<void> {
  await page.waitForSelector(`main[data-page="${name}"]`);
}

const submit = (page: Page) => page.click('button.button-primary');

async function giveKey(page: Page, keys: ReadonlyMap<string, string>): Promise<void> {
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', keys.get(number ?? '') ?? '');
  await submit(page);
}

async function signIn(page: Page, { userId, password, keys }: Known): Promise<void> {
  await atPage(page, 'password');
  await page.fill('[name=userId]', userId);
  await page.fill('[name=password]', password);
  await submit(page);
  await atPage(page, 'key');
  await giveKey(page, keys);
}

/** The content of the letters to this person. */
async function readLetters(name: string) {
  const letters = await printedLetters(nodes, name);
  const welcome = letters.find(({ kind }) => kind === 'welcome') as
    | { idNumber: string; keys: Record<string, string> }
    | undefined;
  const password = letters.find(({ kind }) => kind === 'password') as
    | { temporaryPassword: string }
    | undefined;
  if (!welcome || !password) throw new Error(`${letters.length} letters, and not both`);
  nodes.secrets.add(password.temporaryPassword, 'temporary password');
  return { ...welcome, ...password };
}

async function takeIntoUse(page: Page, name: string, chosen: { userId: string; password: string }) {
  const { idNumber, keys, temporaryPassword } = await readLetters(name);
  await page.goto(`${nodes.issuer}/activate`);
  await atPage(page, 'activate');
  await page.fill('[name=userId]', idNumber);
  await page.fill('[name=password]', temporaryPassword);
  await submit(page);
  await atPage(page, 'activate-key');
  await giveKey(page, new Map(Object.entries(keys)));
  await atPage(page, 'activate-choose');
  await page.fill('[name=userId]', chosen.userId);
  await page.fill('[name=password]', chosen.password);
  await submit(page);
  await atPage(page, 'activate-done');
  return { ...chosen, keys: new Map(Object.entries(keys)) };
}

async function signInAtRanders(page: Page, person: Known, fullName: string): Promise<void> {
  await page.goto(urls.randers);
  await page.click('a.button');
  await signIn(page, person);
  // It asks for the CPR number.
  await atPage(page, 'consent');
  await page.click('[name=accept]');
  await page.waitForURL(`${urls.randers}/`, { waitUntil: 'load' });
  await page.locator('h1').filter({ hasText: fullName }).waitFor();
}

/** People of the demo register without an ID; a different one for each path. */
const APPLICANTS = [
  { cpr: '740362-1018', given: 'Gerda', family: 'Gregersen', passport: '207100011' },
  { cpr: '721201-4034', given: 'Ida', family: 'Iversen', passport: '207100013' },
  { cpr: '700205-4115', given: 'Peter', family: 'Pilgaard', passport: '31000021' },
];
const REGISTERED: Record<string, string> = { Ida: 'Ida Marie Iversen' };

describe.each(WAYS.map((way, index) => ({ way, who: APPLICANTS[index] ?? APPLICANTS[0] })))(
  '$way.locale, script $way.javaScriptEnabled',
  ({ way, who }) => {
    test('at the desk, by two letters, to the page of the municipality', async () => {
      if (!who) throw new Error('no applicant is left');
      const { cpr, given, family, passport } = who;
      const fullName = REGISTERED[given] ?? `${given} ${family}`;
      nodes.secrets.add(cpr.replace('-', ''), 'CPR number');
      const desk = await open(way);
      const page = await desk.newPage();
      await page.goto(`${nodes.issuer}/desk`);
      await signIn(page, demo('dorte'));
      await atPage(page, 'desk-home');
      await page.click('a[href="/desk/issue"]');
      await atPage(page, 'desk-issue');
      await page.fill('[name=reason]', 'Vil have et ID');
      await page.fill('[name=cpr]', cpr);
      await page.fill('[name=givenName]', given);
      await page.fill('[name=familyName]', family);
      await page.check('[name=idKind][value=passport]');
      await page.fill('[name=idNumber]', passport);
      await page.fill('[name=idExpires]', '24-11-2031');
      for (const box of ['valid', 'theirs', 'understands', 'alone', 'terms']) {
        await page.check(`[name=${box}]`);
      }
      await page.check('[name=publicSites][value=yes]');
      await submit(page);
      await atPage(page, 'desk-issue-check');
      await submit(page);
      await atPage(page, 'desk-application');
      await desk.close();

      await sendAllLetters(nodes);
      const days = await nodes.database.query<{ kind: string; post_on: string }>(
        `SELECT l.kind, l.post_on::text FROM letters l JOIN applications a ON a.identity_id = l.identity_id
         JOIN identities i ON i.id = l.identity_id JOIN people p ON p.id = i.person_id
         WHERE p.given_name || ' ' || p.family_name = $1 AND l.kind IN ('welcome', 'password') ORDER BY l.kind`,
        [fullName],
      );
      expect(days.map(({ kind }) => kind)).toEqual(['password', 'welcome']);
      expect(new Set(days.map(({ post_on: day }) => day)).size).toBe(2);

      const home = await open(way);
      const own = await home.newPage();
      const chosen = { userId: `${given.toLowerCase()}-hjemme`, password: `Sommerfugl over ${family} 7` };
      nodes.secrets.add(chosen.password, 'password');
      const person = await takeIntoUse(own, fullName, chosen);
      await signInAtRanders(own, person, fullName);
      await home.close();
    });

    test('bank only, and an order: the ordinary sign-in asks, and public sites are on', async () => {
      const bent = demo('bent');
      await nodes.database.query(`UPDATE identities SET public_sites = false WHERE user_id = $1`, [
        bent.userId,
      ]);
      const context = await open(way);
      const page = await context.newPage();
      await page.goto(`${nodes.issuer}/order`);
      await atPage(page, 'order');
      await page.fill('[name=cpr]', '720349-0923');
      await page.fill('[name=name]', 'Bent Bertelsen');
      await page.check('[name=documentKind][value=passport]');
      await page.fill('[name=documentNumber]', '207100002');
      await submit(page);
      await atPage(page, 'order-terms');
      for (const box of ['withoutInterpreter', 'operatesAlone', 'terms']) await page.check(`[name=${box}]`);
      await submit(page);
      await atPage(page, 'order-check');
      await submit(page);
      await atPage(page, 'order-received');
      await page.click('a[href="/order/sign-in"]');
      await signIn(page, bent);
      await atPage(page, 'public-sites');
      await page.click('[name=accept]');
      await atPage(page, 'order-public-sites');
      await context.close();
    });
  },
);
