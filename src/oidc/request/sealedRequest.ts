/**
 * A pending request as the sealed text in its browser's cookies, bound to its id. A short one is JSON. A
 * longer one is packed, and fits into three cookies if its parameters are within the limit of
 * domain/cookies/packedRequest.ts.
 */
import { errors, type AdapterPayload } from 'oidc-provider';
import { isRequestTooLong, packRequest, unpackRequest } from '../../domain/cookies/packedRequest.ts';
import { describeProtocolError } from '../../domain/errors/refusal.ts';
import type { Keyring } from '../../platform/keyring.ts';

/**
 * The limit in bytes for a short one. Sealed and encoded as a cookie it grows by a third, and with the other
 * headers fits into the 4,096 bytes that some proxies allow for the headers of a response.
 */
const SHORT_REQUEST = 1_800;
/** The content of the cookie when a node of an earlier version stored the request as a record. */
const STORED_REQUEST = '"kept"';

/** The result of opening a sealed request. */
export type OpenedRequest =
  | { readonly kind: 'whole'; readonly payload: AdapterPayload }
  | { readonly kind: 'kept' }
  /** The parameters are stored as a record under the id of the pushed request. */
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

/** Returns undefined for a text of another interaction or installation, or a forged one. */
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

/** True when the request does not fit into the cookies of a browser. */
export function isTooLongForCookie({ params = {} }: AdapterPayload): boolean {
  return isRequestTooLong(Object.entries(params).filter(([, value]) => value !== undefined));
}

/** The longest redirect URL with an error that fits into the response headers together with three cookies. */
const MAX_RETURN_LENGTH = 12_000;

/** Sends the error to the relying party where the redirect fits, else shows a page. */
export function composeTooLongError({ params = {} }: AdapterPayload): Error {
  const error = new errors.InvalidRequest(describeProtocolError('request_too_long'));
  const { redirect_uri, state, response_mode: mode } = params as Partial<Record<string, string>>;
  const returnParameters = new URLSearchParams([redirect_uri ?? '', state ?? ''].map((text) => ['', text]));
  const isShort = returnParameters.toString().length <= MAX_RETURN_LENGTH;
  return Object.assign(error, { allow_redirect: mode === 'form_post' || isShort });
}

function sealPacked(keyring: Keyring, uid: string, packed: Buffer): string {
  return encodeBox(keyring.seal('records', packed, composePackedContext(uid)));
}

function encodeBox(box: Buffer): string {
  return box.toString('base64url');
}

/** Binds the text to its interaction. */
function composeInteractionContext(uid: string): string {
  return `carried interaction v1 ${uid}`;
}

/** The context of packed requests; nodes of an earlier version cannot open them. */
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
