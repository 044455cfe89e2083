/**
 * Security keys and passkeys in Chromium, with its virtual authenticator: added in self-service, and a
 * thief's one stopped within its wait. Races over two nodes, with controls that lose.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { CDPSession, Page } from 'playwright-core';
import { MAX_SECURITY_KEYS, SECURITY_KEY_WAIT_MS } from '../../src/domain/factors/securityKey.ts';
import { lockIdentity } from '../../src/db/cards/cardSets.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { announceSecurityKeys } from '../../src/features/securityKeys/announceSecurityKeys.ts';
import { addSecurityKeyInTransaction } from '../../src/features/securityKeys/index.ts';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import {
  aPerson,
  keyFor,
  signInAt,
  takeOut,
  TestBrowser,
  useChromium,
  useNodes,
  type TestPerson,
} from '../support/index.ts';
import { anAuthenticator, SECURITY_KEYS, sendCreation } from '../support/securityKeyCreation.ts';

const chromium = useChromium();
const nodes = useNodes({ count: 2 });

const aliveOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ name: string }>(
      'SELECT name FROM security_keys WHERE identity_id = $1 AND ended_at IS NULL ORDER BY name',
      [identityId],
    )
  ).map(({ name }) => name);

const atPage = async (page: Page, name: string) => await page.waitForSelector(`main[data-page="${name}"]`);

async function giveKey(page: Page, person: TestPerson): Promise<void> {
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', person.keys.get(number ?? '') ?? '');
  await page.click('button.button-primary');
}

async function open(person: TestPerson, locale: string, javaScriptEnabled = true): Promise<Page> {
  const context = await chromium.newContext({
    locale,
    javaScriptEnabled,
    viewport: { width: 900, height: 900 },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(`${nodes.issuer}/self-service`);
  await page.fill('[name=userId]', person.idNumber);
  await page.fill('[name=password]', person.password);
  await page.locator('form:has([name=password]) button.button-primary').click();
  await atPage(page, 'key');
  await giveKey(page, person);
  await atPage(page, 'self-home');
  return page;
}

async function plugIn(page: Page, isUserVerified: boolean): Promise<{ cdp: CDPSession; id: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId: id } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id };
}

async function add(page: Page, person: TestPerson, name: string): Promise<void> {
  await page.goto(`${nodes.issuer}${SECURITY_KEYS}/add`);
  await page.fill('[name=name]', name);
  await page.click('form[data-webauthn] button');
  await atPage(page, 'self-confirm');
  expect(await page.locator('main').innerText()).toContain(name);
  await giveKey(page, person);
  await atPage(page, 'self-told');
}

describe.each(['da', 'en'] as const)('in Chromium, %s', (language) => {
  const t = TEXTS_BY_LANGUAGE[language];
  const words = t.securityKeyPages;

  test('one is added, a thief’s is stopped within its wait, and the other counts a day later', async () => {
    const person = await aPerson(nodes);
    const page = await open(person, language);
    const { cdp, id } = await plugIn(page, true);
    await page.click(`.noegle-cards a[href="${SECURITY_KEYS}"]`);
    await atPage(page, 'self-security-keys');
    expect(await page.locator('main').innerText()).toContain(words.none);
    await page.click(`a[href="${SECURITY_KEYS}/add"]`);
    await atPage(page, 'self-security-key-add');
    await page.locator('[data-webauthn-missing]').waitFor({ state: 'detached' });
    await add(page, person, 'Min telefon');
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId: id });
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);

    // The same device has one: the browser says so, and the page with it.
    await page.goto(`${nodes.issuer}${SECURITY_KEYS}/add`);
    await page.fill('[name=name]', 'x');
    await page.click('form[data-webauthn] button');
    await page.getByText(t.securityKeys.browserFaults.InvalidStateError).waitFor();
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: id });
    // One whose user is not who it knows: nothing is added.
    const stranger = await plugIn(page, false);
    await page.click('form[data-webauthn] button');
    await page.getByText(t.securityKeys.browserFaults.NotAllowedError).waitFor();
    await stranger.cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: stranger.id });

    await plugIn(page, true);
    await add(page, person, 'Tyvens');
    await page.goto(`${nodes.issuer}${SECURITY_KEYS}`);
    const thiefs = page.locator('section.noegle-item', { hasText: 'Tyvens' });
    await thiefs.locator('summary', { hasText: words.stop }).click();
    await thiefs.getByRole('button', { name: words.stopSubmit }).click();
    await page.getByText(words.isDone.stopped).waitFor();
    expect(await aliveOf(person)).toEqual(['Min telefon']);
    nodes.clock.forward(SECURITY_KEY_WAIT_MS + 1);
    expect(await announceSecurityKeys(nodes.context, 100, [])).toBe(1);
    await page.context().close();
  });

  test('without script the page says that the card serves', async () => {
    const person = await aPerson(nodes);
    const page = await open(person, language, false);
    await page.goto(`${nodes.issuer}${SECURITY_KEYS}/add`);
    expect(await page.locator('main').innerText()).toContain(t.securityKeys.missing);
    expect(await page.locator('form[data-webauthn]').isVisible()).toBe(false);
    await page.context().close();
  });
});

const aKey = (name: string) => ({
  key: {
    credentialId: randomBytes(32),
    publicKey: randomBytes(77),
    signCount: 0,
    transports: [],
    aaguid: randomUUID(),
    isDiscoverable: false,
    isSynced: false,
    isBackedUp: false,
    isAttested: false,
  },
  name,
  place: 'self_service' as const,
  isConfirmed: false,
});

/** Sixteen callers on two nodes, each with a credential of its own. @returns how many there are then */
async function addMany(person: TestPerson): Promise<number> {
  await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      const { context } = nodes.node(i % 2).app;
      await context.database.transaction(async (db) => {
        await lockIdentity(db, person.identityId);
        return await addSecurityKeyInTransaction(context, db, person.identityId, aKey(`${i}`), {
          by: 'person',
        });
      });
    }),
  );
  return (await aliveOf(person)).length;
}

