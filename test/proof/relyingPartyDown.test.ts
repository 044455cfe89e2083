/**
 * A relying party is down, for a minute of real time in the whole proof: the log-out arrives all the same,
 * and no one waits in the meantime.
 */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startJobs } from '../../src/app.ts';
import type { JobWorker } from '../../src/jobs/worker.ts';
import { ExpressSite, SiteVisit } from '../support/expressSite.ts';
import {
  aPerson,
  aRelyingParty,
  closeConnections,
  freePort,
  IS_WHOLE_PROOF,
  logOut,
  tokensAt,
  useLogoutSite,
  useNodes,
} from '../support/index.ts';

const DOWN_MS = IS_WHOLE_PROOF ? 60_000 : 20_000;

let jobs: JobWorker;
const site = new ExpressSite(await freePort());
afterAll(async () => {
  closeConnections();
  await jobs.stop();
  site.close();
});
const other = useLogoutSite();
const nodes = useNodes(() => ({ privateOrigins: [site.url, other.origin] }));
beforeAll(() => {
  jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
});

test('what a relying party could not be notified of while it was down it is notified of when it is back', async () => {
  const rp = await aRelyingParty(nodes, site.registration);
  await site.open(nodes.issuer, rp);
  const person = await aPerson(nodes);
  const requestSource = new SiteVisit(nodes, site);
  await requestSource.signIn(person);
  const beside = await aRelyingParty(nodes, { backchannel_logout_uri: `${other.origin}/beside` });
  await tokensAt(nodes, requestSource.browser, person, beside);
  expect(await requestSource.shows()).toBe('signed in');

  await site.stop();
  const startedAt = performance.now();
  const since = () => Math.round(performance.now() - startedAt);
  expect((await logOut(requestSource.browser)).status).toBe(303);
  const answered = since();
  while (other.at('/beside').length === 0 && since() < 5_000) await setTimeout(20);
  const notifiedAfterMs = since();
  await setTimeout(DOWN_MS - since());
  expect(site.received).toEqual([]);
  await site.comeBack();
  expect(await requestSource.shows()).toBe('signed in');
  while ((await requestSource.shows()) === 'signed in' && since() < 3 * DOWN_MS) await setTimeout(200);
  console.info(
    `the log-out page answered after ${answered} ms, another relying party was told after ${notifiedAfterMs} ms, ` +
      `the one that was down for ${DOWN_MS} ms after ${since()} ms`,
  );
  expect(await requestSource.shows()).toBe('signed out');
  expect(site.received).toEqual([204]);
  expect([answered < 1_000, notifiedAfterMs < 3_000]).toEqual([true, true]);
});
