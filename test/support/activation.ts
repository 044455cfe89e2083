/** The steps of an activation as a person takes them. */
import { expect } from '@jest/globals';
import type { IssuedTestIdentity } from './applications.ts';
import { TestBrowser, challengeOf, type BrowserPage } from './browser.ts';
import { authRequest, readReturnedCode, toKeyPage } from './flow.ts';
import type { Nodes } from './nodes.ts';
import type { TestRelyingParty } from './people.ts';

export interface Chosen {
  readonly userId: string;
  readonly password: string;
}

let serial = 0;
export function aChoice(nodes: Nodes): Chosen {
  serial += 1;
  const chosen = { userId: `vælger-${serial}`, password: `Fire hvide gæs ${serial} æ̊` };
  nodes.secrets.add(chosen.password, 'password');
  return chosen;
}

/** A relying party's sign-in with the chosen user ID and password. */
export async function expectToSignIn(
  nodes: Nodes,
  rp: TestRelyingParty,
  person: IssuedTestIdentity,
  chosen: Chosen,
): Promise<void> {
  const browser = new TestBrowser(nodes);
  const keyPage = await toKeyPage(browser, chosen, authRequest(rp));
  expect(keyPage.page).toBe('key');
  const key = person.keys.get(challengeOf(keyPage).keyNumber) ?? '';
  expect(readReturnedCode(await browser.send(keyPage, { key })).get('code')).toBeTruthy();
}

/** The page after the ID number and the temporary password. */
export async function startActivation(
  browser: TestBrowser,
  { idNumber, temporaryPassword }: Pick<IssuedTestIdentity, 'idNumber' | 'temporaryPassword'>,
): Promise<BrowserPage> {
  let start = await browser.follow('/activate');
  // An earlier activation in this browser has ended.
  if (start.page !== 'activate') start = await browser.send(start, { again: '1' });
  return await browser.send(start, { userId: idNumber, password: temporaryPassword });
}

export async function toChoosePage(browser: TestBrowser, person: IssuedTestIdentity): Promise<BrowserPage> {
  const keyPage = await startActivation(browser, person);
  const page = await browser.send(keyPage, { key: person.keys.get(challengeOf(keyPage).keyNumber) ?? '' });
  if (page.page !== 'activate-choose') throw new Error(`no page to choose on, but ${page.page}`);
  return page;
}

export async function toDonePage(
  browser: TestBrowser,
  person: IssuedTestIdentity,
  chosen: Chosen,
): Promise<BrowserPage> {
  const page = await toChoosePage(browser, person);
  const done = await browser.send(page, { ...chosen, terms: '1', understood: '1' });
  if (done.page !== 'activate-done') throw new Error(`not done, but ${done.page}`);
  return done;
}
