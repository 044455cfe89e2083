/**
 * What only a password must never lead to: attacks by the forms of other steps, other people, and other tabs.
 */
import { describe, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import { findCard } from '../src/db/cards/keyCards.ts';
import { findSignIn, type SignInFacts } from '../src/db/signIn/signIns.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { choosePublicSites } from '../src/features/identity/choosePublicSites.ts';
import { readCard } from '../src/features/identity/readCard.ts';
import { makeSignInMac } from '../src/features/signIn/holder/holder.ts';
import { hashInteractionId } from '../src/features/appContext.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  challengeOf,
  holdOnNode,
  keyFor,
  logOut,
  OnNode0,
  orderNewCard,
  type BrowserPage,
  payloadOf,
  redeemCode,
  readReturnedCode,
  signInAtNode,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const BY = { by: 'person' } as const;

/** Accepts Low, and asks what the person consents to. */
const nodes = useNodes({ count: 2 });
const low = useRelyingParty(nodes, { min_acr: LOW });
const lowAsking = useRelyingParty(nodes, { min_acr: LOW, trusted: false });
const substantial = useRelyingParty(nodes);
const asking = useRelyingParty(nodes, { trusted: false });

const askLow = (rp: TestRelyingParty, params: Record<string, string> = {}) =>
  authRequest(rp, { acr_values: LOW, ...params });

async function lowSession(person: TestPerson, browser = new TestBrowser(nodes)): Promise<TestBrowser> {
  const page = await browser.follow(askLow(low).path);
  const end = await browser.send(page, { userId: person.userId, password: person.password });
  expect(readReturnedCode(end).get('code')).toBeTruthy();
  return browser;
}

/** The fields that the form of a key page would send. */
function keyForm(person: TestPerson, page: BrowserPage) {
  const { cardNumber, keyNumber } = challengeOf(page);
  const key = keyFor(person, page);
  return { step: 'key', cardNumber: cardNumber.replaceAll('-', ''), keyNumber, key };
}

async function statesOf({ identityId }: TestPerson): Promise<string[]> {
  const rows = await nodes.database.query<{ state: string }>(
    'SELECT state FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at',
    [identityId],
  );
  return rows.map(({ state }) => state);
}

async function eventsOf({ identityId }: TestPerson): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    'SELECT kind FROM audit_events WHERE identity_id = $1 ORDER BY id',
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

/** The card in the post, as a thief of the letter reads it. */
async function stolenCard(person: TestPerson) {
  await orderNewCard(nodes.context, person.identityId, BY);
  await nodes.node(0).app.tasks['sendLetters']?.({});
  const [row] = await nodes.database.query<{ id: string }>(
    `SELECT id FROM key_cards WHERE identity_id = $1 AND state = 'sent'`,
    [person.identityId],
  );
  const card = await findCard(nodes.context.database, row?.id ?? '');
  if (!card) throw new Error('no card was sent');
  const contents = readCard(nodes.context, card);
  for (const key of contents.keys) nodes.secrets.keys.add(key);
  return { cardNumber: card.cardNumber, ...contents };
}

describe('the forms of other steps', () => {
  test.each(['Low', 'Substantial'])(
    'at the consent page of someone with a %s session: no one else’s password and key count for them',
    async (level) => {
      const [victim, thief] = [await aPerson(nodes), await aPerson(nodes)];
      const browser = new TestBrowser(nodes);
      if (level === 'Low') await lowSession(victim, browser);
      else await signInAtNode(browser, victim, authRequest(substantial));
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      const request = level === 'Low' ? askLow(lowAsking, { scope: 'openid' }) : authRequest(asking);
      const consent = await browser.follow(request.path);
      expect(consent.page).toBe('consent');
      const thiefs = await toKeyPage(new TestBrowser(nodes), thief, authRequest(substantial));
      for (const form of [
        { step: 'password', userId: thief.userId, password: thief.password },
        keyForm(thief, thiefs),
        { another: '1' },
      ]) {
        expect((await browser.send(consent, form)).page).toBe('consent');
      }
      const rp = level === 'Low' ? lowAsking : asking;
      const end = readReturnedCode(await browser.send(consent, { accept: '1' }));
      const tokens = await redeemCode(nodes, rp, end.get('code') ?? '', request.verifier);
      const { acr, auth_time: authTime } = payloadOf(tokens.id_token);
      expect(acr).toBe(level === 'Low' ? LOW : SUBSTANTIAL);
      expect(Date.now() / 1000 - Number(authTime)).toBeGreaterThan(2);
      const after = await browser.follow(authRequest(substantial, { max_age: '1' }).path);
      expect([after.page, after.headers.location]).toEqual(['password', undefined]);
      expect((await eventsOf(thief)).includes('signed_in')).toBe(false);
    },
  );

  test('where a password is all that is asked: a key is not spent, and a new card not taken into use', async () => {
    const person = await aPerson(nodes, { keysSpent: 100 });
    const shown = await toKeyPage(new TestBrowser(nodes), person, authRequest(substantial));
    const card = await stolenCard(person);
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(askLow(lowAsking, { scope: 'openid' }).path);
    const consent = await browser.send(page, { userId: person.userId, password: person.password });
    expect(consent.page).toBe('consent');
    expect((await browser.send(consent, keyForm(person, shown))).page).toBe('consent');
    for (const [i, keyNumber] of card.keyNumbers.entries()) {
      const newKey = card.keys[i] ?? '';
      await browser.post(consent, { step: 'new-card', cardNumber: card.cardNumber, keyNumber, newKey });
    }
    expect(await statesOf(person)).toEqual(['active', 'sent']);
    expect((await eventsOf(person)).filter((kind) => kind.startsWith('signed_in'))).toEqual([
      'signed_in_with_password',
    ]);
  });

  test('where the old card is blocked: the new one waits a day, whatever else was shown', async () => {
    const person = await aPerson(nodes, { keysSpent: 100 });
    const card = await stolenCard(person);
    await blockTarget(nodes.context, person.identityId, 'card', BY);
    const first = await toKeyPage(new TestBrowser(nodes), person, authRequest(substantial));
    expect(first.page).toBe('new-card');
    const { keyNumber } = challengeOf(first);
    const newKey = card.keys[card.keyNumbers.indexOf(keyNumber)] ?? '';
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(askLow(lowAsking, { scope: 'openid' }).path);
    const consent = await browser.send(page, { userId: person.userId, password: person.password });
    const form = { step: 'new-card', cardNumber: card.cardNumber, keyNumber, newKey };
    expect((await browser.send(consent, form)).page).toBe('consent');
    expect(await statesOf(person)).toEqual(['blocked', 'sent']);
    // The card starts the wait where its key is asked for.
    await new TestBrowser(nodes).follow('/session');
    const passwordPage = await browser.follow(authRequest(substantial, { prompt: 'login' }).path);
    const asked = await browser.send(passwordPage, { userId: person.userId, password: person.password });
    expect((await browser.send(asked, { newKey })).page).toBe('refused');
    expect(await statesOf(person)).toEqual(['blocked', 'sent']);
  });

  test('a form that no step has is refused, and so is a yes without its question', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, authRequest(asking));
    for (const form of [{ step: 'card' }, { step: 'consent' }, { step: 'card', accept: '1' }]) {
      const answer = await browser.post(page, { ...keyForm(person, page), ...form });
      expect([answer.status, answer.page]).toEqual([400, 'trouble']);
    }
    // A yes answers only the question of its own form; other fields of the form do not count.
    const answer = await browser.send(page, { ...keyForm(person, page), step: 'consent', accept: '1' });
    expect(answer.page).toBe('key');
    expect((await eventsOf(person)).filter((kind) => /signed_in|consent/.test(kind))).toEqual([]);
    const asked = await browser.send(answer, { key: keyFor(person, answer) });
    expect(asked.page).toBe('consent');
    expect(readReturnedCode(await browser.send(asked, { accept: '1' })).get('code')).toBeTruthy();
  });

  test('given up after a wrong password: no one was signed in', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(askLow(low).path);
    const { userId } = person;
    const wrong = await browser.send(page, { userId, password: 'not it at all' });
    expect(readReturnedCode(await browser.send(wrong, { cancel: '1' })).get('error')).toBe('access_denied');
    expect((await eventsOf(person)).includes('signed_in_with_password')).toBe(false);
  });
});

