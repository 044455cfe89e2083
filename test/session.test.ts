/** `/session`: where a person is signed in, and the way out; on both nodes. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { LOW } from '../src/domain/signIn/levels.ts';
import { blockTarget } from '../src/features/factors/block.ts';
import { choosePublicSites } from '../src/features/identity/choosePublicSites.ts';
import { writeDay, writeTime } from '../src/ui/language.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  encodeForm,
  hiddenFields,
  holdOnNode,
  isActive,
  keyFor,
  OnNode0,
  redeemCode,
  refreshTokens,
  readReturnedCode,
  signInAtNode,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  useNodes,
  userinfo,
} from './support/index.ts';

let bank: TestRelyingParty;
let municipality: TestRelyingParty;
const nodes = useNodes({ count: 2 });
beforeAll(async () => {
  bank = await aRelyingParty(nodes, { kind: 'bank', name_da: 'Prøvebanken', require_fresh_key: false });
  municipality = await aRelyingParty(nodes, { name_da: 'Prøvekommunen' });
});

const OFFLINE = { scope: 'openid profile offline_access', prompt: 'consent' };

async function signedIn(person: TestPerson, rp = municipality, browser: TestBrowser = new Watched(nodes)) {
  const request = authRequest(rp, OFFLINE);
  const result = await signInAtNode(browser, person, request);
  return { browser, tokens: await redeemCode(nodes, rp, result.get('code') ?? '', request.verifier) };
}

/** A browser whose cookies can be read, to be sent by another person. */
class Watched extends TestBrowser {
  readonly #cookies = new Map<string, string>();
  override async request(...asked: Parameters<TestBrowser['request']>) {
    const answer = await super.request(...asked);
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return answer;
  }
  get id(): string {
    return this.#cookies.get('noegle-session') ?? '';
  }
  get signature(): string {
    return this.#cookies.get('noegle-session.sig') ?? '';
  }
  get cookie(): string {
    return `noegle-session=${this.id}; noegle-session.sig=${this.signature}`;
  }
}

/** Asks for the page with only these cookies. */
async function seenWith(cookie: string): Promise<string | undefined> {
  return (await new TestBrowser(nodes).request('/session', { headers: { cookie } })).page;
}

async function eventsOf(person: TestPerson, kind: string): Promise<number> {
  const events = await nodes.database.query('SELECT FROM audit_events WHERE identity_id = $1 AND kind = $2', [
    person.identityId,
    kind,
  ]);
  return events.length;
}

async function end(browser: TestBrowser, value: string, csrf?: string) {
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
    expect(alone.text).not.toContain('Andre steder');
    await browser.follow(authRequest(bank).path);
    await signedIn(person);
    const both = await browser.follow('/session');
    expect([countOf(both.text, 'Prøvekommunen'), countOf(both.text, 'Prøvebanken')]).toEqual([2, 1]);
    expect(both.text).toContain('Andre steder');
    const english = await browser.follow('/session?language=en');
    expect(english.text).toContain('Other places');
  });

  test('says that no one is signed in, and leaves no session behind', async () => {
    const browser = new TestBrowser(nodes);
    const page = await browser.request('/session');
    expect([page.status, page.page, page.headers['set-cookie']]).toEqual([200, 'no-session', undefined]);
    const planted = await browser.request('/session', { headers: { cookie: 'noegle-session=planted' } });
    expect(planted.page).toBe('no-session');
    expect((await browser.request('/session', { method: 'POST', body: 'end=here&csrf=x' })).status).toBe(303);
  });

  test('with a password-only session reveals nothing else, and opens nothing', async () => {
    const low = await aRelyingParty(nodes, { min_acr: LOW, name_da: 'Biblioteket' });
    const person = await aPerson(nodes);
    await signedIn(person, bank);
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(low, { acr_values: LOW }).path);
    await browser.send(page, { userId: person.userId, password: person.password });
    const shown = await browser.follow('/session');
    expect([shown.text.includes('kun med din adgangskode'), shown.text.includes('Biblioteket')]).toEqual([
      true,
      true,
    ]);
    expect([shown.text.includes('Prøvebanken'), shown.text.includes('Andre steder')]).toEqual([false, false]);
  });

  test('shows no public site once they are switched off, and nothing once the ID is blocked', async () => {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person, bank);
    await browser.follow(authRequest(municipality).path);
    expect((await browser.follow('/session')).text).toContain('Prøvekommunen');
    await choosePublicSites(nodes.context, person.identityId, false);
    const without = (await browser.follow('/session')).text;
    expect([without.includes('Prøvekommunen'), without.includes('Prøvebanken')]).toEqual([false, true]);
    await blockTarget(nodes.context, person.identityId, 'identity', { by: 'person' });
    expect((await browser.follow('/session')).page).toBe('no-session');
  });
});

