/**
 * The demo netbank and the demo municipality in Chromium, from start to finish: the whole log-in as people
 * see it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { drainListeners, listenOnPort, startJobs, type Listener } from '../../src/app.ts';
import type { JobWorker } from '../../src/jobs/worker.ts';
import { prepareDemoRelyingParties } from '../../src/sandbox/demoRelyingParties.ts';
import { createDemoSites, composeDemoUrls, type DemoSite } from '../../src/sandbox/demoSites.ts';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import { PROOF_WAYS, type ChromiumMode } from '../support/chromium.ts';
import { aPerson, freePorts, type TestPerson, useChromium, useNodes } from '../support/index.ts';

let servers: Listener[] = [];
let jobs: JobWorker;
const chromium = useChromium();
afterAll(async () => {
  await jobs.stop();
  await drainListeners(servers);
});
const port = await freePorts();
const urls = composeDemoUrls(port);
const nodes = useNodes({ port, privateOrigins: Object.values(urls) });
beforeAll(async () => {
  jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
  const relyingParties = await prepareDemoRelyingParties(nodes.context, { ...urls, issuer: nodes.issuer });
  const sites: DemoSite[] = await createDemoSites(nodes.issuer, port, relyingParties);
  servers = await Promise.all(sites.map((site) => listenOnPort(site.handle, site.port, '127.0.0.1')));
});

async function open(options: ChromiumMode): Promise<BrowserContext> {
  const context = await chromium.newContext({ ...options, viewport: { width: 900, height: 900 } });
  context.setDefaultTimeout(15_000);
  return context;
}

/** Waits for it: the previous page may still be there when the click returns. */
async function atPage(page: Page, name: string): Promise<void> {
  await page.waitForSelector(`main[data-page="${name}"]`);
}

/** Waits until the element has the text; an older page may have had another. */
async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}

async function atSite(page: Page, url: string): Promise<void> {
  await page.waitForURL(`${url}/`, { waitUntil: 'load' });
}

async function givePassword(page: Page, person: TestPerson): Promise<void> {
  await atPage(page, 'password');
  await page.fill('[name=userId]', person.userId);
  await page.fill('[name=password]', person.password);
  await page.click('button.button-primary');
}

async function giveKey(page: Page, person: TestPerson): Promise<void> {
  await atPage(page, 'key');
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', person.keys.get(number ?? '') ?? '');
  await page.click('button.button-primary');
}

async function signInAt(page: Page, url: string, person: TestPerson): Promise<void> {
  await page.goto(url);
  await page.click('a.button');
  await givePassword(page, person);
  await giveKey(page, person);
}

