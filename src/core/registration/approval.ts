/**
 * What a change by the relying party itself takes. `approval`: what people see while they sign in, where their
 * browser is sent, and whose pages may read our answers; what was approved counts until operators approve it
 * again. `policy`: operators allowed it with the token, and the document asks for less at most. `none`: it is
 * worth nothing without an approved redirect URI, and a relying party has to be able to do it at once.
 */
import type { RelyingParty } from '../relyingParty.ts';

const NEEDS = {
  client_id: 'policy',
  kind: 'policy',
  application_type: 'policy',
  trusted: 'policy',
  scope: 'policy',
  sector_identifier_uri: 'policy',
  min_acr: 'policy',
  require_fresh_key: 'policy',
  require_pkce: 'policy',
  token_endpoint_auth_method: 'policy',
  name_da: 'approval',
  name_en: 'approval',
  logo: 'approval',
  purpose_da: 'approval',
  purpose_en: 'approval',
  without_da: 'approval',
  without_en: 'approval',
  redirect_uris: 'approval',
  post_logout_redirect_uris: 'approval',
  cors_origins: 'approval',
  client_secret: 'none',
  jwks: 'none',
  jwks_uri: 'none',
  token_endpoint_auth_signing_alg: 'none',
  id_token_signed_response_alg: 'none',
  backchannel_logout_uri: 'none',
  backchannel_logout_session_required: 'none',
  grant_types: 'none',
  require_pushed_authorization_requests: 'none',
  dpop_bound_access_tokens: 'none',
} as const satisfies Record<keyof RelyingParty, 'approval' | 'policy' | 'none'>;

export const APPROVED = (Object.keys(NEEDS) as (keyof typeof NEEDS)[]).filter(
  (name) => NEEDS[name] === 'approval',
);
