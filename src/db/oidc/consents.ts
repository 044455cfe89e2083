/** The consent of a person to a relying party: one row for the two, with the scopes. */
import { isRowTrusted, type RowFacts } from '../../domain/rowMac.ts';
import { runInTransaction } from '../binding/identityMac.ts';
import { sql, type Queryable } from '../database.ts';

const FIND = sql`SELECT scopes, mac FROM consents WHERE identity_id = $1 AND client_id = $2`;
const LOCK = sql`SELECT scopes, mac FROM consents WHERE identity_id = $1 AND client_id = $2 FOR UPDATE`;

export function listConsentFacts(identityId: string, clientId: string, scopes: readonly string[]): RowFacts {
  return [identityId, clientId, ...scopes];
}

/**
 * @returns the scopes that the person consented to; empty when there are none, or when the row's MAC is wrong
 */
export async function findConsent(db: Queryable, identityId: string, clientId: string): Promise<string[]> {
  return await readConsent(db, FIND, identityId, clientId);
}

async function readConsent(
  db: Queryable,
  statement: typeof FIND,
  identityId: string,
  clientId: string,
): Promise<string[]> {
  type ConsentRow = { scopes: string[]; mac: Buffer | null };
  const row = (await db.query<ConsentRow>(statement, [identityId, clientId])).rows[0];
  if (!row) return [];
  const rowMac = { mac: row.mac, facts: listConsentFacts(identityId, clientId, row.scopes) };
  return isRowTrusted(db.rowAuthenticator, 'consent', rowMac) ? row.scopes : [];
}

const SAVE = sql`
  INSERT INTO consents AS c (identity_id, client_id, scopes, given_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (identity_id, client_id) DO UPDATE SET
    scopes = ARRAY(SELECT DISTINCT unnest(c.scopes || excluded.scopes) ORDER BY 1), given_at = excluded.given_at`;

// When two consents are saved concurrently, the later one wins, with its MAC; the scopes of the other are
// asked for again.
const SAVE_BOUND = sql`
  INSERT INTO consents AS c (identity_id, client_id, scopes, given_at, mac) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (identity_id, client_id) DO UPDATE SET
    scopes = excluded.scopes, given_at = excluded.given_at, mac = excluded.mac`;

/** Adds the scopes to those of earlier consents. */
export async function saveConsent(
  db: Queryable,
  consent: { identityId: string; clientId: string; scopes: readonly string[]; givenAt: Date },
): Promise<void> {
  const { identityId, clientId, scopes, givenAt } = consent;
  if (db.rowAuthenticator.mode === 'read') {
    await db.query(SAVE, [identityId, clientId, scopes, givenAt]);
    return;
  }
  await runInTransaction(db, async (inner) => {
    const before = await readConsent(inner, LOCK, identityId, clientId);
    const all = [...new Set([...before, ...scopes])].sort();
    const mac = inner.rowAuthenticator.make('consent', listConsentFacts(identityId, clientId, all));
    await inner.query(SAVE_BOUND, [identityId, clientId, all, givenAt, mac]);
  });
}

const WITHDRAW = sql`
  UPDATE consents SET scopes = ARRAY(SELECT unnest(scopes) EXCEPT SELECT unnest($3::text[]))
  WHERE identity_id = $1 AND client_id = $2 AND scopes && $3::text[]`;
const WITHDRAW_BOUND = sql`
  UPDATE consents SET scopes = $3, mac = $4 WHERE identity_id = $1 AND client_id = $2`;

/** Removes the scopes from the consent. @returns true if the person had consented to any of them */
export async function withdrawConsent(
  db: Queryable,
  consent: { identityId: string; clientId: string; scopes: readonly string[] },
): Promise<boolean> {
  const { identityId, clientId, scopes } = consent;
  if (db.rowAuthenticator.mode === 'read') {
    return (await db.query(WITHDRAW, [identityId, clientId, scopes])).rowCount === 1;
  }
  return await runInTransaction(db, async (inner) => {
    const before = await readConsent(inner, LOCK, identityId, clientId);
    const rest = before.filter((scope) => !scopes.includes(scope));
    if (rest.length === before.length) return false;
    const mac = inner.rowAuthenticator.make('consent', listConsentFacts(identityId, clientId, rest));
    await inner.query(WITHDRAW_BOUND, [identityId, clientId, rest, mac]);
    return true;
  });
}
