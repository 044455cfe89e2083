/**
 * Everything that Nøgle stores about a person, for them: as a file for machines, which
 * docs/reference/self-service-export.md describes, and as a page for people. It never contains a key, a
 * password or a hash of one.
 */
import { DEFAULT_LANGUAGE } from '../../../domain/language/language.ts';
import type { FirstPartyClient } from '../../../domain/relyingParty/firstPartyClient.ts';
import type { RequestSource } from '../../../domain/clientContext.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { findIdentityWithPerson } from '../../../db/people/identities.ts';
import { writeCaseNumber } from '../../../domain/issuing/caseNumber.ts';
import { listApplicationsOfPerson, listSentItems } from '../activity/activity.queries.ts';
import type { Activity } from '../activity/activity.rules.ts';
import { openSubmission } from '../../issuing/index.ts';
import { type FirstPartyUser, isKeyStillRecent } from '../../firstPartyClients/index.ts';
import { readHeldFactors } from '../../factors/index.ts';
import { sealClientContext } from '../../authentication/index.ts';
import { listSecurityKeys } from '../../../db/factors/securityKeyLife.ts';
import type { AppContext } from '../../appContext.ts';
import { listKnownBrowsersOfPerson } from '../browsers/browsers.ts';
import type { SessionDeps } from '../../sessions/index.ts';
import { readAccessOverview } from '../../access/index.ts';
import { readAccount } from '../readAccount.ts';
import { readEveryEvent } from '../activity/readActivity.ts';
import { listCodeTokensOfPerson } from './codeTokens.queries.ts';

/** Format of the document for machines: raised when a member changes its meaning or is removed. */
const EXPORT_FORMAT = 'noegle-export-1';
/** Events read at a time. */
const ACTIVITIES_PER_READ = 500;

/** What is known of a person, with names in every language. */
export type PersonData = Awaited<ReturnType<typeof collectPersonData>>;
/** The file, member by member. */
export type ExportFile = ReturnType<typeof composeExportFile>;

/**
 * Reads the data, and records when and from where, so that the person sees it in their activity.
 *
 * @returns null when the required key is no longer recent, or the session has ended, by the time that
 *   everything is read.
 */
export async function exportPersonData(
  deps: SessionDeps,
  site: FirstPartyClient,
  user: Pick<FirstPartyUser, 'identityId' | 'session'>,
  requestSource: RequestSource,
): Promise<PersonData | null> {
  const { context } = deps;
  const { identityId } = user;
  const data = await collectPersonData(deps, identityId);
  if (!(await isKeyStillRecent(context, site, user))) return null;
  const details = sealClientContext(context.keyring, data.logSalt, requestSource);
  await appendEvent(context.database, { kind: 'data_exported', identityId, details });
  return data;
}

async function collectPersonData(deps: SessionDeps, identityId: string) {
  const { context } = deps;
  const { database, keyring, clock } = context;
  const found = await findIdentityWithPerson(database, identityId);
  if (!found) throw new Error('the signed-in identity does not exist');
  const { person, cprSealed, logSalt } = found;
  return {
    exportedAt: clock.now(),
    logSalt,
    cpr: cprSealed && keyring.open('seal', cprSealed, person.id),
    pid: person.pid,
    account: await readAccount(context, identityId),
    ...(await readAccessOverview(deps, identityId)),
    applications: await readApplicationsOfPerson(context, identityId),
    ownBrowsers: await listKnownBrowsersOfPerson(context, identityId),
    factors: await readHeldFactors(context, identityId, { withEnded: true }),
    codeTokens: await listCodeTokensOfPerson(database, identityId),
    securityKeys: await listSecurityKeys(database, identityId, { withEnded: true }),
    sent: await listSentItems(database, identityId),
    activities: await readAllActivities(context, identityId),
  };
}

/** The file: names in the original language, and nothing that means something only inside of Nøgle. */
export function composeExportFile(data: PersonData) {
  const { account, sessions, services } = data;
  const { waitingEmail: waiting } = account;
  return {
    format: EXPORT_FORMAT,
    exportedAt: data.exportedAt,
    person: {
      name: account.name,
      birthdate: account.birthdate,
      cpr: data.cpr,
      pid: data.pid,
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
    applications: data.applications,
    cards: account.cards,
    ownBrowsers: data.ownBrowsers.map(({ firstAt, lastAt, seen }) => ({ firstAt, lastAt, from: seen })),
    factors: data.factors,
    codeTokens: data.codeTokens,
    // One that counted at once counts by every clock.
    securityKeys: data.securityKeys.map(({ credentialId: _bytes, ...one }) => ({
      ...one,
      countsFrom: one.countsFrom < one.addedAt ? one.addedAt : one.countsFrom,
    })),
    sessions: sessions.map(({ startedAt, usedAt, client, sites }) => ({
      startedAt,
      usedAt,
      from: client,
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
    sent: data.sent,
    activity: data.activities.map(({ at, event, site, guardian, seen: clientContext }) => {
      // Encrypted values, and keyed hashes that distinguish look-ups by staff: they mean nothing outside
      // Nøgle.
      const {
        seen: _sealed,
        subject: _subject,
        look: _look,
        guardian: _sealedGuardian,
        ...rest
      } = event.details as Record<string, unknown>;
      const details = guardian ? { ...rest, guardian } : rest;
      return { at, kind: event.kind, site: site?.[DEFAULT_LANGUAGE] ?? null, details, from: clientContext };
    }),
  };
}

async function readAllActivities(context: AppContext, identityId: string): Promise<readonly Activity[]> {
  const all: Activity[] = [];
  for (let before: string | null = null; ; ) {
    const page = { before, limit: ACTIVITIES_PER_READ };
    const { activities, older } = await readEveryEvent(context, identityId, page);
    all.push(...activities);
    if (older === null) return all;
    before = older;
  }
}

async function readApplicationsOfPerson(context: AppContext, identityId: string) {
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
