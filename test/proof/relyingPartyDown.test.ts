/** A relying party is down for a minute of real time: the log-out comes all the same, and nobody waits meanwhile. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startJobs } from '../../src/app.ts';
import type { Worker } from '../../src/jobs/worker.ts';
import { ExpressSite, SiteVisit } from '../support/expressSite.ts';
import { closeConnections } from '../support/http.ts';
import { logOut, LogoutSite, tokensAt } from '../support/logout.ts';
import { Nodes } from '../support/nodes.ts';
import { freePort } from '../support/ports.ts';
import { aPerson, aRelyingParty } from '../support/people.ts';

const DOWN_MS = 60_000;

let nodes: Nodes;
let jobs: Worker;
const other = new LogoutSite();
let site: ExpressSite;
beforeAll(async () => {
  await other.listen();
  site = new ExpressSite(await freePort());
  nodes = await Nodes.start({ privateOrigins: [site.url, other.origin] });
  jobs = startJobs(nodes.node(0).app, { databaseUrl: nodes.database.url });
});
afterAll(async () => {
  closeConnections();
  await jobs.stop();
  site.close();
  other.close();
  await nodes.close();
});

test('what a relying party could not be told while it was down it is told when it is back', async () => {
  const rp = await aRelyingParty(nodes, site.registration);
  await site.open(nodes.issuer, rp);
  const person = await aPerson(nodes);
  const visit = new SiteVisit(nodes, site);
  await visit.signIn(person);
  const beside = await aRelyingParty(nodes, { backchannel_logout_uri: `${other.origin}/beside` });
  await tokensAt(nodes, visit.browser, person, beside);
  expect(await visit.shows()).toBe('signed in');

  await site.goAway();
  const startedAt = performance.now();
  const since = () => Math.round(performance.now() - startedAt);
  expect((await logOut(visit.browser)).status).toBe(303);
  const answered = since();
  while (other.at('/beside').length === 0 && since() < 5_000) await setTimeout(20);
  const told = since();
  await setTimeout(DOWN_MS - since());
  expect(site.told).toEqual([]);
  await site.comeBack();
  expect(await visit.shows()).toBe('signed in');
  while ((await visit.shows()) === 'signed in' && since() < 3 * DOWN_MS) await setTimeout(200);
  console.info(
    `the log-out page answered after ${answered} ms, another relying party was told after ${told} ms, ` +
      `the one that was down for ${DOWN_MS} ms after ${since()} ms`,
  );
  expect(await visit.shows()).toBe('signed out');
  expect(site.told).toEqual([204]);
  expect([answered < 1_000, told < 3_000]).toEqual([true, true]);
});
