/** The pages of an activation, and the terms, in each of their states. */
import type { VNode } from 'preact';
import { locateKey } from '../../domain/card/cardLayout.ts';
import type { CredentialChoiceFaults, ActivationMessage } from '../../domain/issuing/activation.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import type { PageName } from '../../ui/pageNames.ts';
import { da } from '../../ui/words/words.da.ts';
import { TermsPage } from '../../ui/terms.tsx';
import { ActivateChoosePage } from './choose.page.tsx';
import { ActivateEmailPage } from './email.page.tsx';
import { ActivateKeyPage, ActivateLockedPage } from './key.page.tsx';
import { ActivatePage } from './start.page.tsx';
import { ActivateSecurityKeyPage } from './securityKey.page.tsx';
import { ActivateDonePage, ActivateMessagePage } from './message.page.tsx';

type ActivationSamples = readonly { readonly state: string; readonly render: (frame: PageFrame) => VNode }[];

const csrf = 'csrf';
const sampleNonce = 'A'.repeat(43);
const challenge = { csrf, cardNumber: 'A123456789', keyNumber: '0087', place: locateKey(3, 'standard') };
const opensAt = new Date('2026-11-24T13:05:00Z');
const waiting = { email: 'anna@mail.example', kind: 'given', code: 'sent' } as const;
const emailPage = {
  csrf,
  waiting,
  isFresh: true,
  fault: null,
  backTo: null,
  typed: { code: '', email: '' },
} as const;
const donePage = {
  csrf,
  publicSites: false,
  proofing: 'Substantial',
  blocker: null,
  backTo: null,
  offersSecurityKey: true,
  needsGuardian: false,
  another: null,
} as const;
const composeKeySample = (state: string, props: Partial<ActivateSecurityKeyPage>) => ({
  state,
  render: (frame: PageFrame) =>
    ActivateSecurityKeyPage({
      ...frame,
      csrf,
      creation: { options: '{}', issued: 'x' },
      typed: '',
      nameFault: null,
      fault: null,
      countsFrom: null,
      ...props,
    }),
});
const TYPED = { code: 'abcd2345', email: 'anna(at)mail' };
const ERRORS = Object.keys(da.activate.start.errors) as (keyof typeof da.activate.start.errors)[];
const MESSAGES = Object.keys(da.activate.message) as ActivationMessage[];
const FAULTS: Readonly<Record<string, CredentialChoiceFaults>> = {
  everything: { userId: 'too_short', password: 'common', terms: true, understood: true },
  taken: { userId: 'taken', password: null, terms: false, understood: false },
  'asked-too-often': { userId: 'asked_too_often', password: null, terms: false, understood: false },
  signs: { userId: 'other_signs', password: null, terms: false, understood: false },
  'password-alone': { userId: null, password: 'is_name', terms: false, understood: false },
};

export const ACTIVATION_GALLERY: Record<
  Extract<PageName, `activate${string}` | 'terms'>,
  ActivationSamples
