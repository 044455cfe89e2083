/** The pages of the desk about another CPR number, in every state. */
import type { VNode } from 'preact';
import { DEFAULT_KINDS } from '../../../domain/issuing/identification.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import { da } from '../../../ui/words/words.da.ts';
import { CprFormPage, CprReviewPage, type CprFormFault } from './cprChange.page.tsx';

interface CprSample {
  readonly state: string;
  readonly render: (frame: PageFrame) => VNode;
}

const desk = {
  again: false,
  staff: { name: 'Dorte Dalgaard', role: 'officer', csrf: 'csrf' },
  kinds: DEFAULT_KINDS,
} as const;
const typed = { cpr: '', correction: '', idKind: '', idNumber: '', idExpires: '', idMatches: '', reason: '' };
const formPage = {
  ...desk,
  name: 'Anna Andersen',
  searchPath: '/desk/search/1',
  typed,
  form: 'form',
  limit: null,
};
const change = {
  name: 'Anna Andersen',
  idNumber: '123456789',
  birthdate: '1985-07-01',
  cpr: '0207854387',
  newBirthdate: '1985-07-02',
  isCorrection: false,
  reason: 'Fødselsdatoen var forkert',
  identification: { kind: 'passport', number: '201234567', expiresOn: '2031-11-24' },
} as const;

export const CPR_GALLERY: Record<'desk-cpr-form' | 'desk-cpr-look', readonly CprSample[]> = {
  'desk-cpr-form': [
    { state: 'first', render: (frame) => CprFormPage({ ...frame, ...formPage, faults: {} }) },
    ...(Object.keys(da.deskCpr.faults) as CprFormFault[]).map((fault) => ({
      state: fault.replaceAll('_', '-'),
      render: (frame: PageFrame) => CprFormPage({ ...frame, ...formPage, faults: { cpr: fault } }),
    })),
    {
      state: 'faults',
      render: (frame) => {
        const faults = { idExpires: 'expired', idMatches: 'not_matching', reason: 'reason_number' } as const;
        return CprFormPage({ ...frame, ...formPage, faults });
      },
    },
  ],
  'desk-cpr-look': ['Anna Andersen', null].map((registeredName) => ({
    state: registeredName ? 'registered' : 'not-registered',
    render: (frame: PageFrame) => {
      const isCorrection = registeredName === null;
      return CprReviewPage({ ...frame, ...desk, change: { ...change, isCorrection, registeredName } });
    },
  })),
};
