/** Reads the activity of an ID, decrypted for its person. */
import { ACTIVITIES_PER_PAGE, type Activity } from './activity.rules.ts';
import type { Queryable } from '../../../db/database.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import { listActivity } from './activity.queries.ts';
import { listFailuresOfOpenHours } from '../../../db/signIn/failures.ts';
import { openClientContext } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

export interface ActivityView {
  /** The newest first. */
  readonly activities: readonly Activity[];
  /** The id after which the next page begins; null on the last page. */
  readonly older: string | null;
}

/** Wrong answers of the present hour, which are no event yet: the person sees them immediately. */
async function readFailuresOfOpenHours(db: Queryable, identityId: string): Promise<Activity[]> {
  const open = await listFailuresOfOpenHours(db, identityId);
  return open.map(({ kind: what, many, from }): Activity => {
    const event = { kind: 'failures_counted', details: { what, many, from } } as const;
    return { id: `open-${from}-${what}`, at: new Date(from), event, site: null, seen: null };
  });
}

/** @param before an id from `older`; null for the newest. */
export async function readActivity(
  { database, keyring }: AppContext,
  identityId: string,
  before: string | null,
  limit: number = ACTIVITIES_PER_PAGE,
): Promise<ActivityView> {
  const found = await findIdentityWithPerson(database, identityId);
  if (!found) return { activities: [], older: null };
  // One more than is shown tells whether there is a next page.
  const stored = await listActivity(database, identityId, { before, limit: limit + 1 });
  const activities = stored.slice(0, limit).map(({ id, at, kind, details, site }) => {
    const { seen: sealed } = details;
    const clientContext =
      typeof sealed === 'string' ? openClientContext(keyring, found.logSalt, sealed) : null;
    return { id, at, event: { kind, details } as unknown as Activity['event'], site, seen: clientContext };
  });
  const older = stored.length > limit ? (activities.at(-1)?.id ?? null) : null;
  const open = before === null ? await readFailuresOfOpenHours(database, identityId) : [];
  return { activities: [...open, ...activities], older };
}
