/**
 * Every page in every state, for tests and for viewing. A page that is not here does not compile: the record
 * has one list for each name in `PAGE_NAMES`.
 */
import { BLOCK_TARGETS } from '../domain/factors/heldFactors.ts';
import type { VNode } from 'preact';
import type { PageFrame } from '../ui/layout.tsx';
import type { PageName } from '../ui/pageNames.ts';
import { da } from '../ui/words/words.da.ts';
import { ACTIVATION_GALLERY } from '../features/activation/samples.tsx';
import { DEVELOPERS_GALLERY } from '../features/developers/samples.tsx';
import { INFO_GALLERY } from '../features/info/samples.tsx';
import { SELF_SERVICE_GALLERY } from '../features/selfService/samples.tsx';
import { CODE_TOKEN_GALLERY } from '../features/selfService/codeToken/samples.tsx';
import { SECURITY_KEYS_GALLERY } from '../features/selfService/securityKeys/samples.tsx';
import { SELF_BLOCK_GALLERY } from '../features/selfService/block/samples.tsx';
import { LOG_GALLERY } from '../features/selfService/activity/samples.tsx';
import { DATA_GALLERY } from '../features/selfService/export/samples.tsx';
import { BlockChoicePage, BlockPage, BlockReceivedPage } from '../features/block/block.page.tsx';
import { NEW_PASSWORD_GALLERY } from '../features/newPassword/samples.tsx';
import { CONTROL_GALLERY } from '../features/desk/refusals/samples.tsx';
import { CPR_GALLERY } from '../features/desk/cprChange/samples.tsx';
import { DESK_GALLERY } from '../features/desk/samples.tsx';
import { APPLICATIONS_GALLERY } from '../features/desk/applications/samples.tsx';
import { ISSUE_GALLERY } from '../features/desk/issue/samples.tsx';
import { DESK_ACTIONS_GALLERY } from '../features/desk/actions/samples.tsx';
import { SEARCH_GALLERY } from '../features/desk/search/samples.tsx';
import { CookiesNeededPage } from '../ui/pages/cookiesNeeded.page.tsx';
import { LoggedOutPage, LogoutPage, StillSignedInPage } from '../features/sessions/logout.page.tsx';
import { SIGN_IN_GALLERY, SIGN_IN_OVER_SAMPLES } from '../features/signIn/samples.tsx';
import { ORDER_GALLERY } from '../features/order/samples.tsx';
import { SESSION_GALLERY } from '../features/sessions/samples.tsx';
import { ErrorPage } from '../ui/pages/error.page.tsx';
import { RETRYABLE_KINDS, type ErrorPageKind } from '../ui/httpError.ts';

export interface PageSample {
  readonly state: string;
  readonly render: (frame: PageFrame) => VNode;
}

const form = '<form id="op.logoutForm" method="post" action="/session/end/confirm"></form>';

const blocking = { typedName: '', what: 'card', error: null, form: 'form' } as const;

export const GALLERY: Record<PageName, readonly PageSample[]> = {
  ...SIGN_IN_GALLERY,
  block: [
    { state: 'first', render: (frame) => BlockChoicePage(frame) },
    ...BLOCK_TARGETS.map((what) => ({
      state: what.replace('_', '-'),
      render: (frame: PageFrame) => BlockPage({ ...frame, ...blocking, what }),
    })),
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
  'block-received': [
    { state: 'first', render: (frame) => BlockReceivedPage({ ...frame, what: 'card' }) },
    { state: 'security-keys', render: (frame) => BlockReceivedPage({ ...frame, what: 'security_keys' }) },
    { state: 'code-token', render: (frame) => BlockReceivedPage({ ...frame, what: 'code_token' }) },
  ],
  ...NEW_PASSWORD_GALLERY,
  ...SESSION_GALLERY,
  ...ACTIVATION_GALLERY,
  ...INFO_GALLERY,
  ...SELF_SERVICE_GALLERY,
  ...SELF_BLOCK_GALLERY,
  ...CODE_TOKEN_GALLERY,
  ...SECURITY_KEYS_GALLERY,
  ...LOG_GALLERY,
  ...DATA_GALLERY,
  ...DEVELOPERS_GALLERY,
  ...ORDER_GALLERY,
  ...DESK_GALLERY,
  ...CONTROL_GALLERY,
  ...CPR_GALLERY,
  ...SEARCH_GALLERY,
  ...DESK_ACTIONS_GALLERY,
  ...APPLICATIONS_GALLERY,
  ...ISSUE_GALLERY,
  trouble: [
    ...SIGN_IN_OVER_SAMPLES,
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
