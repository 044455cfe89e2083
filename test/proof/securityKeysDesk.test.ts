/** Security keys at the desk, and blocking all of a person: at `/block`, by the hotline, in self-service. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { endIdentity } from '../../src/db/cards/cardSets.ts';
import { applyCardCommandInTransaction, BY_SYSTEM } from '../../src/features/identity/cardCommands.ts';
import { da } from '../../src/ui/words/words.da.ts';
import { aCodeToken, tokenSteps } from '../support/codeTokens.ts';
import {
  aPerson,
  aSecurityKey,
  hiddenFields,
  openCounterSession,
  openDesk,
  REASON,
  SHOWN,
  signInAt,
  TestBrowser,
  useNodes,
  type BrowserPage,
  type CounterSession,
  type TestPerson,
} from '../support/index.ts';
import { addSecurityKey, anAuthenticator, creationOptionsOf } from '../support/securityKeyCreation.ts';
import type { SoftAuthenticator } from '../support/authenticator.ts';

let officer: CounterSession;
let colleague: CounterSession;
let hotline: CounterSession;
const nodes = useNodes({ count: 2, withoutErrors: true });
beforeAll(async () => {
  const { operators } = await openDesk(nodes);
  officer = await openCounterSession(nodes, operators, 'officer');
  colleague = await openCounterSession(nodes, operators, 'officer');
  hotline = await openCounterSession(nodes, operators, 'hotline');
});

const keysOf = async ({ identityId }: TestPerson) =>
  await nodes.database.query<{ added_by: string; end_reason: string | null; waits: boolean }>(
    `SELECT added_by, end_reason, counts_from > $2 AS waits FROM security_keys WHERE identity_id = $1 ORDER BY added_at, id`,
    [identityId, nodes.clock.now()],
  );
const toldOf = async ({ identityId }: TestPerson) =>
  (
    await nodes.database.query<{ kind: string; details: Record<string, unknown> }>(
      `SELECT kind, details FROM notices WHERE identity_id = $1 AND kind LIKE 'security_key_%' ORDER BY at, kind`,
      [identityId],
    )
  ).map(({ kind, details }) => ({ kind, by: details['by'], opensAt: details['opensAt'] }));
const pathOf = (page: BrowserPage, action: string) => `${new URL(page.url).pathname}/${action}`;

/** The form of the desk, with what the person's own device answers. */
async function bring(
  who: CounterSession,
  person: TestPerson,
  authenticator: SoftAuthenticator,
  fields: Record<string, string> = {},
): Promise<BrowserPage> {
  const path = pathOf(await who.find(person), 'add-security-key');
  const page = await who.browser.follow(path);
  const credential = JSON.stringify(authenticator.create(creationOptionsOf(page)));
  const sent = { ...REASON, ...SHOWN, name: 'Den blå', credential, ...fields };
  return await who.follow(await who.post(path, sent, page));
}

describe('a person who is present', () => {
  test('gets a security key that waits a day, with identification, and a notice', async () => {
    const person = await aPerson(nodes);
    const authenticator = anAuthenticator(nodes);
    const without = await bring(officer, person, authenticator, { idMatches: '' });
    expect([without.page, await keysOf(person)]).toEqual(['desk-deed', []]);
    const unnamed = await bring(officer, person, anAuthenticator(nodes), { name: '' });
    expect(unnamed.text).toContain(da.securityKeys.nameFault.empty);
    const broken = await bring(officer, person, anAuthenticator(nodes), { credential: '{' });
    expect(broken.text).toContain(da.securityKeys.faults.failed);
    const done = await bring(officer, person, anAuthenticator(nodes));
    expect(done.text).toContain(da.deskSearch.action.names['add-security-key'].done);
    expect(await keysOf(person)).toMatchObject([{ added_by: 'desk', waits: true, end_reason: null }]);
    expect(await toldOf(person)).toEqual([
      { kind: 'security_key_added', by: undefined, opensAt: expect.any(String) },
    ]);
    // An officer's page for one person is of no use for another.
    const other = await aPerson(nodes);
    const path = pathOf(await officer.find(person), 'add-security-key');
    const page = await officer.browser.follow(path);
    const credential = JSON.stringify(anAuthenticator(nodes).create(creationOptionsOf(page)));
    const theirs = pathOf(await officer.find(other), 'add-security-key');
    const sent = { ...REASON, ...SHOWN, name: 'x', credential };
    expect((await officer.post(theirs, sent, page)).text).toContain(da.securityKeys.faults.failed);
    expect(await keysOf(other)).toEqual([]);
  });

  test('on the ID of a member of staff it takes a colleague, and counts at once; no one adds one to their own', async () => {
    const { person } = hotline;
    const asked = await bring(officer, person, anAuthenticator(nodes));
    expect([asked.page, await keysOf(person)]).toEqual(['desk-person', []]);
    const [row] = await nodes.database.query<{ id: string }>(
      'SELECT id FROM colleague_actions WHERE identity_id = $1',
      [person.identityId],
    );
    const path = `/desk/colleagues/${row?.id}`;
    await officer.post(path, { decision: 'confirm' }, await officer.browser.follow(path));
    expect(await keysOf(person)).toEqual([]);
    const page = await colleague.browser.follow(path);
    expect(page.text).toContain(da.deskControl.colleagues.securityKey);
    expect(page.text).not.toContain(da.deskSearch.action.names['add-security-key'].what);
    await colleague.post(path, { decision: 'confirm' }, page);
    expect(await keysOf(person)).toMatchObject([{ added_by: 'desk', waits: false }]);
    const own = await officer.browser.request(pathOf(await officer.find(officer.person), 'add-security-key'));
    expect(own.status).toBe(403);
    const phone = await hotline.find(await aPerson(nodes));
    expect((await hotline.browser.request(pathOf(phone, 'add-security-key'))).status).toBe(403);
  });
});