> = {
  activate: [
    { state: 'first', render: (frame) => ActivatePage({ ...frame, csrf, typedName: '', error: null }) },
    ...ERRORS.map((error) => ({
      state: error,
      render: (frame: PageFrame) => ActivatePage({ ...frame, csrf, typedName: '274 013 951', error }),
    })),
    {
      state: 'unavailable',
      render: (frame) =>
        ActivatePage({ ...frame, csrf, typedName: '274 013 951', error: null, unseen: 'unavailable' }),
    },
  ],
  'activate-key': [
    ...[true, false].map((isFirst) => ({
      state: isFirst ? 'first' : 'card-in-use',
      render: (frame: PageFrame) =>
        ActivateKeyPage({ ...frame, ...challenge, isFirst, nonce: sampleNonce, error: null }),
    })),
    {
      state: 'wrong',
      render: (frame) =>
        ActivateKeyPage({ ...frame, ...challenge, isFirst: true, nonce: sampleNonce, error: 'wrong' }),
    },
  ],
  'activate-choose': [
    {
      state: 'first',
      render: (frame) =>
        ActivateChoosePage({
          ...frame,
          csrf,
          userId: '',
          hasUserId: false,
          hasAcceptedTerms: true,
          faults: null,
        }),
    },
    {
      state: 'has-user-id',
      render: (frame) =>
        ActivateChoosePage({
          ...frame,
          csrf,
          userId: 'anna85',
          hasUserId: true,
          hasAcceptedTerms: true,
          faults: null,
        }),
    },
    ...Object.entries(FAULTS).map(([state, faults]) => ({
      state,
      render: (frame: PageFrame) =>
        ActivateChoosePage({
          ...frame,
          csrf,
          userId: 'anna',
          hasUserId: false,
          hasAcceptedTerms: !faults.terms,
          faults,
        }),
    })),
    {
      state: 'busy',
      render: (frame) =>
        ActivateChoosePage({
          ...frame,
          csrf,
          userId: 'anna85',
          hasUserId: false,
          hasAcceptedTerms: false,
          faults: null,
          unseen: { why: 'busy', ticked: ['terms'] },
        }),
    },
  ],
  'activate-told': [
    { state: 'locked', render: (frame) => ActivateLockedPage({ ...frame, csrf, opensAt }) },
    ...MESSAGES.map((message) => ({
      state: message,
      render: (frame: PageFrame) =>
        ActivateMessagePage({
          ...frame,
          csrf,
          message,
          opensAt: message === 'card_waiting' ? opensAt : null,
        }),
    })),
  ],
  'activate-email': [
    ...(['sent', 'none', 'over', 'refused'] as const).map((code) => ({
      state: code === 'sent' ? 'first' : code,
      render: (frame: PageFrame) =>
        ActivateEmailPage({ ...frame, ...emailPage, waiting: { ...waiting, code } }),
    })),
    ...(['given', 'change'] as const).flatMap((kind) =>
      (kind === 'given' ? [false] : [true, false]).map((isFresh) => ({
        state: `${kind}-${isFresh ? 'fresh' : 'later'}`,
        render: (frame: PageFrame) =>
          ActivateEmailPage({ ...frame, ...emailPage, waiting: { ...waiting, kind }, isFresh }),
      })),
    ),
    ...(['wrong', 'limit', 'email_malformed', 'another_over'] as const).map((fault) => ({
      state: fault.replace('_', '-'),
      render: (frame: PageFrame) =>
        ActivateEmailPage({
          ...frame,
          ...emailPage,
          isFresh: fault !== 'another_over',
          fault,
          typed: TYPED,
        }),
    })),
  ],
  'activate-done': [
    {
      state: 'everywhere',
      render: (frame) => ActivateDonePage({ ...frame, ...donePage, publicSites: true, backTo: '/login/x' }),
    },
    {
      state: 'ordered-online',
      render: (frame) =>
        ActivateDonePage({ ...frame, ...donePage, publicSites: true, proofing: 'Low', backTo: null }),
    },
    ...([null, 'under_15', 'no_cpr'] as const).map((blocker) => ({
      state: `ordered-online-${blocker ?? 'bank-only'}`,
      render: (frame: PageFrame) =>
        ActivateDonePage({ ...frame, ...donePage, proofing: 'Low', blocker, backTo: null }),
    })),
    {
      state: 'another-over',
      render: (frame) => ActivateDonePage({ ...frame, ...donePage, another: 'anna@andet.example' }),
    },
    ...([null, 'under_15', 'no_cpr'] as const).map((blocker) => ({
      state: blocker ?? 'bank-only',
      render: (frame: PageFrame) =>
        ActivateDonePage({ ...frame, ...donePage, blocker, needsGuardian: blocker === 'under_15' }),
    })),
  ],
  'activate-security-key': [
    composeKeySample('first', {}),
    composeKeySample('under-15', { creation: null }),
    composeKeySample('name', { nameFault: 'empty' }),
    composeKeySample('fault', { fault: 'unverified', typed: 'Min telefon' }),
    composeKeySample('added', { countsFrom: new Date('2026-11-25T12:05:00Z') }),
  ],
  terms: [{ state: 'first', render: (frame) => TermsPage(frame) }],
};
