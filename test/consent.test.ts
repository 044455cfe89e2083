/**
 * Consent: shown with its values, remembered per relying party and scope, never more than the registration
 * opens.
 */
import { describe, expect, test } from '@jest/globals';
import { CLAIMS_BY_SCOPE, listClaimsOfScopes } from '../src/domain/signIn/claims.ts';
import { composeDemoUrls } from '../src/sandbox/demoSites.ts';
import { prepareDemoRelyingParties } from '../src/sandbox/demoRelyingParties.ts';
import { findRelyingParty } from '../src/db/oidc/relyingParties.ts';
import { listClientAccess } from '../src/features/access/access.queries.ts';
import {
  aPerson,
  aRelyingParty,
  asRelyingParty,
  authRequest,
  TestBrowser,
  holdUp,
  keyFor,
  payloadOf,
  redeemCode,
  refreshTokens,
  readReturnedCode,
  signInAtNode,
  takeOut,
  type TestPerson,
  type TestRelyingParty,
  toKeyPage,
  useNodes,
  userinfo,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });

/** The format of a CPR number on the page. */
function written(cpr: string): string {
  return `${cpr.slice(0, 6)}-${cpr.slice(6)}`;
}

async function afterKey(browser: TestBrowser, person: TestPerson, path: string) {
  const keyPage = await toKeyPage(browser, person, { path, verifier: '' });
  return await browser.send(keyPage, { key: keyFor(person, keyPage) });
}

test('a relying party that is not trusted asks first, with the values shown; a yes is remembered', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { trusted: false });
  const browser = new TestBrowser(nodes);
  const page = await afterKey(browser, person, authRequest(rp).path);
  expect(page.page).toBe('consent');
  for (const shown of [person.fullName, '1. juli 1985', 'Prøvekommunen']) expect(page.text).toContain(shown);
  expect(page.text).not.toContain(written(person.cpr));
  expect((await browser.follow(page.formUrl)).page).toBe('consent');
  expect(readReturnedCode(await browser.send(page, { accept: '1' })).get('code')).toBeTruthy();

  // Remembered: for the session, and at a new sign-in on the other node.
  expect(readReturnedCode(await browser.follow(authRequest(rp).path)).get('code')).toBeTruthy();
  expect(
    readReturnedCode(await afterKey(new TestBrowser(nodes, 1), person, authRequest(rp).path)).get('code'),
  ).toBeTruthy();

  // Another relying party and another person are asked again.
  const other = await aRelyingParty(nodes, { trusted: false });
  expect((await browser.follow(authRequest(other).path)).page).toBe('consent');
  expect((await afterKey(new TestBrowser(nodes), await aPerson(nodes), authRequest(rp).path)).page).toBe(
    'consent',
  );
});

test('asking for one more scope runs only the missing step, and shows only what is new', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { trusted: false });
  const browser = new TestBrowser(nodes);
  const first = await afterKey(browser, person, authRequest(rp).path);
  await browser.send(first, { accept: '1' });
  const request = authRequest(rp, { scope: 'openid profile ssn' });
  const page = await browser.follow(request.path);
  expect(page.page).toBe('consent');
  // Without a key in this sign-in the number itself is not shown; and an earlier consent is not asked for
  // again.
  expect([page.text.includes('CPR-nummer'), page.text.includes(written(person.cpr))]).toEqual([true, false]);
  expect(page.text).not.toContain('1. juli 1985');
  const code = readReturnedCode(await browser.send(page, { accept: '1' })).get('code') ?? '';
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as Record<string, unknown>;
  expect(info).toMatchObject({ name: person.fullName, 'dk.cpr': person.cpr });
});

test('no is access_denied consent_refused; nothing is remembered and no session is left', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { trusted: false });
  const browser = new TestBrowser(nodes);
  const page = await afterKey(browser, person, authRequest(rp).path);
  const back = readReturnedCode(await browser.send(page, { cancel: '1' }));
  expect([back.get('error'), back.get('error_description')?.split(':')[0]]).toEqual([
    'access_denied',
    'consent_refused',
  ]);
  expect((await browser.follow(authRequest(rp).path)).page).toBe('password');
  expect((await afterKey(new TestBrowser(nodes), person, authRequest(rp).path)).page).toBe('consent');
});

