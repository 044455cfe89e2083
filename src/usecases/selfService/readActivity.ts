/** What happened with an ID, opened for its person. */
import { ACTIVITY_PAGE, type Activity } from '../../core/selfService/activity.ts';
import type { Queryable } from '../../store/database.ts';
import { findIdentityWithPerson } from '../../store/identities.ts';
import { listActivity } from '../../store/selfService/activity.ts';
import { listOpenFailures } from '../../store/signIn/failures.ts';
import { openSeen } from '../seen.ts';
import type { World } from '../world.ts';

export interface ActivityShown {
  /** The newest first. */
  readonly activities: readonly Activity[];
  /** After which the next page begins; null where there is no more. */
  readonly older: string | null;
}

/** Wrong answers of hours that are no event yet: a person who looks now sees them now. */
async function readOpenHours(db: Queryable, identityId: string): Promise<Activity[]> {
  const open = await listOpenFailures(db, identityId);
  return open.map(({ kind: what, many, from }): Activity => {
    const event = { kind: 'failures_counted', details: { what, many, from } } as const;
    return { id: `open-${from}-${what}`, at: new Date(from), event, site: null, seen: null };
  });
}

/** @param before an id of `older`; null for the newest. */
export async function readActivity(
  { database, keyring }: World,
  identityId: string,
  before: string | null,
  limit: number = ACTIVITY_PAGE,
): Promise<ActivityShown> {
  const found = await findIdentityWithPerson(database, identityId);
  if (!found) return { activities: [], older: null };
  // One more than is shown: whether there is a next page.
  const stored = await listActivity(database, identityId, { before, limit: limit + 1 });
  const activities = stored.slice(0, limit).map(({ id, at, kind, details, site }) => {
    const { seen: sealed } = details;
    const seen = typeof sealed === 'string' ? openSeen(keyring, found.logSalt, sealed) : null;
    return { id, at, event: { kind, details } as unknown as Activity['event'], site, seen };
  });
  const older = stored.length > limit ? (activities.at(-1)?.id ?? null) : null;
  const open = before === null ? await readOpenHours(database, identityId) : [];
  return { activities: [...open, ...activities], older };
}
