/**
 * The relying parties of the sandbox: four for an integrator's first attempts, on any port of the loopback,
 * and two that look like real ones (examples/).
 */
import { LOW, SUBSTANTIAL } from '../domain/signIn/levels.ts';
import { relyingPartySchema, type RelyingPartyInput } from '../domain/relyingParty/relyingParty.ts';
import { hashClientSecret } from '../domain/relyingParty/clientSecrets.ts';
import type { Keyring } from '../platform/keyring.ts';
import { saveRelyingParty } from '../db/oidc/relyingParties.ts';
import type { AppContext } from '../features/appContext.ts';

/** A relying party in `.data/demo.json`. */
export interface ListedRelyingParty {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly kind: string;
  readonly redirectUris: readonly string[];
  readonly url: string | null;
}

/** Native clients: the provider ignores the port of their loopback redirect URIs (RFC 8252, 7.3). */
const composeLoopbackClient = (
  issuer: string,
): Pick<
  RelyingPartyInput,
  'application_type' | 'redirect_uris' | 'post_logout_redirect_uris' | 'token_endpoint_auth_method'
> => ({
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/cb', `${issuer}/developers/cb`],
  post_logout_redirect_uris: ['http://127.0.0.1/', `${issuer}/developers`],
  token_endpoint_auth_method: 'client_secret_post',
});

type DemoRegistration = Omit<RelyingPartyInput, 'client_secret'>;

/**
 * They take an ID that was ordered online, with both factors: an order in the sandbox leads to all of them
 * but one, which shows what a relying party with the default gets.
 */
function listDemoRegistrations(urls: DemoAddresses): readonly DemoRegistration[] {
  return [
    {
      ...composeLoopbackClient(urls.issuer),
      client_id: 'sandbox-public',
      kind: 'public',
      trusted: true,
      name_da: 'Sandkassens kommune',
      name_en: 'The sandbox municipality',
      scope: 'openid profile ssn nemid.pid offline_access',
      sector_identifier_uri: 'https://public.sandbox.invalid/sector',
    },
    {
      ...composeLoopbackClient(urls.issuer),
      client_id: 'sandbox-bank',
      kind: 'bank',
      trusted: true,
      name_da: 'Sandkassens bank',
      name_en: 'The sandbox bank',
      scope: 'openid profile ssn nemid.pid',
      sector_identifier_uri: 'https://bank.sandbox.invalid/sector',
    },
    {
      ...composeLoopbackClient(urls.issuer),
      client_id: 'sandbox-low',
      kind: 'public',
      trusted: true,
      min_acr: LOW,
      name_da: 'Sandkassens bibliotek',
      name_en: 'The sandbox library',
      purpose_da: 'Lån af bøger og film på nettet, og til at se, hvad du har lånt.',
      purpose_en: 'Borrowing books and films online, and seeing what you have borrowed.',
      without_da: 'Kom forbi skranken med dit sundhedskort. Så låner du på stedet.',
      without_en: 'Come to the counter with your health card, and borrow there.',
      scope: 'openid profile offline_access',
      sector_identifier_uri: 'https://low.sandbox.invalid/sector',
    },
    {
      ...composeLoopbackClient(urls.issuer),
      client_id: 'sandbox-strict',
      kind: 'bank',
      trusted: true,
      min_proofing: SUBSTANTIAL,
      name_da: 'Sandkassens realkreditinstitut',
      name_en: 'The sandbox mortgage bank',
      scope: 'openid profile ssn nemid.pid',
      sector_identifier_uri: 'https://strict.sandbox.invalid/sector',
    },
    {
      ...composeSiteUris(urls.netbank, urls.issuer),
      client_id: 'demo-netbank',
      kind: 'bank',
      trusted: true,
      name_da: 'Gudenå Sparekasse',
      name_en: 'Gudenå Savings Bank',
      purpose_da: 'Netbank: at se din konto, betale regninger og skrive til din rådgiver.',
      purpose_en: 'Netbank: seeing your account, paying bills and writing to your adviser.',
      without_da:
        'Kom ind i filialen på Torvet 1, 8900 Randers C, og vis dit pas eller kørekort. Regninger kan du også betale der.',
      without_en:
        'Come to the branch at Torvet 1, 8900 Randers C, and show your passport or driving licence. You can pay bills there too.',
      scope: 'openid profile',
      sector_identifier_uri: 'https://netbank.sandbox.invalid/sector',
      logo: composePicture(
        '#0f5c4d',
        '<path d="M6 15 20 6l14 9zM9 18h4v11H9zm9 0h4v11h-4zm9 0h4v11h-4zM6 31h28v4H6z"/>',
      ),
    },
    {
      ...composeSiteUris(urls.randers, urls.issuer),
      client_id: 'demo-randers',
      kind: 'public',
      trusted: true,
      name_da: 'Randers Kommune',
      name_en: 'Randers Kommune',
      purpose_da: 'At sige, at du flytter, at søge om en plads i dagpleje, og at læse breve fra kommunen.',
      purpose_en:
        'Telling us that you move, applying for day care, and reading letters from the municipality.',
      without_da:
        'Kom til Borgerservice, Laksetorvet 1, 8900 Randers C. Vi hjælper dig med det samme på papir.',
      without_en:
        'Come to Citizen Service, Laksetorvet 1, 8900 Randers C. We help you with the same on paper.',
      scope: 'openid profile ssn',
      sector_identifier_uri: 'https://randers.sandbox.invalid/sector',
      logo: composePicture('#7a1f2b', '<path d="M9 34V14l5-5v5l6-6 6 6V9l5 5v20h-8v-8h-6v8z"/>'),
    },
  ];
}

/** The URLs of the demo sites. */
export interface DemoUrls {
  readonly netbank: string;
  readonly randers: string;
}

/** Also the URL of the playground, which uses all of them. */
interface DemoAddresses extends DemoUrls {
  readonly issuer: string;
}

function composeSiteUris(url: string, issuer: string) {
  return {
    client_uri: url,
    redirect_uris: [`${url}/cb`, `${issuer}/developers/cb`],
    post_logout_redirect_uris: [`${url}/`, `${issuer}/developers`],
    backchannel_logout_uri: `${url}/backchannel-logout`,
    token_endpoint_auth_method: 'client_secret_post' as const,
  };
}

/** A white drawing on the site's own colour. */
function composePicture(colour: string, drawing: string): string {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${colour}"/>` +
    `<g fill="#fff">${drawing}</g></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

export async function prepareDemoRelyingParties(
  context: AppContext,
  urls: DemoAddresses,
): Promise<ListedRelyingParty[]> {
  const listed: ListedRelyingParty[] = [];
  for (const demo of listDemoRegistrations(urls)) {
    const clientSecret = deriveDemoSecret(context.keyring, demo.client_id);
    const client_secret = hashClientSecret(context.keyring, clientSecret);
    await saveRelyingParty(
      context.database,
      relyingPartySchema.parse({ min_proofing: LOW, ...demo, client_secret }),
    );
    const { client_id: clientId, kind, redirect_uris: redirectUris } = demo;
    listed.push({ clientId, clientSecret, kind, redirectUris, url: demo.client_uri ?? null });
  }
  return listed;
}

function deriveDemoSecret(keyring: Keyring, clientId: string): string {
  return keyring.hmac('demo', `client secret ${clientId}`).toString('base64url');
}