/** Consented and in use, then asked once more; with an unrelated one. */
async function agreedBefore() {
  const person = await aPerson(nodes);
  const [rp, other] = [await aRelyingParty(nodes, { trusted: false }), await aRelyingParty(nodes)];
  const browser = new TestBrowser(nodes);
  const request = authRequest(rp, { scope: 'openid profile offline_access', prompt: 'consent' });
  const page = await afterKey(browser, person, request.path);
  const code = readReturnedCode(await browser.send(page, { accept: '1' })).get('code') ?? '';
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  const elsewhere = authRequest(other);
  const otherCode = readReturnedCode(await browser.follow(elsewhere.path)).get('code') ?? '';
  const others = await redeemCode(nodes, other, otherCode, elsewhere.verifier);
  const refuse = async (scope: string) => {
    const asked = await browser.follow(authRequest(rp, { scope, prompt: 'consent' }).path);
    expect(readReturnedCode(await browser.send(asked, { cancel: '1' })).get('error')).toBe('access_denied');
  };
  return { person, browser, rp, tokens, others, refuse };
}

test('a later no ends what was issued on the yes, on every node, and nothing elsewhere', async () => {
  const { rp, tokens, others, refuse } = await agreedBefore();
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
  await refuse('openid profile');
  for (const node of [0, 1]) {
    expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
    expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '', node)).error).toBe('invalid_grant');
  }
  expect((await userinfo(nodes, others.access_token)).status).toBe(200);
});

test('a no to something more leaves what was agreed to before as it was', async () => {
  const { rp, tokens, browser } = await agreedBefore();
  const more = await browser.follow(authRequest(rp, { scope: 'openid profile ssn' }).path);
  expect(more.page).toBe('consent');
  expect(readReturnedCode(await browser.send(more, { cancel: '1' })).get('error')).toBe('access_denied');
  for (const node of [0, 1]) expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(200);
  expect(readReturnedCode(await browser.follow(authRequest(rp).path)).get('code')).toBeTruthy();
  expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '', 1)).status).toBe(200);
});

test('a no to all leaves nothing behind, not even a part of the yes that nobody asked about', async () => {
  const { rp, person, refuse } = await agreedBefore();
  await refuse('openid');
  const left = await nodes.database.query('SELECT FROM consents WHERE identity_id = $1', [person.identityId]);
  expect(left).toEqual([]);
  const services = await listClientAccess(nodes.context.database, person.identityId);
  expect(services.filter(({ clientId }) => clientId === rp.clientId)).toEqual([]);
});

/** One browser loads the consent, another one withdraws it, and then the first one saves it. */
async function savedAfterTheNo() {
  const { person, rp, refuse } = await agreedBefore();
  const elsewhere = new TestBrowser(nodes);
  await signInAtNode(elsewhere, person, authRequest(await aRelyingParty(nodes)));
  const request = authRequest(rp);
  const held = holdUp(nodes, 'INSERT INTO oidc_records AS r');
  const late = elsewhere.follow(request.path);
  await held.reached;
  await refuse('openid profile');
  held.release();
  return await redeemCode(nodes, rp, readReturnedCode(await late).get('code') ?? '', request.verifier, 1);
}

test('an authorization that had read the yes before the no leads to nothing', async () => {
  expect(await savedAfterTheNo()).toMatchObject({ status: 400, error: 'invalid_grant' });
});

test('control: without looking at the yes it leads to tokens', async () => {
  const repair = takeOut(nodes, "OR p.metadata ->> 'trusted' = 'true' OR (", 'OR true OR (');
  expect((await savedAfterTheNo()).status).toBe(200);
  repair();
});

test('a no at one that is trusted, and asks all the same, ends what needed no consent', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  const request = authRequest(rp);
  const code = (await signInAtNode(browser, person, request)).get('code') ?? '';
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  const page = await browser.follow(authRequest(rp, { prompt: 'consent' }).path);
  expect(page.page).toBe('consent');
  await browser.send(page, { cancel: '1' });
  for (const node of [0, 1]) expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
});

test('control: without the end of the grant, they live on', async () => {
  const { tokens, refuse } = await agreedBefore();
  const repair = takeOut(nodes, 'AND client_id = $2 AND ended_at IS NULL', 'AND client_id = $2 AND false');
  const look = takeOut(nodes, "OR p.metadata ->> 'trusted' = 'true' OR (", 'OR true OR (');
  await refuse('openid profile');
  expect((await userinfo(nodes, tokens.access_token)).status).toBe(200);
  look();
  repair();
});

