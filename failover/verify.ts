/**
 * Compares what was promised with the database, the print house and the relying party. Each fault is a
 * sentence.
 */
import { setTimeout } from 'node:timers/promises';
import type { PrintHouseServer } from '../test/support/printHouseServer.ts';
import type { ReceivedLogout } from '../test/support/logout.ts';
import type { FailoverPerson } from './install.ts';
import type { FailoverPeople, SignedInPerson } from './people.ts';
import type { PostgresServer } from './server.ts';

/** A server that can be asked. */
export type AskedServer = Pick<PostgresServer, 'ask'>;

export const DATABASE = 'noegle';
const CARD_KEYS = 148;
/** The time that letters and log-outs need until their next attempt. */
const OUTBOX_MS = 90_000;

interface VerifiedCardRow {
  readonly id: string;
  readonly identity_id: string;
  readonly spent: string;
  readonly events: number;
}

/** Every key that opened a sign-in is spent, none opened two, and cards and audit log agree. */
export async function verifyKeys(
  primary: AskedServer,
  people: readonly FailoverPerson[],
  signIns: readonly Pick<SignedInPerson, 'person' | 'keyNumber'>[],
  keysSpent: (person: FailoverPerson) => number,
): Promise<string[]> {
  const rows = await primary.ask<VerifiedCardRow>(
    `SELECT c.id, c.identity_id, c.spent::text AS spent,
       (SELECT count(*)::int FROM audit_events e WHERE e.identity_id = c.identity_id
         AND e.kind IN ('signed_in', 'key_burnt')) AS events
     FROM key_cards c WHERE c.state = 'active'`,
    DATABASE,
  );
  const cards = new Map(rows.map((row) => [row.id, row]));
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { person, keyNumber } of signIns) {
    const position = person.positions.get(keyNumber) ?? -1;
    if (cards.get(person.cardId)?.spent[position] !== '1') {
      faults.push(`${person.userId}: key ${keyNumber} opened a sign-in and is unspent`);
    }
    const key = `${person.cardId} ${keyNumber}`;
    if (seen.has(key)) faults.push(`${person.userId}: key ${keyNumber} opened two sign-ins`);
    seen.add(key);
  }
  for (const person of people) {
    const card = cards.get(person.cardId);
    const spent = card?.spent.slice(0, CARD_KEYS).replaceAll('0', '').length ?? -1;
    if (spent - keysSpent(person) !== card?.events) {
      faults.push(
        `${person.userId}: ${spent - keysSpent(person)} keys spent, ${card?.events} in the audit log`,
      );
    }
  }
  return faults;
}

/**
 * The sessions of people to whom a log-out was confirmed have ended, with all tokens; all other sessions
 * still exist.
 */
export async function verifySessions(
  people: FailoverPeople,
  logouts: readonly SignedInPerson[],
  alive: readonly SignedInPerson[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const { person, accessToken } of logouts) {
    const { status } = await people.userinfo(accessToken);
    if (status !== 401) faults.push(`${person.userId}: signed out, and userinfo answers ${status}`);
  }
  for (const { person, accessToken } of alive) {
    const { status } = await people.userinfo(accessToken);
    if (status !== 200) faults.push(`${person.userId}: signed in, and userinfo answers ${status}`);
  }
  return faults;
}

/** A redeemed code gives no tokens again. */
export async function verifyCodes(
  people: FailoverPeople,
  signIns: readonly SignedInPerson[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const { person, code, verifier } of signIns) {
    const { status } = await people.redeem(code, verifier);
    if (status !== 400) faults.push(`${person.userId}: a code that was used answers ${status}`);
  }
  return faults;
}

/** Every log-out reached its relying party, and every ordered card the print house: one letter each. */
export async function verifyOutboxes(
  primary: AskedServer,
  { printHouse, notified }: { printHouse: PrintHouseServer; notified: () => readonly ReceivedLogout[] },
  { logouts, renewed }: { logouts: readonly SignedInPerson[]; renewed: readonly FailoverPerson[] },
  maxWaitMs = OUTBOX_MS,
): Promise<string[]> {
  const end = performance.now() + maxWaitMs;
  let faults: string[];
  do {
    await setTimeout(500);
    faults = [];
    const notifiedSessions = new Set(notified().map(({ sub, sid }) => `${String(sub)} ${String(sid)}`));
    for (const { person, sub, sid } of logouts) {
      if (!notifiedSessions.has(`${sub} ${sid}`))
        faults.push(`${person.userId}: its relying party never heard of a log-out`);
    }
    const letters = await primary.ask<{ id: string; identity_id: string; state: string }>(
      `SELECT id, identity_id, state FROM letters WHERE kind = 'card'`,
      DATABASE,
    );
    for (const { id, state } of letters) {
      if (state !== 'sent') faults.push(`letter ${id} is ${state}`);
      if (!printHouse.letters.has(id)) faults.push(`letter ${id} never reached the print house`);
    }
    for (const { identityId, userId } of renewed) {
      const many = letters.filter(({ identity_id: owner }) => owner === identityId).length;
      if (many !== 1) faults.push(`${userId}: ${many} letters with a new card`);
    }
  } while (faults.length > 0 && performance.now() < end);
  return faults;
}
