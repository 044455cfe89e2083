/**
 * A client may send the hidden fields of a whole page. A page of a sign-in has each once; elsewhere a name
 * that stands twice has the same value, which a form takes as one, or is about one of several things.
 */
import { expect, test } from '@jest/globals';
import { GALLERY } from '../src/gallery/gallery.tsx';
import { SAMPLE_CONTACT } from '../src/gallery/sampleContact.ts';
import { parseForm } from '../src/http/forms.ts';
import { TEXTS_BY_LANGUAGE } from '../src/ui/language.ts';
import { renderPage } from '../src/ui/layout.tsx';
import { PAGE_NAMES } from '../src/ui/pageNames.ts';

/** What the forms of a page are about, where there are several. */
const SUBJECTS: readonly string[] = [
  'do',
  'staff',
  'identity',
  'session',
  'service',
  'scope',
  'browser',
  'key',
];

interface HiddenField {
  readonly name: string;
  readonly value: string;
  /** The form's place on the page, or the id of the one that it names. */
  readonly form: string;
}

const attribute = (tag: string, name: string): string | null =>
  new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? null;

/** The faults of a page, in words. */
function listFaults(html: string): string[] {
  const faults: string[] = [];
  const fields: HiddenField[] = [];
  const ids = new Set<string>();
  const named: string[] = [];
  let [form, forms] = ['', 0];
  for (const [tag] of html.matchAll(/<\/?form\b[^>]*>|<(?:input|button|select|textarea)\b[^>]*>/g)) {
    if (tag === '</form>') {
      form = '';
    } else if (tag.startsWith('<form')) {
      if (form !== '') faults.push('a form in a form');
      forms += 1;
      form = attribute(tag, 'id') ?? `number ${forms}`;
      ids.add(form);
    } else {
      const other = attribute(tag, 'form');
      if (other !== null) named.push(other);
      if (attribute(tag, 'type') !== 'hidden') continue;
      const name = attribute(tag, 'name') ?? '';
      if (form === '' && other === null) faults.push(`${name}: in no form`);
      fields.push({ name, value: attribute(tag, 'value') ?? '', form: other ?? form });
    }
  }
  faults.push(...named.filter((id) => !ids.has(id)).map((id) => `no form ${id}`));
  // The provider's own form, around the page, has fields of its own.
  const isSignIn = /<form\b[^>]* action="\/login\//.test(html);
  for (const [i, { name, value, form: of }] of fields.entries()) {
    const before = fields.slice(0, i).filter((one) => one.name === name);
    if (before.some((one) => one.form === of)) faults.push(`${name}: twice in a form`);
    else if (before.length > 0 && isSignIn) faults.push(`${name}: twice on a page of a sign-in`);
    else if (before.some((one) => one.value !== value) && !SUBJECTS.includes(name))
      faults.push(`${name}: two values`);
  }
  return [...new Set(faults)];
}

function renderSamples(): { readonly path: string; readonly html: string }[] {
  return PAGE_NAMES.flatMap((name) =>
    GALLERY[name].map(({ state, render }) => {
      const frame = { t: TEXTS_BY_LANGUAGE.da, language: 'da', languageSwitch: '/login/x' } as const;
      const page = render({ ...frame, stylesheet: '/s', contact: SAMPLE_CONTACT });
      return { path: `${name}/${state}`, html: renderPage(page) };
    }),
  );
}

test('each hidden field stands once on a page of a sign-in, and nowhere with two values', () => {
  const samples = renderSamples();
  expect(samples.length).toBeGreaterThan(400);
  expect(samples.filter(({ html }) => html.includes('action="/login/')).length).toBeGreaterThan(50);
  const found = samples.flatMap(({ path, html }) => listFaults(html).map((fault) => `${path}: ${fault}`));
  expect(found).toEqual([]);
});

test('control: what is wrong is seen', () => {
  const hidden = (name: string, value = 'a', more = '') =>
    `<input type="hidden" name="${name}" value="${value}"${more}/>`;
  const form = (content: string, action = '/x') => `<form method="post" action="${action}">${content}</form>`;
  expect(listFaults(form(hidden('csrf')) + form(hidden('csrf')))).toEqual([]);
  expect(listFaults(form(hidden('csrf')) + form(hidden('csrf', 'b')))).toEqual(['csrf: two values']);
  expect(listFaults(form(hidden('do')) + form(hidden('do', 'b')))).toEqual([]);
  expect(listFaults(form(hidden('csrf') + hidden('csrf')))).toEqual(['csrf: twice in a form']);
  expect(listFaults(form(hidden('csrf'), '/login/x') + form(hidden('csrf')))).toEqual([
    'csrf: twice on a page of a sign-in',
  ]);
  expect(listFaults(hidden('csrf'))).toEqual(['csrf: in no form']);
  expect(listFaults(form(hidden('csrf', 'a', ' form="away"')))).toEqual(['no form away']);
  expect(listFaults(form(form('')))).toEqual(['a form in a form']);
});

test('a field that is sent twice is one where its value is the same', () => {
  expect([...parseForm('csrf=a&form=b&csrf=a&userId=anna')]).toEqual([
    ['csrf', 'a'],
    ['form', 'b'],
    ['userId', 'anna'],
  ]);
  for (const body of ['userId=anna&userId=bent', 'csrf=a&csrf=', 'csrf[]=a&csrf[]=b']) {
    expect(() => parseForm(body)).toThrow('bad_form');
  }
});
