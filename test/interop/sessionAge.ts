/**
 * Relying parties use the machine's clock, so an older session is made by changing its time in the database.
 */
import type { Nodes, TestPerson } from '../support/index.ts';

/**
 * Changes the only session that a person has at Nøgle; what relying parties received of it before stays
 * unchanged.
 */
export async function makeSessionOlder(nodes: Nodes, person: TestPerson, seconds: number): Promise<void> {
  const { keyring } = nodes.context;
  const sessions = await nodes.database.query<{ id: Buffer; payload: Buffer }>(
    `SELECT id, payload FROM oidc_records WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL`,
    [person.identityId],
  );
  const [session] = sessions;
  if (!session || sessions.length > 1) throw new Error(`${sessions.length} sessions`);
  const { id } = session;
  const payload = JSON.parse(keyring.open('records', session.payload, id)) as { loginTs: number };
  const older = JSON.stringify({ ...payload, loginTs: payload.loginTs - seconds });
  await nodes.database.query(
    `UPDATE oidc_records SET payload = $2, password_at = password_at - $3 * interval '1 second' WHERE id = $1`,
    [id, keyring.seal('records', older, id), seconds],
  );
}
