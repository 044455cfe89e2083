/**
 * Everything that Nøgle stores about a person, for them and for machines;
 * docs/reference/self-service-export.md describes each member. It never contains a key, a password or a hash
 * of one.
 */
import { DEFAULT_LANGUAGE } from '../../../domain/language/language.ts';
import type { FirstPartyClient } from '../../../domain/relyingParty/firstPartyClient.ts';
import type { RequestSource } from '../../../domain/clientContext.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import { writeCaseNumber } from '../../../domain/issuing/caseNumber.ts';
import { listApplicationsOfPerson, listSentItems } from '../activity/activity.queries.ts';
import { openSubmission } from '../../issuing/index.ts';
import { type FirstPartyUser, isKeyStillRecent } from '../../firstPartyClients/index.ts';
import { sealClientContext } from '../../authentication/index.ts';
import type { AppContext } from '../../appContext.ts';
import { listKnownBrowsersOfPerson } from '../browsers/browsers.ts';
import { readAccessOverview } from '../../access/index.ts';
import { readAccount } from '../readAccount.ts';
import { readActivity } from '../activity/readActivity.ts';

/** Format of the document for machines: raised when a member changes its meaning or is removed. */
const EXPORT_FORMAT = 'noegle-export-1';
/** Events read at a time. */
const ACTIVITIES_PER_READ = 500;

/**
 * Exports the data, and records when and from where, so that the person sees it in their activity.
 *
 * @returns null when the required key is no longer recent, or the session has ended, by the time that
 *   everything is read.
 */
export async function exportPersonData(
  context: AppContext,
  site: FirstPartyClient,
  user: Pick<FirstPartyUser, 'identityId' | 'session'>,
  requestSource: RequestSource,
): Promise<Record<string, unknown> | null> {
  const { identityId } = user;
  const { database, keyring, clock } = context;
  const found = await findIdentityWithPerson(database, identityId);
  if (!found) throw new Error('the signed-in identity does not exist');
  const { person, cprSealed, logSalt } = found;
  const account = await readAccount(context, identityId);
  const { waitingEmail: waiting } = account;
  const { sessions, services } = await readAccessOverview(context, identityId);
  const data = {
    format: EXPORT_FORMAT,
    exportedAt: clock.now(),
    person: {
      name: account.name,
      birthdate: account.birthdate,
      cpr: cprSealed && keyring.open('seal', cprSealed, person.id),
      pid: person.pid,
      address: account.address,
      addressProtected: account.addressProtected,
      formerAddress: account.formerAddress,
      movedAt: account.movedAt,
      email: account.email,
      emailConfirmed: account.email === null ? null : account.isEmailConfirmed,
      nextEmail: account.nextEmail,
      waitingEmail: waiting && { email: waiting.email, givenAt: waiting.givenAt },
      language: account.language,
    },
    id: {
      idNumber: account.idNumber,
      userId: account.userId,
      createdAt: account.createdAt,
      issuedBy: account.issuedBy,
      proofing: account.proofing,
      publicSites: account.publicSites,
      newCardAtKeysLeft: account.threshold,
      cardFormat: account.cardFormat,
    },
    applications: await readApplicationsOfPerson(context, identityId),
    cards: account.cards,
    ownBrowsers: (await listKnownBrowsersOfPerson(context, identityId)).map(
      ({ firstAt, lastAt, seen: clientContext }) => {
        return { firstAt, lastAt, from: clientContext };
      },
    ),
    sessions: sessions.map(({ startedAt, sites }) => ({
      startedAt,
      sites: sites.map((name) => name[DEFAULT_LANGUAGE]),
    })),
    access: services.map(({ name, scopes, agreedAt, offlineUntil }) => {
      return {
        name: name[DEFAULT_LANGUAGE],
        scopes,
        agreedAt,
        alsoWhenSignedOut: offlineUntil !== null,
        alsoUntil: offlineUntil,
      };
    }),
    sent: await listSentItems(database, identityId),
    activity: await readAllActivities(context, identityId),
  };
  if (!(await isKeyStillRecent(context, site, user))) return null;
  const details = sealClientContext(keyring, logSalt, requestSource);
  await appendEvent(database, { kind: 'data_exported', identityId, details });
  return data;
}

async function readAllActivities(context: AppContext, identityId: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let before: string | null = null; ; ) {
    const { activities, older } = await readActivity(context, identityId, before, ACTIVITIES_PER_READ);
    for (const { at, event, site, seen: clientContext } of activities) {
      // Encrypted values, and keyed hashes that distinguish look-ups by staff: they mean nothing outside
      // Nøgle.
      const {
        seen: _sealed,
        subject: _subject,
        look: _look,
        ...details
      } = event.details as Record<string, unknown>;
      all.push({
        at,
        kind: event.kind,
        site: site?.[DEFAULT_LANGUAGE] ?? null,
        details,
        from: clientContext,
      });
    }
    if (older === null) return all;
    before = older;
  }
}

async function readApplicationsOfPerson(context: AppContext, identityId: string): Promise<unknown[]> {
  const stored = await listApplicationsOfPerson(context.database, identityId);
  return stored.map(({ path, at, caseNumber, ...rest }) => {
    const { identification, terms, guardian } = openSubmission(context, rest).application;
    return {
      path,
      at,
      caseNumber: writeCaseNumber({ ...rest, caseNumber }),
      identification,
      terms,
      guardian,
    };
  });
}
