/**
 * The person chooses on the page, the last used first: for each set of a card, a security key and a code
 * token, at a sign-in and at a step-up, in both languages, in the HTML that is there without script.
 */
import { describe, expect, test } from '@jest/globals';
import { LOW } from '../../src/domain/signIn/levels.ts';
import { HELD_FACTORS, type HeldFactorKind } from '../../src/domain/factors/heldFactors.ts';
import { aCodeToken, type SoftToken } from '../support/codeTokens.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  authRequest,
  IS_WHOLE_PROOF,
  keyFor,
  logOut,
  sendAssertion,
  TestBrowser,
  toKeyPage,
  useNodes,
  type BrowserPage,
  type HeldSecurityKey,
  type TestPerson,
} from '../support/index.ts';

const nodes = useNodes({ count: 2 });

const SETS = Array.from({ length: 7 }, (_, i) => HELD_FACTORS.filter((_kind, bit) => ((i + 1) >> bit) & 1));

/** What each way is recognised by. */
const MARK: Readonly<Record<HeldFactorKind, string>> = {
  card: 'data-card-number',
  security_key: 'data-webauthn="get"',
  code_token: 'name="code"',
};
const WAY = { card: 'card', security_key: 'security-key', code_token: 'code' } as const;

interface Holder {
  readonly person: TestPerson;
  readonly key: HeldSecurityKey | null;
  readonly token: SoftToken | null;
}

async function hold(kinds: readonly HeldFactorKind[], language: 'da' | 'en'): Promise<Holder> {
  const person = await aPerson(nodes, { language });
  const key = kinds.includes('security_key') ? await aSecurityKey(nodes, person) : null;
  const token = kinds.includes('code_token') ? await aCodeToken(nodes, person) : null;
  if (!kinds.includes('card'))
    await nodes.database.query(`UPDATE key_cards SET state = 'used_up', challenge = NULL WHERE id = $1`, [
      person.cardId,
    ]);
  return { person, key, token };
}

async function give(
  { person, key, token }: Holder,
  browser: TestBrowser,
  page: BrowserPage,
  kind: HeldFactorKind,
): Promise<BrowserPage> {
  switch (kind) {
    case 'card':
      return await browser.send(page, { key: keyFor(person, page) });
    case 'security_key':
      return await sendAssertion(browser, page, key ?? (await aSecurityKey(nodes, person)));
    case 'code_token': {
      nodes.clock.forward(30_000);
      return await browser.send(page, { step: 'code-token', code: token?.show() ?? '' });
    }
  }
}

/** The ways of a page in their order, and how many main buttons it has. */
function readWays({ text }: BrowserPage): { order: HeldFactorKind[]; mainButtons: number; language: string } {
  const main = text.slice(text.indexOf('<main'), text.indexOf('</main>'));
  const shown = HELD_FACTORS.filter((kind) => main.includes(MARK[kind]));
  return {
    order: shown.toSorted((a, b) => main.indexOf(MARK[a]) - main.indexOf(MARK[b])),
    mainButtons: main.split('button-primary').length - 1,
    language: /<html lang="(\w+)"/.exec(text)?.[1] ?? '',
  };
}

/** The last used, else the strongest. */
function findFirst(
  kinds: readonly HeldFactorKind[],
  last: HeldFactorKind | null,
): HeldFactorKind | undefined {
  return last ?? (['security_key', 'code_token', 'card'] as const).find((kind) => kinds.includes(kind));
}

const cookieOf = async (browser: TestBrowser) =>
  /noegle-way=([\w-]+)/.exec((await browser.cookiesFor('/login/x')).join(';'))?.[1] ?? null;

// The order depends on no word: the whole proof has both.
describe.each<'da' | 'en'>(IS_WHOLE_PROOF ? ['da', 'en'] : ['da'])('in %s', (language) => {
  test.each(SETS.map((kinds) => [kinds.join(', '), kinds] as const))('with %s', async (_name, kinds) => {
    const [rp, low] = [await aRelyingParty(nodes), await aRelyingParty(nodes, { min_acr: LOW })];
    const holder = await hold(kinds, language);
    const browser = new TestBrowser(nodes);
    const login = () => authRequest(rp, { prompt: 'login', ui_locales: language });
    let last: HeldFactorKind | null = null;
    // Each of them after each other.
    for (const kind of [...kinds, ...kinds.toReversed()]) {
      const page = await toKeyPage(browser, holder.person, login());
      const ways = readWays(page);
      expect([page.page, ways.language, ways.order[0]]).toEqual(['key', language, findFirst(kinds, last)]);
      expect(ways.order.toSorted()).toEqual([...kinds].sort());
      expect(ways.mainButtons).toBe(1);
      const done = await give(holder, browser, page, kind);
      expect([kind, done.headers.location?.includes('code=')]).toEqual([kind, true]);
      expect(await cookieOf(browser)).toBe(kinds.length > 1 ? WAY[kind] : null);
      last = kinds.length > 1 ? kind : null;
    }
    // A session by the password alone is raised: the same order, and what is used is remembered.
    last = null;
    const raised = new TestBrowser(nodes);
    for (const kind of [...kinds, ...kinds.toReversed()]) {
      const more = { ui_locales: language };
      await toKeyPage(raised, holder.person, authRequest(low, { ...more, acr_values: LOW }));
      const page = await raised.follow(authRequest(rp, more).path);
      const ways = readWays(page);
      expect([page.page, ways.language, ways.order[0]]).toEqual(['key', language, findFirst(kinds, last)]);
      expect(ways.order.toSorted()).toEqual([...kinds].sort());
      const done = await give(holder, raised, page, kind);
      expect([kind, done.headers.location?.includes('code=')]).toEqual([kind, true]);
      expect(await cookieOf(raised)).toBe(kinds.length > 1 ? WAY[kind] : null);
      last = kinds.length > 1 ? kind : null;
      await logOut(raised);
    }
  });
});
