/** Sign-ins by a security key at pushed requests, and ones whose answer is lost. */
import { describe, expect, test } from '@jest/globals';
import { endIdentity, lockIdentity } from '../../src/db/cards/cardSets.ts';
import {
  DatabaseUnavailable,
  type Database,
  type QueryResult,
  type Statement,
} from '../../src/db/database.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  asRelyingParty,
  authRequest,
  keyFor,
  OnNode0,
  holdOnNode,
  redeemCode,
  request,
  requestOptionsOf,
  TestBrowser,
  toKeyPage,
  useNodes,
  type BrowserPage,
  type TestRelyingParty,
} from '../support/index.ts';

const nodes = useNodes({ count: 2 });

const codeOf = ({ headers: { location } }: BrowserPage) =>
  location?.includes('code=') ? new URL(location).searchParams.get('code') : null;

describe('a pushed request', () => {
  async function push(rp: TestRelyingParty) {
    const login = authRequest(rp);
    const fields = Object.fromEntries(new URL(login.path, nodes.issuer).searchParams);
    const answer = await asRelyingParty(nodes, rp, '/request', fields);
    const { request_uri } = JSON.parse(answer.text) as { request_uri: string };
    return { ...login, path: `/auth?${new URLSearchParams({ client_id: rp.clientId, request_uri })}` };
  }

  test('is used up with the key, once, by whichever of two tabs is first', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person, { synced: true });
    const rp = await aRelyingParty(nodes);
    for (let round = 0; round < 5; round += 1) {
      const login = await push(rp);
      const tabs = [new TestBrowser(nodes, 0), new TestBrowser(nodes, 1)];
      const pages: BrowserPage[] = [];
      for (const tab of tabs) pages.push(await tab.follow(login.path));
      const answers = await Promise.all(
        tabs.map(async (tab, i) => {
          const page = pages[i] as BrowserPage;
          if (page.page !== 'password') return page;
          const answer = held.authenticator.get(requestOptionsOf(page), { signCount: 0 });
          return await tab.post(page, { credential: JSON.stringify(answer) });
        }),
      );
      expect(answers.filter((answer) => codeOf(answer) !== null)).toHaveLength(1);
      expect(answers.every(({ status }) => status < 500)).toBe(true);
    }
  });

  test('beside a cancel of the same request: one of the two, and no trouble', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person, { synced: true });
    const rp = await aRelyingParty(nodes);
    for (let round = 0; round < 10; round += 1) {
      const login = await push(rp);
      const browser = new TestBrowser(nodes, round);
      const page = await browser.follow(login.path);
      const other = await browser.copy();
      const credential = JSON.stringify(held.authenticator.get(requestOptionsOf(page), { signCount: 0 }));
      const answers = await Promise.all([
        browser.post(page, { credential }),
        other.post(page, { cancel: '1' }),
      ]);
      // A cancel that comes too late says so.
      expect(answers.every(({ status }) => status < 500)).toBe(true);
    }
  });
});

