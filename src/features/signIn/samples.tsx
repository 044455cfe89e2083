/** The pages of a sign-in in each of their states. */
import type { VNode } from 'preact';
import { locateKey } from '../../domain/card/cardLayout.ts';
import { HIDDEN_CPR, type ListedClaim } from '../../domain/signIn/claims.ts';
import type { PageRefusal } from '../../domain/errors/refusal.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import type { PageName } from '../../ui/pageNames.ts';
import { ConsentPage } from './consent/consent.page.tsx';
import { ContinuePage } from './continue.page.tsx';
import { composeKeySamples } from './key/samples.tsx';
import { LockedPage } from './locked.page.tsx';
import { NewCardPage } from './newCard/newCard.page.tsx';
import { OverPage } from './over/over.page.tsx';
import { PasswordPage, type PasswordPage as PasswordPageProps } from './password/password.page.tsx';
import { PublicSitesPage } from './publicSites/publicSites.page.tsx';
import { RefusedPage } from './refused.page.tsx';
import type { WebAuthnRequest } from './securityKey/webAuthnRequest.ts';

type SignInSamples = readonly { readonly state: string; readonly render: (frame: PageFrame) => VNode }[];

const LOGO =
  'data:image/svg+xml;base64,' +
  btoa(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#7a1f2b"/></svg>',
  );
const request = {
  relyingParty: 'Prøvekommunen',
  logo: LOGO,
  csrf: 'csrf',
  formsGoTo: '/login/x',
  form: 'form',
};
const values = {
  name: 'Anna Andersen',
  birthdate: '1985-07-01',
  locale: 'da-DK',
  'dk.cpr': '6107854386',
  'nemid.pid': '9208-2002-2-123456789012',
} satisfies Record<ListedClaim, string>;
const challenge = {
  ...request,
  cardNumber: 'A123456789',
  keyNumber: '6087',
  place: locateKey(98, 'standard'),
};
const purpose = 'At sige, at du flytter, og at læse breve fra kommunen.';
const REFUSALS: Record<PageRefusal, true> = {
  id_blocked: true,
  card_blocked: true,
  card_waiting: true,
  no_active_card: true,
  no_keys_left: true,
  acr_unattainable: true,
  no_security_key: true,
  proofing_too_low: true,
  not_activated: true,
};
const opensAt = new Date('2026-11-24T13:05:00Z');
const sent = { expected: { from: '2026-12-01', to: '2026-12-08' } };
const webAuthn: WebAuthnRequest = {
  userVerification: 'required',
  timeout: 300_000,
  allowCredentials: [],
};
const activateAt = '/activate?from=x';
const naming = { ...request, passwordAlone: false, activateAt, webAuthn, securityKeyFault: null };
const passwordPage =
  (shown: Partial<PasswordPageProps>): SignInSamples[number]['render'] =>
  (frame) =>
    PasswordPage({ ...frame, ...naming, typedName: '', error: null, ...shown });
const remembered = { typedName: 'anna.andersen', isRemembered: true, isRememberTicked: true };
const newCard = { ...challenge, waitHours: 24 };

export const SIGN_IN_GALLERY: Readonly<
  Record<
    Extract<
      PageName,
      'password' | 'key' | 'new-card' | 'continue' | 'public-sites' | 'consent' | 'locked' | 'refused'
    >,
    SignInSamples
  >
