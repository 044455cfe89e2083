/**
 * Removes from `dkfds` what no page uses: every page in every state, and the client script, determine what is
 * used. `npm run build` runs it and stores the result next to the code. The running server imports none of
 * this: purgecss is a build dependency.
 */
import { writeFile } from 'node:fs/promises';
import { PurgeCSS } from 'purgecss';
import { DEFAULT_LANGUAGE } from '../domain/language/language.ts';
import { readDkfds, TRIMMED_STYLES } from '../http/assets.ts';
import { COURTESY_SCRIPT } from '../ui/courtesy/courtesy.ts';
import { TEXTS_BY_LANGUAGE } from '../ui/language.ts';
import { renderPage } from '../ui/layout.tsx';
import { WEBAUTHN_SCRIPT } from '../ui/webauthn/webauthn.ts';
import { GALLERY } from './gallery.tsx';
import { SAMPLE_CONTACT } from './sampleContact.ts';

export async function trimDkfds(): Promise<string> {
  const language = DEFAULT_LANGUAGE;
  const frame = {
    t: TEXTS_BY_LANGUAGE[language],
    language,
    languageSwitch: '/x',
    stylesheet: '',
    contact: SAMPLE_CONTACT,
  };
  const pages = Object.values(GALLERY).flatMap((states) =>
    states.map(({ render }) => renderPage(render(frame))),
  );
  const [trimmed] = await new PurgeCSS().purge({
    content: [
      { raw: pages.join('\n'), extension: 'html' },
      { raw: COURTESY_SCRIPT, extension: 'js' },
      { raw: WEBAUTHN_SCRIPT, extension: 'js' },
    ],
    css: [{ raw: await readDkfds() }],
    extractors: [{ extensions: ['html'], extractor: readHtml }],
    keyframes: true,
  });
  if (!trimmed) throw new Error('purgecss returned no styles');
  return trimmed.css;
}

/** What selectors can name. The default extractor of purgecss takes every word of the text for a class. */
function readHtml(html: string) {
  const all = (pattern: RegExp) => [...new Set([...html.matchAll(pattern)].map(([, name = '']) => name))];
  return {
    tags: all(/<([a-z][a-z0-9]*)/g),
    classes: [...new Set(all(/ class="([^"]*)"/g).flatMap((names) => names.split(/\s+/)))],
    ids: all(/ id="([^"]*)"/g),
    attributes: { names: all(/ ([a-z-]+)(?==|>| )/g), values: all(/ (?:type|lang|role)="([^"]*)"/g) },
    undetermined: [],
  };
}

if (process.argv[1] === import.meta.filename) {
  const trimmed = await trimDkfds();
  await writeFile(TRIMMED_STYLES, trimmed);
}
