/**
 * A security key that is added, confirmed by a key of the card and by what the person signs in with already:
 * it counts at once. Whatever is wrong with that is refused in words, and spends nothing.
 */
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { SECURITY_KEY_WAIT_MS } from '../../src/domain/factors/securityKey.ts';
import { blockCodeTokens } from '../../src/features/codeTokens/index.ts';
import { endSecurityKey } from '../../src/features/securityKeys/index.ts';
import { TEXTS_BY_LANGUAGE } from '../../src/ui/language.ts';
import { da } from '../../src/ui/words/words.da.ts';
import {
  aPerson,
  aSecurityKey,
  authRequest,
  requestOptionsOf,
  signInAt,
  TestBrowser,
  useChromium,
  useNodes,
  useRelyingParty,
  type BrowserPage,
  type HeldSecurityKey,
  type TestPerson,
} from '../support/index.ts';
import { atPage, submitKey, submitPassword } from '../support/chromiumSteps.ts';
import { aCodeToken, tokenSteps } from '../support/codeTokens.ts';
import { anAuthenticator } from '../support/securityKeyCreation.ts';
import { answerAt, askToAdd, confirmWith, secondWayFacts } from '../support/secondWay.ts';
import { VirtualAuthenticator } from '../support/virtualAuthenticator.ts';

const chromium = useChromium();
const nodes = useNodes({ count: 2 });
const rp = useRelyingParty(nodes);
const { keysOf, newOf, addedOf, spentOf, noticesOf } = secondWayFacts(nodes);
const { submitCode, isSignedIn } = tokenSteps(nodes);
const { faults, gone, far } = da.selfService.confirm.secondWay;
const { done } = da.selfService;

async function signedIn(person: TestPerson, node = 0): Promise<TestBrowser> {
  const browser = new TestBrowser(nodes, node);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  return browser;
}

interface Scene {
  readonly person: TestPerson;
  readonly held: HeldSecurityKey;
  readonly browser: TestBrowser;
  readonly asked: BrowserPage;
}

async function aScene(options: Parameters<typeof aSecurityKey>[2] = {}): Promise<Scene> {
  const person = await aPerson(nodes);
  const held = await aSecurityKey(nodes, person, options);
  const browser = await signedIn(person);
  return { person, held, browser, asked: await askToAdd(nodes, browser) };
}

describe('by a security key', () => {
  test.each([
    ['passkey', { synced: true }],
    ['security_key', {}],
  ] as const)(
    'a %s: the new one counts at once, and the log and a notice say why',
    async (factor, options) => {
      const { person, held, browser, asked } = await aScene(options);
      expect(asked.text).toContain(da.selfService.confirm.secondWay.means);
      const page = await confirmWith(browser, person, asked, answerAt(asked, held));
      expect([page.page, page.text.includes(done.addedAtOnce)]).toEqual(['self-told', true]);
      expect(await newOf(person)).toEqual([false]);
      const [used] = await keysOf(person);
      expect(used).toMatchObject({ id: held.id, uses: 1 });
      expect(await addedOf(person)).toMatchObject([{ by: 'person', confirmedWith: { factor, id: held.id } }]);
      const [notice] = await noticesOf(person);
      expect(notice).toEqual({ at: expect.any(String), confirmedWith: 'security_key' });
      const log = await browser.follow('/self-service/activity');
      expect(log.text).toContain(
        'du bekræftede også med en sikkerhedsnøgle eller adgangsnøgle, du allerede brugte',
      );
    },
  );

  test('without it the new one waits, also where the browser could have asked', async () => {
    const { person, browser, asked } = await aScene();
    const page = await confirmWith(browser, person, asked, { plain: '1' });
    expect(page.text).toContain(done.add_security_key.slice(0, 40));
    expect(await newOf(person)).toEqual([true]);
  });

  test('a person who has none is asked for none, nor is one whose only one waits', async () => {
    const person = await aPerson(nodes);
    const browser = await signedIn(person);
    const first = await askToAdd(nodes, browser, 'Den første');
    await confirmWith(browser, person, first, {});
    const second = await askToAdd(nodes, browser);
    for (const page of [first, second])
      expect(page.text).not.toContain(da.selfService.confirm.secondWay.heading);
  });
});