describe('an answer that was lost', () => {
  test.each([
    ['beside a password', false],
    ['in place of both', true],
  ])('with its node, after the key was recorded: the same form gets it, %s', async (_way, isOnly) => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    const rp = await aRelyingParty(nodes);
    const login = authRequest(rp);
    const browser = new OnNode0(nodes);
    const page = isOnly ? await browser.follow(login.path) : await toKeyPage(browser, person, login);
    const survivor = await browser.copyTo(new TestBrowser(nodes, 1));
    const credential = JSON.stringify(held.authenticator.get(requestOptionsOf(page)));
    const { held: isHeld, letGo } = holdOnNode(nodes, 'UPDATE security_keys y SET', 'after');
    const dying = browser.post(page, { credential });
    await isHeld;
    const code = codeOf(await survivor.post(page, { credential }));
    expect(code).not.toBeNull();
    letGo();
    expect(codeOf(await dying)).toBe(code);
    expect((await redeemCode(nodes, rp, code ?? '', login.verifier)).status).toBe(200);
    expect((await request(nodes.node(0)).get('/health/live')).status).toBe(200);
  });

  test('without a password, in another browser with a copied request: nothing of it', async () => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person, { synced: true });
    const rp = await aRelyingParty(nodes, { trusted: false });
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(rp).path);
    const [thief, other] = [await browser.copy(), await browser.copy()];
    const credential = JSON.stringify(held.authenticator.get(requestOptionsOf(page), { signCount: 0 }));
    expect((await browser.send(page, { credential })).page).toBe('consent');
    // The challenge was that of the first form, and the copy has no newer secret.
    const answer = await thief.send(page, { credential, more: '1' });
    expect([answer.page, answer.text.includes(person.fullName)]).toEqual(['password', false]);
    // The very form is the same browser's, as everywhere.
    expect((await other.send(page, { credential })).page).toBe('consent');
    const card = await aPerson(nodes);
    const own = new TestBrowser(nodes);
    const keyPage = await toKeyPage(own, card, authRequest(rp));
    expect((await own.send(keyPage, { key: keyFor(card, keyPage) })).page).toBe('consent');
  });

  test.each([
    ['beside a password', false, true],
    ['beside a password, and it was not executed', false, false],
    ['in place of both', true, true],
    ['in place of both, and it was not executed', true, false],
  ])('by the database: the same form gets one, once, %s', async (_way, isOnly, isExecuted) => {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person);
    const rp = await aRelyingParty(nodes);
    const login = authRequest(rp);
    const browser = new OnNode0(nodes);
    const page = isOnly ? await browser.follow(login.path) : await toKeyPage(browser, person, login);
    const survivor = await browser.copyTo(new TestBrowser(nodes, 1));
    const credential = JSON.stringify(held.authenticator.get(requestOptionsOf(page)));
    loseConnection(isExecuted);
    expect((await browser.post(page, { credential })).status).toBe(503);
    const code = codeOf(await survivor.post(page, { credential }));
    expect((await redeemCode(nodes, rp, code ?? '', login.verifier)).status).toBe(200);
    const signIns = await nodes.database.query(
      `SELECT FROM audit_events WHERE identity_id = $1 AND kind = 'signed_in'`,
      [person.identityId],
    );
    expect(signIns).toHaveLength(1);
  });
});

/** The next decision of node 0 ends without an answer. */
function loseConnection(isExecuted: boolean): void {
  const { database } = nodes.node(0).app.context;
  const changed = database as Pick<Database, 'query'>;
  const { query } = changed;
  changed.query = async <Row>(statement: Statement, values?: readonly unknown[]) => {
    const isMeant = statement.text.includes('UPDATE security_keys y SET');
    if (!isMeant) return (await query.call(database, statement, values)) as QueryResult<Row>;
    changed.query = query;
    if (isExecuted) await query.call(database, statement, values);
    throw new DatabaseUnavailable('the connection was lost');
  };
}

test('an answer is accepted once, also in a sign-in that began again', async () => {
  const rp = await aRelyingParty(nodes, { trusted: false });
  for (const isOnly of [false, true]) {
    const person = await aPerson(nodes);
    const held = await aSecurityKey(nodes, person, { synced: true });
    const browser = new TestBrowser(nodes);
    const login = authRequest(rp);
    const page = isOnly ? await browser.follow(login.path) : await toKeyPage(browser, person, login);
    // Its counter stays 0, as that of most passkeys.
    const answerAt = (at: BrowserPage) =>
      JSON.stringify(held.authenticator.get(requestOptionsOf(at), { signCount: 0 }));
    const credential = answerAt(page);
    const consent = await browser.send(page, { credential });
    expect(consent.page).toBe('consent');
    // Elsewhere the person signs out everywhere: the sign-in begins again, with the password alone.
    await nodes.context.database.transaction(async (db) => {
      await lockIdentity(db, person.identityId);
      await endIdentity(db, person.identityId, { block: false, now: nodes.clock.now() });
    });
    const begun = await browser.follow(new URL(consent.url).pathname);
    const { userId, password } = person;
    const keyPage = await browser.send(begun, { userId, password });
    expect([begun.page, keyPage.page]).toEqual(['password', 'key']);
    const again = await browser.send(page, { credential });
    expect([again.page, again.text.includes('alert-error')]).toEqual(['key', true]);
    // Another answer is.
    expect((await browser.send(again, { credential: answerAt(again) })).page).toBe('consent');
  }
});
