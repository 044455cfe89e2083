/** The pages of the desk about people who have an ID, in every state that they have. */
import type { VNode } from 'preact';
import { DESK_DEEDS } from '../../../core/desk.ts';
import { DEFAULT_KINDS } from '../../../core/issuing/identification.ts';
import type { Role } from '../../../core/staff.ts';
import type { PersonSeen } from '../../../usecases/desk/viewPerson.ts';
import type { Frame } from '../../layout.tsx';
import type { PageName } from '../pageNames.ts';
import { da } from '../../text/da.ts';
import { DeedPage, OwnIdPage } from './deed.tsx';
import { NobodyPage, PersonPage, type Came, type DeedRefusal } from './person.tsx';
import { SearchPage } from './search.tsx';

interface Sample {
  readonly state: string;
  readonly render: (frame: Frame) => VNode;
}

type SearchedPage = Extract<
  PageName,
  'desk-search' | 'desk-person' | 'desk-nobody' | 'desk-deed' | 'desk-own-id'
>;

const at = new Date('2026-11-24T09:40:00Z');
const as = (role: Role) => ({ again: false, staff: { name: 'Dorte Dalgaard', role, csrf: 'csrf' } });
const desk = as('officer');

const person: PersonSeen = {
  identityId: 'anna',
  name: 'Anna Andersen',
  standing: 'in_use',
  blockedAt: null,
  waitUntil: null,
  byFormerCpr: false,
  cprChange: 'offered',
  duplicates: [],
  isOneself: false,
  actions: [
    'sign-out-everywhere',
    'block-card',
    'block-id',
    'new-card',
    'temporary-password',
    'public-sites-off',
  ],
  details: {
    birthdate: '1985-07-01',
    idNumber: null,
    card: { cardNumber: 'A123-456-789', keysLeft: 21 },
    coming: null,
    passwordOrdered: false,
    publicSites: 'on',
    hasEmail: true,
    address: { street: 'Prøvegade 1', postcode: '8900', city: 'Randers C' },
    issuedBy: { kind: 'borgerservice' },
  },
};
const personAs = (given: Partial<PersonSeen>, role: Role = 'officer', came: Came | null = null) => ({
  ...as(role),
  person: { ...person, ...given },
  searchPath: '/desk/search/1',
  came,
});
const searchTyped = { by: 'cpr', number: '', givenName: '', familyName: '', birthdate: '', reason: '' };
const searchPage = { ...desk, faults: {}, form: 'f', limit: null };
const deedTyped = { reason: '', idKind: '', idNumber: '', idExpires: '', matches: '' };
const deedPage = {
  ...desk,
  name: person.name,
  searchPath: '/desk/search/1',
  kinds: DEFAULT_KINDS,
  form: 'form',
  limit: null,
};

const bank = { kind: 'bank', name: { da: 'Gudenå Sparekasse', en: 'Gudenå Savings Bank' } } as const;

function sample(state: string, render: (frame: Frame) => VNode): Sample {
  return { state, render };
}

