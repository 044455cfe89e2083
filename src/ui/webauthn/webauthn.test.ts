/** The script as it is served is still one. */
import { Script } from 'node:vm';
import { expect, test } from '@jest/globals';
import { WEBAUTHN_SCRIPT } from './webauthn.ts';

test('without its comments the script is one that a browser reads', () => {
  expect(() => new Script(WEBAUTHN_SCRIPT)).not.toThrow();
  expect(WEBAUTHN_SCRIPT).not.toMatch(/^ *(\/\/|\*)/m);
  expect(WEBAUTHN_SCRIPT).toContain('navigator.credentials.create');
});
