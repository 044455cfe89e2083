/** How many of the staff have a security key that counts, by role. */
import type { StaffRole } from '../../domain/staff/staff.ts';
import type { Inspector } from './inspection.ts';

const COUNT = `
  SELECT s.role, count(*)::int AS members,
    (count(*) FILTER (WHERE EXISTS (SELECT FROM security_keys y
      WHERE y.identity_id = s.identity_id AND y.ended_at IS NULL AND y.counts_from <= now())))::int AS "withKey"
  FROM staff s JOIN identities i ON i.id = s.identity_id
  WHERE s.approved_at IS NOT NULL AND s.ended_at IS NULL AND i.blocked_at IS NULL
  GROUP BY s.role ORDER BY s.role`;

export interface StaffOfRole {
  readonly role: StaffRole;
  readonly members: number;
  readonly withKey: number;
}

/** One row for each role that someone has. */
export async function countStaffWithSecurityKey(inspector: Inspector): Promise<StaffOfRole[]> {
  return await inspector.query<StaffOfRole>(COUNT);
}