describe('the page, exactly', () => {
  test('leaves out a site that asked and was given nothing', async () => {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person);
    const curious = await aRelyingParty(nodes, { name_da: 'Den nysgerrige side' });
    for (const sub of [{ value: 'somebody-else' }, { values: ['somebody-else', 'another'] }]) {
      const claims = JSON.stringify({ id_token: { sub } });
      const asked = authRequest(curious, { prompt: 'none', claims });
      expect(readReturnedCode(await browser.follow(asked.path)).get('error')).toBe('login_required');
    }
    expect((await browser.follow('/session')).text).not.toContain('Den nysgerrige side');
    expect(readReturnedCode(await browser.follow(authRequest(curious).path)).get('code')).toBeTruthy();
    expect((await browser.follow('/session')).text).toContain('Den nysgerrige side');
  });

  test('says since when the level holds: from the key, not from the password hours before', async () => {
    const low = await aRelyingParty(nodes, { min_acr: LOW });
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(low, { acr_values: LOW }).path);
    await browser.send(page, { userId: person.userId, password: person.password });
    await nodes.database.query(
      `UPDATE oidc_records SET started_at = started_at - interval '2 hours', password_at = now()
       WHERE model = 'Session' AND account_id = $1`,
      [person.identityId],
    );
    const keyPage = await browser.follow(authRequest(municipality).path);
    expect(keyPage.page).toBe('key');
    nodes.clock.leaveMinuteEdge();
    await browser.send(keyPage, { key: keyFor(person, keyPage) });
    const { text } = await browser.follow('/session');
    const minute = new Date(Math.floor(nodes.clock.now().getTime() / 60_000) * 60_000);
    expect(text).toContain(`med adgangskode og nøgle ${writeDay(minute, 'da')} ${writeTime(minute, 'da')}.`);
  });

  test('prolongs nothing, and is gone with its session', async () => {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person);
    const expiry = async () => {
      const [row] = await nodes.database.query<{ at: Date }>(
        `SELECT expires_at AS at FROM oidc_records WHERE model = 'Session' AND account_id = $1`,
        [person.identityId],
      );
      return row?.at;
    };
    const before = await expiry();
    const page = await browser.request('/session');
    expect([page.page, page.headers['set-cookie']]).toEqual(['session', undefined]);
    expect(await expiry()).toEqual(before);
    await nodes.database.query(
      `UPDATE oidc_records SET expires_at = now() - interval '1 s' WHERE model = 'Session' AND account_id = $1`,
      [person.identityId],
    );
    expect((await browser.follow('/session')).page).toBe('no-session');
    expect((await browser.send(page, { end: 'everywhere' })).page).toBe('no-session');
    expect(await eventsOf(person, 'signed_out_everywhere')).toBe(0);
  });

  test('shows nothing once the card is blocked, and is linked from the log-out page', async () => {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person);
    expect((await browser.follow('/session/end')).text).toContain('href="/session"');
    await blockTarget(nodes.context, person.identityId, 'card', { by: 'person' });
    expect((await browser.follow('/session')).page).toBe('no-session');
  });
});

