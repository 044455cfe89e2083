/**
 * What is left on the screen after a time-out, a log-out or a finished form, in Chromium with the server's
 * time: nothing of the person, in the document, in its fields, in what a screen reader reads, in the address
 * and in the pixels; also with back and forward, with script and without.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser as Chromium, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import {
  aPerson,
  aRegistered,
  fillIn,
  issueApplication,
  Nodes,
  openCounterSession,
  openDesk,
  waitForLetters,
  type TestPerson,
} from '../support/index.ts';

let nodes: Nodes;
let chromium: Chromium;
let person: TestPerson;
let officer: TestPerson;
beforeAll(async () => {
  [nodes, chromium] = [await Nodes.start({ count: 2 }), await launchChromium()];
  person = await aPerson(nodes);
  const { operators } = await openDesk(nodes);
  officer = (await openCounterSession(nodes, operators, 'officer')).person;
});
afterAll(async () => {
  await chromium?.close();
  await nodes.close();
});

const atPage = async (page: Page, name: string) => await page.waitForSelector(`main[data-page="${name}"]`);
const pressMain = async (page: Page) => await page.click('main button.button-primary');

async function openTab(javaScriptEnabled: boolean): Promise<Page> {
  const context = await chromium.newContext({ locale: 'da-DK', javaScriptEnabled });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  if (javaScriptEnabled) await page.clock.install();
  return page;
}

async function signIn(page: Page, path: string, who: TestPerson): Promise<void> {
  await page.goto(nodes.issuer + path);
  await page.fill('[name=userId]', who.userId);
  await page.fill('[name=password]', who.password);
  await pressMain(page);
  await atPage(page, 'key');
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', who.keys.get(number ?? '') ?? '');
  await pressMain(page);
  await page.waitForURL((url) => url.pathname === path);
}

/** Everything that says who a person is, as pages may write it. */
const saysWho = ({ fullName, idNumber, userId, cardNumber, cpr, identityId }: TestPerson): string[] => {
  const grouped = [idNumber.replaceAll(/(\d{3})(?=\d)/g, '$1 '), `${cpr.slice(0, 6)}-${cpr.slice(6)}`];
  const mark = fullName.split('-').at(-1) ?? fullName;
  return [fullName, mark, idNumber, userId, cardNumber, cpr, identityId, ...grouped];
};

/** Which of these can still be found. The mark of a test person is in its name, address and e-mail. */
async function findTraces(page: Page, secrets: readonly string[]): Promise<string[]> {
  const cdp = await page.context().newCDPSession(page);
  const { nodes: tree } = await cdp.send('Accessibility.getFullAXTree');
  await cdp.detach();
  const inPage =
    await page.evaluate<string>(`[document.documentElement.outerHTML, document.title, location.href,
    JSON.stringify(history.state), ...[...document.querySelectorAll('input, textarea, select')].map((f) => f.value),
    JSON.stringify({ ...sessionStorage }), JSON.stringify({ ...localStorage })].join('\\n')`);
  const all = inPage + JSON.stringify(tree);
  return secrets.filter((secret) => all.includes(secret));
}

/** The same picture as in a browser that never knew the person. */
async function expectStrangersPicture(page: Page, isWithScript: boolean): Promise<void> {
  const stranger = await openTab(isWithScript);
  const url = new URL(page.url());
  // A sign-in is of its browser: a stranger's begins at the site.
  await stranger.goto(url.pathname.startsWith('/login/') ? `${nodes.issuer}/self-service` : url.href);
  const pictures = [];
  for (const one of [page, stranger]) {
    await one.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
    pictures.push(await one.screenshot({ fullPage: true }));
  }
  await stranger.context().close();
  expect([url.pathname, pictures[0]?.equals(pictures[1] ?? Buffer.of())]).toEqual([url.pathname, true]);
}

/** Back to the first page, and forward again. @returns the number of pages that were seen */
async function expectNothingBehind(page: Page, secrets: readonly string[]): Promise<number> {
  const seen = new Set<string>();
  for (const step of ['goBack', 'goForward'] as const) {
    for (let i = 0; i < 8; i += 1) {
      // A page that answered a form is not loaded again.
      await page[step]().catch(() => null);
      await page.waitForLoadState().catch(() => undefined);
      if (!page.url().startsWith(nodes.issuer)) break;
      seen.add(new URL(page.url()).pathname);
      expect([step, page.url(), await findTraces(page, secrets)]).toEqual([step, page.url(), []]);
    }
  }
  return seen.size;
}

