/** The URL of the sign-in pages of one interaction. */
import type { Interaction } from 'oidc-provider';
import { makeProbe, PROBE_PARAMETER } from '../../domain/errors/cookieProbe.ts';
import { FIRST_PARTY_CLIENTS } from '../../domain/relyingParty/firstPartyClient.ts';

/** The URL to which a browser is redirected to sign in, together with its first cookie. */
export function composeLoginAddress(interaction: Interaction, now: Date): string {
  return composeInteractionAddress(interaction, { [PROBE_PARAMETER]: makeProbe(now) });
}

/**
 * For a first-party client the URL also names the client, so that a browser without cookies finds its way
 * back.
 */
export function composeInteractionAddress(
  { uid, params }: Interaction,
  asked: Record<string, string>,
): string {
  const query = new URLSearchParams(asked);
  const site = FIRST_PARTY_CLIENTS.find(({ clientId }) => clientId === params['client_id']);
  if (site) query.append('site', site.clientId);
  return query.size > 0 ? `/login/${uid}?${query}` : `/login/${uid}`;
}