describe('a cookie', () => {
  test('that is forged, unsigned or of a session that is over shows and changes nothing', async () => {
    const person = await aPerson(nodes);
    const watched = new Watched(nodes);
    await signedIn(person, municipality, watched);
    const { browser: other } = await signedIn(person);
    expect(await seenWith(watched.cookie)).toBe('session');
    const { id, signature } = watched;
    const bent = `${id.startsWith('A') ? 'B' : 'A'}${id.slice(1)}`;
    const page = await watched.follow('/session');
    const body = encodeForm({ ...hiddenFields(page), end: 'everywhere' });
    const stale = watched.cookie;
    expect((await end(watched, 'here')).page).toBe('no-session');
    for (const cookie of [
      `noegle-session=${bent}; noegle-session.sig=${signature}`,
      `noegle-session=${id}`,
      stale,
    ]) {
      expect(await seenWith(cookie)).toBe('no-session');
      const answer = await new TestBrowser(nodes).request('/session', {
        method: 'POST',
        body,
        headers: { cookie },
      });
      expect(answer.status).toBe(303);
    }
    expect((await other.follow('/session')).page).toBe('session');
    expect(await eventsOf(person, 'signed_out_everywhere')).toBe(0);
  });

  test('that somebody planted, of a session that lives or is over, is another one once a person has signed in', async () => {
    const attacker = await aPerson(nodes);
    for (const comeOver of [
      () => Promise.resolve(),
      () => blockTarget(nodes.context, attacker.identityId, 'card', { by: 'person' }),
    ]) {
      const victim = await aPerson(nodes);
      const browser = new Watched(nodes);
      await signInAtNode(browser, attacker, authRequest(municipality));
      const planted = browser.cookie;
      await comeOver();
      await signInAtNode(browser, victim, authRequest(municipality, { prompt: 'login' }));
      expect(browser.cookie).not.toBe(planted);
      expect(await seenWith(browser.cookie)).toBe('session');
      expect(await seenWith(planted)).toBe('no-session');
    }
  });

  test('is removed by either way out, and by nothing else', async () => {
    const person = await aPerson(nodes);
    for (const way of ['here', 'everywhere']) {
      const { browser } = await signedIn(person);
      const page = await browser.follow('/session');
      const refused = await browser.post(page, { end: way, csrf: 'x' });
      expect([refused.status, refused.headers['set-cookie']]).toEqual([403, undefined]);
      expect(refused.text).toContain('href="/session"');
      const cost = nodes.cost;
      const answer = await browser.post(page, { end: way });
      const { statements, commits } = nodes.cost;
      console.info(
        `/session, ${way}: ${statements - cost.statements} SQL statements, ${commits - cost.commits} commits`,
      );
      const gone = answer.headers['set-cookie']?.filter((line) => line.includes('01 Jan 1970')) ?? [];
      expect(gone.map((line) => line.split('=')[0])).toEqual(['noegle-session']);
    }
  });
});

