/** The pages of the sign-in to first-party clients and of the desk, in every state. */
import type { VNode } from 'preact';
import { DESK_CLIENT, SELF_SERVICE_CLIENT } from '../../domain/relyingParty/firstPartyClient.ts';
import { permissionsOf, STAFF_ROLES } from '../../domain/staff/staff.ts';
import type { ListedStaff } from './staff/readStaff.ts';
import { listDeskLinks } from './links.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import type { PageName } from '../../ui/pageNames.ts';
import { ContinueHerePage } from '../../ui/pages/continueHere.page.tsx';
import { NotSignedInPage, SignedOutPage, TimedOutPage } from '../firstPartyClients/index.ts';
import { DeskHomePage } from './home.page.tsx';
import { NoRolePage, NotYourRolePage } from './refused.page.tsx';
import { StaffEndPage } from './staff/staffEnd.page.tsx';
import { STAFF_DONE, StaffPage, type StaffError } from './staff/staff.page.tsx';

interface DeskSample {
  readonly state: string;
  readonly render: (frame: PageFrame) => VNode;
}

type FirstPartyPage = Extract<
  PageName,
  `site-${string}` | 'desk-home' | `desk-staff${string}` | 'no-role' | 'not-your-role'
>;

const at = new Date('2026-11-24T09:40:00Z');
const desk = { again: false, staff: { name: 'Erik Elm', role: 'operator', csrf: 'csrf' } } as const;
const base = {
  bank: null,
  bankName: null,
  isBankOpen: true,
  proposedAt: at,
  approvedAt: at,
  endProposedBy: null,
  endProposedByName: null,
  hasSecurityKey: true,
};
const members: readonly ListedStaff[] = [
  {
    ...base,
    id: '1',
    identityId: 'bodil',
    name: 'Bodil Bruun',
    userId: 'bodil-bruun',
    role: 'bank_clerk',
    bank: 'demo-netbank',
    bankName: { da: 'Gudenå Sparekasse', en: 'Gudenå Savings Bank' },
    proposedBy: 'elna',
    proposedByName: 'Elna Elkær',
    approvedByName: null,
    approvedAt: null,
  },
  {
    ...base,
    id: '2',
    identityId: 'hans',
    name: 'Hans Holm',
    userId: 'hans-holm',
    hasSecurityKey: false,
    role: 'hotline',
    proposedBy: 'erik',
    proposedByName: 'Erik Elm',
    approvedByName: null,
    approvedAt: null,
  },
  {
    ...base,
    id: '7',
    identityId: 'birk',
    name: 'Birk Bang',
    userId: 'birk-bang',
    role: 'bank_clerk',
    bank: 'a-bank',
    bankName: { da: 'Susåens Bank', en: 'The Bank of Susaa' },
    isBankOpen: false,
    proposedBy: 'erik',
    proposedByName: 'Erik Elm',
    approvedByName: 'Elna Elkær',
  },
  {
    ...base,
    id: '3',
    identityId: 'dorte',
    name: 'Dorte Dal',
    userId: 'dorte-dal',
    role: 'officer',
    proposedBy: 'erik',
    proposedByName: 'Erik Elm',
    approvedByName: 'Elna Elkær',
    endProposedBy: 'elna',
    endProposedByName: 'Elna Elkær',
  },
  {
    ...base,
    id: '5',
    identityId: 'olga',
    name: 'Olga Olesen',
    userId: 'olga-olesen',
    role: 'officer',
    proposedBy: 'elna',
    proposedByName: 'Elna Elkær',
    approvedByName: 'Erik Elm',
    endProposedBy: 'erik',
    endProposedByName: 'Erik Elm',
  },
  {
    ...base,
    id: '6',
    identityId: 'elna',
    name: 'Elna Elkær',
    userId: 'elna-elkaer',
    role: 'operator',
    proposedBy: null,
    proposedByName: null,
    approvedByName: null,
  },
  {
    ...base,
    id: '4',
    identityId: 'erik',
    name: 'Erik Elm',
    userId: 'erik-elm',
    role: 'operator',
    proposedBy: null,
    proposedByName: null,
    approvedByName: null,
  },
];
const staffPage = {
  ...desk,
  staffId: 'erik',
  permissions: permissionsOf('operator'),
  members,
  banks: [{ clientId: 'demo-netbank', name: { da: 'Gudenå Sparekasse', en: 'Gudenå Savings Bank' } }],
  typed: { userId: '', role: null, bank: '' },
  error: null,
  done: null,
};
/** One error of each field, and one of the list: the others differ only in their words. */
const ERRORS: readonly StaffError[] = [
  'unknown_user',
  'looks_alike',
  'role_missing',
  'bank_missing',
  'too_few_operators',
  'over_limit',
];
const typed = { userId: 'bodil', role: 'bank_clerk', bank: '' } as const;
const composeHomeSample = (role: (typeof STAFF_ROLES)[number]) => ({
  staff: { ...desk.staff, role },
  links: listDeskLinks({ permissions: permissionsOf(role) }),
  again: false,
});