/** @returns how many were announced by eight callers on two nodes, of those that wait */
async function announceMany(): Promise<number> {
  const counts = await Promise.all(
    Array.from(
      { length: 8 },
      async (_, i) => await announceSecurityKeys(nodes.node(i % 2).app.context, 100, []),
    ),
  );
  return counts.reduce((sum, one) => sum + one, 0);
}

/** Blocks the ID on the other node, so many milliseconds from now. */
async function blockAfter(round: number, { identityId }: TestPerson): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, round));
  await blockTarget(nodes.node((round + 1) % 2).app.context, identityId, 'identity', { by: 'person' });
}

describe('over two nodes', () => {
  test('sixteen at once leave ten; control: without the lock there are more', async () => {
    expect(await addMany(await aPerson(nodes))).toBe(MAX_SECURITY_KEYS);
    const repair = takeOut(nodes, 'FOR NO KEY UPDATE OF i', '');
    const many: number[] = [];
    for (let round = 0; round < 5; round += 1) many.push(await addMany(await aPerson(nodes)));
    repair();
    expect(Math.max(...many)).toBeGreaterThan(MAX_SECURITY_KEYS);
  });

  test('each is announced once; control: without the judgement by rows it is told again', async () => {
    await nodes.database.query('UPDATE security_keys SET announced_at = added_at WHERE announced_at IS NULL');
    const person = await aPerson(nodes);
    await addMany(person);
    nodes.clock.forward(SECURITY_KEY_WAIT_MS + 1);
    expect(await announceMany()).toBe(MAX_SECURITY_KEYS);
    const other = await aPerson(nodes);
    await addMany(other);
    nodes.clock.forward(SECURITY_KEY_WAIT_MS + 1);
    const repair = takeOut(nodes, 'announced_at IS NULL', 'true');
    expect(await announceMany()).toBeGreaterThan(MAX_SECURITY_KEYS);
    repair();
  });

  test('a block of the ID leaves none alive, whatever is being added', async () => {
    const kinds = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const person = await aPerson(nodes);
      const browser = new TestBrowser(nodes, round % 2);
      await signInAt(browser, person, '/self-service');
      const page = await browser.follow(`${SECURITY_KEYS}/add`);
      const asked = await sendCreation(browser, page, anAuthenticator(nodes));
      await Promise.all([browser.post(asked, { key: keyFor(person, asked) }), blockAfter(round, person)]);
      expect(await aliveOf(person)).toEqual([]);
      const rows = await nodes.database.query('SELECT FROM security_keys WHERE identity_id = $1', [
        person.identityId,
      ]);
      kinds.add(rows.length === 0 ? 'not added' : 'added and ended');
    }
    expect(kinds.size).toBeGreaterThan(0);
  });
});
