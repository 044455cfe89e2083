/** The pages about applications and the written decision, in every state. */
import type { RefusalReason } from '../../../domain/issuing/application.ts';
import { DEFAULT_KINDS } from '../../../domain/issuing/identification.ts';
import type { PageName } from '../../../ui/pageNames.ts';
import type { ApplicationSubmission } from '../../issuing/index.ts';
import {
  applicantAddress,
  at,
  composeIssueSample,
  desk,
  submission,
  type IssueSample,
} from '../issue/samples.tsx';
import { ApplicationPage } from './application.page.tsx';
import type { ApplicationView } from './applications.ts';
import { DecisionPage } from './decision.page.tsx';
import { WAITING_OUTCOMES, WaitingOnePage, WaitingOrderPage, WaitingPage } from './waiting.page.tsx';

type ApplicationsPage = Extract<PageName, `desk-waiting${string}` | 'desk-application' | 'desk-decision'>;

const refusedFor: readonly RefusalReason[] = ['no_identification', 'needs_interpreter'];
const seen: ApplicationView = {
  id: submission.id,
  number: 'K7MP-3QXD',
  state: 'issued',
  submission,
  reasons: [],
  issuer: { kind: 'borgerservice' },
  lookalikes: [],
  at,
  decidedAt: at,
  decidedBy: 'Dorte Dalgaard',
  expected: { from: '2026-12-01', to: '2026-12-09' },
};
const bank = { kind: 'bank', name: { da: 'Gudenå Sparekasse', en: 'Gudenå Savings Bank' } } as const;
const composeApplicantSample = (
  given: Partial<ApplicationSubmission['application']['applicant']>,
): ApplicationView => ({
  ...seen,
  submission: {
    ...submission,
    application: { ...submission.application, applicant: { ...submission.application.applicant, ...given } },
  },
});

export const APPLICATIONS_GALLERY: Record<ApplicationsPage, readonly IssueSample[]> = {
  'desk-application': [
    composeIssueSample('issued', (frame) => ApplicationPage({ ...frame, ...desk, application: seen })),
    composeIssueSample('under-15', (frame) =>
      ApplicationPage({
        ...frame,
        ...desk,
        application: composeApplicantSample({ birthdate: '2014-05-02' }),
      }),
    ),
    composeIssueSample('no-cpr', (frame) =>
      ApplicationPage({
        ...frame,
        ...desk,
        application: composeApplicantSample({ cpr: null, language: 'en' }),
      }),
    ),
    ...(['waiting', 'refused', 'withdrawn'] as const).map((state) =>
      composeIssueSample(state, (frame) => {
        const reasons = state === 'refused' ? refusedFor : [];
        return ApplicationPage({ ...frame, ...desk, application: { ...seen, state, reasons } });
      }),
    ),
  ],
  'desk-decision': [
    composeIssueSample('borgerservice', (frame) => {
      return DecisionPage({
        ...frame,
        ...desk,
        application: { ...seen, state: 'refused', reasons: refusedFor },
      });
    }),
    composeIssueSample('bank-english', (frame) => {
      const application = {
        ...composeApplicantSample({ language: 'en' }),
        state: 'refused',
        issuer: bank,
      } as const;
      return DecisionPage({ ...frame, ...desk, application: { ...application, reasons: refusedFor } });
    }),
  ],
  'desk-waiting': [
    composeIssueSample('none', (frame) =>
      WaitingPage({
        ...frame,
        ...desk,
        waiting: [],
        cprChanges: null,
        duplicates: [],
        form: 'f',
        outcome: null,
      }),
    ),
    ...[null, ...WAITING_OUTCOMES].map((outcome) =>
      composeIssueSample(outcome === null ? 'some' : outcome.toLowerCase(), (frame) => {
        const waiting = [
          { id: '1', name: 'Anna Andersen', at, isOwn: false },
          { id: '2', name: 'Bent Bertelsen', at, isOwn: true },
        ];
        const people = (['1', '2'] as const).map((identityId) => {
          return {
            identityId,
            name: 'Clara Christoffersen',
            birthdate: '1992-11-03',
            status: 'in_use' as const,
          };
        });
        const duplicates = [{ at, people }];
        return WaitingPage({
          ...frame,
          ...desk,
          waiting,
          cprChanges: waiting,
          duplicates,
          form: 'f',
          outcome,
        });
      }),
    ),
  ],
  'desk-waiting-one': [
    composeIssueSample('first', (frame) => {
      const application = { ...seen, state: 'waiting', submission: applicantAddress } as const;
      return WaitingOnePage({ ...frame, ...desk, application, kinds: DEFAULT_KINDS });
    }),
  ],
  'desk-waiting-order': [false, true].map((isMissing) =>
    composeIssueSample(isMissing ? 'missing' : 'first', (frame) => {
      const lookalikes = [
        { identityId: '1', name: 'Anna Andersen', birthdate: '1985-07-01', status: 'in_use' as const },
      ];
      const application = { ...seen, state: 'waiting', lookalikes } as const;
      return WaitingOrderPage({ ...frame, ...desk, application, kinds: DEFAULT_KINDS, isMissing });
    }),
  ),
};
