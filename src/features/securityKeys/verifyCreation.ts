/**
 * Verifies what a browser answered. Whatever is wrong with it is a fault in the person's words: an answer is
 * untrusted input, and none of it may end in an error page.
 */
import {
  verifyRegistrationResponse,
  type RegistrationResponseJSON,
  type VerifiedRegistrationResponse,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { CreatedSecurityKey } from '../../domain/factors/securityKey.ts';
import { isCredentialKnown } from '../../db/factors/securityKeyLife.ts';
import type { AppContext } from '../appContext.ts';
import type { SecurityKeySettings } from '../securityKeySettings.ts';
import { isModelAttested } from './attestation.ts';
import {
  ALGORITHMS,
  deriveChallenge,
  MAX_CREDENTIAL_LENGTH,
  readIssued,
  type CreationOwner,
} from './creationOptions.ts';

/**
 * `failed`: not an answer to this page from this site. `known`: registered already, for any person.
 * `not_listed`: a model that the settings do not accept.
 */
export type CreationFault = 'expired' | 'failed' | 'unverified' | 'known' | 'not_listed';

export type VerifiedCreation = { readonly key: CreatedSecurityKey } | { readonly fault: CreationFault };

/** Bytes (WebAuthn, 4). The library reads it from the authenticator's data, and knows no limit. */
const MAX_CREDENTIAL_ID = 1_023;
/** Bytes: more than an RSA key of 16,384 bits has. Without an attestation nothing is signed with it here. */
const MAX_PUBLIC_KEY = 4_096;

const base64url = z.string().regex(/^[\w-]+$/);
const answerSchema = z.object({
  id: base64url.max(1364),
  rawId: base64url.max(1364),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
  clientExtensionResults: z
    .object({ credProps: z.object({ rk: z.boolean().optional() }).optional() })
    .default({}),
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[\w-]{1,32}$/))
      .max(8)
      .optional(),
  }),
});

export async function verifyCreation(
  context: AppContext,
  settings: SecurityKeySettings,
  owner: CreationOwner,
  answer: { readonly issued: string; readonly credential: string },
): Promise<VerifiedCreation> {
  const { issued, credential } = answer;
  const age = readIssued(issued, context.clock.now());
  if (age !== 'valid') return { fault: age === 'expired' ? 'expired' : 'failed' };
  const response = parseAnswer(credential);
  if (!response) return { fault: 'failed' };
  const expectedChallenge = deriveChallenge(context, owner, issued).toString('base64url');
  const expected = { issuer: settings.issuer, expectedChallenge };
  const info = await verifyOrNull(response, { ...expected, isUserVerified: true });
  if (!info) {
    const without = await verifyOrNull(response, { ...expected, isUserVerified: false });
    return { fault: without ? 'unverified' : 'failed' };
  }
  const isAttested = isModelAttested(settings.attestation, info, context.clock.now());
  if (settings.attestation?.refusesOthers && !isAttested) return { fault: 'not_listed' };
  const credentialId = Buffer.from(info.credential.id, 'base64url');
  const { publicKey } = info.credential;
  if (credentialId.length > MAX_CREDENTIAL_ID || publicKey.length > MAX_PUBLIC_KEY)
    return { fault: 'failed' };
  if (await isCredentialKnown(context.database, credentialId)) return { fault: 'known' };
  return {
    key: {
      credentialId,
      publicKey: Buffer.from(publicKey),
      signCount: info.credential.counter,
      transports: response.response.transports ?? [],
      aaguid: info.aaguid,
      // A browser that does not say may have kept it or not: then it is asked for by its id.
      isDiscoverable: response.clientExtensionResults.credProps?.rk ?? false,
      isSynced: info.credentialDeviceType === 'multiDevice',
      isBackedUp: info.credentialBackedUp,
      isAttested,
    },
  };
}

function parseAnswer(credential: string): RegistrationResponseJSON | null {
  if (credential.length > MAX_CREDENTIAL_LENGTH) return null;
  try {
    // The types of the library do not take the `undefined` of a member that is left out.
    return answerSchema.parse(JSON.parse(credential)) as RegistrationResponseJSON;
  } catch {
    return null;
  }
}

interface ExpectedAnswer {
  readonly issuer: string;
  readonly expectedChallenge: string;
  readonly isUserVerified: boolean;
}

type CreationInfo = NonNullable<VerifiedRegistrationResponse['registrationInfo']>;

async function verifyOrNull(
  response: RegistrationResponseJSON,
  { issuer, expectedChallenge, isUserVerified }: ExpectedAnswer,
): Promise<CreationInfo | null> {
  const { origin, hostname } = new URL(issuer);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: hostname,
      requireUserVerification: isUserVerified,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    return verified ? (registrationInfo ?? null) : null;
  } catch {
    // Whatever it is: the library throws for every answer that it does not accept.
    return null;
  }
}
