/**
 * The provider's storage. The provider reads and then writes; where that would race, the affected rows decide
 * here: consuming is one conditional UPDATE, and a caller that does not win ends the grant and gets
 * `invalid_grant`.
 */
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { readClientContext, type RequestSource } from '../../domain/clientContext.ts';
import type { SessionUse } from '../../domain/sessionUse.ts';
import { DamagedSeal } from '../../domain/damagedSeal.ts';
import { RowMacMismatch } from '../../domain/rowMac.ts';
import type { ReportEvent } from '../../domain/securityEvent.ts';
import { kindsOfAmr, shownAcr } from '../../domain/signIn/levels.ts';
import { FIRST_PARTY_CLIENTS } from '../../domain/relyingParty/firstPartyClient.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Log } from '../../platform/log.ts';
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

/**
 * Within this time a refresh token that is used again counts as a retry after a lost response, not as theft.
 */
const REFRESH_RETRY_SECONDS = 10;

export interface OidcRecordDeps {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly now: () => Date;
  readonly log: Pick<Log, 'error'>;
  readonly report: ReportEvent;
}

/**
 * The factory that the provider calls once for each model.
 * @param others adapters of models that are not stored as records
 */
export function createAdapter(
  deps: OidcRecordDeps,
  others: Readonly<Record<string, Adapter>>,
): (model: string) => Adapter {
  return (model) => failFastAdapter(others[model] ?? createRecordAdapter(model, deps));
}

/**
 * Once the database is unavailable within a request, no more queries are sent. The provider catches errors
 * and continues to query, and the person would wait for a timeout each time.
 */
function failFastAdapter(adapter: Adapter): Adapter {
  const guarded = Object.entries(adapter).map(([name, call]) => [
    name,
    async (...args: unknown[]): Promise<unknown> =>
      await failFastWhenUnavailable(
        async () => await (call as (...values: unknown[]) => Promise<unknown>)(...args),
      ),
  ]);
  return Object.fromEntries(guarded) as Adapter;
}

/** The same guard for other calls of the provider. @throws the fault that the request met before */
export async function failFastWhenUnavailable<T>(call: () => Promise<T>): Promise<T> {
  const unit = requireUnitOfWork();
  if (unit.fault) throw unit.fault;
  try {
    return await call();
  } catch (error) {
    const isDamaged = error instanceof RowMacMismatch || error instanceof DamagedSeal;
    if (error instanceof DatabaseUnavailable || isDamaged) unit.fault = error;
    throw error;
  }
}

/** The keyed hash under which a record is stored. */
export function hashRecordId(keyring: Keyring, model: string, id: string): Buffer {
  return keyring.hmac('records', `${model} ${id}`);
}

