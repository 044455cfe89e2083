/** A security key right after the activation of an ID. */
import { expect, test } from '@jest/globals';
import { da } from '../src/ui/words/words.da.ts';
import {
  aChoice,
  composeApplication,
  issueApplication,
  waitForLetters,
  hiddenFields,
  TestBrowser,
  toDonePage,
  useNodes,
  type BrowserPage,
} from './support/index.ts';
import { anAuthenticator, creationOptionsOf } from './support/securityKeyCreation.ts';
import type { SoftAuthenticator } from './support/authenticator.ts';

const nodes = useNodes({ count: 2, withoutErrors: true });
const PATH = '/activate/security-key';

const anIssued = async () => await waitForLetters(nodes, await issueApplication(nodes, composeApplication()));

async function send(browser: TestBrowser, page: BrowserPage, authenticator: SoftAuthenticator) {
  const credential = JSON.stringify(authenticator.create(creationOptionsOf(page)));
  const form = { ...hiddenFields(page), name: 'Min telefon', credential };
  const answer = await browser.request(PATH, { form });
  return answer.headers.location ? await browser.follow(answer.headers.location) : answer;
}

test('one is offered, may be skipped, waits a day, and no second one is added there', async () => {
  const person = await anIssued();
  const browser = new TestBrowser(nodes);
  // Nothing is offered before.
  expect((await browser.follow(PATH)).page).toBe('activate');
  const done = await toDonePage(browser, person, aChoice(nodes));
  // Only the script shows the offer.
  expect(done.text).toContain(`hidden data-webauthn-offer`);
  const page = await browser.follow(PATH);
  expect([page.page, page.text.includes(da.activate.securityKey.skip)]).toEqual([
    'activate-security-key',
    true,
  ]);
  const broken = await browser.request(PATH, {
    form: { ...hiddenFields(page), name: 'x', credential: '{' },
  });
  expect(broken.text).toContain(da.securityKeys.faults.failed);
  expect((await browser.request(PATH, { form: { name: 'x' } })).status).toBe(400);
  expect((await browser.request(PATH, { form: { csrf: 'x', name: 'x' } })).status).toBe(403);
  const added = await send(browser, page, anAuthenticator(nodes, { synced: true }));
  expect(added.text).toContain('Nu er den tilføjet. Du kan bruge den fra');
  await send(browser, page, anAuthenticator(nodes));
  const rows = await nodes.database.query<{ added_by: string; waits: boolean }>(
    'SELECT added_by, counts_from > $2 AS waits FROM security_keys WHERE identity_id = $1',
    [person.identityId, nodes.clock.now()],
  );
  expect(rows).toEqual([{ added_by: 'activation', waits: true }]);
  const notices = await nodes.database.query<{ kind: string }>(
    `SELECT kind FROM notices WHERE identity_id = $1 AND kind LIKE 'security_key%'`,
    [person.identityId],
  );
  expect(notices).toEqual([{ kind: 'security_key_added' }]);
});

test('not when the browser was left open', async () => {
  const person = await anIssued();
  const browser = new TestBrowser(nodes);
  await toDonePage(browser, person, aChoice(nodes));
  const page = await browser.follow(PATH);
  nodes.clock.forward(6 * 60_000);
  expect((await send(browser, page, anAuthenticator(nodes))).page).toBe('activate-done');
  expect((await browser.follow(PATH)).page).toBe('activate-done');
  expect((await browser.follow('/activate')).text).not.toContain('data-webauthn-offer');
  const rows = await nodes.database.query('SELECT FROM security_keys WHERE identity_id = $1', [
    person.identityId,
  ]);
  expect(rows).toEqual([]);
});
