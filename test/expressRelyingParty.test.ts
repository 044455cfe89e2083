/** Express with `express-openid-connect`: signs people in, and logs them out when Nøgle notifies it. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startJobs } from '../src/app.ts';
import type { JobWorker } from '../src/jobs/worker.ts';
import { choosePublicSites } from '../src/features/identity/choosePublicSites.ts';
import { ExpressSite, SiteVisit } from './support/expressSite.ts';
import {
  aPerson,
  aRelyingParty,
  authRequest,
  closeConnections,
  freePort,
  logOut,
  type TestPerson,
  useNodes,
  useRelyingParty,
} from './support/index.ts';

const site = new ExpressSite(await freePort());
let jobs: JobWorker;
afterAll(async () => {
  closeConnections();
  await jobs.stop();
  site.close();
});
const nodes = useNodes({ count: 2, privateOrigins: [site.url] });
const rp = useRelyingParty(nodes, site.registration);
beforeAll(async () => {
  await site.open(nodes.issuer, rp);
  jobs = startJobs(nodes.node(0).app, nodes.database.nodeUrls);
});

let person: TestPerson;
let visit: SiteVisit;
beforeEach(async () => {
  person = await aPerson(nodes);
  visit = new SiteVisit(nodes, site);
  await visit.signIn(person);
  expect(await visit.shows()).toBe('signed in');
});
afterEach(() => expect(site.received.every((status) => status === 204)).toBe(true));

/** It is notified directly, not over the person's browser. */
async function untilSignedOut(): Promise<number> {
  const startedAt = performance.now();
  while ((await visit.shows()) === 'signed in') {
    if (performance.now() - startedAt > 60_000) throw new Error('still signed in at the site');
    await setTimeout(50);
  }
  return Math.round(performance.now() - startedAt);
}

test('who logs out at another relying party in the same browser is logged out here', async () => {
  const other = await aRelyingParty(nodes);
  const location = (await visit.browser.follow(authRequest(other).path)).headers.location ?? '';
  expect(location).toContain('code=');
  await logOut(visit.browser);
  console.info(`logged out elsewhere: ${await untilSignedOut()} ms`);
});

test('who blocks the card or the ID is logged out here', async () => {
  const form = await visit.browser.follow('/block/card');
  const { userId, password } = person;
  const received = await visit.browser.send(form, { userId, password, what: 'card' });
  expect(received.page).toBe('block-received');
  console.info(`blocked: ${await untilSignedOut()} ms`);
});

test('who switches public sites off is logged out here, and stays signed in at the bank', async () => {
  const bank = await aRelyingParty(nodes, { kind: 'bank', require_fresh_key: false });
  expect((await visit.browser.follow(authRequest(bank).path)).headers.location).toContain('code=');
  expect(await choosePublicSites(nodes.node(1).app.context, person.identityId, false)).toBeNull();
  console.info(`public sites switched off: ${await untilSignedOut()} ms`);
  expect((await visit.browser.follow(authRequest(bank).path)).headers.location).toContain('code=');
});

test('who signs out everywhere is logged out here', async () => {
  const page = await visit.browser.follow('/session');
  expect((await visit.browser.send(page, { end: 'everywhere' })).page).toBe('no-session');
  await untilSignedOut();
});

test('who logs out here is logged out of Nøgle too, and not asked', async () => {
  await visit.signOut();
  expect(await visit.shows()).toBe('signed out');
  expect((await visit.browser.follow('/session')).page).toBe('no-session');
});

test('the notified log-out is of the one who logs out: another person stays', async () => {
  const other = new SiteVisit(nodes, site);
  await other.signIn(await aPerson(nodes));
  await logOut(visit.browser);
  await untilSignedOut();
  expect(await other.shows()).toBe('signed in');
});
