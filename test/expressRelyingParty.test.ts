/** Log-out at a relying party made with express-openid-connect, which nobody here wrote: the contract, as others read it. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startJobs } from '../src/app.ts';
import type { Worker } from '../src/jobs/worker.ts';
import { choosePublicSites } from '../src/usecases/choosePublicSites.ts';
import { Browser } from './support/browser.ts';
import { authRequest, signIn } from './support/flow.ts';
import { ExpressSite, originOf, type Visitor } from './support/expressSite.ts';
import { confirm, logOut, tokensAt } from './support/logout.ts';
import { freePort, Nodes } from './support/nodes.ts';
import { aPerson, aRelyingParty } from './support/people.ts';

let nodes: Nodes;
let site: ExpressSite;
let jobs: Worker;
beforeAll(async () => {
  const port = await freePort();
  nodes = await Nodes.start({ count: 2, privateOrigins: [originOf(port)] });
  site = await ExpressSite.start(nodes, port, { kind: 'public' });
  jobs = startJobs(nodes.node(0).app, { databaseUrl: nodes.database.url });
});
afterAll(async () => {
  await jobs?.stop();
  await site?.close();
  await nodes?.close();
});

/** Somebody who is signed in at the app, and at Nøgle with the same browser. */
async function somebodyThere() {
  const person = await aPerson(nodes);
  const browser = new Browser(nodes);
  const visitor = site.visitor();
  await visitor.signIn(browser, person);
  expect(await visitor.sees()).toMatch(/^signed in: /);
  return { person, browser, visitor };
}

/** @returns after how many milliseconds its own page said so. */
async function untilLoggedOut(visitor: Visitor): Promise<number> {
  const from = performance.now();
  while ((await visitor.sees()) !== 'logged out') {
    if (performance.now() - from > 10_000) throw new Error('still signed in');
    await setTimeout(10);
  }
  return Math.round(performance.now() - from);
}

test('logged out there when the person logs out at another relying party in the same browser', async () => {
  const { person, browser, visitor } = await somebodyThere();
  const other = await aRelyingParty(nodes, { post_logout_redirect_uris: ['https://rp.example/out'] });
  const { id_token: hint } = await tokensAt(nodes, browser, person, other);
  const params = { id_token_hint: hint, post_logout_redirect_uri: 'https://rp.example/out' };
  expect((await logOut(browser, params)).headers.location).toBe('https://rp.example/out');
  console.info(`logged out at the app after ${await untilLoggedOut(visitor)} ms`);
  // And in again, as if nothing had been.
  await visitor.signIn(browser, person);
  expect(await visitor.sees()).toMatch(/^signed in: /);
});

test('logged out there when the person blocks their ID', async () => {
  const { person, visitor } = await somebodyThere();
  const phone = new Browser(nodes);
  const form = await phone.follow('/block');
  const { userId, password } = person;
  expect((await phone.send(form, { userId, password, what: 'identity' })).page).toBe('block-received');
  console.info(`after a block: ${await untilLoggedOut(visitor)} ms`);
});

test('logged out there when the person switches public sites off', async () => {
  const { person, visitor } = await somebodyThere();
  await choosePublicSites(nodes.node(1).app.world, person.identityId, false);
  console.info(`after public sites were switched off: ${await untilLoggedOut(visitor)} ms`);
});

test('logged out there when somebody else signs in with the browser', async () => {
  const { browser, visitor } = await somebodyThere();
  const bank = await aRelyingParty(nodes, { kind: 'bank' });
  await signIn(browser, await aPerson(nodes), authRequest(bank));
  await untilLoggedOut(visitor);
});

test('its own log-out ends the session at Nøgle, after a yes, and comes back; next time it asks again', async () => {
  const { browser, visitor } = await somebodyThere();
  const leaving = await visitor.open('/logout');
  expect(await visitor.sees()).toBe('logged out');
  const page = await browser.follow(leaving.headers.location ?? '');
  expect(page.page).toBe('logout');
  const back = await confirm(browser, page);
  expect([back.status, new URL(back.headers.location ?? '').origin]).toEqual([303, site.origin]);
  const again = await visitor.open('/login');
  expect((await browser.follow(again.headers.location ?? '')).page).toBe('password');
  // With nobody signed in anywhere it is led straight back.
  const twice = await visitor.open('/logout');
  const straight = await browser.request(twice.headers.location ?? '');
  expect([straight.status, new URL(straight.headers.location ?? '').origin]).toEqual([303, site.origin]);
});
