/** Self-service in every state. */
import type { Account } from '../../../usecases/selfService/readAccount.ts';
import type { SelfDeed } from '../../../core/selfService/deed.ts';
import type { Frame } from '../../layout.tsx';
import { SelfBlockedPage, SelfBlockPage } from './block.tsx';
import { SelfCardPage } from './card.tsx';
import { SelfClosedPage, SelfClosePage } from './close.tsx';
import { SelfConfirmPage, SelfToldPage, type SelfTold } from './confirm.tsx';
import { SelfContactPage } from './contact.tsx';
import { SelfEmailPage } from './email.tsx';
import { SelfHomePage } from './home.tsx';
import { SelfPublicSitesPage } from './publicSites.tsx';
import { SelfSignInPage } from './signIn.tsx';

const AT = new Date('2026-11-24T12:05:00Z');
const LATER = new Date('2026-11-25T12:05:00Z');
const visitor = { name: 'Anna Kirstine Vestergaard', csrf: 'x' };
const own = (frame: Frame) => ({ ...frame, visitor, again: false, isProven: true });

const active = {
  cardNumber: 'A123456789',
  state: 'active',
  keysLeft: 61,
  orderedAt: AT,
  expected: null,
  activatesAt: null,
} as const;
const sent = {
  ...active,
  cardNumber: 'B987654321',
  state: 'sent',
  keysLeft: 148,
  expected: { from: '2026-12-01', to: '2026-12-08' },
} as const;
const account: Account = {
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
  largePrint: false,
  addressProtected: false,
  formerAddress: null,
  movedAt: null,
  createdAt: AT,
  cards: [active],
  address: { street: 'Østervold 12, 2. th.', postcode: '8900', city: 'Randers C' },
  email: 'anna@mail.example',
  isEmailConfirmed: true,
  waitingEmail: null,
  nextEmail: null,
  bar: null,
};

const waiting = { email: 'anna.ny@mail.example', kind: 'change', code: 'sent', givenAt: AT } as const;
const deeds: readonly SelfDeed[] = [
  { kind: 'change_email', email: 'anna.ny@mail.example' },
  { kind: 'change_user_id', userId: 'anna.kirstine' },
  { kind: 'change_password', passwordHash: 'x' },
  { kind: 'change_threshold', threshold: 40 },
  { kind: 'order_card' },
  { kind: 'public_sites_on' },
  { kind: 'close_id' },
];
const asked = {
  id: 'x',
  nonce: 'A'.repeat(43),
  cardNumber: 'A123456789',
  keyNumber: '0087',
  error: null,
} as const;
const told: readonly (readonly [state: string, told: SelfTold])[] = [
  ...deeds.map(({ kind }) => [`done-${kind}`, { kind: 'done', deed: kind }] as const),
  ['taken', { kind: 'refused', deed: 'change_user_id', why: 'user_id_taken' }],
  ['signs', { kind: 'refused', deed: 'change_user_id', why: 'user_id_signs' }],
  ['on-the-way', { kind: 'refused', deed: 'order_card', why: 'on_the_way' }],
  ['no-address', { kind: 'refused', deed: 'order_card', why: 'no_address' }],
  ['under-15', { kind: 'refused', deed: 'public_sites_on', why: 'under_15' }],
  ['no-cpr', { kind: 'refused', deed: 'public_sites_on', why: 'no_cpr' }],
  ['other', { kind: 'refused', deed: 'close_id', why: 'already_blocked' }],
  ['locked', { kind: 'locked', opensAt: LATER }],
  ['gone', { kind: 'gone' }],
  ['no-card', { kind: 'no_card' }],
];
const sites = [
  { da: 'Digital Post', en: 'Digital Post' },
  { da: 'Randers Kommune', en: 'Randers Kommune' },
];
const touched = { sites, more: 0, bar: null, isJustOff: false } as const;

const card = (state: string, props: Partial<Parameters<typeof SelfCardPage>[0]>) => ({
  state,
  render: (frame: Frame) => SelfCardPage({ ...own(frame), account, typed: null, isLost: false, ...props }),
});
const contact = (state: string, props: Partial<Parameters<typeof SelfContactPage>[0]>) => ({
  state,
  render: (frame: Frame) =>
    SelfContactPage({ ...own(frame), account, typed: '', fault: null, done: null, ...props }),
});
const email = (state: string, props: Partial<SelfEmailPage>) => ({
  state,
  render: (frame: Frame) =>
    SelfEmailPage({
      ...own(frame),
      shown: waiting,
      fault: null,
      typed: '',
      to: '/self-service',
      ...props,
    }),
});
const signIn = (state: string, props: Partial<Parameters<typeof SelfSignInPage>[0]>) => ({
  state,
  render: (frame: Frame) =>
    SelfSignInPage({ ...own(frame), userId: 'anna', typed: '', fault: null, ...props }),
});
const wrongPassword = { field: 'currentPassword', why: { kind: 'wrong', left: 1 } } as const;
const lockedPassword = { field: 'currentPassword', why: { kind: 'locked', opensAt: LATER } } as const;
const publicSites = (state: string, props: Partial<SelfPublicSitesPage>) => ({
  state,
  render: (frame: Frame) => SelfPublicSitesPage({ ...own(frame), ...touched, isOn: true, ...props }),
});

