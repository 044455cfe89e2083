/** The relying parties of the sandbox, for an integrator's first minute: any port on the loopback will do. */
import { relyingPartySchema, type RelyingPartyInput } from '../core/relyingParty.ts';
import { hashClientSecret } from '../oidc/provider.ts';
import type { Keyring } from '../platform/keyring.ts';
import { saveRelyingParty } from '../store/relyingParties.ts';
import type { World } from '../usecases/world.ts';

/** A relying party as `.data/demo.json` shows it. */
export interface ListedRelyingParty {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly kind: string;
  readonly redirectUris: readonly string[];
  readonly url: string | null;
}

/** Native clients: the engine lets the port of their loopback redirects vary (RFC 8252, 7.3). */
const LOOPBACK: Pick<
  RelyingPartyInput,
  'application_type' | 'redirect_uris' | 'post_logout_redirect_uris' | 'token_endpoint_auth_method'
> = {
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/cb'],
  post_logout_redirect_uris: ['http://127.0.0.1/'],
  token_endpoint_auth_method: 'client_secret_post',
};

const DEMO_RELYING_PARTIES: readonly Omit<RelyingPartyInput, 'client_secret'>[] = [
  {
    ...LOOPBACK,
    client_id: 'sandbox-public',
    kind: 'public',
    name_da: 'Sandkassens kommune',
    name_en: 'The sandbox municipality',
    scope: 'openid profile ssn nemid.pid offline_access',
    sector_identifier_uri: 'https://public.sandbox.invalid/sector',
  },
  {
    ...LOOPBACK,
    client_id: 'sandbox-bank',
    kind: 'bank',
    name_da: 'Sandkassens bank',
    name_en: 'The sandbox bank',
    scope: 'openid profile ssn nemid.pid',
    sector_identifier_uri: 'https://bank.sandbox.invalid/sector',
  },
];

export async function prepareDemoRelyingParties(world: World): Promise<ListedRelyingParty[]> {
  const listed: ListedRelyingParty[] = [];
  for (const demo of DEMO_RELYING_PARTIES) {
    const clientSecret = demoSecret(world.keyring, demo.client_id);
    const client_secret = hashClientSecret(world.keyring, clientSecret);
    await saveRelyingParty(world.database, relyingPartySchema.parse({ ...demo, client_secret }));
    const { client_id: clientId, kind, redirect_uris: redirectUris } = demo;
    listed.push({ clientId, clientSecret, kind, redirectUris, url: null });
  }
  return listed;
}

function demoSecret(keyring: Keyring, clientId: string): string {
  return keyring.hmac('demo', `client secret ${clientId}`).toString('base64url');
}
