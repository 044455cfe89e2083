/**
 * Rows that are older than the row MACs get one by the backfilling command, also where they open nothing any
 * longer: they are still read to be answered, and the answers do not reveal who has an ID.
 */
import { expect, test } from '@jest/globals';
import { runBindRows } from '../../src/cli/binding.ts';
import { createCommandRecorder } from '../../src/cli/operator.ts';
import type { BindingMode } from '../../src/domain/rowMac.ts';
import { orderPasswordLetter } from '../../src/features/identity/orderPasswordLetter.ts';
import { hashBrowserSubject } from '../../src/features/authentication/attemptSubjectHashes.ts';
import {
  composeApplication,
  aPerson,
  TestBrowser,
  issueApplication,
  waitForLetters,
  startActivation,
  toDonePage,
  useNodes,
} from '../support/index.ts';

let mode: BindingMode = 'read';
const nodes = useNodes({ binding: () => mode });

async function bind(): Promise<void> {
  mode = 'write';
  await nodes.restart();
  await runBindRows(nodes.node(0).app, {}, createCommandRecorder({ account: 'test', by: null }, 'bind-rows'));
  mode = 'require';
  await nodes.restart();
}

test('letters that were used, replaced or are too old, and an activation that is done', async () => {
  const identityId = await issueApplication(nodes, composeApplication({ applicant: {} }));
  const letters = await waitForLetters(nodes, identityId);
  const browser = new TestBrowser(nodes);
  const chosen = { userId: 'from-before-one', password: 'hest batteri hæfteklamme ti' };
  nodes.secrets.add(chosen.password, 'password');
  const done = await toDonePage(browser, letters, chosen);
  expect(done.page).toBe('activate-done');
  const [old, replaced] = [await aPerson(nodes), await aPerson(nodes)];
  for (const { identityId: id } of [old, replaced, replaced]) {
    await orderPasswordLetter(nodes.context, id, { by: 'system' });
    await waitForLetters(nodes, id);
  }
  await nodes.database.query(
    `UPDATE letters SET valid_until = now() - interval '1 day' WHERE identity_id = $1 AND kind = 'password'`,
    [old.identityId],
  );

  // A browser that two people shared, as the previous version moved it to another content.
  const browserOf = Buffer.alloc(32, 5);
  await nodes.database.query(
    'INSERT INTO known_browsers (browser, identity_id, since, tries) VALUES ($1, $2, now(), $3)',
    [browserOf, old.identityId, Buffer.alloc(32, 6)],
  );

  await bind();
  const { context } = nodes.node(0).app;
  const [known] = await nodes.database.query<{ tries: Buffer }>(
    'SELECT tries FROM known_browsers WHERE browser = $1',
    [browserOf],
  );
  expect(known?.tries).toEqual(hashBrowserSubject(context, old.identityId, browserOf));
  expect((await browser.follow('/activate')).page).toBe('activate-done');
  expect((await startActivation(new TestBrowser(nodes), letters)).page).toBe('activate-told');
  for (const name of [chosen.userId, old.userId, replaced.userId, 'nobody-of-this-name']) {
    const another = new TestBrowser(nodes);
    const form = await another.follow('/activate');
    const outcome = await another.send(form, { userId: name, password: 'ABCD-EFGH-2345' });
    expect([name, outcome.status, outcome.page]).toEqual([name, 200, 'activate']);
  }
});
