/**
 * Every error that a relying party can receive: the cause, what the person saw, and what to do. It is written
 * in code so that the compiler finds a missing one; docs/reference/errors.md is generated from it.
 */
import type { ProtocolError, SignInRefusal } from './refusal.ts';
import type { StandardError } from './standardErrors.ts';

export interface ErrorAdvice {
  /** The value of `error`. */
  readonly error: string;
  readonly cause: string;
  /** What the person saw; null when no person takes part. */
  readonly personSaw: string | null;
  readonly remedy: string;
}

const NO_PAGE = 'nothing: the browser came straight back';
const OUR_PAGE =
  'a page of ours that says that the link is wrong and leads nowhere: the browser does not come back';

/** Errors whose `error_description` begins with a code of Nøgle. */
export const ADVICE_BY_CODE: Readonly<Record<SignInRefusal | ProtocolError, ErrorAdvice>> = {
  user_cancelled: {
    error: 'access_denied',
    cause: 'the person gave up',
    personSaw: 'the password or the key page, and pressed Cancel',
    remedy: 'offer to sign in again',
  },
  consent_refused: {
    error: 'access_denied',
    cause: 'the person does not want to hand over what was asked for',
    personSaw: 'the page that says what you ask for, and said no',
    remedy: 'ask for less, or explain why you need it',
  },
  public_sites_off: {
    error: 'access_denied; with `prompt=none` interaction_required',
    cause: 'the ID works at the bank only',
    personSaw:
      'the question whether it should work on public sites too, and said no. Or it was not asked: under 15, no CPR number, or a password was all that you asked for',
    remedy: 'point to your other ways; the next sign-in asks again',
  },
  id_blocked: {
    error: 'access_denied',
    cause: 'the ID is blocked',
    personSaw: 'a page that says so',
    remedy: 'point to Borgerservice',
  },
  card_blocked: {
    error: 'access_denied',
    cause: 'the key card is blocked and no new one is in use yet',
    personSaw: 'a page that says so',
    remedy: 'point to Borgerservice',
  },
  card_waiting: {
    error: 'access_denied',
    cause: 'a new card was taken into use without a key of an old one',
    personSaw: 'a page that says from when it works, within a day',
    remedy: 'ask the person to try then',
  },
  no_active_card: {
    error: 'access_denied',
    cause: 'the person has no key card in use',
    personSaw: 'a page that says so',
    remedy: 'point to Borgerservice',
  },
  no_keys_left: {
    error: 'access_denied',
    cause: 'all keys are used and no new card is in use yet',
    personSaw: 'a page that says so',
    remedy: 'ask the person to try when the new card has come',
  },
  not_activated: {
    error: 'access_denied',
    cause: 'the person signed in with the temporary password of their letter',
    personSaw: 'a page that leads to where the ID is taken into use, and came back to you instead',
    remedy: 'ask the person to do that first, then to try again',
  },
  locked: {
    error: 'access_denied',
    cause: 'too many wrong answers',
    personSaw: 'a page that says when it opens, or that a code by confirmed e-mail or letter is needed',
    remedy: 'ask the person to try later',
  },
  acr_unattainable: {
    error: 'unmet_authentication_requirements',
    cause:
      'an essential `acr` that no one can reach, or that the ID of this person cannot, for no one has seen identification for it',
    personSaw:
      'nothing in the first case; in the second a page that says how the ID is raised, or nothing if they were signed in already and have agreed to what you ask for',
    remedy: 'ask for a level that is offered; point to Borgerservice. All cases: [levels.md](levels.md)',
  },
  no_security_key: {
    error: 'unmet_authentication_requirements',
    cause:
      '`acr_values` of only `phr` or `phrh`, and the person has no security key or passkey that satisfies it',
    personSaw: 'a page that says that one is needed here, and where it is added',
    remedy: 'name a level beside it, or ask the person to add one in self-service',
  },
  proofing_too_low: {
    error: 'access_denied',
    cause:
      'your registration requires the proofing Substantial (`min_proofing`), and the ID was ordered online: no one has seen identification for it',
    personSaw: 'a page that says how the ID is raised; no key was spent. Nothing with `prompt=none`',
    remedy:
      'point to Borgerservice, with identification and the key card; or register `min_proofing` Low, if your site may take such an ID: [levels.md](levels.md)',
  },
  other_person: {
    error: 'login_required',
    cause: 'another person signed in than `id_token_hint` or `claims` named',
    personSaw: 'the ordinary sign-in',
    remedy: 'start again without the hint',
  },
  request_too_long: {
    error: 'invalid_request',
    cause:
      'all parameters of the request together are longer than 9,400 bytes as JSON: 8 kB of `state` and what a request commonly has fit',
    personSaw:
      'nothing: the browser came straight back. Where the way back would be longer than 12,000 characters, a page of ours that says that the link is wrong',
    remedy:
      'keep what is long at your server; or push the request, as a client with authentication: then it may have 56 kB',
  },
  too_many_pushed: {
    error: 'temporarily_unavailable; with status 429',
    cause:
      'a client without authentication pushed a request, and sixty of such clients wait already; most of them, commonly, from the same network',
    personSaw: null,
    remedy: 'try again after `Retry-After`, or send the request without pushing it',
  },
};

