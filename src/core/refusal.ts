/**
 * Why a sign-in ends without a code: a closed union, so that the compiler makes every page and every relying
 * party's answer say something about each. Words for people are in web/text; these are for relying parties.
 */
export type Refusal = 'user_cancelled' | 'id_blocked' | 'no_active_card' | 'no_keys_left' | 'locked';

/** The refusals that are told on a page; giving up and being locked have pages of their own. */
export type ToldRefusal = Exclude<Refusal, 'user_cancelled' | 'locked'>;

/** `error_description` for the relying party, beginning with the stable code. Always with `access_denied`. */
export function describeRefusal(refusal: Refusal): string {
  return `${refusal}: ${REASONS[refusal]}`;
}

const REASONS: Record<Refusal, string> = {
  user_cancelled: 'the person gave up the sign-in',
  id_blocked: 'the ID is blocked; the person must go to Borgerservice',
  no_active_card: 'the ID has no key card in use',
  no_keys_left: 'all keys on the key card are used and no new card is in use yet',
  locked: 'too many wrong answers; the sign-in opens again by itself within 8 hours',
};
