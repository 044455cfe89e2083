/**
 * Somebody came to a site of our own by a session that was there already. No session of the site is made by a
 * mere link: until the person says that they want to go on, its browser keeps what it would stand on, sealed,
 * as it keeps a sign-in on its way.
 */
import { z } from 'zod';
import { fullName, pickNames } from '../../domain/person/person.ts';
import { findIdentityWithPerson } from '../../db/people/identities.ts';
import type { AppContext } from '../appContext.ts';

const arrivalSchema = z.strictObject({
  state: z.string(),
  identityId: z.string(),
  sessionUid: z.string(),
  /** Of the session, in ms of the primary's time. */
  loginAt: z.number(),
  to: z.string(),
  again: z.boolean(),
  at: z.number(),
});
export type FirstPartyArrival = z.output<typeof arrivalSchema>;

/** For the one click. */
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

/** @param place the name of the cookie: moved to another it does not open. */
export function sealArrival({ keyring }: AppContext, arrival: FirstPartyArrival, place: string): string {
  return keyring.seal('records', JSON.stringify(arrival), composeArrivalContext(place)).toString('base64url');
}

/** Null for what is not ours, was changed or moved, or is too old. */
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

/** As whom the browser is signed in. */
export async function findNameOfArrival(
  { database }: AppContext,
  { identityId }: Pick<FirstPartyArrival, 'identityId'>,
): Promise<string> {
  const found = await findIdentityWithPerson(database, identityId);
  return found ? fullName(pickNames(found.person)) : '';
}
