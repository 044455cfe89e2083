/**
 * Pushed requests. Those of a client that proved who it is are records, and used up by the answer that they
 * lead to: how many is not bounded (docs/explanation/threat-model.md, "What a relying party leaves"). Anybody can push in
 * the name of a client without authentication: these wait in one of sixty places, for a minute, and are used
 * up by the browser that comes for them, which carries them from then on.
 */
import { errors, Provider, type Adapter, type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';
import { packJson, unpackJson } from '../../domain/cookies/packedRequest.ts';
import { describeProtocolError } from '../../domain/errors/refusal.ts';
import { findWidestNetwork } from '../../domain/network/networks.ts';
import { consumeRecord } from '../../db/oidc/oidcRecords.ts';
import {
  findPushedRequest,
  insertPushedRequest,
  claimPushedRequest,
} from './pendingPushedRequests.queries.ts';
import { createRecordAdapter, hashRecordId, type OidcRecordDeps } from '../records/adapter.ts';
import { isTooLongForCookie, composeTooLongError } from './sealedRequest.ts';

const MODEL = 'PushedAuthorizationRequest';
/** The provider says how long one is good: it gives none longer than this. */
const PUSH_SECONDS = 60;
const TOO_MANY_REQUESTS = 429;

export function createPushedRequestAdapter(options: OidcRecordDeps): Adapter {
  const { database, keyring } = options;
  const records = createRecordAdapter(MODEL, options);
  return {
    ...records,
    async find(id) {
      const record = await records.find(id);
      if (record) return record;
      const key = hashRecordId(keyring, MODEL, id);
      const sealed = await findPushedRequest(database, key);
      return sealed ? (unpackJson(keyring.openBytes('records', sealed, key)) as AdapterPayload) : undefined;
    },
    async upsert(id, payload, expiresIn) {
      const { oidc, ip } = requireCurrentRequest();
      if (isAuthenticatedPush(payload)) {
        // The provider does not say whose it is: by its row, who pushes without end is found.
        return await records.upsert(id, { ...payload, clientId: oidc.client?.clientId }, expiresIn);
      }
      const pushed = { params: oidc.params };
      if (isTooLongForCookie(pushed)) throw composeTooLongError(pushed);
      const key = hashRecordId(keyring, MODEL, id);
      const seconds = await insertPushedRequest(database, {
        id: key,
        sealed: keyring.seal('records', packJson(payload), key),
        network: keyring.hmac('attempts', `pushes from network ${findWidestNetwork(ip)}`),
        seconds: expiresIn ?? PUSH_SECONDS,
      });
      if (seconds !== null) throw composeTooManyError(seconds);
    },
    async consume(id) {
      if (findUnauthenticatedPush() !== id) return await records.consume(id);
      await claimUnauthenticatedPush(options, id);
    },
  };
}

/** The id of what this request was pushed as, where its client has no authentication. */
export function findUnauthenticatedPush(): string | null {
  // Outside of the provider's own routes there is none.
  const { oidc } = (Provider.ctx ?? {}) as Partial<KoaContextWithOIDC>;
  const pushed = oidc?.entities.PushedAuthorizationRequest;
  return pushed && !isAuthenticatedPush(pushed) ? pushed.jti : null;
}

/** @throws where another browser was first */
export async function claimUnauthenticatedPush(
  { database, keyring }: OidcRecordDeps,
  id: string,
): Promise<void> {
  const key = hashRecordId(keyring, MODEL, id);
  // Pushed at a node of an earlier version it is a record.
  if ((await claimPushedRequest(database, key)) || (await consumeRecord(database, key))) return;
  throw new errors.InvalidRequestUri('request_uri was already used');
}

/** The provider says so of those that were pushed with authentication. */
function isAuthenticatedPush(pushed: object): boolean {
  return (pushed as { trusted?: unknown }).trusted === true;
}

function composeTooManyError(seconds: number): Error {
  requireCurrentRequest().set('Retry-After', String(seconds));
  const error = new errors.TemporarilyUnavailable(describeProtocolError('too_many_pushed'));
  return Object.assign(error, { status: TOO_MANY_REQUESTS, statusCode: TOO_MANY_REQUESTS });
}

function requireCurrentRequest() {
  const { ctx } = Provider;
  if (!ctx) throw new Error('requests are pushed within a request');
  return ctx;
}
