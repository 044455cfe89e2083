/**
 * Why a sign-in ends without a code. The union is closed, so the compiler requires a page and an error
 * response for each. The texts for persons are in `words.*.ts`; the texts here are for relying parties.
 */
export type SignInRefusal =
  | 'user_cancelled'
  | 'consent_refused'
  | 'public_sites_off'
  | 'id_blocked'
  | 'card_blocked'
  | 'card_waiting'
  | 'no_active_card'
  | 'no_keys_left'
  | 'acr_unattainable'
  | 'no_security_key'
  | 'proofing_too_low'
  | 'not_activated'
  | 'locked';

/** The refusals that the refusal page shows; each of the others ends on its own page. */
export type PageRefusal = Exclude<
  SignInRefusal,
  'user_cancelled' | 'consent_refused' | 'public_sites_off' | 'locked'
>;

/** The OAuth error of a refusal. `error_description` begins with the stable code. */
export function composeRefusalError(refusal: SignInRefusal): { error: string; error_description: string } {
  if (refusal === 'acr_unattainable' || refusal === 'no_security_key') {
    return { error: 'unmet_authentication_requirements', error_description: describeProtocolError(refusal) };
  }
  return { error: 'access_denied', error_description: describeRefusal(refusal) };
}

export function describeRefusal(refusal: Exclude<SignInRefusal, ProtocolError>): string {
  return `${refusal}: ${REASONS[refusal]}`;
}

/** Codes for a request that cannot be fulfilled; their errors are not `access_denied`. */
export type ProtocolError =
  | 'acr_unattainable'
  | 'no_security_key'
  | 'other_person'
  | 'request_too_long'
  | 'too_many_pushed';

export function describeProtocolError(error: ProtocolError): string {
  return `${error}: ${PROTOCOL_ERRORS[error]}`;
}

const PROTOCOL_ERRORS: Record<ProtocolError, string> = {
  acr_unattainable: 'the requested level cannot be reached by this person or by anyone here',
  no_security_key: 'a security key was required, and the person has none that satisfies the request',
  other_person: 'another person signed in than the one who was asked for',
  request_too_long: 'the parameters are more than a browser can carry; push them, with client authentication',
  too_many_pushed: 'too many requests of clients without authentication wait; try again, or do not push',
};

const REASONS: Record<Exclude<SignInRefusal, ProtocolError>, string> = {
  user_cancelled: 'the person gave up the sign-in',
  consent_refused: 'the person did not agree to what was asked for',
  public_sites_off: 'the ID works at the bank only; the person has not switched public sites on',
  id_blocked: 'the ID is blocked; the person must go to Borgerservice',
  card_blocked: 'the key card is blocked and no new one is in use yet',
  card_waiting: 'a new key card was taken into use without a key of an old one and opens within a day',
  no_active_card: 'the ID has no key card in use',
  no_keys_left: 'all keys on the key card are used and no new card is in use yet',
  proofing_too_low:
    'your registration requires that identification was seen for the ID, which was ordered online',
  not_activated: 'the ID was never taken into use; the person was shown where to do it',
  locked:
    'too many wrong answers; the sign-in is shut for some hours, or to browsers that the person never used',
};

/** Every code that `error_description` can begin with; docs/reference/errors.md lists them all. */
export const ALL_CODES: readonly string[] = [...Object.keys(REASONS), ...Object.keys(PROTOCOL_ERRORS)];
