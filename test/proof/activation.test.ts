/** Activation: the rarer ways through it. The main story and the race are in test/activation.test.ts. */
import { expect, test } from '@jest/globals';
import { sweepExpiredRows } from '../../src/db/sweep.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { da } from '../../src/ui/words/words.da.ts';
import {
  aChoice,
  composeApplication,
  TestBrowser,
  challengeOf,
  expectToSignIn,
  readDeliveredLetters,
  issueApplication,
  type IssuedTestIdentity,
  waitForLetters,
  type BrowserPage,
  startActivation,
  toChoosePage,
  toDonePage,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const words = da.activate;
const HOUR = 3_600_000;
const nodes = useNodes({ count: 2, withoutErrors: true });
const rp = useRelyingParty(nodes);

async function issued(): Promise<IssuedTestIdentity> {
  return await waitForLetters(nodes, await issueApplication(nodes));
}

test('a card that is blocked on the way ends what was shown with it', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const choosePage = await toChoosePage(browser, person);
  await blockTarget(nodes.context, person.identityId, 'card', { by: 'person' });
  const after = await browser.send(choosePage, { ...aChoice(nodes), terms: '1', understood: '1' });
  expect([after.page, after.text.includes(words.start.errors.over)]).toEqual(['activate', true]);
  const message = await startActivation(browser, person);
  expect(message.text).toContain(words.message.card_blocked.title);
});

test('wrong keys count as at a sign-in: locked at the fifth, blocked at the tenth', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  let page = await startActivation(browser, person);
  for (let i = 1; i <= 4; i += 1) page = await browser.send(page, { key: wrongKey(person, page) });
  expect(page.text).toContain(da.key.lastBeforeLock);
  const locked = await browser.send(page, { key: wrongKey(person, page) });
  expect([locked.page, locked.text.includes(words.locked.next)]).toEqual(['activate-told', true]);
  nodes.clock.forward(8 * HOUR + 30_000);
  let again = await startActivation(browser, person);
  // A number that is not asked for is neither verified nor counted.
  again = await browser.send(again, { key: '000000', keyNumber: '0000' });
  expect(again.text).toContain(da.key.stale);
  for (let i = 1; i <= 5; i += 1) again = await browser.send(again, { key: wrongKey(person, again) });
  expect(again.text).toContain(words.message.card_blocked.title);
});

function wrongKey(person: IssuedTestIdentity, page: BrowserPage): string {
  const right = person.keys.get(challengeOf(page).keyNumber);
  return right === '123456' ? '654321' : '123456';
}

test('without a card in hand it is explained', async () => {
  const identityId = await issueApplication(nodes);
  await nodes.database.query(
    `UPDATE letters SET try_at = now() + interval '1 day' WHERE identity_id = $1 AND kind = 'welcome'`,
    [identityId],
  );
  await nodes.node(0).app.tasks['sendLetters']?.({});
  const person = await readDeliveredLetters(nodes, identityId);
  const ordered = await startActivation(new TestBrowser(nodes), person);
  expect(ordered.text).toContain(words.message.card_ordered.title);
  await nodes.database.query(`UPDATE key_cards SET state = 'void' WHERE identity_id = $1`, [identityId]);
  const none = await startActivation(new TestBrowser(nodes), person);
  expect(none.text).toContain(words.message.no_card.title);
  await nodes.database.query(`UPDATE letters SET state = 'cancelled' WHERE state = 'waiting'`);
});

test('an hour is enough; then it begins again, without a word of whose it was', async () => {
  const person = await issued();
  const browser = new TestBrowser(nodes);
  const choosePage = await toChoosePage(browser, person);
  nodes.clock.forward(HOUR);
  const over = await browser.send(choosePage, { ...aChoice(nodes), terms: '1', understood: '1' });
  expect([over.page, over.text.includes(words.start.errors.over)]).toEqual(['activate', true]);
  expect(over.text).not.toContain(person.idNumber);
  // The card is in use now, and is asked for again.
  const chosen = aChoice(nodes);
  await toDonePage(browser, person, chosen);
  await expectToSignIn(nodes, rp, person, chosen);
  // The next person at this computer begins again.
  const again = await browser.send(await browser.follow('/activate'), { again: '1' });
  expect(again.page).toBe('activate');
  nodes.clock.forward(2 * HOUR + 1);
  await sweepExpiredRows(nodes.context.database, nodes.clock.offsetMs, (error) => {
    throw error;
  });
  expect(await nodes.database.query('SELECT FROM activations')).toEqual([]);
});

test('two who choose one user ID concurrently: one has it, the other is informed, with nothing lost', async () => {
  const people = [await issued(), await issued()];
  const userId = 'samme-1';
  const ready = await Promise.all(
    people.map(async (person, i) => {
      const browser = new TestBrowser(nodes, i);
      return { browser, page: await toChoosePage(browser, person) };
    }),
  );
  const after = await Promise.all(
    ready.map(({ browser, page }) =>
      browser.send(page, { userId, password: aChoice(nodes).password, terms: '1', understood: '1' }),
    ),
  );
  expect(new Set(after.map(({ page }) => page))).toEqual(new Set(['activate-choose', 'activate-done']));
  const loser = after.findIndex(({ page }) => page === 'activate-choose');
  expect(after[loser]?.text).toContain(words.choose.faults.userId.taken);
  const done = await ready[loser]?.browser.send(after[loser] as BrowserPage, {
    ...aChoice(nodes),
    terms: '1',
    understood: '1',
  });
  expect(done?.page).toBe('activate-done');
});

test('under 15 and without public sites the last page says where it works', async () => {
  const young = composeApplication({
    application: { guardian: 'Bo Prøve' },
    applicant: { birthdate: `${nodes.clock.now().getFullYear() - 12}-01-01` },
  });
  const person = await waitForLetters(nodes, await issueApplication(nodes, young));
  expect((await toDonePage(new TestBrowser(nodes), person, aChoice(nodes))).text).toContain(
    words.done.under_15,
  );
});
