import { expect, test } from '@jest/globals';
import { packAction, unpackAction, type SelfServiceAction } from './selfServiceAction.ts';

test.each([
  ['no model told', '00000000-0000-0000-0000-000000000000'],
  ['a random UUID', 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd'],
  ['16 bytes that are no UUID', 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4'],
])('a security key waits for its key of the card whatever its model is called: %s', (_, aaguid) => {
  const action: SelfServiceAction = {
    kind: 'add_security_key',
    name: 'Nøgleringen',
    credentialId: 'AQID',
    publicKey: 'AQID',
    signCount: 0,
    transports: ['internal'],
    aaguid,
    isDiscoverable: true,
    isSynced: true,
    isBackedUp: true,
    isAttested: false,
  };
  expect(unpackAction(packAction(action))).toEqual(action);
});
