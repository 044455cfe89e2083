/** The pages of the desk about people who have an ID, in every state. */
import type { VNode } from 'preact';
import { DESK_ACTIONS } from '../../../domain/staff/desk.ts';
import type { StaffRole } from '../../../domain/staff/staff.ts';
import type { PersonView } from './viewPerson.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import type { PageName } from '../../../ui/pageNames.ts';
import { da } from '../../../ui/words/words.da.ts';
import {
  PersonNotFoundPage,
  PersonPage,
  type DeskFormOutcome,
  type DeskActionRefusal,
} from './person.page.tsx';
import { CasePage } from './case.page.tsx';
import type { CaseView } from './searchCase.ts';
import { SEARCH_KINDS, SearchPage } from './search.page.tsx';

interface SearchSample {
  readonly state: string;
  readonly render: (frame: PageFrame) => VNode;
}

type SearchedPage = Extract<PageName, 'desk-search' | 'desk-case' | 'desk-person' | 'desk-nobody'>;

const at = new Date('2026-11-24T09:40:00Z');
const composeSearchFrame = (role: StaffRole) => ({
  again: false,
  staff: { name: 'Dorte Dalgaard', role, csrf: 'csrf' },
});
const desk = composeSearchFrame('officer');

const factor = { name: '', since: at, countsFrom: null, lastUsedAt: null };

const person: PersonView = {
  identityId: 'anna',
  name: 'Anna Andersen',
  status: 'in_use',
  blockedAt: null,
  waitUntil: null,
  byFormerCpr: false,
  cprChange: 'offered',
  duplicates: [],
  isOneself: false,
  actions: [
    'sign-out-everywhere',
    'block-card',
    'block-security-keys',
    'block-code-token',
    'block-id',
    'new-card',
    'add-security-key',
    'temporary-password',
    'public-sites-off',
  ],
  details: {
    birthdate: '1985-07-01',
    idNumber: null,
    card: { cardNumber: 'A123-456-789', keysLeft: 21 },
    nextCard: null,
    otherFactors: [
      { ...factor, kind: 'code_token', name: 'NT-100234', state: 'counts' },
      { ...factor, kind: 'security_key', state: 'counts' },
      { ...factor, kind: 'security_key', state: 'waits', countsFrom: new Date('2026-11-25T12:05:00Z') },
    ],
    passwordOrdered: false,
    publicSites: 'on',
    hasEmail: true,
    address: { street: 'Prøvegade 1', postcode: '8900', city: 'Randers C' },
    issuedBy: { kind: 'borgerservice' },
    proofing: 'Substantial',
    obstacles: [],
    lastSignIn: new Date('2026-11-23T17:04:00Z'),
    letters: [
      { id: '2', kind: 'card', state: 'waiting', orderedAt: at, postOn: null, expected: null },
      {
        id: '1',
        kind: 'password',
        state: 'sent',
        orderedAt: new Date('2026-11-20T08:00:00Z'),
        postOn: '2026-11-23',
        expected: { from: '2026-11-30', to: '2026-12-07' },
      },
    ],
    history: [
      { id: '3', at, kind: 'card_ordered', by: 'system', reason: null },
      { id: '2', at, kind: 'identity_reopened', by: 'staff', reason: 'Var spærret ved en fejl' },
      { id: '1', at: new Date('2026-11-20T08:00:00Z'), kind: 'identity_blocked', by: 'person', reason: null },
    ],
  },
};
const composePersonSample = (
  given: Partial<PersonView>,
  role: StaffRole = 'officer',
  outcome: DeskFormOutcome | null = null,
) => ({
  ...composeSearchFrame(role),
  person: { ...person, ...given },
  searchPath: '/desk/search/1',
  outcome,
});
const searchTyped = {
  by: 'cpr',
  number: '',
  cardNumber: '',
  givenName: '',
  familyName: '',
  birthdate: '',
  reason: '',
};
const kinds = SEARCH_KINDS.filter((kind) => kind !== 'card');
const searchPage = { ...desk, kinds, faults: {}, form: 'f', limit: null };
const clerkSearchPage = { ...searchPage, ...composeSearchFrame('bank_clerk'), kinds: SEARCH_KINDS };

