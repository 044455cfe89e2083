/** Self-service, in every state. */
import { locateKey } from '../../domain/card/cardLayout.ts';
import type { AccountView } from './readAccount.ts';
import type { SelfServiceAction } from '../../domain/selfServiceAction.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import { SelfCardPage } from './card/card.page.tsx';
import { SAMPLE_FACTORS } from './codeToken/samples.tsx';
import { SECOND_WAY_SAMPLES } from './confirm/samples.tsx';
import { SelfConfirmPage, SelfMessagePage, type ConfirmationMessage } from './confirm/confirm.page.tsx';
import { SelfContactPage } from './contact/contact.page.tsx';
import { SelfEmailPage } from './contact/email.page.tsx';
import { SelfHomePage } from './home.page.tsx';
import { SelfPublicSitesPage } from './publicSites/publicSites.page.tsx';
import { SAMPLE_ADD_ACTION } from './securityKeys/samples.tsx';
import { SelfSignInPage } from './signIn/signIn.page.tsx';

const AT = new Date('2026-11-24T12:05:00Z');
const LATER = new Date('2026-11-25T12:05:00Z');
const user = { name: 'Anna Kirstine Vestergaard', csrf: 'x' };
const composeSampleFrame = (frame: PageFrame) => ({ ...frame, user, again: false, hasRecentKey: true });

const active = {
  cardNumber: 'A123456789',
  state: 'active',
  keysLeft: 61,
  orderedAt: AT,
  expected: null,
  activatesAt: null,
  format: 'standard',
} as const;
const sent = {
  ...active,
  cardNumber: 'B987654321',
  state: 'sent',
  keysLeft: 148,
  expected: { from: '2026-12-01', to: '2026-12-08' },
} as const;
const account: AccountView = {
  name: 'Anna Kirstine Vestergaard',
  birthdate: '1985-07-01',
  language: 'da',
  idNumber: '123456789',
  userId: 'anna',
  proofing: 'Substantial',
  hasCpr: true,
  publicSites: true,
  threshold: 20,
  issuedBy: 'borgerservice',
  cardFormat: 'standard',
  addressProtected: false,
  formerAddress: null,
  movedAt: null,
  createdAt: AT,
  cards: [active],
  address: { street: 'Østervold 12, 2. th.', postcode: '8900', city: 'Randers C' },
  email: 'anna@mail.example',
  isEmailConfirmed: true,
  isEmailRefused: false,
  waitingEmail: null,
  nextEmail: null,
  blocker: null,
};

const waiting = { email: 'anna.ny@mail.example', kind: 'change', code: 'sent', givenAt: AT } as const;
const tokenCode = { tokenId: 'x', code: { step: 1, driftSteps: 0 } };
const actions: readonly SelfServiceAction[] = [
  { kind: 'change_email', email: 'anna.ny@mail.example' },
  { kind: 'change_user_id', userId: 'anna.kirstine' },
  { kind: 'change_password', passwordHash: 'x' },
  { kind: 'change_threshold', threshold: 40 },
  { kind: 'order_card' },
  { kind: 'change_card_format', format: 'braille', order: false },
  { kind: 'order_code_token' },
  { kind: 'activate_code_token', ...tokenCode },
  { kind: 'adjust_code_token', ...tokenCode },
  { kind: 'public_sites_on' },
  SAMPLE_ADD_ACTION,
  { kind: 'close_id' },
];
const asked = {
  id: 'x',
  nonce: 'A'.repeat(43),
  cardNumber: 'A123456789',
  keyNumber: '0087',
  place: locateKey(3, 'standard'),
  error: null,
  secondWay: null,
  secondWayError: null,
} as const;
const done = { kind: 'done', doneAt: AT, isConfirmedTwice: false, account, keyName: null } as const;
const messages: readonly (readonly [state: string, told: ConfirmationMessage])[] = [
  ...actions.map(({ kind: action }) => [`done-${action}`, { ...done, action }] as const),
  [
    'done-add_security_key-at-once',
    { ...done, action: 'add_security_key', isConfirmedTwice: true, keyName: 'Min telefon' },
  ],
  ['taken', { kind: 'refused', action: 'change_user_id', why: 'user_id_taken' }],
  ['signs', { kind: 'refused', action: 'change_user_id', why: 'user_id_signs' }],
  ['on-the-way', { kind: 'refused', action: 'order_card', why: 'on_the_way' }],
  ['no-address', { kind: 'refused', action: 'order_card', why: 'no_address' }],
  ['out-of-code-tokens', { kind: 'refused', action: 'order_code_token', why: 'out_of_code_tokens' }],
  ['code-token-on-the-way', { kind: 'refused', action: 'order_code_token', why: 'code_token_on_the_way' }],
  ['code-spent', { kind: 'refused', action: 'activate_code_token', why: 'code_spent' }],
  ['under-15', { kind: 'refused', action: 'public_sites_on', why: 'under_15' }],
  ['no-cpr', { kind: 'refused', action: 'public_sites_on', why: 'no_cpr' }],
  ['key-known', { kind: 'refused', action: 'add_security_key', why: 'security_key_known' }],
  ['needs-guardian', { kind: 'refused', action: 'add_security_key', why: 'needs_guardian' }],
  ['too-many-keys', { kind: 'refused', action: 'add_security_key', why: 'too_many_security_keys' }],
  ['other', { kind: 'refused', action: 'close_id', why: 'already_blocked' }],
  ['locked', { kind: 'locked', opensAt: LATER }],
  ['gone', { kind: 'gone' }],
  ['no-card', { kind: 'no_card' }],
];
const sites = ['Digital Post', 'Randers Kommune'].map((name) => ({ da: name, en: name }));
const changedFields = { sites, more: 0, blocker: null, isJustOff: false } as const;