export const DESK_GALLERY: Record<FirstPartyPage, readonly DeskSample[]> = {
  'site-continue': [
    {
      state: 'first',
      render: (frame) =>
        ContinueHerePage({
          ...frame,
          site: SELF_SERVICE_CLIENT,
          name: 'Anna Kirstine Vestergaard',
          action: '/x',
        }),
    },
  ],
  'site-not-signed-in': [
    {
      state: 'first',
      render: (frame) => NotSignedInPage({ ...frame, languageSwitch: null, site: DESK_CLIENT }),
    },
  ],
  'site-signed-out': [
    {
      state: 'first',
      render: (frame) => SignedOutPage({ ...frame, site: DESK_CLIENT, isStillSignedIn: false }),
    },
    {
      state: 'still-signed-in',
      render: (frame) => SignedOutPage({ ...frame, site: DESK_CLIENT, isStillSignedIn: true }),
    },
  ],
  'site-timed-out': [false, true].map((isSignedIn) => ({
    state: isSignedIn ? 'another tab in use' : 'first',
    render: (frame: PageFrame) =>
      TimedOutPage({ ...frame, site: DESK_CLIENT, backTo: DESK_CLIENT.path, isSignedIn }),
  })),
  'desk-home': [
    ...STAFF_ROLES.map((role) => ({
      state: role,
      render: (frame: PageFrame) => DeskHomePage({ ...frame, ...composeHomeSample(role) }),
    })),
    {
      state: 'again',
      render: (frame) => DeskHomePage({ ...frame, ...composeHomeSample('operator'), again: true }),
    },
  ],
  'desk-staff': [
    { state: 'first', render: (frame) => StaffPage({ ...frame, ...staffPage }) },
    ...STAFF_DONE.map((done) => ({
      state: done.replace('P', '-p'),
      render: (frame: PageFrame) => StaffPage({ ...frame, ...staffPage, done }),
    })),
    ...ERRORS.map((error) => ({
      state: error,
      render: (frame: PageFrame) => StaffPage({ ...frame, ...staffPage, typed, error }),
    })),
  ],
  'desk-staff-end': members
    .filter(({ identityId, endProposedBy }) => identityId !== 'erik' && endProposedBy !== 'erik')
    .map((one) => ({
      state: one.identityId,
      render: (frame: PageFrame) => StaffEndPage({ ...frame, ...desk, one }),
    })),
  'no-role': [
    {
      state: 'first',
      render: (frame) =>
        NoRolePage({
          ...frame,
          languageSwitch: null,
          name: 'Anna Andersen',
          csrf: 'csrf',
          isPaused: false,
        }),
    },
    {
      state: 'paused',
      render: (frame) =>
        NoRolePage({
          ...frame,
          languageSwitch: null,
          name: 'Dorte Dal',
          csrf: 'csrf',
          isPaused: true,
        }),
    },
  ],
  'not-your-role': [
    { state: 'first', render: (frame) => NotYourRolePage({ ...frame, ...desk, languageSwitch: null }) },
  ],
};
