/** The client script as it is served: one file, named by its content, which no page depends on. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const COURTESY_SCRIPT = readFileSync(new URL('./script.js', import.meta.url), 'utf8')
  // Comments are not sent to browsers.
  .replace(/^ *\/[/*].*\n/gm, '');

const scriptHash = createHash('sha256').update(COURTESY_SCRIPT).digest('hex').slice(0, 12);
export const COURTESY_PATH = `/assets/js/noegle-${scriptHash}.js`;