describe('the way out', () => {
  test('here: this browser is signed out on both nodes, the other is not', async () => {
    const person = await aPerson(nodes);
    const [here, there] = [await signedIn(person), await signedIn(person)];
    const plain = authRequest(bank);
    const code = readReturnedCode(await here.browser.follow(plain.path)).get('code') ?? '';
    const atBank = await redeemCode(nodes, bank, code, plain.verifier);
    expect((await end(here.browser, 'here')).page).toBe('no-session');
    for (const node of [0, 1]) {
      expect((await userinfo(nodes, atBank.access_token, node)).status).toBe(401);
      // Offline access outlives a session by design; services with access are listed on another page.
      expect((await refreshTokens(nodes, municipality, here.tokens.refresh_token ?? '', node)).status).toBe(
        200,
      );
      expect((await here.browser.follow('/session')).page).toBe('no-session');
      expect((await there.browser.follow('/session')).page).toBe('session');
    }
    const silent = readReturnedCode(await here.browser.follow(authRequest(bank, { prompt: 'none' }).path));
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
        const refreshed = await refreshTokens(nodes, municipality, tokens.refresh_token ?? '', node);
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

  test('everywhere, while a single sign-on is on its way: its result is no longer valid', async () => {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person, municipality, new OnNode0(nodes));
    const { browser: other } = await signedIn(person);
    const request = authRequest(bank);
    const held = holdOnNode(nodes, 'INSERT INTO oidc_records');
    const riding = browser.request(request.path);
    await held.held;
    // Node 0 runs its next statement: only the one is held.
    expect((await end(other, 'everywhere')).page).toBe('no-session');
    held.letGo();
    const code = new URL((await riding).headers.location ?? 'none:').searchParams.get('code') ?? '';
    expect((await redeemCode(nodes, bank, code, request.verifier)).error).toBe('invalid_grant');
  });

  test('everywhere, while a code is redeemed: the resulting tokens are no longer valid', async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    const request = authRequest(municipality, OFFLINE);
    const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
    const held = holdOnNode(nodes, 'INSERT INTO oidc_records');
    const redeeming = redeemCode(nodes, municipality, code, request.verifier, 0);
    await held.held;
    expect((await end(browser, 'everywhere')).page).toBe('no-session');
    held.letGo();
    const tokens = await redeeming;
    for (const node of [0, 1]) {
      expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
      const again = await refreshTokens(nodes, municipality, tokens.refresh_token ?? '', node);
      expect(again.error).toBe('invalid_grant');
    }
  });

  async function twiceAtOnce(): Promise<number> {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person);
    const page = await browser.follow('/session');
    // Both have found the session before either ends it.
    const held = holdOnNode(nodes, 'UPDATE identities i SET ended_at');
    const onNode0 = new OnNode0(nodes);
    const cookie = (browser as Watched).cookie;
    const form = { ...hiddenFields(page), end: 'everywhere' };
    const late = onNode0.request('/session', { form, headers: { cookie } });
    await held.held;
    expect((await browser.send(page, { end: 'everywhere' })).page).toBe('no-session');
    const { browser: fresh } = await signedIn(person);
    held.letGo();
    expect((await late).status).toBe(303);
    const events = await eventsOf(person, 'signed_out_everywhere');
    expect((await fresh.follow('/session')).page).toBe(events === 1 ? 'session' : 'no-session');
    return events;
  }

  test('everywhere, clicked twice: the second does not end what was signed in in the meantime', async () => {
    expect(await twiceAtOnce()).toBe(1);
  });

  test('control: without the condition of the UPDATE, it does', async () => {
    const repair = takeOut(nodes, 'AND (i.ended_at IS NULL OR s.login_at > i.ended_at))', ')');
    try {
      expect(await twiceAtOnce()).toBe(2);
    } finally {
      repair();
    }
  });

  test('everywhere, 8 times concurrently on two nodes: it is done and recorded once', async () => {
    const person = await aPerson(nodes);
    const { browser } = await signedIn(person);
    const page = await browser.follow('/session');
    const form = { ...hiddenFields(page), end: 'everywhere' };
    const headers = { cookie: (browser as Watched).cookie };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => new TestBrowser(nodes, i).request('/session', { form, headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 303));
    expect(await eventsOf(person, 'signed_out_everywhere')).toBe(1);
  });

  test.each(['openid', 'openid offline_access'])(
    'of one site, with %s: it is no longer among the others, nor notified again with them',
    async (scope) => {
      const person = await aPerson(nodes);
      const left = await aRelyingParty(nodes, {
        name_da: 'Den forladte side',
        backchannel_logout_uri: 'https://left.example/logout',
      });
      const browser = new TestBrowser(nodes);
      const request = authRequest(left, scope === 'openid' ? {} : OFFLINE);
      const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
      await redeemCode(nodes, left, code, request.verifier);
      await browser.follow(authRequest(bank).path);
      const page = await browser.follow(`/session/end?client_id=${left.clientId}`);
      const [, action = ''] = /action="([^"]+)"/.exec(page.text) ?? [];
      // Without `logout`: the person stays signed in with Nøgle.
      const form = { xsrf: hiddenFields(page)['xsrf'] ?? '' };
      expect((await browser.request(action, { form })).status).toBe(303);
      const { text } = await browser.follow('/session');
      expect([text.includes('Den forladte side'), text.includes('Prøvebanken')]).toEqual([false, true]);
      expect((await end(browser, 'here')).page).toBe('no-session');
      const notifications = await nodes.database.query('SELECT FROM logouts WHERE client_id = $1', [
        left.clientId,
      ]);
      expect(notifications).toHaveLength(1);
    },
  );

  test('is not found by a form that is not Nøgle’s, nor by one of another session', async () => {
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
    const events = await nodes.database.query<{ details: unknown }>(
      `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'signed_out'`,
      [person.identityId],
    );
    expect(events).toEqual([{ details: { clientId: null } }]);
  });
});