describe.each(PROOF_WAYS)('$locale, script $javaScriptEnabled', (options) => {
  const isDanish = options.locale.startsWith('da');
  const t = isDanish ? TEXTS_BY_LANGUAGE.da : TEXTS_BY_LANGUAGE.en;
  const hello = isDanish ? 'Goddag' : 'Good day';

  test('netbank: sign in, transfer, log out', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    await signInAt(page, urls.netbank, person);
    await atSite(page, urls.netbank);
    await shows(page, 'h1', `${hello}, ${person.fullName}`);
    await page.fill('[name=to]', '9999 0002 100');
    await page.fill('[name=amount]', '250,00');
    await page.click('main button');
    await shows(page, '.notice', '250,00 kr.');
    await page.locator('summary').click();
    await shows(page, 'details', 'nsis/loa/Substantial');

    await page.click('nav >> text=' + (isDanish ? 'Log af' : 'Sign out'));
    await page.waitForURL(`${urls.netbank}/**`);
    await page.click('a.button');
    await atPage(page, 'password');
    await context.close();
  });

  test('who logs out at the netbank is logged out at the municipality too', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const [bank, municipality] = [await context.newPage(), await context.newPage()];
    await signInAt(municipality, urls.randers, person);
    await atPage(municipality, 'consent');
    await municipality.click('[name=accept]');
    await atSite(municipality, urls.randers);
    await shows(municipality, 'h1', person.fullName);
    await signInAt(bank, urls.netbank, person);
    await atSite(bank, urls.netbank);

    await bank.goto(`${nodes.issuer}/session`);
    await atPage(bank, 'session');
    const where = await bank.locator('main').innerText();
    for (const name of [isDanish ? 'Gudenå Sparekasse' : 'Gudenå Savings Bank', 'Randers Kommune']) {
      expect(where).toContain(name);
    }
    await bank.goto(`${urls.netbank}/logout`);
    await atSite(bank, urls.netbank);
    for (let i = 0; i < 100; i += 1) {
      await municipality.goto(urls.randers);
      if (!(await municipality.locator('h1').first().innerText()).includes(person.fullName)) break;
      await municipality.waitForTimeout(50);
    }
    await shows(municipality, 'a.button', isDanish ? 'Log på' : 'Sign in');
    await context.close();
  });

  test('municipality: consent refused, then given, then remembered; the move is for the CPR number', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    await signInAt(page, urls.randers, person);
    await atPage(page, 'consent');
    const shown = await page.locator('dl').innerText();
    expect(shown).toContain(`${person.cpr.slice(0, 6)}-${person.cpr.slice(6)}`);
    await page.click(`button:has-text("${t.consent.refuse}")`);
    await shows(page, '[role=alert]', isDanish ? 'Du sagde nej' : 'You said no');

    await signInAt(page, urls.randers, person);
    await atPage(page, 'consent');
    await page.reload();
    await atPage(page, 'consent');
    await page.click(`button:has-text("${t.consent.accept}")`);
    await atSite(page, urls.randers);
    await shows(page, 'main', `${person.cpr.slice(0, 6)}-${person.cpr.slice(6)}`);
    await page.fill('[name=address]', 'Nørregade 1, 8900 Randers C');
    await page.fill('[name=date]', '2026-12-01');
    await page.click('section:first-of-type button');
    await shows(page, '.notice', 'Nørregade 1');
    await page.click('[name=place][value="1"]');
    await shows(page, '.notice', 'Fritidsvej');

    // Remembered, also in another browser.
    const other = await open(options);
    const elsewhere = await other.newPage();
    await signInAt(elsewhere, urls.randers, person);
    await atSite(elsewhere, urls.randers);
    await other.close();
    await context.close();
  });

  test('bank only: a no is reported at the municipality, the bank works, and a yes continues', async () => {
    const bent = await aPerson(nodes, { publicSites: false });
    const context = await open(options);
    const page = await context.newPage();
    await signInAt(page, urls.randers, bent);
    await atPage(page, 'public-sites');
    await shows(page, 'h1', t.publicSites.off.title);
    await page.click('[name=cancel]');
    const notice = isDanish ? 'Dit ID virker kun i din bank.' : 'Your ID works only at your bank.';
    await shows(page, '[role=alert]', notice);
    await signInAt(page, urls.netbank, bent);
    await shows(page, 'h1', bent.fullName);
    await signInAt(page, urls.randers, bent);
    await atPage(page, 'public-sites');
    await page.click('[name=accept]');
    // The municipality asks for the CPR number too.
    await atPage(page, 'consent');
    await page.click('[name=accept]');
    await atSite(page, urls.randers);
    await shows(page, 'h1', bent.fullName);
    await context.close();
  });

  test('the public site rides on the session, the bank wants a fresh key', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    await signInAt(page, urls.netbank, person);
    await page.goto(urls.randers);
    await page.click('a.button');
    await atPage(page, 'consent');
    await page.click(`button:has-text("${t.consent.accept}")`);
    await atSite(page, urls.randers);
    await page.goto(`${urls.netbank}/login`);
    await givePassword(page, person);
    await giveKey(page, person);
    await atSite(page, urls.netbank);
    await context.close();
  });

  test('back, reload and cancel on the way', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const page = await context.newPage();
    await page.goto(urls.netbank);
    await page.click('a.button');
    await givePassword(page, person);
    await atPage(page, 'key');
    // Regardless of what the browser cached: the stored state decides where the sign-in is.
    await page.goBack();
    await page.reload();
    // Without script the first page is at the address that began the request, and asks again.
    if (!options.javaScriptEnabled) await givePassword(page, person);
    await atPage(page, 'key');
    await page.reload();
    await giveKey(page, person);
    await atSite(page, urls.netbank);
    await page.goBack();
    await page.goForward();

    await page.goto(`${urls.netbank}/logout`);
    await page.waitForURL(`${urls.netbank}/**`);
    await page.click('a.button');
    await page.click(`text=${t.cancel}`);
    await shows(page, '[role=alert]', isDanish ? 'Du fortrød' : 'You changed your mind');
    await context.close();
  });

  test('two tabs at one site, and a forged answer between them', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const [one, two] = [await context.newPage(), await context.newPage()];
    await one.goto(`${urls.netbank}/login`);
    await two.goto(`${urls.netbank}/login`);
    await givePassword(one, person);
    await giveKey(one, person);
    await atSite(one, urls.netbank);
    await one.goto(`${urls.netbank}/cb?error=x&error_description=constructor&state=forged`);
    await givePassword(two, person);
    await giveKey(two, person);
    await shows(two, 'h1', `${hello}, ${person.fullName}`);
    await context.close();
  });

  test('two concurrent tabs, at two sites', async () => {
    const person = await aPerson(nodes);
    const context = await open(options);
    const [one, two] = [await context.newPage(), await context.newPage()];
    await one.goto(`${urls.netbank}/login`);
    await two.goto(`${urls.randers}/login`);
    await givePassword(one, person);
    await givePassword(two, person);
    await giveKey(one, person);
    await atSite(one, urls.netbank);
    // The second tab shows a number that is spent now; it says so and asks for another.
    await giveKey(two, person);
    await shows(two, '[role=alert]', t.key.stale);
    await giveKey(two, person);
    await atPage(two, 'consent');
    await two.click(`button:has-text("${t.consent.accept}")`);
    await atSite(two, urls.randers);
    await context.close();
  });
});
