/**
 * The table of claims determines what is passed on, what the consent page and the docs list, and what a scope
 * opens.
 */
import { SAMPLE_CONTACT } from '../../gallery/sampleContact.ts';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  CLAIMS,
  CLAIMS_BY_SCOPE,
  readClaims,
  listClaimsOfScopes,
  LISTED_CLAIMS,
  SCOPES,
  type ClaimName,
  type ListedClaim,
} from './claims.ts';
import { findMissingConsent, scopesOnConsentPage, listScopesToConsent } from './consent.ts';
import { LOW, SUBSTANTIAL } from './levels.ts';
import type { Language, Person, ProofingLevel } from '../person/person.ts';
import { TEXTS_BY_LANGUAGE, writeDate } from '../../ui/language.ts';
import { renderPage } from '../../ui/layout.tsx';
import { ConsentPage } from '../../features/signIn/consent/consent.page.tsx';

// The compiler checks these. A claim without words does not compile, because an unused directive is an error
// too.
const DANISH = TEXTS_BY_LANGUAGE.da.consent.claims;
export const WORDS: Readonly<Record<ListedClaim, string>> = DANISH;
// @ts-expect-error: a listed claim that the words do not have
export const WORDS_WITH_ONE_MORE: Readonly<Record<ListedClaim | 'email', string>> = DANISH;
// @ts-expect-error: a word that no claim has
export const WORDS_WITH_ONE_LESS: Readonly<Record<keyof typeof DANISH, string>> = without(DANISH, 'dk.cpr');

function without<T extends object, Name extends keyof T>(all: T, name: Name): Omit<T, Name> {
  const { [name]: _left, ...rest } = all;
  return rest;
}

const LANGUAGES: readonly Language[] = ['da', 'en'];
const CPR = '0107854386';
const WHOLE: Person = {
  id: '5e0c8a1e-6d0b-4c8e-9a53-0f3a8d1f5a11',
  givenName: 'Ida Marie',
  familyName: 'de la Cour Holm',
  birthdate: '1985-07-01',
  language: 'da',
  pid: '9208-2002-2-123456789012',
};
const PEOPLE: readonly Person[] = [
  WHOLE,
  { ...WHOLE, language: 'en', givenName: '', familyName: 'Suharto' },
  { ...WHOLE, givenName: 'Raghav', familyName: '' },
  { ...WHOLE, givenName: 'Anna von der Heide', familyName: '', nameIsWhole: true },
];

function subsetsOf<T>(all: readonly T[]): T[][] {
  return all.reduce<T[][]>((sets, one) => sets.flatMap((set) => [set, [...set, one]]), [[]]);
}

/** The claims in tokens and `/me` for this person and these scopes. */
function passedOn(person: Person, scopes: readonly string[], cpr: string | null) {
  return readClaims(person, { id: person.id, proofing: 'Substantial' }, cpr, listClaimsOfScopes(scopes));
}

const isPersonal = (name: string) => CLAIMS[name as ClaimName].personal;

/** The lines of the consent page as a person reads them, by label. */
function linesOf(html: string): Record<string, string> {
  const lines = [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)];
  return Object.fromEntries(lines.map(([, word = '', value = '']) => [word, value]));
}

function consentPage(language: Language, values: ReturnType<typeof passedOn>): string {
  const frame = {
    t: TEXTS_BY_LANGUAGE[language],
    language,
    languageSwitch: null,
    stylesheet: '/assets/x.css',
    contact: SAMPLE_CONTACT,
  };
  const request = { relyingParty: 'Prøve', logo: null, csrf: 'csrf', formsGoTo: '/login/x', form: 'form' };
  return renderPage(ConsentPage({ ...frame, ...request, values, purpose: null, offline: false }));
}

/** A value as the page writes it, which differs for some claims. */
function formatted(name: string, value: string, language: Language): string {
  if (name === 'birthdate') return writeDate(value, language);
  if (name === 'dk.cpr') return `${value.slice(0, 6)}-${value.slice(6)}`;
  return name === 'locale' ? ({ 'da-DK': 'dansk', 'en-GB': 'English' }[value] ?? value) : value;
}

