/** The client script of security keys as it is served: named by its content, on the pages that use them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const WEBAUTHN_SCRIPT = readFileSync(new URL('./script.js', import.meta.url), 'utf8')
  // Comments with lines of their own are not sent to browsers; those of a type stand within a line.
  .replace(/^ *(?:\/\/.*|\/\*(?:(?!\*\/)[^])*\*\/)\n/gm, '');

const scriptHash = createHash('sha256').update(WEBAUTHN_SCRIPT).digest('hex').slice(0, 12);
export const WEBAUTHN_PATH = `/assets/js/noegle-webauthn-${scriptHash}.js`;
