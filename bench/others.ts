/** The other requests of relying parties, each with what it needs from an earlier sign-in. */
import type { BenchRelyingParty } from './people.ts';
import { authenticateRelyingParty, callNode, RefusedSignInError, type BenchTokens } from './signIn.ts';

/** Name -> request. Client credentials are not offered: a pushed request is what a client asks for itself. */
export function otherRequests(
  port: () => number,
  rp: BenchRelyingParty,
  tokens: readonly BenchTokens[],
): Record<string, () => Promise<unknown>> {
  let turn = 0;
  const next = () => tokens[turn++ % tokens.length] as BenchTokens;
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const startedAt = performance.now();
    const answer = await callNode(port(), path, { headers: { accept: 'application/json', ...headers } });
    if (answer.status === 503) throw new RefusedSignInError(503, performance.now() - startedAt);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
  };
  return {
    refresh: () =>
      authenticateRelyingParty(port(), rp, '/token', {
        grant_type: 'refresh_token',
        refresh_token: next().refresh_token ?? '',
      }),
    'pushed request': () =>
      authenticateRelyingParty(port(), rp, '/request', {
        response_type: 'code',
        client_id: rp.clientId,
        redirect_uri: rp.redirectUri,
        scope: 'openid profile',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      }),
    introspection: () =>
      authenticateRelyingParty(port(), rp, '/token/introspection', { token: next().access_token }),
    userinfo: () => get('/me', { authorization: `Bearer ${next().access_token}` }),
    discovery: () => get('/.well-known/openid-configuration'),
    JWKS: () => get('/jwks'),
  };
}
