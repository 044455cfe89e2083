/**
 * A person who orders an ID online does with it what we promise everyone: they sign in at the bank and at the
 * municipality in the same way, say yes to public sites, look after their card and block it. Where
 * identification has to have been seen they are told so, and how it is done.
 */
import { beforeAll, expect, test } from '@jest/globals';
import { da } from '../src/ui/words/words.da.ts';
import { LOW } from '../src/domain/signIn/levels.ts';
import { prepareDemoRelyingParties } from '../src/sandbox/demoRelyingParties.ts';
import {
  aChoice,
  aRegistered,
  aRelyingParty,
  authRequest,
  type BrowserPage,
  type Chosen,
  createSiteClient,
  type IssuedTestIdentity,
  keyOnPage,
  orderedBy,
  payloadOf,
  postOrder,
  readReturnedCode,
  redeemCode,
  signInAt,
  TestBrowser,
  type TestPerson,
  type TestRelyingParty,
  toDonePage,
  toKeyPage,
  useNodes,
  userinfo,
  waitForLetters,
} from './support/index.ts';

const nodes = useNodes({ count: 2, proxyHops: 1 });
let netbank: TestRelyingParty;
let municipality: TestRelyingParty;

beforeAll(async () => {
  const urls = { netbank: 'https://netbank.example', randers: 'https://randers.example' };
  const listed = await prepareDemoRelyingParties(nodes.context, { ...urls, issuer: nodes.issuer });
  const demo = (id: string): TestRelyingParty => {
    const { clientId, clientSecret, redirectUris } = listed.find((one) => one.clientId === id) ?? {
      ...(listed[0] as (typeof listed)[number]),
      clientId: 'missing',
    };
    return { clientId, clientSecret, redirectUri: redirectUris[0] ?? '', scope: 'openid profile' };
  };
  netbank = demo('demo-netbank');
  municipality = demo('demo-randers');
});

interface OnlinePerson {
  readonly issued: IssuedTestIdentity;
  readonly chosen: Chosen;
  readonly done: BrowserPage;
}

/** Orders, gets two letters, and activates the ID. */
async function orderAndActivate(): Promise<OnlinePerson> {
  const entry = await aRegistered(nodes);
  const answer = await postOrder(createSiteClient(nodes), entry);
  expect(answer.headers.location).toBe('/order/received');
  const [identity] = await orderedBy(nodes, entry);
  const issued = await waitForLetters(nodes, identity?.id ?? '');
  const chosen = aChoice(nodes);
  const done = await toDonePage(new TestBrowser(nodes), issued, chosen);
  return { issued, chosen, done };
}

/** From the first page to where the pages end, with both factors, and yes to what is asked. */
async function signIn(
  browser: TestBrowser,
  { chosen }: OnlinePerson,
  rp: TestRelyingParty,
  params: Record<string, string> = {},
) {
  const request = authRequest(rp, params);
  const asked: string[] = [];
  let page = await browser.follow(request.path);
  while (!page.headers.location && page.page !== 'refused') {
    asked.push(page.page ?? String(page.status));
    page = await browser.send(page, await fillIn(page, chosen));
  }
  return { request, asked, page };
}

async function fillIn(page: BrowserPage, chosen: Chosen): Promise<Record<string, string>> {
  if (page.page === 'password') return { ...chosen };
  if (page.page === 'key') return { key: await keyOnPage(nodes, page) };
  return { accept: '1' };
}

test('the order page says first what the ID opens, and how it is raised', async () => {
  for (const [language, says, raised] of [
    ['da', 'Et ID, du bestiller her, kan du bruge på', 'Gå til Borgerservice med gyldig legitimation'],
    ['en', 'You can use an ID that you order here', 'go to Borgerservice (citizen service) with valid'],
  ] as const) {
    const page = await new TestBrowser(nodes).follow(`/order?language=${language}`);
    expect([language, page.page, page.text.includes(says), page.text.includes(raised)]).toEqual([
      language,
      'order',
      true,
      true,
    ]);
    expect(page.text.indexOf(says)).toBeLessThan(page.text.indexOf('name="cpr"'));
  }
});