test('a trusted relying party asks only for the CPR number, the first time, by scope or by claim', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes);
  const browser = new TestBrowser(nodes);
  expect(readReturnedCode(await afterKey(browser, person, authRequest(rp).path)).get('code')).toBeTruthy();
  const byClaim = authRequest(rp, { claims: '{"userinfo":{"dk.cpr":null}}' });
  const page = await browser.follow(byClaim.path);
  expect(page.page).toBe('consent');
  expect([page.text.includes('CPR-nummer'), page.text.includes(written(person.cpr))]).toEqual([true, false]);
  expect(page.text).not.toContain('1. juli 1985');
  expect(readReturnedCode(await browser.send(page, { accept: '1' })).get('code')).toBeTruthy();
  expect(
    readReturnedCode(await browser.follow(authRequest(rp, { scope: 'openid ssn' }).path)).get('code'),
  ).toBeTruthy();
});

test('prompt=consent always asks; prompt=none without consent is consent_required', async () => {
  const person = await aPerson(nodes);
  const [trusted, stranger] = [await aRelyingParty(nodes), await aRelyingParty(nodes, { trusted: false })];
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, person, authRequest(trusted));
  for (let i = 0; i < 2; i += 1) {
    const page = await browser.follow(authRequest(trusted, { prompt: 'consent' }).path);
    expect(page.page).toBe('consent');
    expect(readReturnedCode(await browser.send(page, { accept: '1' })).get('code')).toBeTruthy();
  }
  const silent = readReturnedCode(await browser.follow(authRequest(stranger, { prompt: 'none' }).path));
  expect(silent.get('error')).toBe('consent_required');
  const both = authRequest(trusted, { prompt: 'login consent' });
  const page = await afterKey(browser, person, both.path);
  expect(page.page).toBe('consent');
  expect(readReturnedCode(await browser.send(page, { accept: '1' })).get('code')).toBeTruthy();
});

test('a relying party that is not trusted asks also where it wants to know nothing but who', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { trusted: false });
  const browser = new TestBrowser(nodes);
  const page = await afterKey(browser, person, authRequest(rp, { scope: 'openid' }).path);
  expect(page.text).toContain('Vil du logge på hos Prøvekommunen?');
  expect(readReturnedCode(await browser.send(page, { accept: '1' })).get('code')).toBeTruthy();
  expect(
    readReturnedCode(await browser.follow(authRequest(rp, { scope: 'openid' }).path)).get('code'),
  ).toBeTruthy();
});

test('a yes where there is no CPR number is no yes to one that comes later', async () => {
  const person = await aPerson(nodes, { cpr: null });
  const bank = await aRelyingParty(nodes, { kind: 'bank', trusted: false, scope: 'openid profile ssn' });
  const browser = new TestBrowser(nodes);
  const page = await afterKey(browser, person, authRequest(bank, { scope: 'openid profile ssn' }).path);
  await browser.send(page, { accept: '1' });
  const [row] = await nodes.database.query<{ scopes: string[] }>(
    'SELECT scopes FROM consents WHERE identity_id = $1',
    [person.identityId],
  );
  expect(row?.scopes).toEqual(['openid', 'profile']);
});

test('a no withdraws what was agreed to before of the same', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { trusted: false });
  const browser = new TestBrowser(nodes);
  await browser.send(await afterKey(browser, person, authRequest(rp).path), { accept: '1' });
  const again = await browser.follow(authRequest(rp, { prompt: 'consent' }).path);
  expect(readReturnedCode(await browser.send(again, { cancel: '1' })).get('error_description')).toMatch(
    /^consent_refused: /,
  );
  expect((await browser.follow(authRequest(rp).path)).page).toBe('consent');
});

