/**
 * The relying parties of the sandbox: three for an integrator's first minute, on any port of the loopback, and two
 * that look like what they stand for (examples/).
 */
import { LOW } from '../core/levels.ts';
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

type Demo = Omit<RelyingPartyInput, 'client_secret'> & { readonly url?: string };

function demos(urls: DemoUrls): readonly Demo[] {
  return [
    {
      ...LOOPBACK,
      client_id: 'sandbox-public',
      kind: 'public',
      trusted: true,
      name_da: 'Sandkassens kommune',
      name_en: 'The sandbox municipality',
      scope: 'openid profile ssn nemid.pid offline_access',
      sector_identifier_uri: 'https://public.sandbox.invalid/sector',
    },
    {
      ...LOOPBACK,
      client_id: 'sandbox-bank',
      kind: 'bank',
      trusted: true,
      name_da: 'Sandkassens bank',
      name_en: 'The sandbox bank',
      scope: 'openid profile ssn nemid.pid',
      sector_identifier_uri: 'https://bank.sandbox.invalid/sector',
    },
    {
      ...LOOPBACK,
      client_id: 'sandbox-low',
      kind: 'public',
      trusted: true,
      min_acr: LOW,
      name_da: 'Sandkassens bibliotek',
      name_en: 'The sandbox library',
      scope: 'openid profile offline_access',
      sector_identifier_uri: 'https://low.sandbox.invalid/sector',
    },
    {
      ...site(urls.netbank),
      client_id: 'demo-netbank',
      kind: 'bank',
      trusted: true,
      name_da: 'Gudenå Sparekasse',
      name_en: 'Gudenå Savings Bank',
      scope: 'openid profile',
      sector_identifier_uri: 'https://netbank.sandbox.invalid/sector',
      logo: picture(
        '#0f5c4d',
        '<path d="M6 15 20 6l14 9zM9 18h4v11H9zm9 0h4v11h-4zm9 0h4v11h-4zM6 31h28v4H6z"/>',
      ),
    },
    {
      ...site(urls.randers),
      client_id: 'demo-randers',
      kind: 'public',
      trusted: true,
      name_da: 'Randers Kommune',
      name_en: 'Randers Kommune',
      scope: 'openid profile ssn',
      sector_identifier_uri: 'https://randers.sandbox.invalid/sector',
      logo: picture('#7a1f2b', '<path d="M9 34V14l5-5v5l6-6 6 6V9l5 5v20h-8v-8h-6v8z"/>'),
    },
  ];
}

/** Where the demo sites stand. */
export interface DemoUrls {
  readonly netbank: string;
  readonly randers: string;
}

function site(url: string) {
  return {
    url,
    redirect_uris: [`${url}/cb`],
    post_logout_redirect_uris: [`${url}/`],
    backchannel_logout_uri: `${url}/backchannel-logout`,
    token_endpoint_auth_method: 'client_secret_post' as const,
  };
}

/** A white drawing on the site's own colour. */
function picture(colour: string, drawing: string): string {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${colour}"/>` +
    `<g fill="#fff">${drawing}</g></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

export async function prepareDemoRelyingParties(world: World, urls: DemoUrls): Promise<ListedRelyingParty[]> {
  const listed: ListedRelyingParty[] = [];
  for (const { url, ...demo } of demos(urls)) {
    const clientSecret = demoSecret(world.keyring, demo.client_id);
    const client_secret = hashClientSecret(world.keyring, clientSecret);
    await saveRelyingParty(world.database, relyingPartySchema.parse({ ...demo, client_secret }));
    const { client_id: clientId, kind, redirect_uris: redirectUris } = demo;
    listed.push({ clientId, clientSecret, kind, redirectUris, url: url ?? null });
  }
  return listed;
}

function demoSecret(keyring: Keyring, clientId: string): string {
  return keyring.hmac('demo', `client secret ${clientId}`).toString('base64url');
}
