/**
 * Every page in every state, for tests and for viewing. A page that is not here does not compile: the record
 * has one list for each name in `PAGE_NAMES`.
 */
import type { VNode } from 'preact';
import { HIDDEN_CPR, type ListedClaim } from '../domain/signIn/claims.ts';

import type { PageRefusal } from '../domain/errors/refusal.ts';
import type { PageFrame } from '../ui/layout.tsx';
import type { PageName } from '../ui/pageNames.ts';
import { da } from '../ui/words/words.da.ts';
import { ACTIVATION_GALLERY } from '../features/activation/samples.tsx';
import { DEVELOPERS_GALLERY } from '../features/developers/samples.tsx';
import { INFO_GALLERY } from '../features/info/samples.tsx';
import { SELF_SERVICE_GALLERY } from '../features/selfService/samples.tsx';
import { LOG_GALLERY } from '../features/selfService/activity/samples.tsx';
import { DATA_GALLERY } from '../features/selfService/export/samples.tsx';
import { BlockPage, BlockReceivedPage } from '../features/block/block.page.tsx';
import { CONTROL_GALLERY } from '../features/desk/refusals/samples.tsx';
import { CPR_GALLERY } from '../features/desk/cprChange/samples.tsx';
import { DESK_GALLERY } from '../features/desk/samples.tsx';
import { APPLICATIONS_GALLERY } from '../features/desk/applications/samples.tsx';
import { ISSUE_GALLERY } from '../features/desk/issue/samples.tsx';
import { SEARCH_GALLERY } from '../features/desk/search/samples.tsx';
import { ConsentPage } from '../features/signIn/consent/consent.page.tsx';
import { CookiesNeededPage } from '../ui/pages/cookiesNeeded.page.tsx';
import { KeyPage } from '../features/signIn/key/key.page.tsx';
import { LockedPage } from '../features/signIn/locked.page.tsx';
import { LoggedOutPage, LogoutPage, StillSignedInPage } from '../features/sessions/logout.page.tsx';
import { NewCardPage } from '../features/signIn/newCard/newCard.page.tsx';
import { ORDER_GALLERY } from '../features/order/samples.tsx';
import { PasswordPage } from '../features/signIn/password/password.page.tsx';
import { ContinuePage } from '../features/signIn/continue.page.tsx';
import { PublicSitesPage } from '../features/signIn/publicSites/publicSites.page.tsx';
import { RefusedPage } from '../features/signIn/refused.page.tsx';
import { SESSION_GALLERY } from '../features/sessions/samples.tsx';
import { ErrorPage } from '../ui/pages/error.page.tsx';
import { RETRYABLE_KINDS, type ErrorPageKind } from '../ui/httpError.ts';

export interface PageSample {
  readonly state: string;
  readonly render: (frame: PageFrame) => VNode;
}

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
const challenge = { ...request, cardNumber: 'A123456789', keyNumber: '0087' };
const form = '<form id="op.logoutForm" method="post" action="/session/end/confirm"></form>';

const REFUSALS: Record<PageRefusal, true> = {
  id_blocked: true,
  card_blocked: true,
  card_waiting: true,
  no_active_card: true,
  no_keys_left: true,
  acr_unattainable: true,
  not_activated: true,
};
const opensAt = new Date('2026-11-24T13:05:00Z');
const sent = { expected: { from: '2026-12-01', to: '2026-12-08' } };
const few = { ...challenge, nextCard: null, offersOwnBrowser: true, isStepUp: false, error: null };
const activateAt = '/activate?from=x';
const naming = { ...request, passwordAlone: false, activateAt };
const newCard = { ...challenge, waitHours: 24 };
const blocking = { typedName: '', what: 'card', error: null, form: 'form' } as const;

