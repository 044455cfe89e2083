/** A person who fills in every page rightly, with any card that it asks for. */
import { findCard } from '../../src/db/cards/keyCards.ts';
import { readCard } from '../../src/features/identity/readCard.ts';
import { orderNewCard } from './cardCommands.ts';
import { challengeOf, type BrowserPage } from './browser.ts';
import type { Nodes } from './nodes.ts';
import { aPerson, type TestPerson } from './people.ts';

/** What a person types; at an activation `userId` is the ID number and `password` the temporary one. */
export interface ActivationTyped {
  readonly userId: string;
  readonly password: string;
  /** What they choose for themselves at the activation. */
  readonly chosen?: { readonly userId: string; readonly password: string };
}

/** The key that a page asks for, on any person's card. */
export async function keyOnPage(nodes: Nodes, page: BrowserPage): Promise<string> {
  const { cardNumber, keyNumber } = challengeOf(page);
  const [row] = await nodes.database.query<{ id: string }>(
    'SELECT id FROM key_cards WHERE card_number = $1',
    [cardNumber.replaceAll('-', '')],
  );
  const card = row && (await findCard(nodes.context.database, row.id));
  if (!card) throw new Error(`no person has the card ${cardNumber}`);
  const { keyNumbers, keys } = readCard(nodes.context, card);
  for (const key of keys) nodes.secrets.keys.add(key);
  const key = keys[keyNumbers.indexOf(keyNumber)];
  if (!key) throw new Error('the page asks for a key that is not on the card');
  return key;
}

/** Six digits that are not the key. */
export function anotherKey(key: string): string {
  return key === '123456' ? '654321' : '123456';
}

/** The right answer to a page. @throws for a page that has none */
export async function fillInPage(
  nodes: Nodes,
  page: BrowserPage,
  typed: ActivationTyped,
): Promise<Record<string, string>> {
  switch (page.page) {
    case 'password':
    case 'activate':
      return { userId: typed.userId, password: typed.password };
    case 'key':
    case 'activate-key':
      return { key: await keyOnPage(nodes, page) };
    case 'new-card':
      return { newKey: await keyOnPage(nodes, page) };
    case 'public-sites':
    case 'consent':
      return { accept: '1' };
    case 'activate-choose':
      return { ...typed.chosen, terms: '1', understood: '1' };
    default:
      throw new Error(`nothing to fill in on page ${page.page} (${page.status})`);
  }
}

/** Delivers all pending letters. What was printed is not read. */
export async function deliverAll(nodes: Nodes): Promise<void> {
  await nodes.database.query(
    `UPDATE letters SET state = 'sent', valid_until = now() + interval '28 days' WHERE state = 'waiting'`,
  );
  await nodes.database.query(
    `UPDATE key_cards SET state = 'sent', expected_from = now(), expected_to = now() + interval '9 days'
     WHERE state = 'ordered'`,
  );
}

/**
 * People who see all pages at a public site: a new card has arrived, and their IDs work only at their banks.
 */
export async function peopleWithAllPages(nodes: Nodes, many: number): Promise<TestPerson[]> {
  const people: TestPerson[] = [];
  for (let i = 0; i < many; i += 1) {
    const person = await aPerson(nodes, { publicSites: false });
    await orderNewCard(nodes.context, person.identityId, { by: 'person' });
    people.push(person);
  }
  await deliverAll(nodes);
  return people;
}
