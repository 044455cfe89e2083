/** A session of a walk, which can be restored as it was, at any age. */
import { TestBrowser } from './browser.ts';
import type { Nodes } from './nodes.ts';

export interface LevelSession {
  readonly id: Buffer;
  readonly uid: string;
  readonly payload: Buffer;
}

/** @throws when the person has none */
export async function readSession(nodes: Nodes, identityId: string): Promise<LevelSession> {
  const [row] = await nodes.database.query<LevelSession>(
    `SELECT id, uid, payload FROM oidc_records WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL`,
    [identityId],
  );
  if (!row) throw new Error('no session was begun');
  return row;
}

/** What was issued from it since is ended. @returns a browser with it; one without a session for null */
export async function restoreSession(
  nodes: Nodes,
  browser: TestBrowser,
  row: LevelSession | null,
  ageSeconds: number,
): Promise<TestBrowser> {
  if (!row) return new TestBrowser(nodes);
  const { keyring } = nodes.context;
  const payload = JSON.parse(keyring.open('records', row.payload, row.id)) as Record<string, unknown>;
  const now = Math.floor(Date.now() / 1000);
  const aged = JSON.stringify({ ...payload, loginTs: now - ageSeconds, exp: now + 1_800 });
  await nodes.database.query(
    `UPDATE oidc_records SET ended_at = CASE WHEN id = $2 THEN NULL ELSE coalesce(ended_at, now()) END,
       payload = CASE WHEN id = $2 THEN $3 ELSE payload END, acr = NULL, expires_at = now() + interval '30 minutes',
       password_at = now() - $4 * interval '1 second'
     WHERE uid = $1`,
    [row.uid, row.id, keyring.seal('records', aged, row.id), ageSeconds],
  );
  return await browser.copy();
}
