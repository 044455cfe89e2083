/**
 * The pages of a new password, as a person who forgot theirs takes them, and what follows in the database.
 */
import { TestBrowser, type BrowserPage } from './browser.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson } from './people.ts';

export const NEW_PASSWORD_PATH = '/new-password';

/** To the page of the key: the name. */
export async function toNewPasswordKeyPage(
  nodes: Nodes,
  name: string,
  browser = new TestBrowser(nodes),
): Promise<BrowserPage> {
  return await browser.send(await browser.follow(NEW_PASSWORD_PATH), { userId: name });
}

/** The key number of that page, which shows no card number. */
export function readKeyNumber(page: BrowserPage): string {
  return /data-key-number="(\d{4})"/.exec(page.text)?.[1] ?? `none on ${page.page} (${page.status})`;
}

export function findNewPasswordKey(person: TestPerson, page: BrowserPage): string {
  return person.keys.get(readKeyNumber(page)) ?? `${readKeyNumber(page)} is not on the card`;
}

/** Both forms, with the right key. */
export async function askForNewPassword(nodes: Nodes, person: TestPerson): Promise<BrowserPage> {
  const browser = new TestBrowser(nodes);
  const page = await toNewPasswordKeyPage(nodes, person.userId, browser);
  return await browser.send(page, { key: findNewPasswordKey(person, page) });
}

/** The kinds of letters with a secret, in the order in which they were ordered. */
export async function listSecretLetters(nodes: Nodes, { identityId }: TestPerson): Promise<string[]> {
  const rows = await nodes.database.query<{ kind: string }>(
    `SELECT kind FROM letters WHERE identity_id = $1 AND state <> 'cancelled' AND kind <> 'notice'
     ORDER BY ordered_at, kind`,
    [identityId],
  );
  return rows.map(({ kind }) => kind);
}

export async function countSpentKeys(nodes: Nodes, { cardId }: TestPerson): Promise<number> {
  const [row] = await nodes.database.query<{ many: number }>(
    'SELECT bit_count(spent)::int AS many FROM key_cards WHERE id = $1',
    [cardId],
  );
  return row?.many ?? 0;
}

export async function listEvents(
  nodes: Nodes,
  { identityId }: TestPerson,
): Promise<{ kind: string; details: object }[]> {
  return await nodes.database.query<{ kind: string; details: object }>(
    'SELECT kind, details FROM audit_events WHERE identity_id = $1 ORDER BY id',
    [identityId],
  );
}

/**
 * What an outsider sees, but for what each request draws at random, the name, and the number that is asked.
 */
export function maskNewPasswordPage({ status, headers, text }: BrowserPage): string {
  const lines = Object.entries(headers)
    .filter(([name]) => !['date', 'x-request-id'].includes(name))
    .map(([name, value]) => `${name}: ${String(value)}`);
  const body = text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/(data-key-number="|name="keyNumber" value="|key-number">#)\d{4}/g, '$1<number>')
    .replaceAll(/(person|nobody)-[0-9a-z-]{8}(?![0-9a-z])/g, '<name>');
  return [status, ...lines, body].join('\n');
}
