/**
 * Common passwords (NIST SP 800-63B-4, 3.1.1.2: compared with a list of commonly used ones and with words of
 * the service itself). The library's list is English; the words below are the ones that Danes think of.
 */
import { dictionary } from '@zxcvbn-ts/language-common';

const COMMON_PASSWORDS: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/**
 * Rejected alone or followed by digits and symbols: `sommer2026!`. docs/reference/authentication.md has the
 * same list.
 */
export const LOCAL_WORDS: ReadonlySet<string> = new Set([
  'adgangskode',
  'adgangskoden',
  'kodeord',
  'kodeordet',
  'password',
  'hemmelig',
  'hemmelighed',
  'nøgle',
  'nøglekort',
  'noegle',
  'noeglekort',
  'nemid',
  'mitid',
  'selvbetjening',
  'borgerservice',
  'hotline',
  'skranke',
  'skranken',
  'sagsbehandler',
  'netbank',
  'netbanken',
  'kommune',
  'kommunen',
  'danmark',
  'københavn',
  'koebenhavn',
  'randers',
  'fodbold',
  'velkommen',
  'sommer',
  'vinter',
  'efterår',
  'januar',
  'februar',
  'december',
  'jegelskerdig',
]);

/** @param password as it is hashed; case is ignored */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFC').toLowerCase();
  if (COMMON_PASSWORDS.has(folded)) return true;
  const characters = [...folded];
  const isOneCharacter = characters.length <= MAX_REPEATED_CHARACTERS && new Set(characters).size === 1;
  return isOneCharacter || LOCAL_WORDS.has(folded.replace(/[^\p{L}]+$/u, ''));
}

/** Up to this many repetitions of one character are a habit; a longer one is a person's own idea. */
const MAX_REPEATED_CHARACTERS = 16;
