/**
 * What a browser is asked to create. The challenge is derived from its owner, the page and an expiry: nothing
 * is stored for it, and it serves no one else. That it may be answered twice gives nothing: a credential is
 * registered once.
 */
import {
  generateRegistrationOptions,
  type AuthenticatorTransport,
  type PublicKeyCredentialCreationOptionsJSON,
} from '@simplewebauthn/server';
import { composeUserHandle } from '../../domain/factors/securityKey.ts';
import { drawSecret } from '../../domain/random.ts';
import { listSecurityKeys } from '../../db/factors/securityKeyLife.ts';
import type { AppContext } from '../appContext.ts';
import type { SecurityKeySettings } from '../securityKeySettings.ts';

/** A page that was open for longer is refused, and shown again with another challenge. */
export const CHALLENGE_MS = 10 * 60_000;
/** Characters of the JSON in which a browser answers; an attestation has certificates in it. */
export const MAX_CREDENTIAL_LENGTH = 16_000;
/** ES256, EdDSA, RS256 (IANA COSE algorithms). */
export const ALGORITHMS = [-7, -8, -257];

/** Whose challenge it is: of this identity, in this session or step, for this purpose. */
export interface CreationOwner {
  readonly identityId: string;
  readonly purpose: 'self_service' | 'desk' | 'activation';
  /** What binds it to the browser: the id of the session or activation. */
  readonly holder: string;
}

export interface CreationOptions {
  /** For `PublicKeyCredential.parseCreationOptionsFromJSON`. */
  readonly options: PublicKeyCredentialCreationOptionsJSON;
  /** Comes back with the form: the expiry and a nonce, from which the challenge is derived again. */
  readonly issued: string;
}

export interface CreationPerson {
  /** Shown by the authenticator beside the wordmark. */
  readonly userName: string;
  readonly displayName: string;
}

export async function composeCreation(
  context: AppContext,
  { issuer, attestation }: SecurityKeySettings,
  owner: CreationOwner,
  person: CreationPerson,
): Promise<CreationOptions> {
  const { database, random, clock } = context;
  const expiresAt = clock.now().getTime() + CHALLENGE_MS;
  const issued = `${expiresAt}.${drawSecret(random)}`;
  const existing = await listSecurityKeys(database, owner.identityId);
  const options = await generateRegistrationOptions({
    rpName: 'Nøgle',
    rpID: new URL(issuer).hostname,
    userID: new Uint8Array(composeUserHandle(owner.identityId)),
    userName: person.userName,
    userDisplayName: person.displayName,
    challenge: new Uint8Array(deriveChallenge(context, owner, issued)),
    timeout: CHALLENGE_MS,
    attestationType: attestation === null ? 'none' : 'direct',
    excludeCredentials: existing.map(({ credentialId, transports }) => ({
      id: credentialId.toString('base64url'),
      transports: transports as AuthenticatorTransport[],
    })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  return { options, issued };
}

/** 32 bytes. */
export function deriveChallenge(
  { keyring }: AppContext,
  { identityId, purpose, holder }: CreationOwner,
  issued: string,
): Buffer {
  const text = JSON.stringify([purpose, identityId, holder, issued]);
  return keyring.hmac('records', `security key challenge v1 ${text}`);
}

const ISSUED = /^(\d{1,15})\.[\w-]{16,64}$/;

/** @returns whether the page is still to be answered; `malformed` where it is none of ours */
export function readIssued(issued: string, now: Date): 'valid' | 'expired' | 'malformed' {
  const expiresAt = Number(ISSUED.exec(issued)?.[1]);
  if (Number.isNaN(expiresAt)) return 'malformed';
  // One that expires later than any of ours was not derived here.
  return expiresAt > now.getTime() && expiresAt <= now.getTime() + CHALLENGE_MS ? 'valid' : 'expired';
}
