/** A sign-in that is refused for the proofing: what is recorded, what is used up, and who is told. */
import { describe, expect, test } from '@jest/globals';
import { LOW, SUBSTANTIAL } from '../src/domain/signIn/levels.ts';
import { relyingPartySchema } from '../src/domain/relyingParty/relyingParty.ts';
import { saveRelyingParty } from '../src/db/oidc/relyingParties.ts';
import {
  aPerson,
  aRelyingParty,
  aSecurityKey,
  authRequest,
  keyFor,
  payloadOf,
  readReturnedCode,
  redeemCode,
  requestOptionsOf,
  sendAssertion,
  signInAtNode,
  TestBrowser,
  toKeyPage,
  useNodes,
  waitUntil,
  type TestPerson,
  type TestRelyingParty,
} from './support/index.ts';

const nodes = useNodes({ count: 2 });
const ordered = async () => await aPerson(nodes, { proofing: 'Low', issuedBy: 'online' });

async function eventsOf({ identityId }: TestPerson) {
  return await nodes.database.query<{ kind: string; details: Record<string, unknown> }>(
    `SELECT kind, details FROM audit_events WHERE identity_id = $1 AND kind LIKE 'sign%' ORDER BY id`,
    [identityId],
  );
}

async function raise(rp: TestRelyingParty, changes: object): Promise<void> {
  const [row] = await nodes.database.query<{ metadata: object }>(
    'SELECT metadata FROM relying_parties WHERE client_id = $1',
    [rp.clientId],
  );
  await saveRelyingParty(nodes.context.database, relyingPartySchema.parse({ ...row?.metadata, ...changes }));
}

describe('a passkey alone', () => {
  test('leaves one line of the refusal and no sign-in, and the form sent again is the same', async () => {
    const person = await ordered();
    const strict = await aRelyingParty(nodes);
    const held = await aSecurityKey(nodes, person, { synced: true });
    const browser = new TestBrowser(nodes);
    const page = await browser.follow(authRequest(strict).path);
    const credential = JSON.stringify(held.authenticator.get(requestOptionsOf(page)));
    const refused = await browser.send(page, { credential });
    expect([refused.page, refused.text.includes('Borgerservice')]).toEqual(['refused', true]);
    expect((await browser.send(page, { credential })).page).toBe('refused');
    expect((await browser.follow(refused.url)).page).toBe('refused');
    const events = await eventsOf(person);
    expect(events.map(({ kind }) => kind)).toEqual(['sign_in_refused']);
    expect(events[0]?.details).toMatchObject({
      clientId: strict.clientId,
      factor: 'passkey',
      only: true,
      refusal: 'proofing_too_low',
      seen: expect.any(String),
    });
    const ended = await browser.send(refused, { cancel: '1' });
    expect(new URL(ended.headers.location ?? '').searchParams.get('error_description')).toMatch(
      /^proofing_too_low: /,
    );
    // Not even once the ID is proofed: that answer was judged.
    await nodes.database.query(`UPDATE identities SET proofing = 'Substantial', mac = NULL WHERE id = $1`, [
      person.identityId,
    ]);
    const again = await browser.send(page, { credential });
    expect(again.headers.location ?? '').not.toContain('code=');
    expect((await eventsOf(person)).length).toBe(1);
  });

  test('after a wrong password, in the row of that sign-in', async () => {
    const person = await ordered();
    const strict = await aRelyingParty(nodes);
    const held = await aSecurityKey(nodes, person);
    const browser = new TestBrowser(nodes);
    const first = await browser.follow(authRequest(strict).path);
    const page = await browser.send(first, { userId: person.userId, password: 'forkert adgangskode' });
    const refused = await sendAssertion(browser, page, held);
    expect(refused.page).toBe('refused');
    expect((await eventsOf(person)).map(({ kind }) => kind)).toEqual(['sign_in_refused']);
    // Control: where the ID is accepted it is a sign-in.
    const library = await aRelyingParty(nodes, { min_proofing: LOW });
    const other = await browser.follow(authRequest(library).path);
    readReturnedCode(await sendAssertion(browser, other, held));
    expect((await eventsOf(person)).map(({ kind }) => kind)).toEqual(['sign_in_refused', 'signed_in']);
  });
});

