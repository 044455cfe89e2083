/** Additions of security keys that another second way of the person confirms, without a browser. */
import type { AnswerOverrides } from './authenticator.ts';
import type { BrowserPage, TestBrowser } from './browser.ts';
import { keyFor } from './flow.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson } from './people.ts';
import { anAuthenticator, SECURITY_KEYS, sendCreation } from './securityKeyCreation.ts';
import { requestOptionsOf, type HeldSecurityKey } from './securityKeys.ts';

/** @returns the page that asks for a key of the card, for a new credential */
export async function askToAdd(
  nodes: Pick<Nodes, 'issuer'>,
  browser: TestBrowser,
  name = 'Den nye',
  authenticator = anAuthenticator(nodes),
): Promise<BrowserPage> {
  const page = await browser.follow(`${SECURITY_KEYS}/add`);
  const asked = await sendCreation(browser, page, authenticator, { name });
  if (asked.page !== 'self-confirm') throw new Error(`no key is asked for on ${asked.page}`);
  return asked;
}

/** What a browser answers at the page, as the field of its form. */
export function answerAt(
  page: BrowserPage,
  { authenticator }: HeldSecurityKey,
  overrides: AnswerOverrides = {},
): { readonly credential: string } {
  return { credential: JSON.stringify(authenticator.get(requestOptionsOf(page), overrides)) };
}

/** Sends the form with a right key of the card, and what else was given. */
export async function confirmWith(
  browser: TestBrowser,
  person: TestPerson,
  asked: BrowserPage,
  fields: Record<string, string>,
): Promise<BrowserPage> {
  return await browser.send(asked, { key: keyFor(person, asked), ...fields });
}

/** What a person has after an addition, and what was written of it. */
export function secondWayFacts(nodes: Nodes) {
  const keysOf = async ({ identityId }: TestPerson) =>
    await nodes.database.query<{ id: string; name: string; waits: boolean; uses: number }>(
      `SELECT id, name, counts_from > $2 AS waits, sign_count::int AS uses FROM security_keys
       WHERE identity_id = $1 ORDER BY added_at, name`,
      [identityId, nodes.clock.now()],
    );
  const newOf = async (person: TestPerson) =>
    (await keysOf(person)).filter(({ name }) => name !== 'Nøglering').map(({ waits }) => waits);
  const addedOf = async ({ identityId }: TestPerson) =>
    (
      await nodes.database.query<{ details: Record<string, unknown> }>(
        `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'security_key_added' ORDER BY id`,
        [identityId],
      )
    ).map(({ details }) => details);
  const spentOf = async ({ cardId }: TestPerson) =>
    (
      await nodes.database.query<{ spent: number }>(
        'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE id = $1',
        [cardId],
      )
    )[0]?.spent;
  const noticesOf = async ({ identityId }: TestPerson) =>
    (
      await nodes.database.query<{ details: Record<string, unknown> }>(
        `SELECT details FROM notices WHERE identity_id = $1 AND kind = 'security_key_added' ORDER BY at`,
        [identityId],
      )
    ).map(({ details }) => details);
  return { keysOf, newOf, addedOf, spentOf, noticesOf };
}