const homeValues = { signedIn: 2, ownBrowsers: 1, services: sites, factors: SAMPLE_FACTORS };

const composeCardSample = (state: string, props: Partial<Parameters<typeof SelfCardPage>[0]>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfCardPage({ ...composeSampleFrame(frame), account, typed: null, isLost: false, ...props }),
});
const composeContactSample = (state: string, props: Partial<Parameters<typeof SelfContactPage>[0]>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfContactPage({ ...composeSampleFrame(frame), account, typed: '', fault: null, done: null, ...props }),
});
const composeEmailSample = (state: string, props: Partial<SelfEmailPage>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfEmailPage({
      ...composeSampleFrame(frame),
      shown: waiting,
      fault: null,
      typed: '',
      to: '/self-service',
      ...props,
    }),
});
const composeSignInSample = (state: string, props: Partial<Parameters<typeof SelfSignInPage>[0]>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfSignInPage({ ...composeSampleFrame(frame), userId: 'anna', typed: '', fault: null, ...props }),
});
const wrongPassword = { field: 'currentPassword', why: { kind: 'wrong', left: 1 } } as const;
const lockedPassword = { field: 'currentPassword', why: { kind: 'locked', opensAt: LATER } } as const;
const composePublicSitesSample = (state: string, props: Partial<SelfPublicSitesPage>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfPublicSitesPage({ ...composeSampleFrame(frame), ...changedFields, isOn: true, ...props }),
});

const composeHomeSample = (state: string, props: Partial<Parameters<typeof SelfHomePage>[0]>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfHomePage({ ...composeSampleFrame(frame), ...homeValues, account, ...props }),
});

