/**
 * The engine's storage. The engine reads, then writes; wherever that is not enough, this decides by rows:
 * consuming is one conditional UPDATE, and whoever loses it ends the grant and gets the error that fits.
 */
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { RowMacMismatch } from '../../domain/rowMac.ts';
import { FIRST_PARTY_CLIENTS } from '../../domain/relyingParty/firstPartyClient.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { DatabaseUnavailable, type Database } from '../../db/database.ts';
import {
  consumeRecord,
  endGrant,
  endGrantOfRecord,
  endRecordsOfGrant,
  listRecordFacts,
  findRecord,
  findSessionByUid,
  isConsumedWithin,
  type FoundOidcRecord,
} from '../../db/oidc/oidcRecords.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { INTERACTION_SECONDS, SESSION_SECONDS } from '../tokens/lifetimes.ts';
import { isFamilyExpired } from '../tokens/refreshFamily.ts';
import { assertRecordFacts, openRecord, sealRecord } from './recordFacts.ts';

/** Within this time a refresh token that comes again is a retry after a lost answer, not yet a theft. */
const REFRESH_RETRY_SECONDS = 10;

export interface OidcRecordDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly now: () => Date;
}

/** What the engine calls once a model. @param others those of models that are not kept as records */
export function createAdapter(
  deps: OidcRecordDeps,
  others: Readonly<Record<string, Adapter>>,
): (model: string) => Adapter {
  return (model) => failFastAdapter(others[model] ?? createRecordAdapter(model, deps));
}

/**
 * Once the database did not answer within a request, nothing more is asked in it: the engine catches errors and
 * goes on asking, and the person would wait once more each time.
 */
function failFastAdapter(adapter: Adapter): Adapter {
  const guarded = Object.entries(adapter).map(([name, ask]) => [
    name,
    async (...args: unknown[]): Promise<unknown> =>
      await failFastWhenUnavailable(
        async () => await (ask as (...given: unknown[]) => Promise<unknown>)(...args),
      ),
  ]);
  return Object.fromEntries(guarded) as Adapter;
}

/** The same for whatever else the engine asks. @throws what the request met before */
export async function failFastWhenUnavailable<T>(ask: () => Promise<T>): Promise<T> {
  const unit = requireUnitOfWork();
  if (unit.fault) throw unit.fault;
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DatabaseUnavailable || error instanceof RowMacMismatch) unit.fault = error;
    throw error;
  }
}

/** Under which a record is stored. */
export function hashRecordId(keyring: Keyring, model: string, id: string): Buffer {
  return keyring.hmac('records', `${model} ${id}`);
}

