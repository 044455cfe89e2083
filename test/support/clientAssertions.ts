/** A relying party that authenticates with its own key (private_key_jwt). */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { TestBrowser } from './browser.ts';
import { authRequest, signInAtNode } from './flow.ts';
import { request } from './http.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';

export interface ClientKey {
  readonly key: CryptoKey;
  readonly jwk: JWK;
}

export async function aKey(kid: string, alg = 'ES256'): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg } };
}

/**
 * A whole sign-in, redeemed with an assertion under the key.
 *
 * @param alg the signature algorithm, where the key has two
 * @returns status of the token answer, and milliseconds until the person was back at the relying party
 */
export async function signInWithKey(
  nodes: Nodes,
  {
    rp,
    person,
    node = 0,
    browser = new TestBrowser(nodes, node),
  }: { rp: TestRelyingParty; person: TestPerson; node?: number; browser?: TestBrowser },
  { key, jwk }: ClientKey,
  alg = String(jwk.alg),
): Promise<{ status: number; atRp: number }> {
  const startedAt = performance.now();
  const login = authRequest(rp);
  const code = (await signInAtNode(browser, person, login)).get('code') ?? '';
  const atRp = performance.now() - startedAt;
  nodes.secrets.add(code, 'code');
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg, kid: String(jwk.kid) })
    .setIssuer(rp.clientId)
    .setSubject(rp.clientId)
    .setAudience(nodes.issuer)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('1 minute')
    .sign(key);
  const { status } = await request(nodes.node(node)).post('/token').type('form').send({
    grant_type: 'authorization_code',
    code,
    redirect_uri: rp.redirectUri,
    code_verifier: login.verifier,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  return { status, atRp };
}
