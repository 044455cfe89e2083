/**
 * An authorization request by POST that is longer than an address may be. The browser stores it sealed, in
 * cookies for a separate address, and sends it back within a minute; the database stores nothing. A request
 * that a node of an earlier version stored is found by its secret.
 */
import {
  isRequestTooLong,
  packRequest,
  unpackRequest,
  type RequestParameters,
} from '../../../domain/cookies/packedRequest.ts';
import { findPostedRequest } from './postedRequests.queries.ts';
import type { AppContext } from '../../appContext.ts';

/** A redirect takes no longer, even on a slow network. */
export const POSTED_SECONDS = 60;

/** The formats of an earlier version: the id in the address and the secret in a cookie. */
const LEGACY_ID = /^[A-Za-z0-9_-]{22}$/;
const LEGACY_SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * @param request as a query string
 * @returns null when it is more than a browser can store
 */
export function sealPostedRequest(
  { keyring, random, clock }: AppContext,
  request: string,
): { id: string; text: string } | null {
  const parameters: RequestParameters = [...new URLSearchParams(request)];
  if (isRequestTooLong(parameters)) return null;
  const id = random.bytes(16).toString('base64url');
  const packed = packRequest(parameters, { at: clock.now().getTime() });
  return { id, text: keyring.seal('records', packed, composePostedContext(id)).toString('base64url') };
}

/**
 * @param texts from the browser's cookies
 * @returns the query string; null when it has expired or belongs to another browser
 */
export async function readPostedRequest(
  context: AppContext,
  { id, texts }: { id: string; texts: readonly string[] },
): Promise<string | null> {
  for (const text of texts) {
    const request = LEGACY_SECRET.test(text)
      ? await readLegacyRequest(context, id, text)
      : openPostedRequest(context, id, text);
    if (request !== null) return request;
  }
  return null;
}

function openPostedRequest({ keyring, clock }: AppContext, id: string, text: string): string | null {
  let packed: Buffer;
  try {
    packed = keyring.openBytes('records', Buffer.from(text, 'base64url'), composePostedContext(id));
  } catch {
    return null;
  }
  const { parameters, more } = unpackRequest(packed);
  const ageSeconds = (clock.now().getTime() - (more as { at: number }).at) / 1000;
  // The clocks of the nodes differ a little.
  if (Math.abs(ageSeconds) > POSTED_SECONDS) return null;
  return new URLSearchParams(parameters.map(([name, value]) => [name, String(value)])).toString();
}

async function readLegacyRequest(
  { database, keyring }: AppContext,
  id: string,
  secret: string,
): Promise<string | null> {
  if (!LEGACY_ID.test(id)) return null;
  const row = keyring.hmac('records', `posted request v1 ${id} ${secret}`);
  const sealed = await findPostedRequest(database, row);
  return sealed && keyring.open('records', sealed, row);
}

function composePostedContext(id: string): string {
  return `posted request v2 ${id}`;
}