export function createRecordAdapter(model: string, { database, keyring, now }: OidcRecordDeps): Adapter {
  const hashed = (id: string, ofModel = model) => hashRecordId(keyring, ofModel, id);
  const openPayload = (payload: Buffer, id: Buffer) => openRecord(keyring, payload, id).payload;

  /** Takes note of whose sign-in the request now acts on. */
  const take = (found: FoundOidcRecord): AdapterPayload => {
    const opened = openRecord(keyring, found.payload, found.id);
    assertRecordFacts(database.rowAuthenticator, opened, found.facts);
    const { payload } = opened;
    const unit = requireUnitOfWork();
    // A fresh sign-in overrides the session that came before it.
    if (found.loginAt && model !== 'Grant' && !unit.passwordAt) unit.signedInAt = found.loginAt;
    unit.owner = found.owner ?? unit.owner;
    unit.grant = found.grant ?? unit.grant;
    if (model === 'Session') {
      const { startedAt, loginAt, passwordAt } = found;
      const acr = parseText(payload['acr']);
      unit.session = { accountId: payload.accountId, acr, startedAt, loginAt, passwordAt };
    } else unit.acr = parseText(payload['acr']) ?? unit.acr;
    if (hasKeyTime(model)) unit.keyAt = parseTime(payload['keyAt']);
    return found.consumedAt ? { ...payload, consumed: toEpochSeconds(found.consumedAt) } : payload;
  };

  return {
    async find(id) {
      const key = hashed(id);
      const pending = requireUnitOfWork().findPendingRecord(key);
      if (pending !== undefined) return pending ? openPayload(pending.payload, key) : undefined;
      const { grant } = requireUnitOfWork();
      if (grant?.id.equals(key)) return openPayload(grant.payload, key);
      const found = await findRecord(database, model, key);
      if (!found) return undefined;
      if (model === 'RefreshToken' && found.consumedAt) {
        if (await isConsumedWithin(database, key, REFRESH_RETRY_SECONDS)) return undefined;
      }
      const payload = take(found);
      return model === 'RefreshToken' && isFamilyExpired(payload, now()) ? undefined : payload;
    },

    async findByUid(uid) {
      const found = await findSessionByUid(database, uid);
      return found ? take(found) : undefined;
    },

    findByUserCode: () => Promise.reject(new Error('there is no device flow')),

    upsert(id, payload, expiresIn) {
      const key = hashed(id);
      const unit = requireUnitOfWork();
      const isSession = model === 'Session' && payload.accountId !== undefined;
      // That of somebody else, which ends in this request, says nothing of this one.
      const before = unit.session?.accountId === payload.accountId ? unit.session : null;
      const startedAt = isSession ? (before?.startedAt ?? now()) : null;
      const grantedIn = model === 'Grant' ? unit.grantedIn : null;
      const record = {
        model,
        accountId: payload.accountId ?? null,
        clientId: payload.clientId ?? null,
        // An interaction is no part of what was granted before it: it outlives a log-out in another tab.
        grantId: payload.grantId && model !== 'Interaction' ? hashed(payload.grantId, 'Grant') : null,
        sessionUid:
          grantedIn?.sessionUid ?? (isEndedWithSession(payload) ? (payload.sessionUid ?? null) : null),
        uid: model === 'Session' ? (payload.uid ?? null) : null,
        loginAt: payload.accountId ? unit.signedInAt : null,
        startedAt,
        passwordAt: isSession ? (unit.passwordAt ?? before?.passwordAt ?? null) : null,
        acr:
          model === 'AccessToken'
            ? unit.acr
            : isIssuedModel(model)
              ? (parseText(payload['acr']) ?? null)
              : null,
        sid: grantedIn?.sid ?? null,
        expiresAt: readRecordExpiry(model, now(), expiresIn ?? 0, startedAt),
      };
      const facts = database.rowAuthenticator.mode === 'read' ? null : listRecordFacts(record);
      const stored = addKeyTime(model, payload, unit.keyAt);
      unit.saveRecord({ ...record, id: key, payload: sealRecord(keyring, { payload: stored, facts }, key) });
      return Promise.resolve();
    },

    async consume(id) {
      const key = hashed(id);
      // A code is used up in the commit of what it gives; whoever comes second is told by the unit.
      if (model === 'AuthorizationCode') return requireUnitOfWork().consumeRecord(key);
      if (model === 'PushedAuthorizationRequest') return requireUnitOfWork().usePushedRequest(key);
      if (await consumeRecord(database, key)) return;
      const isRetry =
        model === 'RefreshToken' && (await isConsumedWithin(database, key, REFRESH_RETRY_SECONDS));
      if (!isRetry) await endGrantOfRecord(database, key);
      throw new errors.InvalidGrant('already used');
    },

    async destroy(id) {
      if (model === 'Grant') await endGrant(database, hashed(id));
      const unit = requireUnitOfWork();
      const { formerSession } = unit;
      if (model === 'Session' && formerSession?.id === id)
        return unit.replaceSession(hashed(id), formerSession.uid);
      unit.endRecord(hashed(id));
    },

    async revokeByGrantId(grantId) {
      await endRecordsOfGrant(database, model, hashed(grantId, 'Grant'));
    },
  };
}

/** Offline access is what outlives the session; everything else ends with it. */
function isEndedWithSession({ scope }: AdapterPayload): boolean {
  return !(scope ?? '').split(' ').includes('offline_access');
}

/** What a relying party was given: it is worth as much as the sign-in that it stands on. */
function isIssuedModel(model: string): boolean {
  return model === 'AuthorizationCode' || model === 'RefreshToken';
}

/**
 * A code at a site of our own, and its token, say when the key was given for it: the site asks
 * (features/firstPartyClients/routes.ts).
 */
function hasKeyTime(model: string): boolean {
  return model === 'AuthorizationCode' || model === 'AccessToken';
}

function addKeyTime(model: string, payload: AdapterPayload, keyAt: Date | null): AdapterPayload {
  const isOwn = FIRST_PARTY_CLIENTS.some(({ clientId }) => clientId === payload.clientId);
  return hasKeyTime(model) && isOwn && keyAt ? { ...payload, keyAt: keyAt.getTime() } : payload;
}

function parseTime(value: unknown): Date | null {
  return typeof value === 'number' ? new Date(value) : null;
}

function parseText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readRecordExpiry(model: string, now: Date, seconds: number, startedAt: Date | null): Date {
  // A pushed request is seen used for as long as the interactions that it began may still run.
  const stored = model === 'PushedAuthorizationRequest' ? seconds + INTERACTION_SECONDS : seconds;
  const idle = now.getTime() + stored * 1000;
  const whole = startedAt ? startedAt.getTime() + SESSION_SECONDS * 1000 : Number.POSITIVE_INFINITY;
  return new Date(Math.min(idle, whole));
}

function toEpochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
