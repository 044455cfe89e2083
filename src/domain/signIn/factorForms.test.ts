/** The stored forms of factors, compatible with nodes of the previous version. */
import { expect, test } from '@jest/globals';
import { BOTH_KINDS, KNOWLEDGE, PASSWORD, SUBSTANTIAL, withFactor } from './levels.ts';
import { readDetails, writeDetails } from '../../oidc/signIn/signInDetails.ts';
import { Keyring } from '../../platform/keyring.ts';
import { makeSignInMac } from '../../features/signIn/holder/holder.ts';

const ring = { current: 'k1', keys: { k1: Buffer.alloc(32, 7).toString('base64url') } };
const keyring = new Keyring({ ...Keyring.generate(), records: ring });

test('the facts of a sign-in have the MAC that the version with only `with_key` computed', () => {
  const at = new Date('2026-11-24T12:00:00Z');
  const facts = { identityId: 'i', passwordAt: at, sessionUid: null, signedInAt: null, factors: PASSWORD };
  const withKey = { ...facts, signedInAt: at, factors: withFactor(PASSWORD, 'card_key') };
  const holder = Buffer.alloc(32, 1);
  const rowAuthenticator = [
    makeSignInMac({ keyring }, 'interaction', facts, holder),
    makeSignInMac({ keyring }, 'interaction', { ...facts, signedInAt: at }, holder),
    makeSignInMac({ keyring }, 'interaction', withKey, holder),
    makeSignInMac({ keyring }, 'interaction', { ...facts, sessionUid: 's' }, null),
  ];
  // Computed by commit 3e1ad15.
  expect(rowAuthenticator.map((mac) => mac.toString('base64url'))).toEqual([
    's3HyTyaYXWUE9UiNvaWq575m4s7FAGM94zFeGSba86M',
    'q1KDxhx8SAn06BbA5teSVwy0q61iWRjpJeQSbu2KVdE',
    '_n-PYNo13H5edUhRpIHP5G03qw1BxOqQv8uFAliqNnw',
    '21iLe-Y1H8NH0_FkOFhJJcCVdwZfsCT01M2VAKpinQk',
  ]);
});

test('the requirements of an interaction keep their stored form, and a missing one counts as required', () => {
  const passwordAlone = {
    kinds: KNOWLEDGE,
    isStepUp: false,
    minimumAcr: 'low',
    resistance: null,
    resistanceInstead: null,
  };
  const stepUp = {
    kinds: BOTH_KINDS,
    isStepUp: true,
    minimumAcr: SUBSTANTIAL,
    resistance: null,
    resistanceInstead: null,
  };
  expect(writeDetails(passwordAlone)).toEqual({ key: false, keyAlone: false, least: 'low' });
  expect(writeDetails(stepUp)).toEqual({ key: true, keyAlone: true, least: SUBSTANTIAL });
  const resistant = { ...stepUp, resistance: 'phr', resistanceInstead: 'phrh' } as const;
  for (const required of [passwordAlone, stepUp, resistant]) {
    expect(readDetails(writeDetails(required))).toEqual(required);
  }
  expect(readDetails({})).toEqual({
    kinds: BOTH_KINDS,
    isStepUp: false,
    minimumAcr: SUBSTANTIAL,
    resistance: null,
    resistanceInstead: null,
  });
});
