/**
 * A sign-in at a site of our own that is on its way, as its browser keeps it: sealed, good for one answer, bound to the
 * place where it is kept. Nothing of it is stored with us, so that whoever only knocks leaves no row behind.
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
  /** Where the person wanted to, within the site. */
  to: z.string(),
  /** A form was sent when the session was over: it has to be sent again. */
  again: z.boolean(),
  at: z.number(),
});
export type FirstPartyRequest = z.output<typeof requestSchema>;

/** As long as a sign-in may take: an hour from its last step (usecases/world), and an hour for the way there. */
const REQUEST_MS = 2 * 3_600_000;

/** Where the browser wants to is kept short: a cookie has room for little. */
const MAX_RETURN_PATH_LENGTH = 300;

/** `state`, `nonce` and the verifier of PKCE: 32 random bytes each. */
export function createFirstPartyRequest(
  { random, clock }: AppContext,
  site: FirstPartyClient,
  { to, again }: { to: string; again: boolean },
): FirstPartyRequest {
  const draw = () => drawSecret(random);
  const isGood = to.length <= MAX_RETURN_PATH_LENGTH && isPathOfClient(site, to);
  const at = clock.now().getTime();
  return {
    state: markHostBound(draw()),
    nonce: draw(),
    verifier: draw(),
    to: isGood ? to : site.path,
    again,
    at,
  };
}

/** @param place the name of the cookie: moved to another it does not open. */
export function sealFirstPartyRequest(
  { keyring }: AppContext,
  pending: FirstPartyRequest,
  place: string,
): string {
  return keyring.seal('records', JSON.stringify(pending), composeRequestContext(place)).toString('base64url');
}

/** Null for what is not ours, was changed or moved, or is too old. */
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
