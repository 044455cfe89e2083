/** One line about each parameter and claim that the playground shows. In English, like the documentation. */
import type { ClaimName } from '../../domain/signIn/claims.ts';

export const PARAMETERS: Readonly<Record<string, string>> = {
  client_id: 'which relying party asks',
  response_type: 'the code flow, the only one that there is',
  redirect_uri: 'where the browser comes back to; registered to the letter',
  scope: 'what it asks to know; openid always',
  state: 'comes back unchanged: here it carries, sealed, what has to be remembered until then',
  nonce: 'stands in the ID token again: the token was made for this request',
  code_challenge: 'a hash of the code verifier, which only the relying party knows (PKCE)',
  code_challenge_method: 'SHA-256, the only method',
  acr_values: 'the level that is wished for; the answer may be of another one',
  claims: 'the level that the answer must have, or it is an error',
  prompt: 'what the person is to be asked, or that nobody may be asked anything',
  max_age: 'how long ago the sign-in may be, in seconds',
  ui_locales: 'the language that pages are wished in',
};

/** The claims of the token itself. */
const TOKEN_CLAIMS: Readonly<Record<string, string>> = {
  iss: 'who says so: this Nøgle',
  aud: 'for which relying party',
  exp: 'believe it until then (seconds since 1970)',
  iat: 'made at',
  nbf: 'believe it from then',
  nonce: 'that of the request',
  at_hash: 'belongs to that access token',
  sid: 'the session, as a log-out names it',
};

const PERSON_CLAIMS: Readonly<Record<ClaimName, string>> = {
  sub: 'the person, under a name that this relying party alone knows',
  acr: 'the level, the lower of two: what was shown (amr), and how well it is known whose ID it is (proofing)',
  amr: 'what was shown: pwd, and otp for a key; mfa for both',
  auth_time: 'when the person last showed what acr says',
  proofing:
    'how well it is known whose ID it is: Low was ordered online, Substantial was seen at a desk or a bank',
  identity_type: 'what kind of ID it is',
  name: 'the whole name',
  given_name: 'first names',
  family_name: 'last name',
  birthdate: 'year, month, day',
  locale: 'the language that the person chose',
  'dk.cpr': 'the CPR number: only with the scope ssn, and consent each time it is new',
  'nemid.pid': 'a number for the person that is not the CPR number; the same at every relying party',
};

export const CLAIMS: Readonly<Record<string, string>> = { ...TOKEN_CLAIMS, ...PERSON_CLAIMS };