describe('the consent page', () => {
  test('lists exactly what is passed on, for every set of scopes', () => {
    let pages = 0;
    for (const scopes of subsetsOf(SCOPES)) {
      for (const person of PEOPLE) {
        for (const cpr of [CPR, null]) {
          const values = passedOn(person, scopes, cpr);
          const { language } = person;
          const html = consentPage(language, values);
          const personal = Object.entries(values).filter(([name]) => isPersonal(name));
          const lines = linesOf(html);
          const expected = personal.flatMap(([name, value]) => {
            const claim = CLAIMS[name as ClaimName];
            // A part of another claim is in that claim's line.
            if ('partOf' in claim) {
              expect(values[claim.partOf]).toContain(value);
              return [];
            }
            return [
              [
                TEXTS_BY_LANGUAGE[language].consent.claims[name as ListedClaim],
                formatted(name, value, language),
              ],
            ];
          });
          expect([scopes, lines]).toEqual([scopes, Object.fromEntries(expected)]);
          const saysNothing = html.includes(TEXTS_BY_LANGUAGE[language].consent.nothing);
          expect([scopes, saysNothing]).toEqual([scopes, personal.length === 0]);
          pages += 1;
        }
      }
    }
    expect(pages).toBe(256);
  });

  test('never states that nothing is passed on when something is, with any earlier consent', () => {
    for (const scopes of subsetsOf(SCOPES).filter((some) => some.includes('openid'))) {
      for (const claims of [[], ['birthdate'], ['given_name', 'dk.cpr']]) {
        for (const hasCpr of [true, false]) {
          for (const isTrusted of [true, false]) {
            const needed = listScopesToConsent(
              { isTrusted, scopes, claims },
              { hasCpr, proofing: 'Substantial' },
            );
            for (const remembered of subsetsOf(SCOPES)) {
              const missing = findMissingConsent(needed, remembered);
              if (missing.length === 0) continue;
              const asked = scopesOnConsentPage(needed, missing);
              const listed = Object.keys(passedOn(WHOLE, asked, hasCpr ? CPR : null)).filter(isPersonal);
              // Everything that needs consent here: when the page has nothing new, together with what was
              // agreed to before.
              const all = Object.keys(passedOn(WHOLE, needed, hasCpr ? CPR : null)).filter(isPersonal);
              expect([needed, missing, listed.length > 0]).toEqual([needed, missing, all.length > 0]);
              expect(missing.every((scope) => asked.includes(scope))).toBe(true);
            }
          }
        }
      }
    }
  });
});

test('each listed claim has a word in both languages, and no word is without a claim', () => {
  for (const language of LANGUAGES) {
    expect(Object.keys(TEXTS_BY_LANGUAGE[language].consent.claims).sort()).toEqual([...LISTED_CLAIMS].sort());
  }
});

test('a claim that is not personal has the same value for two people with nothing in common', () => {
  const other: Person = {
    id: WHOLE.id,
    givenName: 'Bo',
    familyName: 'Åberg',
    birthdate: '2001-02-03',
    language: 'en',
    pid: '9208-2002-2-999999999999',
  };
  const [one, two] = [passedOn(WHOLE, SCOPES, CPR), passedOn(other, SCOPES, '0302014321')];
  for (const name of Object.keys(CLAIMS) as ClaimName[]) {
    expect([name, one[name] === two[name]]).toEqual([name, !isPersonal(name)]);
  }
});

test('of an ID with proofing Low no CPR number is passed on, and none is consented to', () => {
  const open = listClaimsOfScopes(SCOPES);
  const given = (proofing: ProofingLevel) => readClaims(WHOLE, { id: WHOLE.id, proofing }, CPR, open);
  expect([given('Low')['dk.cpr'], given('Low').proofing]).toEqual([undefined, LOW]);
  expect([given('Substantial')['dk.cpr'], given('Substantial').proofing]).toEqual([CPR, SUBSTANTIAL]);
  const asked = { isTrusted: true, scopes: ['openid', 'ssn'], claims: ['dk.cpr'] };
  expect(listScopesToConsent(asked, { hasCpr: true, proofing: 'Low' })).toEqual([]);
  expect(listScopesToConsent(asked, { hasCpr: true, proofing: 'Substantial' })).toEqual(['ssn']);
});

test('docs/reference/claims.md has the claims of each scope, and no others', () => {
  const rows = readFileSync('docs/reference/claims.md', 'utf8').matchAll(
    /^\|([^|]*)\|([^|]*)\|[^|]*\|[^|]*\|$/gm,
  );
  const namesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const documented: Record<string, string[]> = {};
  let scope = '';
  for (const [, scopeCell = '', claimsCell = ''] of rows) {
    scope = namesIn(scopeCell)[0] ?? scope;
    if (scope === '') continue;
    documented[scope] = [...(documented[scope] ?? []), ...namesIn(claimsCell)];
  }
  expect(documented).toEqual({ ...CLAIMS_BY_SCOPE, offline_access: [] });
});
