/** Verifies what a browser returns for a security key (WebAuthn, 7.2), by `@simplewebauthn/server`. */
import { hash } from 'node:crypto';
import { verifyAuthenticationResponse, type AuthenticationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import {
  composeUserHandle,
  isCounterFallen,
  type SecurityKey,
  type SecurityKeyFault,
} from '../../../domain/factors/securityKey.ts';

/** Characters: about twice the largest answer of a key whose certificates are not asked for. */
const MAX_ASSERTION = 16_384;
const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

const assertionSchema = z.object({
  id: base64url.max(1_364),
  rawId: base64url,
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
});

/** Returns null when it is not what a browser sends. */
export function parseAssertion(text: string): AuthenticationResponseJSON | null {
  if (text.length > MAX_ASSERTION) return null;
  try {
    const { clientExtensionResults, response, ...rest } = assertionSchema.parse(JSON.parse(text));
    const { userHandle, ...signed } = response;
    return {
      ...rest,
      clientExtensionResults,
      response: { ...signed, ...(userHandle === undefined ? {} : { userHandle }) },
    };
  } catch {
    return null;
  }
}

export interface ExpectedAssertion {
  readonly key: SecurityKey;
  /** base64url */
  readonly challenge: string;
  readonly issuer: string;
}

export type VerifiedAssertion =
  | { readonly signCount: number; readonly isBackedUp: boolean }
  | { readonly why: SecurityKeyFault };

/**
 * As what an accepted answer is remembered, wherever it was given.
 * @param challenge base64url
 */
export function hashAnswer(challenge: string): Buffer {
  return hash('sha256', `answer of a security key ${challenge}`, 'buffer');
}

/** The issuer decides about origin and relying party id, regardless of the request's host. */
export async function verifyAssertion(
  assertion: AuthenticationResponseJSON,
  { key, challenge, issuer }: ExpectedAssertion,
): Promise<VerifiedAssertion> {
  const { origin, hostname } = new URL(issuer);
  const { userHandle } = assertion.response;
  if (userHandle !== undefined && userHandle !== composeUserHandle(key.identityId).toString('base64url')) {
    return { why: 'not_accepted' };
  }
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: assertion,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: hostname,
      // The counter is compared below, so that a copy has a fault of its own.
      credential: {
        id: key.credentialId.toString('base64url'),
        publicKey: new Uint8Array(key.publicKey),
        counter: 0,
      },
      requireUserVerification: false,
    });
    const { newCounter: signCount, credentialBackedUp: isBackedUp, userVerified } = authenticationInfo;
    if (!verified) return { why: 'not_accepted' };
    if (!userVerified) return { why: 'not_verified' };
    if (isCounterFallen(key.signCount, signCount)) return { why: 'copied' };
    const isSynced = authenticationInfo.credentialDeviceType === 'multiDevice';
    // It was registered as the other kind, which decides what it proves.
    return isSynced === key.isSynced ? { signCount, isBackedUp } : { why: 'not_accepted' };
  } catch {
    return { why: 'not_accepted' };
  }
}
