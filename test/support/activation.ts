/** The steps of an activation as a person takes them. */
import { expect } from '@jest/globals';
import type { Issued } from './applications.ts';
import { Browser, challengeOf, type PageSeen } from './browser.ts';
import { authRequest, returned, toKeyPage } from './flow.ts';
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

/** A relying party's sign-in with what was chosen. */
export async function expectToSignIn(
  nodes: Nodes,
  rp: TestRelyingParty,
  person: Issued,
  chosen: Chosen,
): Promise<void> {
  const browser = new Browser(nodes);
  const keyPage = await toKeyPage(browser, chosen, authRequest(rp));
  expect(keyPage.page).toBe('key');
  const key = person.keys.get(challengeOf(keyPage).keyNumber) ?? '';
  expect(returned(await browser.send(keyPage, { key })).get('code')).toBeTruthy();
}

/** What comes after the ID number and the temporary password. */
export async function startActivation(
  browser: Browser,
  { idNumber, temporaryPassword }: Pick<Issued, 'idNumber' | 'temporaryPassword'>,
): Promise<PageSeen> {
  let start = await browser.follow('/activate');
  // What this browser was shown before is over.
  if (start.page !== 'activate') start = await browser.send(start, { again: '1' });
  return await browser.send(start, { userId: idNumber, password: temporaryPassword });
}

export async function toChoosePage(browser: Browser, person: Issued): Promise<PageSeen> {
  const keyPage = await startActivation(browser, person);
  const page = await browser.send(keyPage, { key: person.keys.get(challengeOf(keyPage).keyNumber) ?? '' });
  if (page.page !== 'activate-choose') throw new Error(`no page to choose on, but ${page.page}`);
  return page;
}

export async function toDonePage(browser: Browser, person: Issued, chosen: Chosen): Promise<PageSeen> {
  const page = await toChoosePage(browser, person);
  const done = await browser.send(page, { ...chosen, terms: '1', understood: '1' });
  if (done.page !== 'activate-done') throw new Error(`not done, but ${done.page}`);
  return done;
}