/** Errors without such a code; `error_description` has details, in words that may change. */
export const ADVICE_BY_STANDARD_ERROR: Readonly<Record<StandardError, ErrorAdvice>> = {
  access_denied: {
    error: 'access_denied',
    cause: 'one of the codes above',
    personSaw: 'see there',
    remedy: 'read the code',
  },
  consent_required: {
    error: 'consent_required',
    cause: '`prompt=none`, and the person has not agreed to all that you ask for',
    personSaw: NO_PAGE,
    remedy: 'ask again without `prompt=none`',
  },
  insufficient_scope: {
    error: 'insufficient_scope',
    cause: '`/me` with an access token that was not given for `openid`',
    personSaw: null,
    remedy: 'ask for `openid`',
  },
  interaction_required: {
    error: 'interaction_required',
    cause: '`prompt=none`, and the person would have to be asked something',
    personSaw: NO_PAGE,
    remedy: 'ask again without `prompt=none`',
  },
  invalid_client: {
    error: 'invalid_client',
    cause:
      'no such relying party: a wrong id, not approved yet, or removed; or it did not prove that it is itself: a wrong secret, another method than registered, an assertion that is old, used, or not for this issuer',
    personSaw: OUR_PAGE,
    remedy: 'compare id, secret and method with your registration; the clock of your server with ours',
  },
  invalid_client_metadata: {
    error: 'invalid_client_metadata',
    cause: 'a registration that cannot be; the description names the field and what it must be',
    personSaw: null,
    remedy: 'mend the field; the initial access token is still good',
  },
  invalid_dpop_proof: {
    error: 'invalid_dpop_proof',
    cause: 'a proof that is missing, used, or does not fit',
    personSaw: null,
    remedy: 'make a new proof for each request: [dpop.md](dpop.md)',
  },
  invalid_grant: {
    error: 'invalid_grant',
    cause:
      'a code or refresh token that is used, expired, of another relying party, or ended: the person blocked the ID, signed out everywhere, switched public sites off, or ended your access; a refresh token 30 days after the first one of its sign-in; a `redirect_uri` or `code_verifier` that does not fit, which ends the code',
    personSaw: null,
    remedy: 'have the person sign in again; never send a code twice',
  },
  invalid_redirect_uri: {
    error: 'invalid_redirect_uri',
    cause: 'a redirect URI in a registration that is not taken; the description says why',
    personSaw: null,
    remedy: 'spell it as browsers do, with https',
  },
  invalid_request: {
    error: 'invalid_request',
    cause:
      'a parameter that is missing, twice there, or not understood; a `redirect_uri` that is not registered to the letter; no PKCE; a request that was not pushed, where you registered to push; a refresh without the DPoP proof that it needs',
    personSaw: `${NO_PAGE}. Where the \`redirect_uri\` is at fault: ${OUR_PAGE}`,
    remedy: 'read the description; compare the address with your registration, sign by sign',
  },
  invalid_request_uri: {
    error: 'invalid_request_uri',
    cause: 'a pushed request that expired (60 s) or was used',
    personSaw: OUR_PAGE,
    remedy: 'push the request again for each sign-in',
  },
  invalid_scope: {
    error: 'invalid_scope',
    cause: 'a scope outside your registration',
    personSaw: NO_PAGE,
    remedy: 'ask for it in your registration',
  },
  invalid_token: {
    error: 'invalid_token',
    cause:
      'an access token that expired (10 minutes) or was ended; an initial or registration access token that is used, expired or not yours',
    personSaw: null,
    remedy: 'refresh, or have the person sign in again; ask operators for a new initial access token',
  },
  login_required: {
    error: 'login_required',
    cause: '`prompt=none`, and no one is signed in, not well enough, or too long ago for `max_age`',
    personSaw: NO_PAGE,
    remedy: 'ask again without `prompt=none`',
  },
  registration_not_supported: {
    error: 'registration_not_supported',
    cause: 'the `registration` parameter',
    personSaw: NO_PAGE,
    remedy: 'register beforehand: [relying-parties.md](../how-to/relying-parties.md)',
  },
  request_not_supported: {
    error: 'request_not_supported',
    cause: 'the `request` parameter',
    personSaw: NO_PAGE,
    remedy: 'push the request instead (`/request`)',
  },
  request_uri_not_supported: {
    error: 'request_uri_not_supported',
    cause: 'a `request_uri` of your own',
    personSaw: NO_PAGE,
    remedy: 'push the request instead (`/request`)',
  },
  server_error: {
    error: 'server_error',
    cause: 'a fault of ours',
    personSaw: 'a page of ours that says so, with a number',
    remedy: 'try again; tell us the number of the request (`x-request-id`)',
  },
  temporarily_unavailable: {
    error: 'temporarily_unavailable',
    cause: 'status 503 with `Retry-After`: Nøgle is out of service, or has too much to do',
    personSaw: 'a page of ours that says so',
    remedy: 'try again after that time',
  },
  unauthorized_client: {
    error: 'unauthorized_client',
    cause: 'a response type or a grant that you are not registered for',
    personSaw: NO_PAGE,
    remedy: 'use the code flow; register the grant',
  },
  unmet_authentication_requirements: {
    error: 'unmet_authentication_requirements',
    cause: 'see `acr_unattainable`',
    personSaw: 'see there',
    remedy: 'see there',
  },
  unsupported_grant_type: {
    error: 'unsupported_grant_type',
    cause: 'another grant than `authorization_code` and `refresh_token`',
    personSaw: null,
    remedy: 'use the code flow',
  },
  unsupported_response_mode: {
    error: 'unsupported_response_mode',
    cause: 'another `response_mode` than discovery lists',
    personSaw: NO_PAGE,
    remedy: 'leave it out',
  },
  unsupported_response_type: {
    error: 'unsupported_response_type',
    cause: 'another `response_type` than `code`',
    personSaw: NO_PAGE,
    remedy: 'use the code flow with PKCE',
  },
  use_dpop_nonce: {
    error: 'use_dpop_nonce',
    cause: 'the proof needs the nonce that came with this answer',
    personSaw: null,
    remedy: 'make the proof again with it: [dpop.md](dpop.md)',
  },
};

/**
 * Finds the advice for an error that was received: by the code at the beginning of its description, else by
 * its name. Returns null for an unknown error.
 */
export function findErrorAdvice(error: string, description: string): ErrorAdvice | null {
  const [, code = ''] = /^([a-z_]+):/.exec(description) ?? [];
  const byCode: Readonly<Record<string, ErrorAdvice>> = ADVICE_BY_CODE;
  const byStandard: Readonly<Record<string, ErrorAdvice>> = ADVICE_BY_STANDARD_ERROR;
  if (Object.hasOwn(byCode, code)) return byCode[code] ?? null;
  return Object.hasOwn(byStandard, error) ? (byStandard[error] ?? null) : null;
}