test('an ID that a node of the version before blocked is opened without what such a node leaves', async () => {
  const person = await aPerson(nodes);
  await aSecurityKey(nodes, person);
  const token = await aCodeToken(nodes, person);
  // It blocks the card and the ID, and knows nothing else.
  await nodes.context.database.transaction(async (db) => {
    const { identityId } = person;
    await applyCardCommandInTransaction(nodes.context, db, identityId, { kind: 'block_identity' }, BY_SYSTEM);
    await endIdentity(db, identityId, { block: true, now: nodes.clock.now() });
  });
  expect(await keysOf(person)).toMatchObject([{ end_reason: null }]);
  const path = pathOf(await officer.find(person), 'reopen');
  const page = await officer.browser.follow(path);
  const done = await officer.follow(await officer.post(path, { ...REASON, ...SHOWN }, page));
  expect(done.text).toContain(da.deskSearch.action.names.reopen.done);
  expect(await keysOf(person)).toMatchObject([{ end_reason: 'blocked' }]);
  expect(await tokenSteps(nodes).stateOf(token)).toBe('blocked');
});

describe('blocking all of a person', () => {
  const waiting = async () => {
    const person = await aPerson(nodes);
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    await addSecurityKey(browser, person, anAuthenticator(nodes));
    expect(await keysOf(person)).toMatchObject([{ waits: true }]);
    return { person, browser };
  };

  test('at /block, with user ID and password; a wrong password does nothing, and looks the same', async () => {
    const { person, browser } = await waiting();
    const stranger = new TestBrowser(nodes);
    const page = await stranger.follow('/block/security_keys');
    expect(page.text).toContain(da.block.security_keys.title);
    const right = { userId: person.userId, password: person.password };
    const wrong = await stranger.send(page, { ...right, password: 'ikke den rigtige' });
    expect([wrong.page, (await keysOf(person))[0]?.end_reason]).toEqual(['block-received', null]);
    const sent = await stranger.send(await stranger.follow('/block/security_keys'), right);
    expect(sent.page).toBe('block-received');
    // Signing in goes on by the card, and no new card is needed.
    expect(sent.text).toContain(da.blockReceived.signIn.security_keys);
    expect(sent.text).not.toContain(da.blockReceived.newCard);
    expect(await keysOf(person)).toMatchObject([{ end_reason: 'blocked' }]);
    expect((await toldOf(person)).map(({ kind }) => kind)).toEqual([
      'security_key_added',
      'security_key_ended',
    ]);
    // The thief's session is over; the card and the ID are as before.
    expect((await browser.follow('/self-service/card')).page).not.toBe('self-card');
    expect((await signInAt(new TestBrowser(nodes), person, '/self-service')).page).toBe('self-home');
  });

  test('by the hotline, and in self-service', async () => {
    const { person } = await waiting();
    const path = pathOf(await hotline.find(person), 'block-security-keys');
    const page = await hotline.browser.follow(path);
    const done = await hotline.follow(await hotline.post(path, REASON, page));
    expect(done.text).toContain(da.deskSearch.action.names['block-security-keys'].done);
    expect(await keysOf(person)).toMatchObject([{ end_reason: 'blocked' }]);
    expect((await toldOf(person)).at(-1)).toMatchObject({ kind: 'security_key_ended', by: 'staff' });
    const again = await waiting();
    const check = await again.browser.follow('/self-service/block/security_keys');
    const { status, headers } = await again.browser.request('/self-service/block', {
      form: hiddenFields(check),
    });
    const blocked = await again.browser.follow(headers.location ?? String(status));
    expect(blocked.text).toContain(da.selfService.blocked.security_keys);
    expect(await keysOf(again.person)).toMatchObject([{ end_reason: 'blocked' }]);
  });
});
