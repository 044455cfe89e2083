/** The pages of the desk about getting an ID, in every state. */
import type { VNode } from 'preact';
import { REFUSAL_REASONS, type RefusalReason } from '../../../domain/issuing/application.ts';
import { BLANK_DESK_FORM, type DeskFormInput } from '../../../domain/issuing/deskForm.ts';
import { DEFAULT_KINDS } from '../../../domain/issuing/identification.ts';
import type { StaffRole } from '../../../domain/staff/staff.ts';
import type { PersonView } from '../search/viewPerson.ts';
import type { ApplicationSubmission } from '../../issuing/index.ts';
import { writeDate } from '../../../ui/language.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import type { PageName } from '../../../ui/pageNames.ts';
import { HasIdPage, IssuePage, ReturnedFormPage, SimilarPeoplePage } from './issue.page.tsx';
import { IssueCheckPage } from './issueCheck.page.tsx';

export interface IssueSample {
  readonly state: string;
  readonly render: (frame: PageFrame) => VNode;
}

type IssuingPage = Extract<PageName, `desk-issue${string}` | 'desk-looks-like' | 'desk-has-id' | 'desk-kept'>;

export const at = new Date('2026-11-24T09:40:00Z');
const composeIssueFrame = (role: StaffRole) => ({
  again: false,
  staff: { name: 'Dorte Dalgaard', role, csrf: 'csrf' },
});
export const desk = composeIssueFrame('officer');

const typed: DeskFormInput = {
  ...BLANK_DESK_FORM,
  reason: 'Vil have et ID',
  cpr: '010785-4386',
  givenName: 'Anna',
  familyName: 'Andersen',
  idKind: 'passport',
  idNumber: '201234567',
  idExpires: '24-11-2031',
  valid: 'yes',
  theirs: 'yes',
  understands: 'yes',
  alone: 'yes',
  terms: 'yes',
  publicSites: 'yes',
};
export const submission: ApplicationSubmission = {
  id: '0b1f8f2e-6a59-4a52-9a51-1a4f4f6f3a10',
  application: {
    path: 'desk',
    applicant: {
      cpr: '0107854386',
      givenName: 'Anna',
      familyName: 'Andersen',
      birthdate: '1985-07-01',
      language: 'da',
      cardFormat: 'standard',
      email: 'anna@mail.example',
      address: { street: 'Prøvegade 1', postcode: '8900', city: 'Randers C' },
    },
    identification: { kind: 'passport', number: '201234567', expiresOn: '2031-11-24' },
    identificationMatches: true,
    withoutInterpreter: true,
    operatesAlone: true,
    terms: { version: '2026-11-30', language: 'da' },
    publicSites: true,
    guardian: null,
    register: 'active',
    addressFrom: 'register',
  },
  officerId: 'dorte',
  issuedBy: 'borgerservice',
  isSomebodyElse: false,
  addressProtected: false,
};
export const applicantAddress: ApplicationSubmission = {
  ...submission,
  application: { ...submission.application, addressFrom: 'applicant' },
};
const formState = { application: submission.id, csrf: 'csrf', typed };
const issuePage = {
  ...desk,
  ...formState,
  faults: {},
  kinds: DEFAULT_KINDS,
  nameDiffers: false,
  limit: null,
};
const granted = {
  kind: 'granted',
  publicSites: true,
  proofing: 'Substantial',
  needsSecondOfficer: false,
} as const;
const checkPage = {
  ...desk,
  ...formState,
  submission,
  verdict: granted,
  foreseen: { kind: 'by_rules' } as const,
  noteFault: null,
  isRegisteredName: false,
  kinds: DEFAULT_KINDS,
};
const knownPerson: PersonView = {
  identityId: 'anna',
  name: 'Anna Andersen',
  status: 'in_use',
  blockedAt: null,
  waitUntil: null,
  byFormerCpr: false,
  cprChange: null,
  duplicates: [],
  isOneself: false,
  actions: [],
  details: {},
};
export function composeIssueSample(state: string, render: (frame: PageFrame) => VNode): IssueSample {
  return { state, render };
}