test('the page shows every personal claim that is handed over', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { trusted: false });
  const request = authRequest(rp, { scope: 'openid profile ssn nemid.pid' });
  const browser = new TestBrowser(nodes);
  const page = await afterKey(browser, person, request.path);
  const result = readReturnedCode(await browser.send(page, { accept: '1' }));
  const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', request.verifier);
  const info = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as Record<string, string>;
  const { sub, identity_type, proofing, given_name, family_name, ...shown } = info;
  expect([sub, identity_type, proofing, given_name, family_name].every(Boolean)).toBe(true);
  const asWritten: Record<string, string> = {
    birthdate: '1. juli 1985',
    'dk.cpr': written(person.cpr),
    locale: 'dansk',
  };
  for (const [claim, value] of Object.entries(shown)) expect(page.text).toContain(asWritten[claim] ?? value);
});

test('a double-click on yes is one yes', async () => {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { trusted: false });
  const browser = new TestBrowser(nodes);
  const page = await afterKey(browser, person, authRequest(rp).path);
  const answers = await Promise.all([1, 2, 3].map(() => browser.post(page, { accept: '1' })));
  const codes = new Set(answers.map((answer) => readReturnedCode(answer).get('code')));
  expect([codes.size, codes.has(null)]).toEqual([1, false]);
});

describe('every claim, tried at every demo relying party', () => {
  const everyClaim = [...new Set(Object.values(CLAIMS_BY_SCOPE).flat())];

  test('by scope, claims parameter, userinfo and introspection: nothing outside the registration', async () => {
    const person = await aPerson(nodes);
    const demos = await prepareDemoRelyingParties(nodes.context, {
      ...composeDemoUrls(3000),
      issuer: nodes.issuer,
    });
    expect(demos).toHaveLength(6);
    let tried = 0;
    for (const demo of demos) {
      const registered = await findRelyingParty(nodes.context.database, demo.clientId);
      const scopes = registered?.scope.split(' ') ?? [];
      const open = listClaimsOfScopes(scopes);
      const rp: TestRelyingParty = {
        ...demo,
        redirectUri: demo.redirectUris[0] ?? '',
        scope: registered?.scope ?? '',
      };
      nodes.secrets.add(demo.clientSecret, 'client secret');
      const browser = new TestBrowser(nodes);

      for (const scope of [...Object.keys(CLAIMS_BY_SCOPE), 'offline_access']) {
        const end = await browser.follow(authRequest(rp, { scope: `openid ${scope}`, prompt: 'none' }).path);
        expect([demo.clientId, scope, readReturnedCode(end).get('error')]).toEqual([
          demo.clientId,
          scope,
          // offline_access is dropped without prompt=consent, for every client.
          scopes.includes(scope) || scope === 'offline_access' ? 'login_required' : 'invalid_scope',
        ]);
      }
      const asked: Record<string, null> = {};
      for (const claim of everyClaim) {
        for (const place of ['userinfo', 'id_token']) {
          const claims = JSON.stringify({ [place]: { [claim]: null } });
          const end = await browser.follow(authRequest(rp, { claims, prompt: 'none' }).path);
          expect([demo.clientId, place, claim, readReturnedCode(end).get('error')]).toEqual([
            demo.clientId,
            place,
            claim,
            // What the registration does not open is left out, without an error.
            'login_required',
          ]);
          tried += 1;
        }
        if (claim !== 'sub') asked[claim] = null;
      }

      // All existing claims, requested together.
      const request = authRequest(rp, {
        scope: rp.scope,
        claims: JSON.stringify({ userinfo: asked, id_token: asked }),
      });
      const result = await signInAtNode(browser, person, request);
      const tokens = await redeemCode(nodes, rp, result.get('code') ?? '', request.verifier);
      const released = [
        payloadOf(tokens.id_token),
        JSON.parse((await userinfo(nodes, tokens.access_token)).text) as object,
        JSON.parse(
          (await asRelyingParty(nodes, rp, '/token/introspection', { token: tokens.access_token })).text,
        ) as object,
      ];
      const personal = everyClaim.filter(
        (claim) => !(CLAIMS_BY_SCOPE.openid as readonly string[]).includes(claim),
      );
      for (const claims of released) {
        const shown = Object.keys(claims).filter((claim) => (personal as string[]).includes(claim));
        expect(shown.filter((claim) => !open.has(claim))).toEqual([]);
      }
      expect(released[2]).not.toHaveProperty('name');
      expect(JSON.stringify(released).includes(person.cpr)).toBe(scopes.includes('ssn'));
    }
    expect(tried).toBeGreaterThan(90);
  });
});