describe('what is wrong with an answer is said, spends nothing and adds nothing', () => {
  type Send = (scene: Scene) => Promise<Record<string, string>> | Record<string, string>;
  const CASES: readonly (readonly [string, string, Send])[] = [
    [
      'of another person’s key',
      faults.not_accepted,
      async ({ asked }) => answerAt(asked, await anothers(), { userHandle: null }),
    ],
    [
      'with the id of the person’s own, signed by another',
      faults.not_accepted,
      async ({ asked, held }) =>
        answerAt(asked, await anothers(), {
          userHandle: null,
          credentialId: held.authenticator.credentialIds[0] ?? '',
        }),
    ],
    [
      'of a sign-in',
      faults.not_accepted,
      async ({ held }) => {
        const page = await new TestBrowser(nodes).follow(authRequest(rp).path);
        return answerAt(page, held);
      },
    ],
    [
      'of another addition in this session',
      faults.not_accepted,
      async ({ browser, held, asked, person }) => {
        const credential = answerAt(asked, held);
        // One waits at a time: this page is another one's.
        const other = await askToAdd(nodes, browser, 'En til');
        const page = await confirmWith(browser, person, other, credential);
        expect(page.text).toContain(faults.not_accepted);
        return { ...credential, ...(await stillAsked(browser, other)) };
      },
    ],
    [
      'by a user who was not verified',
      faults.not_verified,
      ({ asked, held }) => answerAt(asked, held, { userVerified: false }),
    ],
    [
      'from another address',
      faults.not_accepted,
      ({ asked, held }) => answerAt(asked, held, { origin: 'https://example.com' }),
    ],
    [
      'with a counter that fell',
      faults.copied,
      async ({ asked, held }) => {
        await nodes.database.query('UPDATE security_keys SET sign_count = 9 WHERE id = $1', [held.id]);
        return answerAt(asked, held, { signCount: 9 });
      },
    ],
    [
      'of a key that was removed since',
      faults.not_accepted,
      async ({ asked, held, person: { identityId } }) => {
        await endSecurityKey(nodes.context, identityId, { id: held.id, by: { by: 'person' } }, () =>
          Promise.resolve(),
        );
        return answerAt(asked, held);
      },
    ],
    [
      'of a key that waits',
      faults.waiting,
      async ({ asked, held }) => {
        await nodes.database.query(
          `UPDATE security_keys SET counts_from = now() + interval '1 day' WHERE id = $1`,
          [held.id],
        );
        return answerAt(asked, held);
      },
    ],
    ['that is none', faults.malformed, () => ({ credential: '{"id":' })],
    ['that is long', faults.malformed, () => ({ credential: 'x'.repeat(12_000) })],
  ];

  async function anothers(): Promise<HeldSecurityKey> {
    const held = await aSecurityKey(nodes, await aPerson(nodes));
    // Its browser is not asked for it by this page.
    const { authenticator } = held;
    return {
      ...held,
      authenticator: new Proxy(authenticator, {
        get: (target, name) =>
          name === 'get'
            ? (options: Parameters<typeof authenticator.get>[0], more: object) =>
                target.get({ ...options, allowCredentials: [] }, more)
            : Reflect.get(target, name, target),
      }),
    };
  }
  const stillAsked = async (browser: TestBrowser, page: BrowserPage) => {
    const again = await browser.follow(page.formUrl);
    return { formUrl: again.formUrl };
  };

  test.each(CASES)('%s', async (_what, text, send) => {
    const scene = await aScene();
    const { person, browser, asked } = scene;
    const { formUrl, ...fields } = await send(scene);
    const at = formUrl ? { ...asked, formUrl } : asked;
    const spent = await spentOf(person);
    const page = await confirmWith(browser, person, at, fields);
    expect([page.status, page.page, page.text.includes(text)]).toEqual([200, 'self-confirm', true]);
    expect([await newOf(person), await spentOf(person), await addedOf(person)]).toEqual([[], spent, []]);
    // The card still serves, at the page that says so.
    const after = await confirmWith(browser, person, page, { plain: '1' });
    expect([after.page, await newOf(person)]).toEqual(['self-told', [true]]);
  });

  test('the new one does not confirm itself', async () => {
    const { person, browser, held } = await aScene();
    const fresh = anAuthenticator(nodes);
    const asked = await askToAdd(nodes, browser, 'Den nye', fresh);
    const credential = JSON.stringify(fresh.get({ ...requestOptionsOf(asked), allowCredentials: [] }));
    const page = await confirmWith(browser, person, asked, { credential });
    expect([
      page.text.includes(faults.not_accepted),
      held.authenticator.exportCredential().signCount,
    ]).toEqual([true, 0]);
  });

  test('an answer that confirmed an addition is of no use at a sign-in', async () => {
    const { person, held, browser, asked } = await aScene({ synced: true });
    const answer = answerAt(asked, held, { signCount: 0 });
    const login = new TestBrowser(nodes);
    const page = await login.follow(authRequest(rp).path);
    const refused = await login.send(page, answer);
    expect(refused.text).toContain(da.securityKey.faults.not_accepted);
    await confirmWith(browser, person, asked, answer);
    expect(await newOf(person)).toEqual([false]);
    expect((await login.send(refused, answer)).text).toContain(da.securityKey.faults.not_accepted);
  });

  test('a wrong key of the card beside a right answer counts, and the answer serves no other time', async () => {
    const { person, held, browser, asked } = await aScene();
    const page = await browser.send(asked, { key: '000000', ...answerAt(asked, held) });
    expect(page.text).toContain(da.key.wrong);
    expect([await newOf(person), (await keysOf(person))[0]?.uses]).toEqual([[], 0]);
  });
});

