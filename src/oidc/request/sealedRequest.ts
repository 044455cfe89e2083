/**
 * A request that waits, as the text that its browser carries: sealed for its own id. A short one is JSON; a
 * longer one is packed, and fits into three cookies if its parameters are no longer than
 * core/carried/packedRequest allows.
 */
import { errors, type AdapterPayload } from 'oidc-provider';
import { isRequestTooLong, packRequest, unpackRequest } from '../../domain/cookies/packedRequest.ts';
import { describeProtocolError } from '../../domain/errors/refusal.ts';
import type { Keyring } from '../../platform/keyring.ts';

/**
 * Bytes of a short one. Sealed and written as a cookie they become a third more, and with the other headers
 * of an answer fit into the 4,096 bytes that some proxies have for them.
 */
const SHORT_REQUEST = 1_800;
/** In the place of one that a node of an earlier version kept as a record. */
const STORED_REQUEST = '"kept"';

/** What a text opens to. */
export type OpenedRequest =
  | { readonly kind: 'whole'; readonly payload: AdapterPayload }
  | { readonly kind: 'kept' }
  /** Its parameters are those of a pushed request, and wait under the id of that. */
  | { readonly kind: 'pushed'; readonly payload: AdapterPayload; readonly parametersOf: string };

export function sealRequest(keyring: Keyring, uid: string, payload: AdapterPayload): string {
  const json = JSON.stringify(payload);
  if (Buffer.byteLength(json) <= SHORT_REQUEST)
    return encodeBox(keyring.seal('records', json, composeInteractionContext(uid)));
  const { params = {}, ...more } = payload;
  return sealPacked(keyring, uid, packRequest(Object.entries(params), more));
}

export function sealPushedRequest(
  keyring: Keyring,
  uid: string,
  payload: AdapterPayload,
  parametersOf: string,
): string {
  return sealPacked(keyring, uid, packRequest([], { ...payload, params: undefined, parametersOf }));
}

/** Undefined for a text of another interaction, of another installation, or made up. */
export function openRequest(keyring: Keyring, uid: string, text: string): OpenedRequest | undefined {
  const box = Buffer.from(text, 'base64url');
  const json = undefinedOnError(() => keyring.open('records', box, composeInteractionContext(uid)));
  if (json === STORED_REQUEST) return { kind: 'kept' };
  if (json !== undefined) return { kind: 'whole', payload: JSON.parse(json) as AdapterPayload };
  const packed = undefinedOnError(() => keyring.openBytes('records', box, composePackedContext(uid)));
  if (packed === undefined) return undefined;
  const { parameters, more } = unpackRequest(packed);
  const { parametersOf, ...payload } = more as AdapterPayload & { parametersOf?: string };
  if (parametersOf !== undefined) return { kind: 'pushed', payload, parametersOf };
  return { kind: 'whole', payload: { ...payload, params: Object.fromEntries(parameters) } };
}

/** No browser is given that much to carry. */
export function isTooLongForCookie({ params = {} }: AdapterPayload): boolean {
  return isRequestTooLong(Object.entries(params).filter(([, value]) => value !== undefined));
}

/**
 * The longest answer that leads back with an error, as an address: what three cookies take in its headers.
 */
const MAX_RETURN_LENGTH = 12_000;

/** To the relying party where the answer can have it, else a page. */
export function composeTooLongError({ params = {} }: AdapterPayload): Error {
  const error = new errors.InvalidRequest(describeProtocolError('request_too_long'));
  const { redirect_uri, state, response_mode: mode } = params as Partial<Record<string, string>>;
  const wayBack = new URLSearchParams([redirect_uri ?? '', state ?? ''].map((text) => ['', text]));
  const isShort = wayBack.toString().length <= MAX_RETURN_LENGTH;
  return Object.assign(error, { allow_redirect: mode === 'form_post' || isShort });
}

function sealPacked(keyring: Keyring, uid: string, packed: Buffer): string {
  return encodeBox(keyring.seal('records', packed, composePackedContext(uid)));
}

function encodeBox(box: Buffer): string {
  return box.toString('base64url');
}

/** Moved to another interaction it does not open. */
function composeInteractionContext(uid: string): string {
  return `carried interaction v1 ${uid}`;
}

/** Nodes of an earlier version open none of these. */
function composePackedContext(uid: string): string {
  return `carried interaction v2 ${uid}`;
}

function undefinedOnError<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
