/** A relying party that is down for a minute while somebody logs out: it still comes, and nobody waits for it. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startJobs } from '../../src/app.ts';
import { Browser } from '../support/browser.ts';
import { ExpressSite, originOf } from '../support/expressSite.ts';
import { confirm, endPath, LogoutSite, tokensAt } from '../support/logout.ts';
import { freePort, Nodes } from '../support/nodes.ts';
import { aPerson, aRelyingParty } from '../support/people.ts';

const DOWN_MS = 60_000;

let nodes: Nodes;
let site: ExpressSite;
const other = new LogoutSite();
beforeAll(async () => {
  const port = await freePort();
  await other.listen();
  nodes = await Nodes.start({ count: 2, privateOrigins: [originOf(port), other.origin] });
  site = await ExpressSite.start(nodes, port);
});
afterAll(async () => {
  other.close();
  await site?.close();
  await nodes?.close();
});

test('the log-out comes when it is up again; the person and the others did not wait', async () => {
  const jobs = startJobs(nodes.node(0).app, { databaseUrl: nodes.database.url });
  const person = await aPerson(nodes);
  const browser = new Browser(nodes);
  const visitor = site.visitor();
  await visitor.signIn(browser, person);
  const rp = await aRelyingParty(nodes, { backchannel_logout_uri: `${other.origin}/other` });
  await tokensAt(nodes, browser, person, rp);
  const page = await browser.follow(endPath());

  await site.close();
  const downAt = performance.now();
  expect((await confirm(browser, page)).status).toBe(303);
  const answered = performance.now() - downAt;
  while (other.told.length === 0 && performance.now() - downAt < 5_000) await setTimeout(5);
  const told = performance.now() - downAt;
  expect(answered).toBeLessThan(1_000);
  expect(told).toBeLessThan(1_500);

  await setTimeout(DOWN_MS - (performance.now() - downAt));
  await site.open();
  const upAt = performance.now();
  expect(await visitor.sees()).toMatch(/^signed in: /);
  while ((await visitor.sees()) !== 'logged out' && performance.now() - upAt < 90_000) await setTimeout(50);
  const late = (performance.now() - upAt) / 1000;
  await jobs.stop();
  console.info(
    `the log-out page after ${Math.round(answered)} ms, another relying party after ${Math.round(told)} ms, ` +
      `the one that was down ${late.toFixed(1)} s after it was up again`,
  );
  expect(await visitor.sees()).toBe('logged out');
  expect(late).toBeLessThan(62);
  const [row] = await nodes.database.query<{ tries: number; state: string }>(
    'SELECT tries, state FROM logouts WHERE client_id = $1',
    [site.rp.clientId],
  );
  expect(row?.state).toBe('sent');
  console.info(`tried in vain ${row?.tries} times`);
});