test('nothing about an ID is told to a site that its person has not agreed to', async () => {
  const person = await ordered();
  const library = await aRelyingParty(nodes, { min_proofing: LOW });
  const site = await aRelyingParty(nodes, { min_proofing: LOW, trusted: false });
  const browser = new TestBrowser(nodes);
  await signInAtNode(browser, person, authRequest(library));
  const essential = {
    claims: JSON.stringify({ id_token: { acr: { essential: true, value: SUBSTANTIAL } } }),
  };
  const high = {
    claims: JSON.stringify({
      id_token: { acr: { essential: true, value: SUBSTANTIAL.replace(/\w+$/, 'High') } },
    }),
  };
  const ask = async (more: Record<string, string> = {}, by = browser) => {
    const page = await by.follow(authRequest(site, { scope: 'openid', prompt: 'none', ...more }).path);
    const { searchParams } = new URL(page.headers.location ?? '');
    const [code, text] = (searchParams.get('error_description') ?? '').split(': ');
    return text === undefined ? searchParams.get('error') : code;
  };
  expect([await ask(), await ask(essential)]).toEqual(['consent_required', 'consent_required']);
  // What no one reaches says nothing of the person.
  expect(await ask(high)).toBe('acr_unattainable');
  // Nor without `prompt=none`: a page says it, and the person goes back.
  const { path } = authRequest(site, { scope: 'openid', ...essential });
  const first = await browser.follow(path);
  expect(first.page).toBe('password');
  const refused = await browser.send(first, { userId: person.userId, password: person.password });
  expect([refused.page, refused.text.includes('Borgerservice')]).toEqual(['refused', true]);
  await raise(site, { min_proofing: SUBSTANTIAL });
  expect(await ask()).toBe('consent_required');
  // After consent the site may know.
  await raise(site, { min_proofing: LOW });
  const asked = await browser.follow(authRequest(site, { scope: 'openid' }).path);
  expect(asked.page).toBe('consent');
  await browser.send(asked, { accept: '1' });
  expect(await ask(essential)).toBe('acr_unattainable');
  expect(readReturnedCode(await browser.follow(path)).get('error_description')).toMatch(
    /^acr_unattainable: /,
  );
  await raise(site, { min_proofing: SUBSTANTIAL });
  await waitUntil('the site may know', async () => (await ask()) === 'proofing_too_low');
  const [stranger, elsewhere] = [await ordered(), new TestBrowser(nodes)];
  await signInAtNode(elsewhere, stranger, authRequest(library));
  expect(await ask({}, elsewhere)).toBe('consent_required');
});

test('a site without consent gets the same answers about every proofing, whatever the session has', async () => {
  const [low, library, site] = [
    await aRelyingParty(nodes, { min_acr: LOW, min_proofing: LOW }),
    await aRelyingParty(nodes, { min_proofing: LOW, trusted: false }),
    await aRelyingParty(nodes, { trusted: false }),
  ];
  const answersAbout = async (person: TestPerson, isTwoFactor: boolean) => {
    const browser = new TestBrowser(nodes);
    const { path } = authRequest(low, { acr_values: isTwoFactor ? SUBSTANTIAL : LOW });
    if (isTwoFactor) await signInAtNode(browser, person, authRequest(low));
    else await browser.send(await browser.follow(path), { userId: person.userId, password: person.password });
    const essential = JSON.stringify({ id_token: { acr: { essential: true, value: SUBSTANTIAL } } });
    const requests = [library, site].flatMap((rp) =>
      [{}, { acr_values: 'phr' }, { claims: essential }].map((more) =>
        authRequest(rp, { scope: 'openid', prompt: 'none', ...more }),
      ),
    );
    const errors: (string | null)[] = [];
    for (const request of requests)
      errors.push(readReturnedCode(await browser.follow(request.path)).get('error'));
    return errors.map((error) => error?.replace('_required', ''));
  };
  for (const isTwoFactor of [true, false]) {
    const known = await answersAbout(await aPerson(nodes), isTwoFactor);
    const each = isTwoFactor ? ['consent', 'login', 'consent'] : ['login', 'login', 'login'];
    expect(known).toEqual([...each, ...each]);
    expect(await answersAbout(await ordered(), isTwoFactor)).toEqual(known);
  }
});

describe('an essential list with `phr` beside a level that the ID cannot reach', () => {
  const request = (rp: TestRelyingParty) =>
    authRequest(rp, {
      claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['phr', SUBSTANTIAL] } } }),
    });

  test('is met by a security key, and by nothing else', async () => {
    const person = await ordered();
    const rp = await aRelyingParty(nodes, { min_proofing: LOW });
    const none = await toKeyPage(new TestBrowser(nodes), person, request(rp));
    expect([none.page, none.text.includes('data-card-number')]).toEqual(['refused', false]);

    // A challenge that stands on the card from another sign-in is of no use either.
    const elsewhere = await toKeyPage(new TestBrowser(nodes), person, authRequest(rp));
    const held = await aSecurityKey(nodes, person);
    const browser = new TestBrowser(nodes);
    const login = request(rp);
    const page = await toKeyPage(browser, person, login);
    expect([page.page, page.text.includes('data-card-number')]).toEqual(['key', false]);
    const [, cardNumber = '', keyNumber = ''] =
      /name="cardNumber" value="([^"]+)".*?name="keyNumber" value="([^"]+)"/s.exec(elsewhere.text) ?? [];
    const typed = { step: 'key', cardNumber, keyNumber, key: keyFor(person, elsewhere) };
    const still = await browser.send(page, typed);
    expect([still.page, still.text.includes('data-webauthn="get"')]).toEqual(['key', true]);
    expect(await eventsOf(person)).toEqual([]);

    const signedIn = await sendAssertion(browser, still, held);
    const code = readReturnedCode(signedIn).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, login.verifier, 1);
    expect(payloadOf(tokens.id_token)).toMatchObject({ acr: 'phr', proofing: LOW });
  });

  test('any second factor meets it for an ID that can', async () => {
    const person = await aPerson(nodes);
    const rp = await aRelyingParty(nodes, { min_proofing: LOW });
    const login = request(rp);
    const browser = new TestBrowser(nodes);
    const page = await toKeyPage(browser, person, login);
    const signedIn = await browser.send(page, { key: keyFor(person, page) });
    const code = readReturnedCode(signedIn).get('code') ?? '';
    const tokens = await redeemCode(nodes, rp, code, login.verifier, 1);
    expect(payloadOf(tokens.id_token)).toMatchObject({ acr: SUBSTANTIAL });
  });
});
