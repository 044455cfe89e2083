/** How many operators have a security key that counts. */
import type { Inspector } from './inspection.ts';

const COUNT = `
  SELECT count(*)::int AS operators,
    (count(*) FILTER (WHERE EXISTS (SELECT FROM security_keys y
      WHERE y.identity_id = s.identity_id AND y.ended_at IS NULL AND y.counts_from <= now())))::int AS "withKey"
  FROM staff s JOIN identities i ON i.id = s.identity_id
  WHERE s.role = 'operator' AND s.approved_at IS NOT NULL AND s.ended_at IS NULL AND i.blocked_at IS NULL`;

export async function countOperatorsWithSecurityKey(
  inspector: Inspector,
): Promise<{ operators: number; withKey: number }> {
  const [row] = await inspector.query<{ operators: number; withKey: number }>(COUNT);
  return row ?? { operators: 0, withKey: 0 };
}
