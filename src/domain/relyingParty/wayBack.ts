/** Where a person whose sign-in is over can start again: at the relying party, by its registration alone. */
import { FIRST_PARTY_CLIENTS } from './firstPartyClient.ts';
import type { RelyingParty } from './relyingParty.ts';

/**
 * The origin of the first redirect URI. A first-party client has its path. A loopback address without a port
 * is no site.
 * @returns null where the registration names no web site, as for an application on a phone
 */
export function findSiteAddress({
  client_id: clientId,
  redirect_uris: [uri = ''],
}: Pick<RelyingParty, 'client_id' | 'redirect_uris'>): string | null {
  const own = FIRST_PARTY_CLIENTS.find((one) => one.clientId === clientId);
  if (own) return own.path;
  const url = URL.parse(uri);
  if (url?.protocol === 'https:') return `${url.origin}/`;
  return url?.protocol === 'http:' && url.port !== '' ? `${url.origin}/` : null;
}
