/** Reads the activity of an ID, decrypted for its person. */
import { ACTIVITIES_PER_PAGE, readHappenedAt, type Activity } from './activity.rules.ts';
import { listLeafPlaces } from '../../../db/auditTree/leafPlaces.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import { listActivity, listActivityLines, type StoredActivity } from './activity.queries.ts';
import { listFailuresOfOpenHours } from '../../../db/signIn/failures.ts';
import type { Guardian, GuardianDetails } from '../../../domain/factors/guardian.ts';
import { openGuardian } from '../../guardian/index.ts';
import { openClientContext } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';

export interface ActivityView {
  /** The newest first. */
  readonly activities: readonly Activity[];
  /** The id after which the next page begins; null on the last page. */
  readonly older: string | null;
}

/** Reads a page of the log, in which a change is one line. @param before an id from `older` */
export async function readActivity(
  context: AppContext,
  identityId: string,
  before: string | null,
): Promise<ActivityView> {
  return await readEvents(context, identityId, {
    before,
    limit: ACTIVITIES_PER_PAGE,
    list: listActivityLines,
  });
}

/** Reads every event, for the file of the person. */
export async function readEveryEvent(
  context: AppContext,
  identityId: string,
  { before, limit }: { before: string | null; limit: number },
): Promise<ActivityView> {
  return await readEvents(context, identityId, { before, limit, list: listActivity });
}

/** Finds one line of this person's log. Null for the id of another person's event, and for any other text. */
export async function findActivity(
  context: AppContext,
  identityId: string,
  id: string,
): Promise<Activity | null> {
  if (id.startsWith('open-')) {
    const open = await readFailuresOfOpenHours(context, identityId);
    return open.find((line) => line.id === id) ?? null;
  }
  if (!/^[0-9]{1,18}$/.test(id)) return null;
  const found = await findIdentityWithPerson(context.database, identityId);
  const asked = { before: null, limit: 1, only: id };
  const [stored] = await listActivityLines(context.database, identityId, asked);
  return found && stored
    ? openActivity(context, found.logSalt, stored, await findSealed(context, [id]))
    : null;
}

interface EventsToRead {
  readonly before: string | null;
  readonly limit: number;
  readonly list: typeof listActivity;
}

async function readEvents(
  context: AppContext,
  identityId: string,
  { before, limit, list }: EventsToRead,
): Promise<ActivityView> {
  const found = await findIdentityWithPerson(context.database, identityId);
  if (!found) return { activities: [], older: null };
  // One more than is shown tells whether there is a next page.
  const stored = await list(context.database, identityId, { before, limit: limit + 1 });
  const shown = stored.slice(0, limit);
  const sealed = await findSealed(
    context,
    shown.map(({ id }) => id),
  );
  const activities = shown.map((one) => openActivity(context, found.logSalt, one, sealed));
  const older = stored.length > limit ? (activities.at(-1)?.id ?? null) : null;
  const open = before === null ? await readFailuresOfOpenHours(context, identityId) : [];
  // By id they are in the order in which they were written.
  return { activities: [...open, ...activities].toSorted((a, b) => Number(b.at) - Number(a.at)), older };
}

/** Wrong answers of the present hour, which are no event yet: the person sees them immediately. */
async function readFailuresOfOpenHours({ database }: AppContext, identityId: string): Promise<Activity[]> {
  const open = await listFailuresOfOpenHours(database, identityId);
  return open.map(({ kind: what, many, from }): Activity => {
    const event = { kind: 'failures_counted', details: { what, many, from } } as const;
    const at = new Date(from);
    return {
      id: `open-${Number(at)}-${what}`,
      at,
      event,
      site: null,
      seen: null,
      confirmedBy: null,
      guardian: null,
      keyName: null,
      isSealed: null,
    };
  });
}

/** Which of these events are in the tree: one statement for a page. */
async function findSealed({ database }: AppContext, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await listLeafPlaces(database, ids)).map(({ id }) => id));
}

function openActivity(
  { keyring }: AppContext,
  logSalt: Buffer,
  { id, at, kind, details, site, confirmation, keyName }: StoredActivity,
  sealedIds: ReadonlySet<string>,
): Activity {
  const sealed = details['seen'] ?? confirmation?.['seen'];
  const seen = typeof sealed === 'string' ? openClientContext(keyring, logSalt, sealed) : null;
  const event = { kind, details } as unknown as Activity['event'];
  const card = confirmation?.['cardNumber'];
  const confirmedBy = typeof card === 'string' ? card : null;
  const guardian = openGuardianOfEvent(keyring, logSalt, details);
  const isSealed = sealedIds.has(id);
  const happenedAt = readHappenedAt({ at, event });
  return { id, at: happenedAt, event, site, seen, confirmedBy, guardian, keyName, isSealed };
}

function openGuardianOfEvent(
  keyring: AppContext['keyring'],
  logSalt: Buffer,
  { guardian }: StoredActivity['details'],
): Guardian | null {
  const { sealed } = (guardian ?? {}) as Partial<GuardianDetails>;
  return sealed === undefined ? null : openGuardian(keyring, logSalt, sealed);
}