describe('by a code', () => {
  async function aCodeScene() {
    const person = await aPerson(nodes);
    const token = await aCodeToken(nodes, person);
    const browser = await signedIn(person);
    return { person, token, browser, asked: await askToAdd(nodes, browser) };
  }

  test('the new one counts at once, and the code is used', async () => {
    const { person, token, browser, asked } = await aCodeScene();
    const code = token.show();
    const page = await confirmWith(browser, person, asked, { code });
    expect([page.text.includes(done.addedAtOnce), await newOf(person)]).toEqual([true, [false]]);
    expect(await addedOf(person)).toMatchObject([{ confirmedWith: { factor: 'code_token' } }]);
    expect(await noticesOf(person)).toMatchObject([{ confirmedWith: 'code_token' }]);
    expect(isSignedIn(await submitCode(person, rp, code))).toBe(false);
  });

  test('a wrong one counts with wrong keys, and the key of the card stays', async () => {
    const { person, token, browser, asked } = await aCodeScene();
    const spent = await spentOf(person);
    let page = asked;
    for (let i = 0; i < 3; i += 1) {
      page = await confirmWith(browser, person, page, { code: token.showWrong() });
      expect(page.text).toContain(da.codeTokenStep.wrong);
    }
    page = await browser.send(page, { key: '000000' });
    expect(page.text).toContain(da.key.lastBeforeLock);
    page = await confirmWith(browser, person, page, { code: token.showWrong() });
    expect([page.page, page.text.includes(da.selfService.message.locked)]).toEqual(['self-told', true]);
    expect([await spentOf(person), await newOf(person)]).toEqual([spent, []]);
    const failures = await nodes.database.query<{ kind: string }>(
      `SELECT DISTINCT kind FROM failures WHERE identity_id = $1 ORDER BY kind`,
      [person.identityId],
    );
    expect(failures.map(({ kind }) => kind)).toEqual(['code_token', 'confirmation_key']);
  });

  test.each([
    ['no code', async () => 'abc', da.codeTokenStep.malformed(6)],
    [
      'one that signed in',
      async (person: TestPerson, show: () => string) => {
        const code = show();
        expect(isSignedIn(await submitCode(person, rp, code))).toBe(true);
        return code;
      },
      da.codeTokenStep.spent,
    ],
  ] as const)('%s is refused, and not counted', async (_what, give, text) => {
    const { person, token, browser, asked } = await aCodeScene();
    const code = await give(person, () => token.show());
    let page = asked;
    for (let i = 0; i < 6; i += 1) page = await confirmWith(browser, person, page, { code });
    expect([page.text.includes(text), await newOf(person)]).toEqual([true, []]);
  });

  test('of a device whose clock is off, or that was blocked', async () => {
    const { person, token, browser, asked } = await aCodeScene();
    token.aheadSeconds = 600;
    const page = await confirmWith(browser, person, asked, { code: token.show() });
    expect(page.text).toContain(far);
    await nodes.context.database.transaction(
      async (db) =>
        await blockCodeTokens(nodes.context, db, person.identityId, { by: 'person' }, { all: false }),
    );
    const after = await confirmWith(browser, person, page, { code: token.show() });
    expect([after.text.includes(gone), await newOf(person)]).toEqual([true, []]);
  });
});

