/** One part of a consent is withdrawn separately: immediately, on every node, and the rest is remembered. */
import { expect, test } from '@jest/globals';
import { findConsent } from '../src/db/oidc/consents.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  TestBrowser,
  refreshTokens,
  readReturnedCode,
  signInAt,
  tokensAt,
  useNodes,
  userinfo,
} from './support/index.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });

const ALL = { scope: 'openid profile ssn offline_access', prompt: 'consent' };

async function agreed() {
  const person = await aPerson(nodes);
  const rp = await aRelyingParty(nodes, { trusted: false });
  const browser = new TestBrowser(nodes);
  expect((await signInAt(browser, person, '/self-service')).page).toBe('self-home');
  const tokens = await tokensAt(nodes, browser, person, rp, ALL);
  const remembered = async () =>
    (await findConsent(nodes.context.database, person.identityId, rp.clientId)).sort();
  const take = async (scope: string, service = rp.clientId) =>
    await browser.send(await browser.follow('/self-service/access'), { do: 'part', service, scope });
  return { person, rp, browser, tokens, remembered, take };
}

test('the CPR number alone: tokens end, and the next sign-in asks for it alone', async () => {
  const { rp, browser, tokens, remembered, take, person } = await agreed();
  const page = await browser.follow('/self-service/access');
  for (const part of ['Fjern kun: CPR-nummer', 'Fjern kun: Navn, Fødselsdato, Sprog', 'Det slutter senest'])
    expect(page.text).toContain(part);
  expect((await take('ssn')).text).toContain('skal spørge dig, før den kan få det igen');
  for (const node of [0, 1]) {
    expect((await userinfo(nodes, tokens.access_token, node)).status).toBe(401);
    expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '', node)).error).toBe('invalid_grant');
  }
  expect(await remembered()).toEqual(['offline_access', 'openid', 'profile']);
  expect(readReturnedCode(await browser.follow(authRequest(rp).path)).get('code')).toBeTruthy();
  const asked = await browser.follow(authRequest(rp, { scope: 'openid profile ssn' }).path);
  expect([asked.page, asked.text.includes('CPR-nummer'), asked.text.includes('Fødselsdato')]).toEqual([
    'consent',
    true,
    false,
  ]);
  const logged = await nodes.database.query(
    `SELECT details FROM audit_events WHERE kind = 'consent_withdrawn' AND identity_id = $1`,
    [person.identityId],
  );
  expect(logged).toEqual([{ details: { clientId: rp.clientId, scopes: ['ssn'] } }]);
});

test('the access while signed out; twice is once; what is none, or of no one, is nothing', async () => {
  const { rp, browser, tokens, remembered, take, person } = await agreed();
  expect((await take('offline_access')).text).toContain('skal spørge dig, før den kan få det igen');
  expect((await refreshTokens(nodes, rp, tokens.refresh_token ?? '', 1)).error).toBe('invalid_grant');
  for (const again of [await take('offline_access'), await take('nothing'), await take('ssn', 'nobody')])
    expect([again.page, again.text.includes('Det er fjernet')]).toEqual(['self-access', false]);
  expect((await take('', rp.clientId)).status).toBe(400);
  expect(await remembered()).toEqual(['openid', 'profile', 'ssn']);
  expect((await browser.follow('/self-service/access')).text).not.toContain('når du ikke er logget på. Det');
  const logged = await nodes.database.query(
    `SELECT FROM audit_events WHERE kind = 'consent_withdrawn' AND identity_id = $1`,
    [person.identityId],
  );
  expect(logged).toHaveLength(1);
});

test('where the bare sign-in is asked about again, the page has all that is passed on with it', async () => {
  const { rp, browser, take, person } = await agreed();
  // No form of Nøgle's has it, but a browser can send any form.
  await take('openid');
  const page = await browser.follow(authRequest(rp).path);
  const shown = ['Ingen andre oplysninger', person.fullName].filter((text) => page.text.includes(text));
  expect([page.page, shown]).toEqual(['consent', [person.fullName]]);
  expect(readReturnedCode(await browser.send(page, { accept: '1' })).get('code')).toBeTruthy();
});

test('both parts concurrently on two nodes: neither comes back', async () => {
  const { browser, remembered } = await agreed();
  const page = await browser.follow('/self-service/access');
  const service = /name="service" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  await Promise.all(
    ['profile', 'ssn'].map(async (scope) => await browser.send(page, { do: 'part', service, scope })),
  );
  expect(await remembered()).toEqual(['offline_access', 'openid']);
});