export const GALLERY: Record<PageName, readonly PageSample[]> = {
  password: [
    { state: 'first', render: (frame) => PasswordPage({ ...frame, ...naming, typedName: '', error: null }) },
    {
      state: 'alone',
      render: (frame) =>
        PasswordPage({ ...frame, ...naming, passwordAlone: true, typedName: '', error: null }),
    },
    {
      state: 'wrong',
      render: (frame) => PasswordPage({ ...frame, ...naming, typedName: 'anna', error: 'wrong' }),
    },
    {
      state: 'begin-again',
      render: (frame) => PasswordPage({ ...frame, ...naming, typedName: '', error: null, beginsAgain: true }),
    },
    {
      state: 'last-before-lock',
      render: (frame) => PasswordPage({ ...frame, ...naming, typedName: 'anna', error: 'lastBeforeLock' }),
    },
    {
      state: 'incomplete',
      render: (frame) => PasswordPage({ ...frame, ...naming, typedName: 'anna', error: 'incomplete' }),
    },
    {
      state: 'cpr-number',
      render: (frame) => PasswordPage({ ...frame, ...naming, typedName: '', error: 'cpr_number' }),
    },
    {
      state: 'name-unreadable',
      render: (frame) => PasswordPage({ ...frame, ...naming, typedName: 'anna', error: 'name_unreadable' }),
    },
    {
      state: 'password-unreadable',
      render: (frame) =>
        PasswordPage({ ...frame, ...naming, typedName: 'anna', error: 'password_unreadable' }),
    },
  ],
  key: [
    { state: 'first', render: (frame) => KeyPage({ ...frame, ...few, keysLeft: 120 }) },
    {
      state: 'known-browser',
      render: (frame) => KeyPage({ ...frame, ...few, keysLeft: 120, offersOwnBrowser: false }),
    },
    {
      state: 'step-up',
      render: (frame) => KeyPage({ ...frame, ...few, keysLeft: 120, isStepUp: true }),
    },
    { state: 'few-left', render: (frame) => KeyPage({ ...frame, ...few, keysLeft: 21 }) },
    {
      state: 'new-card-ordered',
      render: (frame) => KeyPage({ ...frame, ...few, keysLeft: 20, nextCard: { expected: null } }),
    },
    {
      state: 'new-card-sent',
      render: (frame) => KeyPage({ ...frame, ...few, keysLeft: 12, nextCard: sent }),
    },
    { state: 'last', render: (frame) => KeyPage({ ...frame, ...few, keysLeft: 1 }) },
    ...(['wrong', 'lastBeforeLock', 'lastBeforeBlock', 'malformed', 'stale'] as const).map((error) => ({
      state: error,
      render: (frame: PageFrame) => KeyPage({ ...frame, ...few, keysLeft: 120, error }),
    })),
  ],
  'new-card': [
    ...([false, true] as const).map((instead) => ({
      state: instead ? 'instead' : 'after-old-key',
      render: (frame: PageFrame) => NewCardPage({ ...frame, ...newCard, instead, error: null }),
    })),
    ...(['wrong', 'stale', 'locked'] as const).map((error) => ({
      state: error,
      render: (frame: PageFrame) => NewCardPage({ ...frame, ...newCard, instead: false, error }),
    })),
  ],
  continue: [{ state: 'answer-lost', render: (frame) => ContinuePage({ ...frame, ...request }) }],
  'public-sites': ([null, 'under_15', 'no_cpr', 'needs_key'] as const).map((blocker) => ({
    state: blocker ?? 'off',
    render: (frame) => PublicSitesPage({ ...frame, ...request, blocker }),
  })),
  consent: [
    { state: 'all', render: (frame) => ConsentPage({ ...frame, ...request, values, offline: true }) },
    {
      state: 'cpr-alone',
      render: (frame) =>
        ConsentPage({ ...frame, ...request, values: { 'dk.cpr': '6107854386' }, offline: false }),
    },
    ...[{}, { 'dk.cpr': HIDDEN_CPR }].map((some, i) => ({
      state: i === 0 ? 'nothing' : 'cpr-hidden',
      render: (frame: PageFrame) => ConsentPage({ ...frame, ...request, values: some, offline: false }),
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
  block: [
    { state: 'first', render: (frame) => BlockPage({ ...frame, ...blocking }) },
    {
      state: 'incomplete',
      render: (frame) => BlockPage({ ...frame, ...blocking, typedName: 'anna', error: 'incomplete' }),
    },
    {
      state: 'cpr-number',
      render: (frame) => BlockPage({ ...frame, ...blocking, error: 'cpr_number' }),
    },
    {
      state: 'password-unreadable',
      render: (frame) =>
        BlockPage({ ...frame, ...blocking, typedName: 'anna', error: 'password_unreadable' }),
    },
  ],
  'block-received': [{ state: 'first', render: (frame) => BlockReceivedPage(frame) }],
  ...SESSION_GALLERY,
  ...ACTIVATION_GALLERY,
  ...INFO_GALLERY,
  ...SELF_SERVICE_GALLERY,
  ...LOG_GALLERY,
  ...DATA_GALLERY,
  ...DEVELOPERS_GALLERY,
  ...ORDER_GALLERY,
  ...DESK_GALLERY,
  ...CONTROL_GALLERY,
  ...CPR_GALLERY,
  ...SEARCH_GALLERY,
  ...APPLICATIONS_GALLERY,
  ...ISSUE_GALLERY,
  trouble: [
    ...(Object.keys(da.errorPages) as ErrorPageKind[]).map((kind) => ({
      state: kind,
      render: (frame: PageFrame) =>
        ErrorPage({
          ...frame,
          kind,
          requestId: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
          tryAgain: RETRYABLE_KINDS.has(kind) ? '/login/x' : null,
          way: kind === 'expired' || kind === 'bad_request' ? 'services' : 'home',
        }),
    })),
    ...[null, '/self-service'].map((tryAgain) => ({
      state: tryAgain ? 'no cookies at a site of our own' : 'no cookies',
      render: (frame: PageFrame) =>
        CookiesNeededPage({ ...frame, languageSwitch: null, host: 'id.example.dk', tryAgain }),
    })),
  ],
  logout: [
    {
      state: 'first',
      render: (frame) => LogoutPage({ ...frame, form, uiLocales: 'da' }),
    },
  ],
  'logged-out': [{ state: 'first', render: (frame) => LoggedOutPage(frame) }],
  'still-signed-in': [{ state: 'first', render: (frame) => StillSignedInPage(frame) }],
};
