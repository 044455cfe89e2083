/**
 * Whether a maker vouches for the model. The library verifies the statement and its signature; the chain to
 * the makers' roots is verified here, because the library would fetch revocation lists from addresses in the
 * certificates.
 */
import { X509Certificate } from 'node:crypto';
import { SettingsService, type VerifiedRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import type { AttestationSettings } from '../securityKeySettings.ts';

// With no roots of its own the library verifies no chain, and fetches nothing.
for (const identifier of ['android-key', 'android-safetynet', 'apple'] as const)
  SettingsService.setRootCertificates({ identifier, certificates: [] });

type CreationInfo = NonNullable<VerifiedRegistrationResponse['registrationInfo']>;

/** A statement without certificates proves nothing of the model: anyone can sign one. */
export function isModelAttested(
  settings: AttestationSettings | null,
  info: CreationInfo,
  now: Date,
): boolean {
  if (!settings?.models.includes(info.aaguid.toLowerCase())) return false;
  const chain = decodeAttestationObject(info.attestationObject).get('attStmt').get('x5c');
  if (!chain || chain.length === 0 || chain.length > 5) return false;
  try {
    const certificates = chain.map((bytes) => new X509Certificate(bytes));
    const roots = settings.roots.map((pem) => new X509Certificate(pem));
    return isChainTrusted(certificates, roots, now);
  } catch {
    return false;
  }
}

function isChainTrusted(
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: Date,
): boolean {
  const isValid = (one: X509Certificate) =>
    Date.parse(one.validFrom) <= now.getTime() && now.getTime() <= Date.parse(one.validTo);
  const isIssuedBy = (one: X509Certificate, issuer: X509Certificate) =>
    issuer.ca && one.checkIssued(issuer) && one.verify(issuer.publicKey);
  const last = chain.at(-1);
  if (!last || !chain.every(isValid)) return false;
  for (const [at, one] of chain.entries()) {
    const next = chain[at + 1];
    if (next && !isIssuedBy(one, next)) return false;
  }
  return roots.some(
    (root) => isValid(root) && (root.fingerprint256 === last.fingerprint256 || isIssuedBy(last, root)),
  );
}
