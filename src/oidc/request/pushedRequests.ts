/**
 * Pushed authorization requests. Those of an authenticated client are records, consumed with the response
 * that they lead to; their number is not bounded (docs/explanation/threat-model.md, "What a relying party
 * leaves"). Anyone can push in the name of a client without authentication: such requests wait in one of
 * sixty places, for a minute. The browser that opens the request URI consumes the place, and stores the
 * request in its cookies from then on.
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
/** The provider passes the lifetime; it never passes a longer one than this. */
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
        // The provider's payload does not name the client. The row does, so that operators find a client that
        // pushes without end.
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

/** The id of the pushed request of this request, if its client has no authentication. */
export function findUnauthenticatedPush(): string | null {
  // Outside of the provider's routes there is no context.
  const { oidc } = (Provider.ctx ?? {}) as Partial<KoaContextWithOIDC>;
  const pushed = oidc?.entities.PushedAuthorizationRequest;
  return pushed && !isAuthenticatedPush(pushed) ? pushed.jti : null;
}

/** @throws InvalidRequestUri when it was already used, also by a concurrent request */
export async function claimUnauthenticatedPush(
  { database, keyring }: OidcRecordDeps,
  id: string,
): Promise<void> {
  const key = hashRecordId(keyring, MODEL, id);
  // A node of an earlier version stored it as a record.
  if ((await claimPushedRequest(database, key)) || (await consumeRecord(database, key))) return;
  throw new errors.InvalidRequestUri('request_uri was already used');
}

/** The provider marks requests that were pushed with authentication as `trusted`. */
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
  if (!ctx) throw new Error('there is no current request');
  return ctx;
}
