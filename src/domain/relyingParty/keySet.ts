/**
 * The JWK Set with which a relying party authenticates (RFC 7517). Keys that cannot be used are ignored, and
 * the others stay valid (section 5). When no usable key is left, the registration reports it: otherwise the
 * people who want to sign in would be the first to notice.
 */
import { createPublicKey } from 'node:crypto';

/**
 * Signature algorithms of client assertions. `Ed25519` (RFC 9864) and `EdDSA` are two names of one algorithm.
 */
export const ASSERTION_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519'] as const;
export type AssertionAlgorithm = (typeof ASSERTION_ALGORITHMS)[number];

export type Jwk = Readonly<Record<string, unknown>>;

/** The usable keys of a set, and the faults of the others. */
export interface KeySetReading {
  readonly usable: readonly Jwk[];
  /** Prefixed with the position in the set: `keys.0: is an RSA key without n`. */
  readonly faults: readonly string[];
}

/** Members that only a private or symmetric key has (RFC 7518, 6). */
export const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const;

const REQUIRED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  RSA: ['n', 'e'],
};
const ASSERTION_CURVES: Readonly<Record<string, readonly string[]>> = {
  EC: ['P-256', 'P-384', 'P-521'],
  OKP: ['Ed25519', 'X25519'],
};
/** The minimum RSA key size: RFC 7518, 3.3. */
const RSA_BITS = 2_048;

export function readKeys(keys: readonly unknown[]): KeySetReading {
  const read = keys.map((key, index) => ({ key, fault: findKeyFault(key), index }));
  return {
    usable: read.filter(({ fault }) => fault === null).map(({ key }) => key as Jwk),
    faults: read.filter(({ fault }) => fault !== null).map(({ fault, index }) => `keys.${index}: ${fault}`),
  };
}

/** The fields of a registration that concern its keys. */
interface KeyFields {
  readonly token_endpoint_auth_method: string;
  readonly token_endpoint_auth_signing_alg?: AssertionAlgorithm | undefined;
  readonly jwks?: { readonly keys: readonly Jwk[] } | undefined;
}

/**
 * Removes unusable keys from a registration's key set.
 *
 * @returns `fault`: why no one could sign in at this relying party, or null; `leftOut`: the removed keys and
 *   their faults
 */
export function checkKeySet<T extends KeyFields>(
  rp: T,
): { rp: T; fault: string | null; leftOut: readonly string[] } {
  if (!rp.jwks) return { rp, fault: null, leftOut: [] };
  const { keys } = rp.jwks;
  const { usable, faults } = readKeys(keys);
  const isNeeded = rp.token_endpoint_auth_method === 'private_key_jwt';
  const fault = isNeeded ? findKeySetFault(keys, rp.token_endpoint_auth_signing_alg) : null;
  return { rp: { ...rp, jwks: { ...rp.jwks, keys: usable } }, fault, leftOut: faults };
}

/** Why no one could sign in with these keys; null when a key is usable. */
export function findKeySetFault(
  keys: readonly unknown[],
  algorithm: AssertionAlgorithm | undefined,
): string | null {
  if (keys.length === 0) return 'has no key';
  const { usable, faults } = readKeys(keys);
  const algorithms = algorithm ? [algorithm] : ASSERTION_ALGORITHMS;
  if (usable.some((key) => algorithms.some((one) => isEquivalentAlgorithm(one, listAlgorithmsOfKey(key)))))
    return null;
  const others = keys
    .map((key, index) => ({ key, index }))
    .filter(({ key }) => usable.includes(key as Jwk))
    .map(({ key, index }) => `keys.${index}: ${describeUnusableKey(key as Jwk)}`);
  const needed = algorithm ?? ASSERTION_ALGORITHMS.join(', ');
  return `has no key that verifies ${needed}: ${[...faults, ...others].join('; ')}`;
}

/** Whether the algorithms are the same; the two names of Ed25519 are. */
export function isEquivalentAlgorithm(one: string, others: readonly string[]): boolean {
  return others.includes(one) || (isEd25519(one) && others.some(isEd25519));
}

export function isEd25519(algorithm: unknown): boolean {
  return algorithm === 'EdDSA' || algorithm === 'Ed25519';
}

/** Drops `alg` of an Ed25519 key, which is valid under both names, so that neither name has to match. */
export function dropEd25519Alg(key: Jwk): Jwk {
  if (key['kty'] !== 'OKP' || !isEd25519(key['alg'])) return key;
  return Object.fromEntries(Object.entries(key).filter(([name]) => name !== 'alg'));
}

/** The assertion algorithms that a usable key verifies. */
function listAlgorithmsOfKey(key: Jwk): readonly string[] {
  const { use, key_ops: operations, alg } = key;
  if (use !== undefined && use !== 'sig') return [];
  if (Array.isArray(operations) && !operations.includes('verify')) return [];
  const can = listKeysOfType(key);
  return typeof alg === 'string' ? can.filter((one) => isEquivalentAlgorithm(alg, [one])) : can;
}

function listKeysOfType({ kty, crv }: Jwk): readonly AssertionAlgorithm[] {
  if (kty === 'RSA') return ['RS256', 'PS256'];
  if (crv === 'P-256') return ['ES256'];
  return crv === 'Ed25519' ? ['EdDSA', 'Ed25519'] : [];
}

function describeUnusableKey({ kty, crv, use, alg }: Jwk): string {
  const purposes = [use, alg].filter((one) => typeof one === 'string').map((one) => `for ${one}`);
  return ['is', kty, crv, ...purposes].filter((one) => typeof one === 'string').join(' ');
}

/** Why this key cannot be used at all; null when it can. */
function findKeyFault(key: unknown): string | null {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) return 'is no key';
  const jwk = key as Jwk;
  const { kty, crv } = jwk;
  if (PRIVATE_MEMBERS.some((name) => name in jwk)) return 'is a private or symmetric key';
  const needed =
    typeof kty === 'string' && Object.hasOwn(REQUIRED_MEMBERS, kty) ? REQUIRED_MEMBERS[kty] : undefined;
  if (!needed) return 'has a kty that is not understood';
  const missing = needed.find((name) => typeof jwk[name] !== 'string' || jwk[name] === '');
  if (missing) return `is ${String(kty)} without ${missing}`;
  const curves = ASSERTION_CURVES[String(kty)];
  if (curves && !curves.includes(String(crv))) return 'has a crv that is not understood';
  const wrong = ['alg', 'kid', 'use'].find(
    (name) => name in jwk && (typeof jwk[name] !== 'string' || jwk[name] === ''),
  );
  if (wrong) return `has a ${wrong} that is no text`;
  const { x5c } = jwk;
  if (x5c !== undefined && !(Array.isArray(x5c) && x5c.every((one) => typeof one === 'string' && one !== '')))
    return 'has an x5c that is no list of certificates';
  return findKeyValueFault(jwk);
}

function findKeyValueFault(key: Jwk): string | null {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: { ...key }, format: 'jwk' });
    const { modulusLength: bits = RSA_BITS, publicExponent = 65_537n } = asymmetricKeyDetails ?? {};
    if (bits < RSA_BITS) return `has ${bits} bits, and ${RSA_BITS} are the least`;
    return publicExponent < 3n ? 'has an e that is no exponent' : null;
  } catch {
    return `is no point or number that ${String(key['kty'])} has`;
  }
}
