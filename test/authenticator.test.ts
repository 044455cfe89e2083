/** The security key of the tests makes what the library accepts, and what it refuses. */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { describe, expect, it } from '@jest/globals';
import { SoftAuthenticator, type AnswerOverrides } from './support/authenticator.ts';

const ORIGIN = 'https://noegle.example';
const RP_ID = 'noegle.example';

async function register(key: SoftAuthenticator, attestationType: 'none' | 'direct', overrides = {}) {
  const options = await generateRegistrationOptions({
    rpName: 'Nøgle',
    rpID: RP_ID,
    userName: 'x',
    attestationType,
    supportedAlgorithmIDs: [-7, -8, -257],
  });
  return await verifyRegistrationResponse({
    response: key.create(options, overrides),
    expectedChallenge: options.challenge,
    expectedOrigin: ORIGIN,
    expectedRPID: RP_ID,
    requireUserVerification: true,
    supportedAlgorithmIDs: [-7, -8, -257],
  });
}

describe('the security key of the tests', () => {
  it.each([-7, -8, -257] as const)('registers and signs in with algorithm %s', async (algorithm) => {
    for (const attestation of ['none', 'direct'] as const) {
      const key = new SoftAuthenticator({ origin: ORIGIN, rpId: RP_ID, algorithm, synced: true });
      const { verified, registrationInfo } = await register(key, attestation);
      expect([verified, registrationInfo?.credentialDeviceType]).toEqual([true, 'multiDevice']);
      const options = await generateAuthenticationOptions({ rpID: RP_ID });
      const answer = await verifyAuthenticationResponse({
        response: key.get(options),
        expectedChallenge: options.challenge,
        expectedOrigin: ORIGIN,
        expectedRPID: RP_ID,
        credential: registrationInfo!.credential,
      });
      expect([answer.verified, answer.authenticationInfo.newCounter]).toEqual([true, 1]);
    }
  });

  it.each<[AnswerOverrides]>([
    [{ origin: 'https://elsewhere.example' }],
    [{ rpId: 'elsewhere.example' }],
    [{ challenge: 'another' }],
    [{ userVerified: false }],
    [{ userPresent: false }],
  ])('is refused with %j', async (overrides) => {
    const key = new SoftAuthenticator({ origin: ORIGIN, rpId: RP_ID });
    await expect(register(key, 'none', overrides)).rejects.toThrow();
  });
});