> = {
  password: [
    { state: 'first', render: passwordPage({}) },
    { state: 'alone', render: passwordPage({ passwordAlone: true }) },
    { state: 'wrong', render: passwordPage({ typedName: 'anna', error: 'wrong' }) },
    { state: 'begin-again', render: passwordPage({ beginsAgain: true }) },
    { state: 'remembered', render: passwordPage(remembered) },
    { state: 'remembered-wrong', render: passwordPage({ ...remembered, error: 'wrong' }) },
    { state: 'activated', render: passwordPage({ typedName: 'anna.andersen', isActivated: true }) },
    { state: 'last-before-lock', render: passwordPage({ typedName: 'anna', error: 'lastBeforeLock' }) },
    { state: 'incomplete', render: passwordPage({ typedName: 'anna', error: 'incomplete' }) },
    { state: 'cpr-number', render: passwordPage({ error: 'cpr_number' }) },
    { state: 'passkey-refused', render: passwordPage({ securityKeyFault: 'not_accepted' }) },
    { state: 'passkey-first', render: passwordPage({ isPasskeyFirst: true }) },
    { state: 'name-unreadable', render: passwordPage({ typedName: 'anna', error: 'name_unreadable' }) },
    {
      state: 'password-unreadable',
      render: passwordPage({ typedName: 'anna', error: 'password_unreadable' }),
    },
  ],
  key: composeKeySamples(request),
  'new-card': [
    ...(['after-old-key', 'after-another-factor', 'instead'] as const).map((state) => ({
      state,
      render: (frame: PageFrame) => {
        const step = { instead: state === 'instead', waits: state !== 'after-old-key' };
        return NewCardPage({ ...frame, ...newCard, ...step, error: null });
      },
    })),
    ...(['wrong', 'stale', 'locked'] as const).map((error) => ({
      state: error,
      render: (frame: PageFrame) =>
        NewCardPage({ ...frame, ...newCard, instead: false, waits: false, error }),
    })),
  ],
  continue: [{ state: 'answer-lost', render: (frame) => ContinuePage({ ...frame, ...request }) }],
  'public-sites': ([null, 'under_15', 'no_cpr', 'needs_key'] as const).map((blocker) => ({
    state: blocker ?? 'off',
    render: (frame) => PublicSitesPage({ ...frame, ...request, blocker }),
  })),
  consent: [
    {
      state: 'all',
      render: (frame) => ConsentPage({ ...frame, ...request, values, purpose, offline: true }),
    },
    {
      state: 'cpr-alone',
      render: (frame) =>
        ConsentPage({
          ...frame,
          ...request,
          values: { 'dk.cpr': '6107854386' },
          purpose: null,
          offline: false,
        }),
    },
    ...[{}, { 'dk.cpr': HIDDEN_CPR }].map((some, i) => ({
      state: i === 0 ? 'nothing' : 'cpr-hidden',
      render: (frame: PageFrame) =>
        ConsentPage({ ...frame, ...request, values: some, purpose: null, offline: false }),
    })),
  ],
  locked: [
    ...(['password', 'key'] as const).map((wrongStep) => ({
      state: wrongStep,
      render: (frame: PageFrame) => LockedPage({ ...frame, ...request, wrongStep, opensAt, code: null }),
    })),
    ...([null, 'ordered', 'wrong', 'incomplete'] as const).map((code) => ({
      state: `code-${code ?? 'needed'}`,
      render: (frame: PageFrame) =>
        LockedPage({ ...frame, ...request, wrongStep: 'password', opensAt: null, code }),
    })),
  ],
  refused: [
    ...(Object.keys(REFUSALS) as PageRefusal[]).map((refusal) => ({
      state: refusal,
      render: (frame: PageFrame) =>
        RefusedPage({
          ...frame,
          ...request,
          refusal,
          nextCard: null,
          opensAt: refusal === 'card_waiting' ? opensAt : null,
          activateAt,
        }),
    })),
    {
      state: 'new-card-on-the-way',
      render: (frame) =>
        RefusedPage({
          ...frame,
          ...request,
          refusal: 'card_blocked',
          nextCard: sent,
          opensAt: null,
          activateAt,
        }),
    },
  ],
};

/** The address of a sign-in that is over. */
export const SIGN_IN_OVER_SAMPLES: SignInSamples = [
  ...(['signed_in', 'ended', 'timed_out', 'unknown'] as const).map((reason) => ({
    state: `over-${reason}`,
    render: (frame: PageFrame) =>
      OverPage({
        ...frame,
        reason,
        site: reason === 'unknown' ? null : { name: 'Gudenå Sparekasse', address: 'https://bank.example/' },
      }),
  })),
  {
    state: 'over-without-a-site',
    render: (frame) =>
      OverPage({ ...frame, reason: 'ended', site: { name: 'Gudenå Sparekasse', address: null } }),
  },
];