export const ISSUE_GALLERY: Record<IssuingPage, readonly IssueSample[]> = {
  'desk-issue': [
    composeIssueSample('first', (frame) => IssuePage({ ...frame, ...issuePage, typed: BLANK_DESK_FORM })),
    composeIssueSample('faults', (frame) => {
      const faults = {
        reason: 'reason_short',
        cpr: 'cpr_malformed',
        idKind: 'kind_unknown',
        publicSites: 'public_sites_missing',
      } as const;
      return IssuePage({ ...frame, ...issuePage, typed: BLANK_DESK_FORM, faults });
    }),
    composeIssueSample('name-differs', (frame) => {
      const faults = { givenName: 'name_differs' } as const;
      return IssuePage({ ...frame, ...issuePage, faults, nameDiffers: true });
    }),
    composeIssueSample('limit', (frame) => {
      const limit = { kind: 'look_up', most: 300, opensAt: at } as const;
      return IssuePage({ ...frame, ...issuePage, limit });
    }),
  ],
  'desk-issue-check': [
    composeIssueSample('granted', (frame) => IssueCheckPage({ ...frame, ...checkPage })),
    composeIssueSample('register-name', (frame) =>
      IssueCheckPage({ ...frame, ...checkPage, isRegisteredName: true }),
    ),
    composeIssueSample('waits', (frame) => {
      const verdict = { ...granted, publicSites: false, needsSecondOfficer: true };
      return IssueCheckPage({ ...frame, ...checkPage, submission: applicantAddress, verdict });
    }),
    composeIssueSample('refused', (frame) => {
      const verdict = { kind: 'refused', reasons: Object.keys(REFUSAL_REASONS) as RefusalReason[] } as const;
      return IssueCheckPage({ ...frame, ...checkPage, verdict });
    }),
    composeIssueSample('note-fault', (frame) => {
      const verdict = { kind: 'refused', reasons: ['no_address'] } as const;
      const noted = { ...typed, note: 'Borgeren har CPR-nummer 010785-4386.' };
      return IssueCheckPage({ ...frame, ...checkPage, typed: noted, verdict, noteFault: 'reason_number' });
    }),
    composeIssueSample('has-id', (frame) => {
      const actions = ['public-sites-on', 'new-card', 'temporary-password'] as const;
      const known = { searchPath: '/desk/search/1', person: knownPerson, actions };
      return IssueCheckPage({ ...frame, ...checkPage, foreseen: { kind: 'has_id', known } });
    }),
    composeIssueSample('blocked-id', (frame) => {
      const blocked = { ...knownPerson, status: 'blocked' } as const;
      const known = { searchPath: '/desk/search/1', person: blocked, actions: ['reopen'] as const };
      return IssueCheckPage({ ...frame, ...checkPage, foreseen: { kind: 'has_id', known } });
    }),
    composeIssueSample('clerk', (frame) => {
      const clerk = composeIssueFrame('bank_clerk');
      return IssueCheckPage({ ...frame, ...checkPage, ...clerk, foreseen: { kind: 'has_id', known: null } });
    }),
    ...(['looks_like', 'for_borgerservice', 'another_waits'] as const).map((kind) =>
      composeIssueSample(kind.replaceAll('_', '-'), (frame) =>
        IssueCheckPage({ ...frame, ...checkPage, foreseen: { kind } }),
      ),
    ),
  ],
  'desk-looks-like': [false, true].map((isMissing) =>
    composeIssueSample(isMissing ? 'missing' : 'first', (frame) => {
      const people = ['1985-07-01', '1985-07-01'].map((born, i) => {
        return {
          identityId: String(i),
          name: 'Anna Andersen',
          born: writeDate(born, frame.language),
          status: 'in_use' as const,
        };
      });
      return SimilarPeoplePage({ ...frame, ...desk, ...formState, people, isMissing });
    }),
  ),
  'desk-has-id': [
    composeIssueSample('has-id', (frame) =>
      HasIdPage({ ...frame, ...composeIssueFrame('bank_clerk'), kind: 'has_id' }),
    ),
    composeIssueSample('maybe', (frame) =>
      HasIdPage({ ...frame, ...composeIssueFrame('bank_clerk'), kind: 'maybe' }),
    ),
    composeIssueSample('another-waits', (frame) => HasIdPage({ ...frame, ...desk, kind: 'waits' })),
  ],
  'desk-kept': (['signed_out', 'busy', 'unavailable'] as const).map((why) =>
    composeIssueSample(why, (frame) =>
      ReturnedFormPage({ ...frame, languageSwitch: null, why, values: { step: 'send', ...typed } }),
    ),
  ),
};