export const SEARCH_GALLERY: Record<SearchedPage, readonly Sample[]> = {
  'desk-search': [
    sample('first', (frame) => SearchPage({ ...frame, ...searchPage, typed: searchTyped })),
    sample('faults', (frame) => {
      const faults = { number: 'cpr_malformed', reason: 'reason_short' } as const;
      return SearchPage({ ...frame, ...searchPage, typed: { ...searchTyped, number: '12' }, faults });
    }),
    sample('limit', (frame) => {
      const limit = { kind: 'look_up', most: 300, opensAt: at } as const;
      const typed = { ...searchTyped, number: '010785-4386', reason: 'Har mistet sit kort' };
      return SearchPage({ ...frame, ...searchPage, typed, limit });
    }),
  ],
  'desk-person': [
    sample('in-use', (frame) => PersonPage({ ...frame, ...personAs({}) })),
    sample('blocked', (frame) =>
      PersonPage({ ...frame, ...personAs({ standing: 'blocked', blockedAt: at, actions: ['reopen'] }) }),
    ),
    sample('not-activated', (frame) => {
      const coming = { cardNumber: 'B987-654-321', expected: { from: '2026-12-01', to: '2026-12-08' } };
      const details = {
        ...person.details,
        idNumber: '123456789',
        card: null,
        coming,
        passwordOrdered: true,
        publicSites: 'under_15',
        hasEmail: false,
        address: 'registered',
      } as const;
      const given = {
        standing: 'not_activated',
        details,
        actions: ['block-id', 'temporary-password'],
      } as const;
      return PersonPage({ ...frame, ...personAs(given) });
    }),
    sample('reopened', (frame) => {
      const details = {
        ...person.details,
        card: null,
        coming: { cardNumber: 'B987-654-321', expected: null },
        address: null,
        issuedBy: bank,
      };
      return PersonPage({ ...frame, ...personAs({ standing: 'awaits_password', details }) });
    }),
    sample('hotline', (frame) =>
      PersonPage({
        ...frame,
        ...personAs(
          { details: {}, waitUntil: at, actions: ['sign-out-everywhere', 'block-id', 'stop-activation'] },
          'hotline',
        ),
      }),
    ),
    sample('oneself', (frame) => PersonPage({ ...frame, ...personAs({ isOneself: true, actions: [] }) })),
    sample('cpr-waits', (frame) => PersonPage({ ...frame, ...personAs({ cprChange: 'waits' }) })),
    sample('cpr-proposed', (frame) =>
      PersonPage({ ...frame, ...personAs({ cprChange: 'waits' }, 'officer', 'cpr_proposed') }),
    ),
    sample('former-cpr', (frame) => PersonPage({ ...frame, ...personAs({ byFormerCpr: true }) })),
    sample('duplicate', (frame) => {
      const duplicates = [
        { identityId: '2', name: 'Anna Andersen', birthdate: '1985-07-01', standing: 'not_activated' },
      ] as const;
      return PersonPage({ ...frame, ...personAs({ duplicates }) });
    }),
    sample('nothing', (frame) => PersonPage({ ...frame, ...personAs({ actions: [] }) })),
    sample('has-id', (frame) => PersonPage({ ...frame, ...personAs({}, 'officer', 'has_id') })),
    ...DESK_DEEDS.map((deed) =>
      sample(`done-${deed}`, (frame) =>
        PersonPage({ ...frame, ...personAs({}, 'officer', { deed, came: 'done' }) }),
      ),
    ),
    ...(
      ['gone', 'proposed', 'already_proposed', ...Object.keys(da.deskSearch.deed.refused)] as (
        | 'gone'
        | 'proposed'
        | 'already_proposed'
        | DeedRefusal
      )[]
    ).map((came) =>
      sample(`refused-${came.replaceAll('_', '-')}`, (frame) =>
        PersonPage({ ...frame, ...personAs({}, 'officer', { deed: 'new-card', came }) }),
      ),
    ),
  ],
  'desk-nobody': [
    sample('nobody', (frame) => NobodyPage({ ...frame, ...desk, isOver: false })),
    sample('over', (frame) => NobodyPage({ ...frame, ...desk, isOver: true })),
  ],
  'desk-deed': [
    ...DESK_DEEDS.map((deed) =>
      sample(deed, (frame) => DeedPage({ ...frame, ...deedPage, deed, typed: deedTyped, faults: {} })),
    ),
    sample('faults', (frame) => {
      const faults = { idExpires: 'expired', matches: 'not_matching', reason: 'reason_number' } as const;
      return DeedPage({ ...frame, ...deedPage, deed: 'reopen', typed: deedTyped, faults });
    }),
    sample('limit', (frame) => {
      const limit = { kind: 'block', most: 20, opensAt: at } as const;
      const typed = { ...deedTyped, reason: 'Har mistet sit kort' };
      return DeedPage({ ...frame, ...deedPage, deed: 'block-card', typed, faults: {}, limit });
    }),
  ],
  'desk-own-id': [sample('first', (frame) => OwnIdPage({ ...frame, ...desk, languageSwitch: null }))],
};
