/**
 * All that Nøgle knows of a person, for themselves and for whatever else can read it: docs/reference/self-service-export.md says
 * what each member is. Never a key, a password or a hash of one.
 */
import { DEFAULT_LANGUAGE } from '../../core/language/language.ts';
import type { OwnSite } from '../../core/ownSite.ts';
import type { Visit } from '../../core/selfService/seen.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { findIdentityWithPerson } from '../../store/identities.ts';
import { listOwnApplications, listSent } from '../../store/selfService/activity.ts';
import { openSubmission } from '../issuing/submission.ts';
import { isProvenNow, type Visitor } from '../ownSite/ownSession.ts';
import { sealSeen } from '../seen.ts';
import type { World } from '../world.ts';
import { readOwnBrowsers } from './browsers.ts';
import { readAccess } from './access.ts';
import { readAccount } from './readAccount.ts';
import { readActivity } from './readActivity.ts';

/** Of the document, for whoever reads it by machine: raised when a member changes its meaning or goes. */
const FORMAT = 'noegle-export-1';
/** As many events are read at a time. */
const BATCH = 500;

/**
 * Written down: that it was fetched, and from where, is worth knowing to its person.
 * @returns null when the key that it takes is too long ago, or the session over, by the time that all of it
 * is read.
 */
export async function exportData(
  world: World,
  site: OwnSite,
  visitor: Pick<Visitor, 'identityId' | 'session'>,
  visit: Visit,
): Promise<Record<string, unknown> | null> {
  const { identityId } = visitor;
  const { database, keyring, clock } = world;
  const found = await findIdentityWithPerson(database, identityId);
  if (!found) throw new Error('somebody is signed in with an identity that is not there');
  const { person, cprSealed, logSalt } = found;
  const account = await readAccount(world, identityId);
  const { waitingEmail: waiting } = account;
  const { sessions, services } = await readAccess(world, identityId);
  const data = {
    format: FORMAT,
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
      largePrint: account.largePrint,
    },
    applications: await readApplications(world, identityId),
    cards: account.cards,
    ownBrowsers: (await readOwnBrowsers(world, identityId)).map(({ firstAt, lastAt, seen }) => {
      return { firstAt, lastAt, from: seen };
    }),
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
    sent: await listSent(database, identityId),
    activity: await readAll(world, identityId),
  };
  if (!(await isProvenNow(world, site, visitor))) return null;
  const details = sealSeen(keyring, logSalt, visit);
  await appendEvent(database, { kind: 'data_exported', identityId, details });
  return data;
}

async function readAll(world: World, identityId: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let before: string | null = null; ; ) {
    const { activities, older } = await readActivity(world, identityId, before, BATCH);
    for (const { at, event, site, seen } of activities) {
      // Sealed, or keyed hashes by which staff's look-ups are told apart: they say nothing to anybody else.
      const {
        seen: _sealed,
        subject: _subject,
        look: _look,
        ...details
      } = event.details as Record<string, unknown>;
      all.push({ at, kind: event.kind, site: site?.[DEFAULT_LANGUAGE] ?? null, details, from: seen });
    }
    if (older === null) return all;
    before = older;
  }
}

async function readApplications(world: World, identityId: string): Promise<unknown[]> {
  const stored = await listOwnApplications(world.database, identityId);
  return stored.map(({ path, at, ...rest }) => {
    const { identification, terms, guardian } = openSubmission(world, rest).application;
    return { path, at, identification, terms, guardian };
  });
}
