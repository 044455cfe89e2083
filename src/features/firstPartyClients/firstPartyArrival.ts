/**
 * An arrival at a first-party client by a session that already existed. A mere link creates no session at the
 * client: until the person confirms that they want to continue, the facts that the session would be based on
 * are sealed in a cookie of their browser, like a sign-in in progress.
 */
import { z } from 'zod';
import { fullName, pickNames } from '../../domain/person/person.ts';
import { findIdentityWithPerson } from '../../db/people/identities.ts';
import type { AppContext } from '../appContext.ts';

const arrivalSchema = z.strictObject({
  state: z.string(),
  identityId: z.string(),
  sessionUid: z.string(),
  /** When the session began, in ms of the primary database's time. */
  loginAt: z.number(),
  to: z.string(),
  again: z.boolean(),
  at: z.number(),
});
export type FirstPartyArrival = z.output<typeof arrivalSchema>;

/** The time for the one click that confirms the arrival. */
const ARRIVAL_MS = 30 * 60_000;

export function beginArrival(
  { clock }: AppContext,
  { state, to, again }: Pick<FirstPartyArrival, 'state' | 'to' | 'again'>,
  signInProof: { readonly identityId: string; readonly sessionUid: string; readonly loginAt: Date },
): FirstPartyArrival {
  const { identityId, sessionUid, loginAt } = signInProof;
  const at = clock.now().getTime();
  return { state, identityId, sessionUid, loginAt: loginAt.getTime(), to, again, at };
}

/** @param place the name of the cookie; moved to another one it does not open */
export function sealArrival({ keyring }: AppContext, arrival: FirstPartyArrival, place: string): string {
  return keyring.seal('records', JSON.stringify(arrival), composeArrivalContext(place)).toString('base64url');
}

/** Returns null for a text that Nøgle did not seal, that was changed or moved, or that is too old. */
export function openArrival(
  { keyring, clock }: AppContext,
  sealed: string,
  place: string,
): FirstPartyArrival | null {
  let text: string;
  try {
    text = keyring.open('records', Buffer.from(sealed, 'base64url'), composeArrivalContext(place));
  } catch {
    return null;
  }
  const arrival = arrivalSchema.parse(JSON.parse(text));
  return clock.now().getTime() - arrival.at > ARRIVAL_MS ? null : arrival;
}

function composeArrivalContext(place: string): string {
  return `own site arrival v1 ${place}`;
}

/**
 * Returns the name of the person that the browser is signed in as; an empty string when the person is gone.
 */
export async function findNameOfArrival(
  { database }: AppContext,
  { identityId }: Pick<FirstPartyArrival, 'identityId'>,
): Promise<string> {
  const found = await findIdentityWithPerson(database, identityId);
  return found ? fullName(pickNames(found.person)) : '';
}
