/**
 * What the script reads of a page: it reloads one whose form was processed, and warns before one is emptied.
 */
import { expect, test } from '@jest/globals';
import { GALLERY } from '../../gallery/gallery.tsx';
import { SAMPLE_CONTACT } from '../../gallery/sampleContact.ts';
import type { PageName } from '../pageNames.ts';
import { renderPage } from '../layout.tsx';
import { TEXTS_BY_LANGUAGE } from '../language.ts';

function render(name: PageName): string {
  const frame = { t: TEXTS_BY_LANGUAGE.da, languageSwitch: null, stylesheet: '', contact: SAMPLE_CONTACT };
  const [first] = GALLERY[name];
  if (!first) throw new Error(`no sample of ${name}`);
  return renderPage(first.render({ ...frame, language: 'da' }));
}

test('a page of a sign-in says that its form is counted; one of a form without a sign-in does not', () => {
  expect(render('password')).toContain('data-judged');
  expect(render('key')).toContain('data-judged');
  expect(render('order')).not.toContain('data-judged');
});
