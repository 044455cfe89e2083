/** `/session`: where a person is signed in, and the way out; on both nodes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LOW } from '../src/core/levels.ts';
import { block } from '../src/usecases/block.ts';
import { choosePublicSites } from '../src/usecases/choosePublicSites.ts';
import { Browser } from './support/browser.ts';
import { authRequest, isActive, redeem, refresh, returned, signIn, userinfo } from './support/flow.ts';
import { hold, OnNode0 } from './support/hold.ts';
import { Nodes } from './support/nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './support/people.ts';

let nodes: Nodes;
let bank: TestRelyingParty;
let municipality: TestRelyingParty;
beforeAll(async () => {
  nodes = await Nodes.start({ count: 2 });
  bank = await aRelyingParty(nodes, { kind: 'bank', name_da: 'Prøvebanken', require_fresh_key: false });
  municipality = await aRelyingParty(nodes, { name_da: 'Prøvekommunen' });
});
afterAll(() => nodes.close());

const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

async function signedIn(person: TestPerson, rp = municipality, browser = new Browser(nodes)) {
  const request = authRequest(rp, OFFLINE);
  const result = await signIn(browser, person, request);
  return { browser, tokens: await redeem(nodes, rp, result.get('code') ?? '', request.verifier) };
}

async function end(browser: Browser, value: string, csrf?: string) {
  const page = await browser.follow('/session');
  return await browser.send(page, { end: value, ...(csrf === undefined ? {} : { csrf }) });
}

const countOf = (text: string, word: string) => text.split(word).length - 1;

describe('the page', () => {
  test('shows this browser and others, each with its sites, and nobody else’s', async () => {
    const [person, stranger] = [await aPerson(nodes), await aPerson(nodes)];
    await signedIn(stranger, bank);
    const { browser } = await signedIn(person);
    const cost = nodes.cost.statements;
    const alone = await browser.follow('/session');
    console.info(`/session: ${nodes.cost.statements - cost} SQL statements`);
    expect([alone.page, alone.text.includes('med adgangskode og nøgle')]).toEqual(['session', true]);
    expect([countOf(alone.text, 'Prøvekommunen'), countOf(alone.text, 'Prøvebanken')]).toEqual([1, 0]);
    expect(alone.text).not.toContain('I andre browsere');
    await browser.follow(authRequest(bank).path);
    await signedIn(person);
    const both = await browser.follow('/session');
    expect([countOf(both.text, 'Prøvekommunen'), countOf(both.text, 'Prøvebanken')]).toEqual([2, 1]);
    expect(both.text).toContain('I andre browsere');
    const english = await browser.follow('/session?language=en');
    expect(english.text).toContain('In other browsers');
  });

  test('says that nobody is signed in, and leaves no session behind', async () => {
    const browser = new Browser(nodes);
    const page = await browser.request('/session');
    expect([page.status, page.page, page.headers['set-cookie']]).toEqual([200, 'no-session', undefined]);
    const planted = await browser.request('/session', { headers: { cookie: 'noegle-session=planted' } });
    expect(planted.page).toBe('no-session');
    expect((await browser.request('/session', { method: 'POST', body: 'end=here&csrf=x' })).status).toBe(303);
  });

  test('of a session that has shown the password alone tells of nothing else, and opens nothing', async () => {
    const low = await aRelyingParty(nodes, { min_acr: LOW, name_da: 'Biblioteket' });
    const person = await aPerson(nodes);
    await signedIn(person, bank);
    const browser = new Browser(nodes);
    const page = await browser.follow(authRequest(low, { acr_values: LOW }).path);
    await browser.send(page, { userId: person.userId, password: person.password });
    const shown = await browser.follow('/session');
    expect([shown.text.includes('kun med din adgangskode'), shown.text.includes('Biblioteket')]).toEqual([
      true,
      true,
    ]);
    expect([shown.text.includes('Prøvebanken'), shown.text.includes('I andre browsere')]).toEqual([
      false,
      false,
    ]);
  });

  test('shows no public site once they are switched off, and nothing once the ID is blocked', async () => {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person, bank);
    await browser.follow(authRequest(municipality).path);
    expect((await browser.follow('/session')).text).toContain('Prøvekommunen');
    await choosePublicSites(nodes.world, person.identityId, false);
    const without = (await browser.follow('/session')).text;
    expect([without.includes('Prøvekommunen'), without.includes('Prøvebanken')]).toEqual([false, true]);
    await block(nodes.world, person.identityId, 'identity', { by: 'person' });
    expect((await browser.follow('/session')).page).toBe('no-session');
  });
});

describe('the way out', () => {
  test('here: this browser is signed out on both nodes, the other is not', async () => {
    const person = await aPerson(nodes);
    const [here, there] = [await signedIn(person), await signedIn(person)];
    const plain = authRequest(bank);
    const code = returned(await here.browser.follow(plain.path)).get('code') ?? '';
    const atBank = await redeem(nodes, bank, code, plain.verifier);
    expect((await end(here.browser, 'here')).page).toBe('no-session');
    for (const node of [0, 1]) {
      expect((await userinfo(nodes, atBank.access_token, node)).status).toBe(401);
      // Offline access is what outlives a session; services with access have a place of their own.
      expect((await refresh(nodes, municipality, here.tokens.refresh_token ?? '', node)).status).toBe(200);
      expect((await here.browser.follow('/session')).page).toBe('no-session');
      expect((await there.browser.follow('/session')).page).toBe('session');
    }
    const silent = returned(await here.browser.follow(authRequest(bank, { prompt: 'none' }).path));
    expect(silent.get('error')).toBe('login_required');
  });

  test('everywhere: every session, grant and token ends on both nodes, the ID stays open', async () => {
    const person = await aPerson(nodes);
    const [here, there] = [await signedIn(person), await signedIn(person)];
    expect((await end(here.browser, 'everywhere')).page).toBe('no-session');
    for (const { browser, tokens } of [here, there]) {
      for (const node of [0, 1]) {
        expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
        expect(await isActive(nodes, municipality, tokens.access_token, node)).toBe(false);
        const refreshed = await refresh(nodes, municipality, tokens.refresh_token ?? '', node);
        expect(refreshed.error).toBe('invalid_grant');
      }
      expect((await browser.follow('/session')).page).toBe('no-session');
    }
    const events = await nodes.database.query<{ kind: string }>(
      `SELECT kind FROM audit_events WHERE identity_id = $1 AND kind LIKE 'signed_out%'`,
      [person.identityId],
    );
    expect(events.map(({ kind }) => kind)).toContain('signed_out_everywhere');
    expect((await signedIn(person)).tokens.status).toBe(200);
  });

  test('everywhere, while a single sign-on is on its way: what comes of it is worth nothing', async () => {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person, municipality, new OnNode0(nodes));
    const { browser: other } = await signedIn(person);
    const request = authRequest(bank);
    const held = hold(nodes, 'INSERT INTO oidc_records');
    const riding = browser.request(request.path);
    await held.held;
    // The next statement of node 0 is free again; only the one is held.
    expect((await end(other, 'everywhere')).page).toBe('no-session');
    held.letGo();
    const code = new URL((await riding).headers.location ?? 'none:').searchParams.get('code') ?? '';
    expect((await redeem(nodes, bank, code, request.verifier)).error).toBe('invalid_grant');
  });

  test('is not found by a form that is not ours, nor by one of another session', async () => {
    const [person, stranger] = [await aPerson(nodes), await aPerson(nodes)];
    const [{ browser }, { browser: strangers }] = [await signedIn(person), await signedIn(stranger)];
    const [, theirs = ''] =
      /name="csrf" value="([^"]+)"/.exec((await strangers.follow('/session')).text) ?? [];
    for (const csrf of ['', 'x', theirs]) {
      const answer = await end(browser, 'everywhere', csrf);
      expect([answer.status, answer.page]).toEqual([403, 'trouble']);
    }
    expect((await end(browser, 'nothing')).status).toBe(400);
    expect((await browser.follow('/session')).page).toBe('session');
    const page = await browser.follow('/session');
    const twice = await Promise.all([
      browser.send(page, { end: 'here' }),
      browser.send(page, { end: 'here' }),
    ]);
    expect(twice.map(({ page: name }) => name)).toEqual(['no-session', 'no-session']);
  });
});