const bank = { kind: 'bank', name: { da: 'Gudenå Sparekasse', en: 'Gudenå Savings Bank' } } as const;

const foundCase: CaseView = {
  number: 'K7MP-3QXD',
  name: 'Anna Andersen',
  state: 'refused',
  isOrder: false,
  at,
  decidedAt: at,
  issuer: { kind: 'borgerservice' },
  reasons: null,
  applicationId: 'application',
};

function composeSearchSample(state: string, render: (frame: PageFrame) => VNode): SearchSample {
  return { state, render };
}

export const SEARCH_GALLERY: Record<SearchedPage, readonly SearchSample[]> = {
  'desk-search': [
    composeSearchSample('first', (frame) => SearchPage({ ...frame, ...searchPage, typed: searchTyped })),
    composeSearchSample('faults', (frame) => {
      const faults = { number: 'cpr_malformed', reason: 'reason_short' } as const;
      return SearchPage({ ...frame, ...searchPage, typed: { ...searchTyped, number: '12' }, faults });
    }),
    composeSearchSample('limit', (frame) => {
      const limit = { kind: 'look_up', most: 300, opensAt: at } as const;
      const typed = { ...searchTyped, number: '010785-4386', reason: 'Har mistet sit kort' };
      return SearchPage({ ...frame, ...searchPage, typed, limit });
    }),
    composeSearchSample('clerk', (frame) =>
      SearchPage({ ...frame, ...clerkSearchPage, typed: { ...searchTyped, by: 'card' } }),
    ),
    composeSearchSample('clerk-faults', (frame) => {
      const typed = {
        ...searchTyped,
        by: 'card',
        number: '010785-4386',
        cardNumber: '123',
        reason: 'Ny kunde',
      };
      return SearchPage({ ...frame, ...clerkSearchPage, typed, faults: { cardNumber: 'card_malformed' } });
    }),
  ],
  'desk-case': [
    ...(['waiting', 'issued', 'refused', 'withdrawn'] as const).map((state) =>
      composeSearchSample(state, (frame) => {
        const reasons = state === 'refused' ? (['no_identification', 'needs_interpreter'] as const) : [];
        return CasePage({ ...frame, ...desk, found: { ...foundCase, state, reasons } });
      }),
    ),
    composeSearchSample('order', (frame) => {
      const issuer = { kind: 'online' } as const;
      const found = { ...foundCase, state: 'issued', isOrder: true, issuer, applicationId: null } as const;
      return CasePage({ ...frame, ...composeSearchFrame('hotline'), found });
    }),
    composeSearchSample('hotline', (frame) => {
      const found = { ...foundCase, state: 'refused', issuer: bank, applicationId: null } as const;
      return CasePage({ ...frame, ...composeSearchFrame('hotline'), found });
    }),
  ],
  'desk-person': [
    composeSearchSample('in-use', (frame) => PersonPage({ ...frame, ...composePersonSample({}) })),
    composeSearchSample('locked', (frame) => {
      const opensAt = new Date('2026-11-24T17:40:00Z');
      const obstacles = [{ kind: 'password', opensAt } as const, { kind: 'keys', opensAt } as const];
      const history = [{ id: '4', at, kind: 'keys_locked', by: null, reason: null } as const];
      const details = { obstacles, history, lastSignIn: null };
      const actions = ['sign-out-everywhere', 'block-card', 'block-id'] as const;
      return PersonPage({ ...frame, ...composePersonSample({ details, actions }, 'hotline') });
    }),
    composeSearchSample('no-card', (frame) => {
      const obstacles = [{ kind: 'code_needed' } as const, { kind: 'no_card' } as const];
      const details = { ...person.details, card: null, obstacles, letters: [], history: [] };
      return PersonPage({ ...frame, ...composePersonSample({ details }) });
    }),
    composeSearchSample('blocked', (frame) =>
      PersonPage({
        ...frame,
        ...composePersonSample({ status: 'blocked', blockedAt: at, actions: ['reopen'] }),
      }),
    ),
    composeSearchSample('not-activated', (frame) => {
      const nextCard = { cardNumber: 'B987-654-321', expected: { from: '2026-12-01', to: '2026-12-08' } };
      const details = {
        ...person.details,
        idNumber: '123456789',
        card: null,
        nextCard,
        passwordOrdered: true,
        publicSites: 'under_15',
        hasEmail: false,
        address: 'registered',
      } as const;
      const given = {
        status: 'not_activated',
        details,
        actions: ['block-id', 'temporary-password'],
      } as const;
      return PersonPage({ ...frame, ...composePersonSample(given) });
    }),
    composeSearchSample('reopened', (frame) => {
      const details = {
        ...person.details,
        card: null,
        nextCard: { cardNumber: 'B987-654-321', expected: null },
        address: null,
        issuedBy: bank,
      };
      return PersonPage({ ...frame, ...composePersonSample({ status: 'awaits_password', details }) });
    }),
    composeSearchSample('hotline', (frame) =>
      PersonPage({
        ...frame,
        ...composePersonSample(
          { details: {}, waitUntil: at, actions: ['sign-out-everywhere', 'block-id', 'stop-activation'] },
          'hotline',
        ),
      }),
    ),
    composeSearchSample('oneself', (frame) =>
      PersonPage({ ...frame, ...composePersonSample({ isOneself: true, actions: [] }) }),
    ),
    composeSearchSample('cpr-waits', (frame) =>
      PersonPage({ ...frame, ...composePersonSample({ cprChange: 'waits' }) }),
    ),
    composeSearchSample('cpr-proposed', (frame) =>
      PersonPage({ ...frame, ...composePersonSample({ cprChange: 'waits' }, 'officer', 'cpr_proposed') }),
    ),
    composeSearchSample('former-cpr', (frame) =>
      PersonPage({ ...frame, ...composePersonSample({ byFormerCpr: true }) }),
    ),
    composeSearchSample('duplicate', (frame) => {
      const duplicates = [
        { identityId: '2', name: 'Anna Andersen', birthdate: '1985-07-01', status: 'not_activated' },
      ] as const;
      return PersonPage({ ...frame, ...composePersonSample({ duplicates }) });
    }),
    composeSearchSample('not-proofed', (frame) => {
      const details = { ...person.details, proofing: 'Low', issuedBy: { kind: 'online' } } as const;
      const actions = [...person.actions, 'proof-identity'] as const;
      return PersonPage({ ...frame, ...composePersonSample({ details, actions }) });
    }),
    composeSearchSample('by-card', (frame) => {
      const given = { details: { proofing: 'Low' }, actions: ['proof-identity'], cprChange: null } as const;
      return PersonPage({ ...frame, ...composePersonSample(given, 'bank_clerk') });
    }),
    composeSearchSample('by-card-done', (frame) => {
      const given = { details: { proofing: 'Substantial' }, actions: [], cprChange: null } as const;
      const outcome = { action: 'proof-identity', outcome: 'done' } as const;
      return PersonPage({ ...frame, ...composePersonSample(given, 'bank_clerk', outcome) });
    }),
    composeSearchSample('nothing', (frame) =>
      PersonPage({ ...frame, ...composePersonSample({ actions: [] }) }),
    ),
    composeSearchSample('has-id', (frame) =>
      PersonPage({ ...frame, ...composePersonSample({}, 'officer', 'has_id') }),
    ),
    ...DESK_ACTIONS.map((action) =>
      composeSearchSample(`done-${action}`, (frame) =>
        PersonPage({ ...frame, ...composePersonSample({}, 'officer', { action, outcome: 'done' }) }),
      ),
    ),
    ...(
      ['gone', 'proposed', 'already_proposed', ...Object.keys(da.deskSearch.action.refused)] as (
        | 'gone'
        | 'proposed'
        | 'already_proposed'
        | DeskActionRefusal
      )[]
    ).map((outcome) =>
      composeSearchSample(`refused-${outcome.replaceAll('_', '-')}`, (frame) =>
        PersonPage({ ...frame, ...composePersonSample({}, 'officer', { action: 'new-card', outcome }) }),
      ),
    ),
  ],
  'desk-nobody': [
    composeSearchSample('nobody', (frame) => PersonNotFoundPage({ ...frame, ...desk, isOver: false })),
    composeSearchSample('over', (frame) => PersonNotFoundPage({ ...frame, ...desk, isOver: true })),
  ],
};