describe.each(['da', 'en'] as const)('in Chromium, %s', (language) => {
  const t = TEXTS_BY_LANGUAGE[language];
  const words = t.selfService.confirm;

  async function open(): Promise<Page> {
    const context = await chromium.newContext({ locale: language });
    context.setDefaultTimeout(10_000);
    return await context.newPage();
  }
  async function enter(page: Page, person: TestPerson): Promise<void> {
    // As in a browser that was closed and opened again.
    await page.context().clearCookies();
    await page.goto(`${nodes.issuer}/self-service`);
    await submitPassword(page, person);
    await submitKey(page, person);
    await atPage(page, 'self-home');
  }
  async function add(page: Page, name: string): Promise<void> {
    await page.goto(`${nodes.issuer}/self-service/security-keys/add`);
    await page.fill('[name=name]', name);
    await page.click('form[data-webauthn] button');
    await atPage(page, 'self-confirm');
  }
  async function fillKey(page: Page, person: TestPerson): Promise<void> {
    const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
    await page.fill('[name=key]', person.keys.get(number ?? '') ?? '');
  }

  test('a second passkey is confirmed by the first, and signs in at once; without it, it waits', async () => {
    const person = await aPerson(nodes);
    const page = await open();
    await enter(page, person);
    const phone = await VirtualAuthenticator.plugInto(page, { isSynced: true });
    await add(page, 'Min telefon');
    await fillKey(page, person);
    await page.getByRole('button', { name: words.submit }).click();
    await atPage(page, 'self-told');
    expect(await newOf(person)).toEqual([true]);
    nodes.clock.forward(SECURITY_KEY_WAIT_MS + 1);
    // Else it answers what the page of user ID and password offers.
    await phone.setTouched(false);
    await enter(page, person);
    const ring = await VirtualAuthenticator.plugInto(page);
    await add(page, 'Nøglering 2');
    await phone.setTouched(true);
    await ring.setTouched(false);
    await fillKey(page, person);
    await page.getByRole('button', { name: words.secondWay.submit }).click();
    await page.getByText(t.selfService.done.addedAtOnce).waitFor();
    expect(await newOf(person)).toEqual([false, false]);

    // It signs in now.
    await phone.setTouched(false);
    await page.context().clearCookies();
    await page.goto(`${nodes.issuer}/self-service`);
    await submitPassword(page, person);
    await ring.setTouched(true);
    await page.getByRole('button', { name: t.securityKey.submit }).click();
    await atPage(page, 'self-home');

    // Without the button it waits: the key of Enter is that of the card alone.
    await ring.setTouched(false);
    await VirtualAuthenticator.plugInto(page);
    await add(page, 'Tredje');
    await fillKey(page, person);
    await page.press('[name=key]', 'Enter');
    await atPage(page, 'self-told');
    expect(await newOf(person)).toEqual([false, false, true]);
    await page.context().close();
  });
});