export const SELF_SERVICE_GALLERY = {
  'self-home': [
    composeHomeSample('first', {}),
    composeHomeSample('waiting', { factors: SAMPLE_FACTORS.filter(({ state }) => state === 'waits') }),
    composeHomeSample('bare', {
      signedIn: 1,
      ownBrowsers: 0,
      factors: [],
      services: [],
      again: true,
      hasRecentKey: false,
      account: { ...account, cards: [], userId: null, publicSites: false, proofing: 'Low' },
    }),
  ],
  'self-card': [
    composeCardSample('first', {}),
    composeCardSample('sent', { account: { ...account, cards: [sent, { ...active, keysLeft: 1 }] } }),
    composeCardSample('ordered', {
      account: { ...account, cards: [{ ...sent, state: 'ordered', expected: null }, active] },
    }),
    composeCardSample('waiting', {
      account: {
        ...account,
        cards: [
          { ...sent, activatesAt: LATER },
          { ...active, state: 'blocked' },
        ],
      },
    }),
    composeCardSample('nowhere', { account: { ...account, address: null, cards: [] } }),
    composeCardSample('lost', {
      isLost: true,
      account: { ...account, cards: [sent, { ...sent, state: 'void' }, active] },
    }),
    composeCardSample('error', { typed: '120' }),
    composeCardSample('same-format', { isSameFormat: true }),
    composeCardSample('other-format', {
      account: { ...account, cardFormat: 'braille', cards: [sent, active] },
    }),
  ],
  'self-sign-in': [
    composeSignInSample('first', {}),
    composeSignInSample('no-user-id', { userId: null }),
    composeSignInSample('user-id-signs', {
      fault: { field: 'userId', why: 'other_signs' },
      typed: 'anna#85',
    }),
    composeSignInSample('user-id-short', { fault: { field: 'userId', why: 'too_short' }, typed: 'bo' }),
    composeSignInSample('password-common', { fault: { field: 'password', why: 'common' } }),
    composeSignInSample('password-breached', { fault: { field: 'password', why: 'breached' } }),
    composeSignInSample('current-wrong', {
      fault: { ...wrongPassword, of: 'user-id' },
      typed: 'anna.kirstine',
    }),
    composeSignInSample('current-locked', { fault: { ...lockedPassword, of: 'password' } }),
    composeSignInSample('busy', { unseen: 'busy', typed: 'anna.kirstine' }),
  ],
  'self-contact': [
    composeContactSample('first', {}),
    composeContactSample('soon', {
      account: { ...account, nextEmail: { email: 'anna.ny@mail.example', from: LATER } },
      done: 'language',
    }),
    composeContactSample('soon-by-letter', {
      account: { ...account, nextEmail: { email: null, from: LATER } },
    }),
    composeContactSample('by-letter', { account: { ...account, email: null, address: null } }),
    composeContactSample('unconfirmed', { account: { ...account, isEmailConfirmed: false } }),
    composeContactSample('waiting', { account: { ...account, waitingEmail: waiting } }),
    composeContactSample('waiting-hidden', {
      hasRecentKey: false,
      account: { ...account, waitingEmail: waiting },
    }),
    composeContactSample('called-off', { done: 'called-off' }),
    composeContactSample('confirmed', { done: 'confirmed' }),
    composeContactSample('hidden', {
      hasRecentKey: false,
      account: { ...account, nextEmail: { email: 'anna.ny@mail.example', from: LATER } },
    }),
    composeContactSample('late', { hasRecentKey: false, again: 'late' }),
    composeContactSample('refused', { account: { ...account, isEmailRefused: true } }),
    composeContactSample('error', { fault: { field: 'email', why: 'malformed' }, typed: 'anna(at)mail' }),
    composeContactSample('current-wrong', {
      fault: { ...wrongPassword, of: 'email' },
      typed: 'anna.ny@mail.example',
    }),
    composeContactSample('current-locked', { fault: { ...lockedPassword, of: 'no-email' } }),
  ],
  'self-email': [
    ...(['kept', 'given', 'change'] as const).map((kind) =>
      composeEmailSample(kind === 'kept' ? 'first' : kind, { shown: { ...waiting, kind, code: 'none' } }),
    ),
    ...(['sent', 'over', 'refused'] as const).map((code) =>
      composeEmailSample(code, { shown: { ...waiting, code } }),
    ),
    composeEmailSample('hidden', { hasRecentKey: false }),
    composeEmailSample('wrong', { fault: 'wrong', typed: 'abcd2345' }),
    composeEmailSample('limit', { fault: 'limit', shown: { ...waiting, code: 'over' } }),
  ],
  'self-public-sites': [
    composePublicSitesSample('first', {}),
    composePublicSitesSample('off', { isOn: false, isJustOff: true, more: 14 }),
    composePublicSitesSample('under-15', { isOn: false, blocker: 'under_15' }),
    composePublicSitesSample('no-cpr', { isOn: false, blocker: 'no_cpr', sites: [] }),
  ],
  'self-confirm': [
    ...actions.map((action, i) => ({
      state: i === 0 ? 'first' : action.kind,
      render: (frame: PageFrame) => SelfConfirmPage({ ...composeSampleFrame(frame), ...asked, action }),
    })),
    {
      state: 'by-letter',
      render: (frame: PageFrame) =>
        SelfConfirmPage({
          ...composeSampleFrame(frame),
          ...asked,
          action: { kind: 'change_email', email: null },
        }),
    },
    {
      state: 'wrong',
      render: (frame: PageFrame) =>
        SelfConfirmPage({
          ...composeSampleFrame(frame),
          ...asked,
          action: { kind: 'order_card' },
          error: 'wrong',
        }),
    },
    ...SECOND_WAY_SAMPLES,
  ],
  'self-told': messages.map(([state, one]) => ({
    state,
    render: (frame: PageFrame) => SelfMessagePage({ ...composeSampleFrame(frame), message: one }),
  })),
};