export const SELF_SERVICE_GALLERY = {
  'self-home': [
    { state: 'first', render: (frame: Frame) => SelfHomePage({ ...own(frame), account }) },
    {
      state: 'bare',
      render: (frame: Frame) =>
        SelfHomePage({
          ...own(frame),
          again: true,
          isProven: false,
          account: { ...account, cards: [], userId: null, publicSites: false, proofing: 'Low' },
        }),
    },
  ],
  'self-card': [
    card('first', {}),
    card('sent', { account: { ...account, cards: [sent, { ...active, keysLeft: 1 }] } }),
    card('ordered', {
      account: { ...account, cards: [{ ...sent, state: 'ordered', expected: null }, active] },
    }),
    card('waiting', {
      account: {
        ...account,
        cards: [
          { ...sent, activatesAt: LATER },
          { ...active, state: 'blocked' },
        ],
      },
    }),
    card('nowhere', { account: { ...account, address: null, cards: [] } }),
    card('lost', {
      isLost: true,
      account: { ...account, cards: [sent, { ...sent, state: 'void' }, active] },
    }),
    card('error', { typed: '120' }),
  ],
  'self-sign-in': [
    signIn('first', {}),
    signIn('no-user-id', { userId: null }),
    signIn('user-id-signs', { fault: { field: 'userId', why: 'other_signs' }, typed: 'anna#85' }),
    signIn('user-id-short', { fault: { field: 'userId', why: 'too_short' }, typed: 'bo' }),
    signIn('password-common', { fault: { field: 'password', why: 'common' } }),
    signIn('password-breached', { fault: { field: 'password', why: 'breached' } }),
    signIn('current-wrong', { fault: { ...wrongPassword, of: 'user-id' }, typed: 'anna.kirstine' }),
    signIn('current-locked', { fault: { ...lockedPassword, of: 'password' } }),
    signIn('busy', { unseen: 'busy', typed: 'anna.kirstine' }),
  ],
  'self-contact': [
    contact('first', {}),
    contact('soon', {
      account: { ...account, nextEmail: { email: 'anna.ny@mail.example', from: LATER } },
      done: 'language',
    }),
    contact('soon-by-letter', { account: { ...account, nextEmail: { email: null, from: LATER } } }),
    contact('by-letter', { account: { ...account, email: null, address: null } }),
    contact('unconfirmed', { account: { ...account, isEmailConfirmed: false } }),
    contact('waiting', { account: { ...account, waitingEmail: waiting } }),
    contact('waiting-hidden', { isProven: false, account: { ...account, waitingEmail: waiting } }),
    contact('called-off', { done: 'called-off' }),
    contact('confirmed', { done: 'confirmed' }),
    contact('hidden', {
      isProven: false,
      account: { ...account, nextEmail: { email: 'anna.ny@mail.example', from: LATER } },
    }),
    contact('late', { isProven: false, again: 'late' }),
    contact('error', { fault: { field: 'email', why: 'malformed' }, typed: 'anna(at)mail' }),
    contact('current-wrong', { fault: { ...wrongPassword, of: 'email' }, typed: 'anna.ny@mail.example' }),
    contact('current-locked', { fault: { ...lockedPassword, of: 'no-email' } }),
  ],
  'self-email': [
    ...(['kept', 'given', 'change'] as const).map((kind) =>
      email(kind === 'kept' ? 'first' : kind, { shown: { ...waiting, kind, code: 'none' } }),
    ),
    ...(['sent', 'over', 'refused'] as const).map((code) => email(code, { shown: { ...waiting, code } })),
    email('hidden', { isProven: false }),
    email('wrong', { fault: 'wrong', typed: 'abcd2345' }),
    email('limit', { fault: 'limit', shown: { ...waiting, code: 'over' } }),
  ],
  'self-public-sites': [
    publicSites('first', {}),
    publicSites('off', { isOn: false, isJustOff: true, more: 14 }),
    publicSites('under-15', { isOn: false, bar: 'under_15' }),
    publicSites('no-cpr', { isOn: false, bar: 'no_cpr', sites: [] }),
  ],
  'self-block': [{ state: 'first', render: (frame: Frame) => SelfBlockPage(own(frame)) }],
  'self-blocked': [
    { state: 'first', render: (frame: Frame) => SelfBlockedPage({ ...frame, what: 'card' }) },
    { state: 'identity', render: (frame: Frame) => SelfBlockedPage({ ...frame, what: 'identity' }) },
  ],
  'self-close': [
    { state: 'first', render: (frame: Frame) => SelfClosePage({ ...own(frame), isUnticked: false }) },
    { state: 'unticked', render: (frame: Frame) => SelfClosePage({ ...own(frame), isUnticked: true }) },
  ],
  'self-closed': [{ state: 'first', render: (frame: Frame) => SelfClosedPage(frame) }],
  'self-confirm': [
    ...deeds.map((deed, i) => ({
      state: i === 0 ? 'first' : deed.kind,
      render: (frame: Frame) => SelfConfirmPage({ ...own(frame), ...asked, deed }),
    })),
    {
      state: 'by-letter',
      render: (frame: Frame) =>
        SelfConfirmPage({ ...own(frame), ...asked, deed: { kind: 'change_email', email: null } }),
    },
    {
      state: 'wrong',
      render: (frame: Frame) =>
        SelfConfirmPage({ ...own(frame), ...asked, deed: { kind: 'order_card' }, error: 'wrong' }),
    },
  ],
  'self-told': told.map(([state, one]) => ({
    state,
    render: (frame: Frame) => SelfToldPage({ ...own(frame), told: one }),
  })),
};
