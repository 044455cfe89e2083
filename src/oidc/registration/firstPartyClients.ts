/** Registers the first-party clients at start; only Nøgle knows their secrets. */
import { localizedFields } from '../../domain/language/language.ts';
import {
  composeClientUris,
  FIRST_PARTY_CLIENTS,
  type FirstPartyClient,
} from '../../domain/relyingParty/firstPartyClient.ts';
import { relyingPartySchema, type RelyingParty } from '../../domain/relyingParty/relyingParty.ts';
import { SUBSTANTIAL } from '../../domain/signIn/levels.ts';
import { hashClientSecret } from '../../domain/relyingParty/clientSecrets.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Database } from '../../db/database.ts';
import { findRelyingParty, saveRelyingParty } from '../../db/oidc/relyingParties.ts';

/** Derived from the oldest key of the ring, so that every node derives the same secret. */
export function deriveFirstPartySecret(keyring: Keyring, clientId: string): string {
  const kid = keyring.oldestKid('clientSecrets');
  return keyring.hmac('clientSecrets', `own site v1 ${clientId}`, kid).toString('base64url');
}

/** Writes only what differs: nodes start often, and concurrently. */
export async function registerFirstPartyClients({
  database,
  keyring,
  issuer,
}: {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly issuer: string;
}): Promise<void> {
  for (const site of FIRST_PARTY_CLIENTS) {
    const wanted = composeFirstPartyRegistration(
      site,
      issuer,
      hashClientSecret(keyring, deriveFirstPartySecret(keyring, site.clientId)),
    );
    // A registration that another version wrote may not parse here.
    const known = await findRelyingParty(database, site.clientId).catch(() => null);
    if (JSON.stringify(known) !== JSON.stringify(wanted)) await saveRelyingParty(database, wanted);
  }
}

function composeFirstPartyRegistration(
  site: FirstPartyClient,
  issuer: string,
  secretHash: string,
): RelyingParty {
  const { callback, signedOut } = composeClientUris(site, issuer);
  return relyingPartySchema.parse({
    client_id: site.clientId,
    client_secret: secretHash,
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [callback],
    post_logout_redirect_uris: [signedOut],
    grant_types: ['authorization_code'],
    scope: site.scope,
    // First-party clients have no pairwise subjects (tokens/accounts.ts), but the schema requires a sector.
    sector_identifier_uri: 'https://own.noegle.invalid/sector',
    kind: site.kind,
    trusted: true,
    ...localizedFields('name', (language) => site.names[language]),
    // Stated for each of them: both factors, whatever the proofing.
    min_acr: SUBSTANTIAL,
    min_proofing: site.minimumProofing,
    require_fresh_key: site.freshKey,
  });
}
