/**
 * A sign-in in progress at a first-party client, as its browser stores it: sealed, valid for one response,
 * and only under the cookie name that it was sealed for. The database stores nothing of it, so requests that
 * never sign in leave no rows.
 */
import { z } from 'zod';
import { drawSecret } from '../../domain/random.ts';
import { markHostBound } from './hostBound.rules.ts';
import { isPathOfClient, type FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import type { AppContext } from '../appContext.ts';

const requestSchema = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** The path within the client that the person asked for. */
  to: z.string(),
  /** A form was sent when the session had ended, and has to be sent again. */
  again: z.boolean(),
  at: z.number(),
});
export type FirstPartyRequest = z.output<typeof requestSchema>;

/**
 * As long as a sign-in may take: an hour from its last step (features/appContext.ts), and an hour for the way
 * there.
 */
const REQUEST_MS = 2 * 3_600_000;

/** The return path is limited because a cookie has little room. */
const MAX_RETURN_PATH_LENGTH = 300;

/**
 * Draws `state`, `nonce` and the PKCE verifier: 32 random bytes each.
 * @param options.to the path to return to; the client's own path when it is too long or outside of the client
 */
export function createFirstPartyRequest(
  { random, clock }: AppContext,
  site: FirstPartyClient,
  { to, again }: { to: string; again: boolean },
): FirstPartyRequest {
  const draw = () => drawSecret(random);
  const isValidReturnPath = to.length <= MAX_RETURN_PATH_LENGTH && isPathOfClient(site, to);
  const at = clock.now().getTime();
  return {
    state: markHostBound(draw()),
    nonce: draw(),
    verifier: draw(),
    to: isValidReturnPath ? to : site.path,
    again,
    at,
  };
}

/** @param place the name of the cookie; moved to another one it does not open */
export function sealFirstPartyRequest(
  { keyring }: AppContext,
  pending: FirstPartyRequest,
  place: string,
): string {
  return keyring.seal('records', JSON.stringify(pending), composeRequestContext(place)).toString('base64url');
}

/** Returns null for a text that Nøgle did not seal, that was changed or moved, or that is too old. */
export function openFirstPartyRequest(
  { keyring, clock }: AppContext,
  sealed: string,
  place: string,
): FirstPartyRequest | null {
  let text: string;
  try {
    text = keyring.open('records', Buffer.from(sealed, 'base64url'), composeRequestContext(place));
  } catch {
    return null;
  }
  const pending = requestSchema.parse(JSON.parse(text));
  return clock.now().getTime() - pending.at > REQUEST_MS ? null : pending;
}

function composeRequestContext(place: string): string {
  return `own site pending v1 ${place}`;
}
