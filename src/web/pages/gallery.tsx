/**
 * Every page in every state that it has, for tests and for looking at. A page that is not here does not compile:
 * the record has one list for each name in `PAGE_NAMES`.
 */
import type { VNode } from 'preact';
import type { ToldRefusal } from '../../core/refusal.ts';
import type { Frame, PageName } from '../layout.tsx';
import { da } from '../text/da.ts';
import { ConsentPage } from './consent.tsx';
import { KeyPage } from './key.tsx';
import { LockedPage } from './locked.tsx';
import { LoggedOutPage, LogoutPage } from './logout.tsx';
import { PasswordPage } from './password.tsx';
import { PublicSitesPage } from './publicSites.tsx';
import { RefusedPage } from './refused.tsx';
import { TroublePage } from './trouble.tsx';
import { CAN_TRY_AGAIN, type TroubleKind } from '../trouble.ts';

interface Sample {
  readonly state: string;
  readonly render: (frame: Frame) => VNode;
}

const LOGO =
  'data:image/svg+xml;base64,' +
  btoa(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="18" fill="#7a1f2b"/></svg>',
  );
const request = { relyingParty: 'Prøvekommunen', logo: LOGO, csrf: 'csrf' };
const values = {
  name: 'Anna Andersen',
  birthdate: '1985-07-01',
  locale: 'da-DK',
  'dk.cpr': '6107854386',
  'nemid.pid': '9208-2002-2-123456789012',
};
const challenge = { ...request, cardNumber: 'A123456789', keyNumber: '0087' };
const form = '<form id="op.logoutForm" method="post" action="/session/end/confirm"></form>';

const TOLD: Record<ToldRefusal, true> = { id_blocked: true, no_active_card: true, no_keys_left: true };

export const GALLERY: Record<PageName, readonly Sample[]> = {
  password: [
    { state: 'first', render: (frame) => PasswordPage({ ...frame, ...request, typedName: '', error: null }) },
    {
      state: 'wrong',
      render: (frame) => PasswordPage({ ...frame, ...request, typedName: 'anna', error: 'wrong' }),
    },
    {
      state: 'incomplete',
      render: (frame) => PasswordPage({ ...frame, ...request, typedName: 'anna', error: 'incomplete' }),
    },
  ],
  key: [
    { state: 'first', render: (frame) => KeyPage({ ...frame, ...challenge, keysLeft: 120, error: null }) },
    { state: 'few-left', render: (frame) => KeyPage({ ...frame, ...challenge, keysLeft: 21, error: null }) },
    { state: 'last', render: (frame) => KeyPage({ ...frame, ...challenge, keysLeft: 1, error: null }) },
    ...(['wrong', 'malformed', 'stale'] as const).map((error) => ({
      state: error,
      render: (frame: Frame) => KeyPage({ ...frame, ...challenge, keysLeft: 120, error }),
    })),
  ],
  'public-sites': ([null, 'under_15', 'no_cpr'] as const).map((bar) => ({
    state: bar ?? 'off',
    render: (frame) => PublicSitesPage({ ...frame, ...request, bar }),
  })),
  consent: [
    { state: 'all', render: (frame) => ConsentPage({ ...frame, ...request, values, offline: true }) },
    {
      state: 'cpr-alone',
      render: (frame) =>
        ConsentPage({ ...frame, ...request, values: { 'dk.cpr': '6107854386' }, offline: false }),
    },
    {
      state: 'nothing',
      render: (frame) => ConsentPage({ ...frame, ...request, values: {}, offline: false }),
    },
  ],
  locked: (['password', 'key'] as const).map((wrongStep) => ({
    state: wrongStep,
    render: (frame) =>
      LockedPage({ ...frame, ...request, wrongStep, opensAt: new Date('2026-11-24T13:05:00Z') }),
  })),
  refused: (Object.keys(TOLD) as ToldRefusal[]).map((refusal) => ({
    state: refusal,
    render: (frame) => RefusedPage({ ...frame, ...request, refusal }),
  })),
  // Where a fault is told and where somebody logs out, there is no language switch: it would lose the way back.
  trouble: (Object.keys(da.trouble) as TroubleKind[]).map((kind) => ({
    state: kind,
    render: (frame) =>
      TroublePage({
        ...frame,
        languageSwitch: null,
        kind,
        requestId: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
        tryAgain: CAN_TRY_AGAIN.has(kind) ? '/login/x' : null,
      }),
  })),
  logout: [{ state: 'first', render: (frame) => LogoutPage({ ...frame, languageSwitch: null, form }) }],
  'logged-out': [{ state: 'first', render: (frame) => LoggedOutPage({ ...frame, languageSwitch: null }) }],
};