describe('a CPR number', () => {
  test('is neither shown nor handed out for a password alone', async () => {
    const person = await aPerson(nodes);
    const claims = JSON.stringify({ id_token: { 'dk.cpr': null } });
    for (const params of [{ scope: 'openid ssn' }, { scope: 'openid', claims }]) {
      const alone = await new TestBrowser(nodes).follow(askLow(low, params).path);
      const next = await new TestBrowser(nodes).follow(askLow(lowAsking, params).path);
      expect([alone.text.includes('Trin 1 af 2'), next.text.includes('Trin 1 af 2')]).toEqual([true, true]);
      const session = await lowSession(person);
      const page = await session.follow(askLow(lowAsking, params).path);
      expect([page.page, page.text.includes(person.cpr.slice(6))]).toEqual(['key', false]);
    }
  });
});

describe('a session with only a password', () => {
  test('signs nobody out elsewhere: its page leads to where a key is given', async () => {
    const person = await aPerson(nodes);
    const owner = new TestBrowser(nodes);
    await signInAtNode(owner, person, authRequest(substantial));
    const browser = await lowSession(person);
    const page = await browser.follow('/session');
    expect(page.text).not.toContain('value="everywhere"');
    expect(page.text).toContain('href="/self-service/access"');
    const answer = await browser.post(page, { end: 'everywhere' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/self-service/access']);
    for (const one of [owner, browser]) expect((await one.follow('/session')).page).toBe('session');
    expect((await browser.follow('/self-service/access')).page).toBe('key');
  });
});

describe('a step-up whose session is over', () => {
  /** Ends it in another tab while the page waits. */
  async function endElsewhere(
    browser: TestBrowser,
    person: TestPerson,
    how: 'log-out' | 'everywhere',
  ): Promise<void> {
    if (how === 'log-out') {
      await logOut(await browser.copy());
      return;
    }
    const other = new TestBrowser(nodes);
    await signInAtNode(other, person, authRequest(substantial));
    expect((await other.send(await other.follow('/session'), { end: 'everywhere' })).page).toBe('no-session');
  }

  test.each(['log-out', 'everywhere'] as const)(
    'by %s while consent waits begins again, and comes to its end',
    async (how) => {
      const person = await aPerson(nodes);
      const browser = await lowSession(person);
      const page = await browser.follow(authRequest(asking).path);
      const consent = await browser.send(page, { key: keyFor(person, page) });
      expect(consent.page).toBe('consent');
      await endElsewhere(browser, person, how);
      const again = await browser.send(consent, { accept: '1' });
      expect(again.page).toBe('password');
      const keyPage = await browser.send(again, { userId: person.userId, password: person.password });
      expect(keyPage.page).toBe('key');
      const once = await browser.send(keyPage, { key: keyFor(person, keyPage) });
      expect(once.page).toBe('consent');
      expect(readReturnedCode(await browser.send(once, { accept: '1' })).get('code')).toBeTruthy();
    },
  );

  test('does not spend the key that is on its way', async () => {
    const person = await aPerson(nodes);
    const browser = await lowSession(person, new OnNode0(nodes));
    const page = await browser.follow(authRequest(substantial).path);
    const held = holdOnNode(nodes, 'UPDATE key_cards c SET spent');
    const answering = browser.post(page, { key: keyFor(person, page) });
    await held.held;
    await nodes.database.query(
      `UPDATE oidc_records SET ended_at = now(), payload = '' WHERE account_id = $1 AND model = 'Session'`,
      [person.identityId],
    );
    held.letGo();
    await answering;
    const again = await browser.follow(page.formUrl);
    expect([again.page, (await eventsOf(person)).includes('signed_in')]).toEqual(['password', false]);
    const keyPage = await browser.send(again, { userId: person.userId, password: person.password });
    expect(
      readReturnedCode(await browser.send(keyPage, { key: keyFor(person, keyPage) })).get('code'),
    ).toBeTruthy();
  });

  test('leads nowhere, also when all was answered: the code is no longer valid', async () => {
    const person = await aPerson(nodes);
    const browser = await lowSession(person);
    const request = authRequest(substantial);
    const page = await browser.follow(request.path);
    const end = readReturnedCode(await browser.post(page, { key: keyFor(person, page) }));
    await endElsewhere(browser, person, 'log-out');
    const tokens = await redeemCode(nodes, substantial, end.get('code') ?? '', request.verifier);
    expect(tokens.error).toBe('invalid_grant');
    expect((await browser.follow('/session')).page).toBe('no-session');
  });

  test('a page that was begun in time has five more minutes', async () => {
    const person = await aPerson(nodes);
    const browser = await lowSession(person);
    const page = await browser.follow(authRequest(substantial).path);
    const interactionId = new URL(page.formUrl).pathname.split('/').at(-1) ?? '';
    const interaction = hashInteractionId(nodes.context, interactionId);
    const makeOlder = async (seconds: number) => {
      const stored = await findSignIn(nodes.context.database, interaction);
      const passwordAt = new Date((stored?.passwordAt?.getTime() ?? 0) - seconds * 1_000);
      const facts = { ...(stored?.facts as SignInFacts), passwordAt };
      const mac = makeSignInMac(nodes.context, interactionId, facts, stored?.holder ?? null);
      await nodes.database.query('UPDATE sign_ins SET password_at = $2, mac = $3 WHERE interaction = $1', [
        interaction,
        passwordAt,
        mac,
      ]);
    };
    await makeOlder(500);
    expect((await browser.follow(page.formUrl)).page).toBe('key');
    await makeOlder(110);
    expect((await browser.send(page, { key: keyFor(person, page) })).page).toBe('password');
  });
});

describe('a session that stands on a key', () => {
  test('is not made younger by a password that ends in another tab: a key is asked there too', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const request = askLow(low, { prompt: 'login', max_age: '1', scope: 'openid' });
    const waiting = await browser.follow(request.path);
    await signInAtNode(browser, person, authRequest(substantial));
    const asked = await browser.send(waiting, { userId: person.userId, password: person.password });
    expect(asked.page).toBe('key');
    const end = readReturnedCode(await browser.send(asked, { key: keyFor(person, asked) }));
    const tokens = await redeemCode(nodes, low, end.get('code') ?? '', request.verifier);
    const { acr, auth_time: authTime } = payloadOf(tokens.id_token);
    expect([acr, Date.now() / 1000 - Number(authTime) < 3]).toEqual([SUBSTANTIAL, true]);
  });

  test('stays ended at public sites that were switched off since', async () => {
    const internal = await aRelyingParty(nodes, { min_acr: LOW, kind: 'internal' });
    const person = await aPerson(nodes);
    const browser = new OnNode0(nodes);
    // Its response is prepared, and not saved before the key is given in the other tab.
    const page = await browser.follow(askLow(internal, { scope: 'openid' }).path);
    const { held, letGo } = holdOnNode(nodes, 'INSERT INTO oidc_records');
    const answering = browser.post(page, { userId: person.userId, password: person.password });
    await held;
    await signInAtNode(browser, person, authRequest(substantial));
    await choosePublicSites(nodes.context, person.identityId, false);
    await choosePublicSites(nodes.context, person.identityId, true);
    letGo();
    await answering;
    const after = await browser.follow(authRequest(substantial).path);
    expect([after.page, after.headers.location]).toEqual(['password', undefined]);
  });
});

describe('several levels in one request', () => {
  test('aim at the first that there is, on a session too; value and values together are refused', async () => {
    const person = await aPerson(nodes);
    const acr_values = `${SUBSTANTIAL} ${LOW}`;
    const fresh = await new TestBrowser(nodes).follow(authRequest(low, { acr_values, scope: 'openid' }).path);
    expect(fresh.text).toContain('Trin 1 af 2');
    const browser = await lowSession(person);
    expect((await browser.follow(authRequest(low, { acr_values, scope: 'openid' }).path)).page).toBe('key');
    const claims = JSON.stringify({ id_token: { acr: { value: SUBSTANTIAL, values: [LOW] } } });
    const refused = readReturnedCode(await browser.follow(authRequest(low, { claims }).path));
    expect(refused.get('error')).toBe('invalid_request');
  });
});
