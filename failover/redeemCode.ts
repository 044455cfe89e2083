/** Redeems a code as the server of the relying party does. */
import { request, type HttpAnswer, type Target } from '../test/support/http.ts';
import type { FailoverRelyingParty } from './install.ts';

/** @returns the answer of the token endpoint, whatever its status */
export async function redeemCode(
  target: Target,
  { clientId, clientSecret, redirectUri }: FailoverRelyingParty,
  code: string,
  verifier: string,
): Promise<HttpAnswer> {
  return await request(target)
    .post('/token')
    .auth(clientId, clientSecret)
    .set('accept', 'application/json')
    .type('form')
    .send({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier });
}