describe.each([
  ['self-service', '/self-service', 30],
  ['the desk', '/desk', 15],
] as const)('%s', (_name, path, minutes) => {
  /** With a citizen's data on the screen. */
  const open = async (isWithScript: boolean): Promise<{ page: Page; secrets: string[] }> => {
    const page = await openTab(isWithScript);
    if (path === '/desk') {
      await signIn(page, path, officer);
      await page.goto(`${nodes.issuer}/desk/search`);
      await page.fill('[name=number]', person.cpr);
      await page.fill('[name=reason]', 'Henvendelse ved skranken');
      await pressMain(page);
      await atPage(page, 'desk-person');
    } else {
      await signIn(page, path, person);
      // The address no longer contains the time of its start.
      if (isWithScript) expect(page.url()).not.toContain('at=');
      for (const part of ['card', 'activity', 'contact']) await page.goto(`${nodes.issuer}${path}/${part}`);
    }
    const secrets = [...saysWho(person), ...(path === '/desk' ? saysWho(officer) : [])];
    expect(await findTraces(page, secrets)).toContain(person.fullName);
    return { page, secrets };
  };

  test('untouched for its time: the page is gone, and so is what is behind it', async () => {
    const { page, secrets } = await open(true);
    nodes.clock.forward((minutes - 1.5) * 60_000);
    await page.clock.fastForward((minutes - 1.5) * 60_000);
    await page.locator('dialog[open]').waitFor();
    for (const _ of [1, 2]) await page.keyboard.press('Escape');
    // The person was active: the full time again.
    await page.locator('dialog').waitFor({ state: 'hidden' });
    nodes.clock.forward((minutes + 1) * 60_000);
    // Nøgle's own session keeps real time, and has been idle for longer by that time.
    await nodes.database.query(`UPDATE oidc_records SET expires_at = now() WHERE model = 'Session'`);
    await page.clock.fastForward((minutes + 1) * 60_000);
    await atPage(page, 'site-timed-out');
    expect(page.url()).toContain(`${path}/timed-out?to=`);
    expect(await findTraces(page, secrets)).toEqual([]);
    await expectStrangersPicture(page, true);
    expect(await expectNothingBehind(page, secrets)).toBeGreaterThan(1);
    await page.context().close();
  });

  test('offline at the end: emptied all the same; and a second window of the session goes too', async () => {
    const { page, secrets } = await open(true);
    const other = await page.context().newPage();
    await other.goto(nodes.issuer + path);
    await page.context().setOffline(true);
    await page.clock.fastForward((minutes + 1) * 60_000);
    for (const one of [page, other]) {
      await atPage(one, 'emptied');
      expect(await findTraces(one, secrets)).toEqual([]);
    }
    await page.context().close();
  });

  test.each([true, false])('signed out, script %s: back and forward show nothing', async (isWithScript) => {
    const { page, secrets } = await open(isWithScript);
    await page.click(`form[action="${path}/sign-out"] button`);
    await page.waitForURL((url) => !url.pathname.includes('/person') && !url.pathname.endsWith('/contact'));
    await page.waitForLoadState();
    expect(await findTraces(page, secrets)).toEqual([]);
    await expectStrangersPicture(page, isWithScript);
    expect(await expectNothingBehind(page, secrets)).toBeGreaterThan(1);
    await page.context().close();
  });
});

test.each([true, false])(
  'ordered, script %s: the receipt and what is behind it name nobody',
  async (isWithScript) => {
    const entry = await aRegistered(nodes);
    const page = await openTab(isWithScript);
    await page.goto(`${nodes.issuer}/order`);
    for (const [name, value] of Object.entries({ ...fillIn(entry), email: 'soeren-aage@mail.example' })) {
      const field = page.locator(`[name=${name}]:not([type=hidden])`);
      if ((await field.count()) === 0) continue;
      const kind = await field.first().getAttribute('type');
      if (kind === 'checkbox') await field.check();
      else if (kind === 'radio') await page.check(`[name=${name}][value=${value}]`);
      else await field.fill(value);
    }
    await pressMain(page);
    await atPage(page, 'order-terms');
    for (const tick of ['withoutInterpreter', 'operatesAlone', 'terms']) await page.check(`[name=${tick}]`);
    await pressMain(page);
    await atPage(page, 'order-check');
    await pressMain(page);
    await atPage(page, 'order-received');
    const secrets = [
      entry.cpr,
      entry.familyName,
      entry.passport ?? '',
      entry.address?.street ?? '',
      'soeren-aage',
    ];
    expect(await findTraces(page, secrets)).toEqual([]);
    expect(await expectNothingBehind(page, secrets)).toBeGreaterThan(0);
    await page.context().close();
  },
);

test.each([true, false])('blocked, script %s: back shows nobody', async (isWithScript) => {
  const blocked = await aPerson(nodes);
  const page = await openTab(isWithScript);
  await page.goto(`${nodes.issuer}/block/card`);
  await page.fill('[name=userId]', blocked.userId);
  await page.fill('[name=password]', blocked.password);
  await pressMain(page);
  await page.waitForLoadState();
  expect(await findTraces(page, saysWho(blocked))).toEqual([]);
  expect(await expectNothingBehind(page, saysWho(blocked))).toBeGreaterThan(0);
  await page.context().close();
});

test.each([true, false])('activated, script %s: back shows nobody', async (isWithScript) => {
  const issued = await waitForLetters(nodes, await issueApplication(nodes));
  const page = await openTab(isWithScript);
  await page.goto(`${nodes.issuer}/activate`);
  await page.fill('[name=userId]', issued.idNumber);
  await page.fill('[name=password]', issued.temporaryPassword);
  await pressMain(page);
  await atPage(page, 'activate-key');
  const challenge = page.locator('[data-key-number]');
  const cardNumber = (await challenge.getAttribute('data-card-number')) ?? '';
  await page.fill(
    '[name=key]',
    issued.keys.get((await challenge.getAttribute('data-key-number')) ?? '') ?? '',
  );
  await pressMain(page);
  await atPage(page, 'activate-choose');
  const userId = `vælger-${isWithScript ? 'med' : 'uden'}-script`;
  await page.fill('[name=userId]', userId);
  await page.fill('[name=password]', 'Fire hvide gæs og en and');
  await pressMain(page);
  await page.waitForLoadState();
  await page.goto(`${nodes.issuer}/`);
  expect(await expectNothingBehind(page, [issued.idNumber, userId, cardNumber])).toBeGreaterThan(1);
  await page.context().close();
});