test('one log-in at the bank and the municipality, self-service, a new card, and a block', async () => {
  const person = await orderAndActivate();
  const { identityId } = person.issued;
  // What it opens is said without a word that the next sentence takes back.
  const words = da.activate.done;
  expect(person.done.text).toContain(words.ordered.everywhere);
  expect(person.done.text).toContain(words.notSeen);
  expect(person.done.text).not.toMatch(/din bank/);
  const [row] = await nodes.database.query<{ proofing: string }>(
    'SELECT proofing FROM identities WHERE id = $1',
    [identityId],
  );
  expect(row?.proofing).toBe('Low');

  // The same at the bank and at the municipality; there it is asked whether the ID works on public sites too.
  await nodes.database.query(`UPDATE identities SET public_sites = false WHERE id = $1`, [identityId]);
  const atBank = await signIn(new TestBrowser(nodes), person, netbank);
  expect([atBank.asked, readReturnedCode(atBank.page).has('code')]).toEqual([['password', 'key'], true]);
  const browser = new TestBrowser(nodes);
  const atMunicipality = await signIn(browser, person, municipality, { scope: 'openid profile ssn' });
  expect([atMunicipality.asked, readReturnedCode(atMunicipality.page).has('code')]).toEqual([
    ['password', 'key', 'public-sites'],
    true,
  ]);

  // What a site learns: both factors, and that no one has seen the person. No CPR number.
  const rp = await aRelyingParty(nodes, { min_proofing: LOW });
  const { request, page } = await signIn(browser, person, rp, { scope: 'openid profile ssn' });
  const tokens = await redeemCode(nodes, rp, readReturnedCode(page).get('code') ?? '', request.verifier);
  const { acr, amr, proofing } = payloadOf(tokens.id_token);
  expect([acr, amr, proofing]).toEqual([LOW, ['pwd', 'otp', 'mfa'], LOW]);
  const me = JSON.parse((await userinfo(nodes, tokens.access_token)).text) as Record<string, unknown>;
  expect([me['proofing'], me['dk.cpr'], typeof me['name']]).toEqual([LOW, undefined, 'string']);

  // Self-service takes it, and a change there is confirmed by a key.
  const atHome = new TestBrowser(nodes);
  const own = { ...person.chosen, keys: person.issued.keys } as TestPerson;
  expect((await signInAt(atHome, own, '/self-service')).page).toBe('self-home');
  const cardPage = await atHome.follow('/self-service/card');
  const confirm = await atHome.send(cardPage, { do: 'threshold', threshold: '40' });
  expect(confirm.page).toBe('self-confirm');
  const done = await atHome.send(confirm, { key: await keyOnPage(nodes, confirm) });
  expect(done.page).toBe('self-told');

  // With as many keys left a new card comes by itself.
  await nodes.database.query(
    `UPDATE key_cards SET spent = (repeat('1', 107) || repeat('0', 41))::bit(148), challenge = NULL
     WHERE identity_id = $1 AND state = 'active'`,
    [identityId],
  );
  await signIn(new TestBrowser(nodes), person, municipality, { prompt: 'login' });
  const cards = await nodes.database.query<{ state: string }>(
    'SELECT state FROM key_cards WHERE identity_id = $1 ORDER BY ordered_at',
    [identityId],
  );
  expect(cards.map(({ state }) => state)).toEqual(['active', 'ordered']);

  // A person who lost the card blocks it with user ID and password.
  const stranger = new TestBrowser(nodes);
  await stranger.post(await stranger.follow('/block/card'), { ...person.chosen, what: 'card' });
  const after = await toKeyPage(new TestBrowser(nodes), person.chosen, authRequest(municipality));
  expect([after.page, after.text.includes('Dit nøglekort er spærret')]).toEqual(['refused', true]);
});

test('where identification has to have been seen, the page says what to do, and no key is spent', async () => {
  const person = await orderAndActivate();
  const strict = await aRelyingParty(nodes, { kind: 'bank', require_fresh_key: false });
  const browser = new TestBrowser(nodes);
  const spent = async () => {
    const [card] = await nodes.database.query<{ many: number }>(
      `SELECT bit_count(spent)::int AS many FROM key_cards WHERE identity_id = $1`,
      [person.issued.identityId],
    );
    return card?.many;
  };
  const before = await spent();
  const refused = await signIn(browser, person, strict);
  expect([refused.asked, refused.page.page, await spent()]).toEqual([['password'], 'refused', before]);
  expect(refused.page.text).toContain('Tag gyldig legitimation og dit nøglekort med');
  const told = readReturnedCode(await browser.send(refused.page, { cancel: '1' }));
  expect([told.get('error'), told.get('error_description')?.split(':')[0]]).toEqual([
    'access_denied',
    'proofing_too_low',
  ]);

  // Signed in elsewhere: the page comes at once. Without pages the relying party hears it.
  await signIn(browser, person, municipality);
  const again = await signIn(browser, person, strict);
  expect([again.asked, again.page.page]).toEqual([[], 'refused']);
  const silent = readReturnedCode(await browser.follow(authRequest(strict, { prompt: 'none' }).path));
  expect([silent.get('error'), silent.get('error_description')?.split(':')[0]]).toEqual([
    'access_denied',
    'proofing_too_low',
  ]);
});
