/** The public keys of the print house: which keys letters are sealed to, and which are rejected. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';

/** Curves for key agreement (RFC 7518 4.6, RFC 8037 3.2), as far as jose supports them. */
const PRINT_KEY_CURVES = ['P-256', 'P-384', 'P-521', 'X25519'];
const MIN_RSA_BITS = 2048;

export type PrintKeyAlgorithm = 'ECDH-ES+A256KW' | 'RSA-OAEP-256';

export function choosePrintKeyAlgorithm(key: JWK): PrintKeyAlgorithm {
  return key.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
}

/**
 * @returns only the public key, with its `kid` if it has one.
 * @throws Error in words for an operator, without any part of the key: it may be the private one by mistake.
 */
export function parsePrintKey(text: string): JWK {
  const jwk = parseObject(text);
  if (jwk['kty'] === 'oct' || 'k' in jwk) {
    throw new Error('it is a symmetric key; a public key is needed, EC, OKP or RSA');
  }
  if ('d' in jwk) {
    throw new Error(
      'it is a private key, which nobody but the print house may have: have a new pair made, and give its public key',
    );
  }
  const expectedAlg = choosePrintKeyAlgorithm(jwk);
  if (jwk['use'] !== undefined && jwk['use'] !== 'enc') throw new Error('its use is not enc');
  if (jwk['alg'] !== undefined && jwk['alg'] !== expectedAlg) {
    throw new Error(`its alg is another than ${expectedAlg}, to which letters are sealed with such a key`);
  }
  const { kid } = jwk;
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) throw new Error('its kid is not a text');
  return { ...importPublicKey(jwk).export({ format: 'jwk' }), ...(kid === undefined ? {} : { kid }) };
}

function importPublicKey(jwk: Record<string, unknown>): KeyObject {
  const { kty, crv } = jwk;
  if (kty !== 'EC' && kty !== 'OKP' && kty !== 'RSA') {
    throw new Error('it is no JWK: a JSON object with kty EC, OKP or RSA is needed');
  }
  if (kty !== 'RSA' && !PRINT_KEY_CURVES.includes(String(crv))) {
    throw new Error(`its curve (crv) cannot encrypt; one of ${PRINT_KEY_CURVES.join(', ')} is needed`);
  }
  const key = tryImportPublicKey(jwk);
  if (!key) throw new Error(`it is no JWK of kty ${kty}: its numbers are missing, or are no such key`);
  if (kty === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS) {
    throw new Error(`the RSA key is too short: at least ${MIN_RSA_BITS} bits are needed`);
  }
  return key;
}

function tryImportPublicKey(jwk: Record<string, unknown>): KeyObject | null {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return null;
  }
}

function parseObject(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON; a public key as a JWK is needed');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error('it is no JWK: a JSON object with kty EC, OKP or RSA is needed');
  }
  if ('keys' in json) throw new Error('it is a set of keys; one JWK is needed');
  return json as Record<string, unknown>;
}
