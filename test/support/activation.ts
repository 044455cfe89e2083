/** The steps of an activation as a person takes them. */
import type { Issued } from './applications.ts';
import { challengeOf, type Browser, type PageSeen } from './browser.ts';

export interface Chosen {
  readonly userId: string;
  readonly password: string;
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