export function createRecordAdapter(model: string, deps: OidcRecordDeps): Adapter {
  const { database, keyring, now, log, report } = deps;
  const hashed = (id: string, ofModel = model) => {
    const { recordIds } = requireUnitOfWork();
    const name = `${ofModel} ${id}`;
    const key = recordIds.get(name) ?? hashRecordId(keyring, ofModel, id);
    recordIds.set(name, key);
    return key;
  };
  const openPayload = (payload: Buffer, id: Buffer) => openRecord(keyring, payload, id).payload;

  /** Opens a record, and notes in the unit of work which sign-in the request now acts on. */
  const openFound = (found: FoundOidcRecord): AdapterPayload => {
    const opened = openRecord(keyring, found.payload, found.id);
    assertRecordFacts(database.rowAuthenticator, opened, found.facts);
    const { payload } = opened;
    const unit = requireUnitOfWork();
    // A new sign-in takes precedence over the earlier session.
    if (found.loginAt && model !== 'Grant' && !unit.passwordAt) unit.signedInAt = found.loginAt;
    unit.owner = found.owner ?? unit.owner;
    unit.grant = found.grant ?? unit.grant;
    if (model === 'Session') {
      const { startedAt, loginAt, passwordAt } = found;
      const acr = parseText(payload['acr']);
      unit.session = { accountId: payload.accountId, acr, startedAt, loginAt, passwordAt };
    } else unit.acr = readShownAcr(payload) ?? unit.acr;
    if (hasKeyTime(model)) unit.keyAt = parseTime(payload['keyAt']);
    return found.consumedAt ? { ...payload, consumed: toEpochSeconds(found.consumedAt) } : payload;
  };

  /** A damaged record gives no one access, and counts as one that is not there: its person starts again. */
  const unlessDamaged = async (read: () => Promise<AdapterPayload | undefined>) => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DamagedSeal)) throw error;
      log.error({ model, cause: error.message }, 'a record is damaged, and counts as not there');
      report({ kind: 'row_tampered', ...error.about });
      return undefined;
    }
  };

  const findWhole = async (id: string): Promise<AdapterPayload | undefined> => {
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
    const payload = openFound(found);
    return model === 'RefreshToken' && isFamilyExpired(payload, now()) ? undefined : payload;
  };

  return {
    find: (id) => unlessDamaged(() => findWhole(id)),

    findByUid: (uid) =>
      unlessDamaged(async () => {
        const found = await findSessionByUid(database, uid);
        return found ? openFound(found) : undefined;
      }),

    findByUserCode: () => Promise.reject(new Error('there is no device flow')),

    upsert(id, payload, expiresIn) {
      const key = hashed(id);
      const unit = requireUnitOfWork();
      const isSession = model === 'Session' && payload.accountId !== undefined;
      // A session of another person, which ends in this request, does not count for this one.
      const earlier = unit.session?.accountId === payload.accountId ? unit.session : null;
      const startedAt = isSession ? (earlier?.startedAt ?? now()) : null;
      const grantedIn = model === 'Grant' ? unit.grantedIn : null;
      const record = {
        model,
        accountId: payload.accountId ?? null,
        clientId: payload.clientId ?? null,
        // An interaction does not belong to an earlier grant: it survives a logout in another tab.
        grantId: payload.grantId && model !== 'Interaction' ? hashed(payload.grantId, 'Grant') : null,
        sessionUid:
          grantedIn?.sessionUid ?? (isEndedWithSession(payload) ? (payload.sessionUid ?? null) : null),
        uid: model === 'Session' ? (payload.uid ?? null) : null,
        loginAt: payload.accountId ? unit.signedInAt : null,
        startedAt,
        passwordAt: isSession ? (unit.passwordAt ?? earlier?.passwordAt ?? null) : null,
        acr: model === 'AccessToken' ? unit.acr : isIssuedModel(model) ? readShownAcr(payload) : null,
        sid: grantedIn?.sid ?? null,
        expiresAt: readRecordExpiry(model, now(), expiresIn ?? 0, startedAt),
      };
      const facts = database.rowAuthenticator.mode === 'read' ? null : listRecordFacts(record);
      const use = isSession && unit.requestSource ? readSessionUse(unit.requestSource, now()) : null;
      const stored = addKeyTime(model, payload, unit.keyAt);
      unit.saveRecord({
        ...record,
        id: key,
        payload: sealRecord(keyring, { payload: stored, facts, use }, key),
      });
      return Promise.resolve();
    },

    async consume(id) {
      const key = hashed(id);
      // A code is consumed in the transaction that saves the tokens; the unit of work reports a second use.
      if (model === 'AuthorizationCode') return requireUnitOfWork().consumeRecord(key);
      if (model === 'PushedAuthorizationRequest') return requireUnitOfWork().usePushedRequest(key);
      if (await consumeRecord(database, key)) return;
      const isRetry =
        model === 'RefreshToken' && (await isConsumedWithin(database, key, REFRESH_RETRY_SECONDS));
      if (!isRetry) await endGrantOfRecord(database, key);
      throw new errors.InvalidGrant(isRetry ? 'used a moment ago' : 'already used');
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

function readSessionUse(requestSource: RequestSource, at: Date): SessionUse {
  return { ...readClientContext(requestSource), at };
}

/** A token with offline access outlives the session; all others end with it. */
function isEndedWithSession({ scope }: AdapterPayload): boolean {
  return !(scope ?? '').split(' ').includes('offline_access');
}

/**
 * The level of what was shown in the sign-in that a code or refresh token is based on: not its `acr`, which
 * is Low with both factors too where the person's proofing is. Null for a payload that names no sign-in.
 */
function readShownAcr({ acr, amr }: AdapterPayload): string | null {
  if (acr === undefined && amr === undefined) return null;
  return shownAcr(kindsOfAmr(Array.isArray(amr) ? amr.filter((one) => typeof one === 'string') : []));
}

/** Models issued to a relying party. They have the level of the sign-in that they are based on. */
function isIssuedModel(model: string): boolean {
  return model === 'AuthorizationCode' || model === 'RefreshToken';
}

/**
 * A first-party client's code and token store when the key was given, because the client asks for it
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
  // A used pushed request is remembered for as long as the interactions that it started may run.
  const stored = model === 'PushedAuthorizationRequest' ? seconds + INTERACTION_SECONDS : seconds;
  const idle = now.getTime() + stored * 1000;
  const whole = startedAt ? startedAt.getTime() + SESSION_SECONDS * 1000 : Number.POSITIVE_INFINITY;
  return new Date(Math.min(idle, whole));
}

function toEpochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
