/** The page of the code token, in every state. */
import type { HeldFactor } from '../../../domain/factors/heldFactors.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import { SelfCodeTokenPage } from './codeToken.page.tsx';

const AT = new Date('2026-11-24T12:05:00Z');
const LATER = new Date('2026-11-25T12:05:00Z');
const user = { name: 'Anna Kirstine Vestergaard', csrf: 'x' };

const factor = { name: '', since: AT, countsFrom: null, lastUsedAt: null };
/** Of the overview: the card has its own fields there. */
export const SAMPLE_FACTORS: readonly HeldFactor[] = [
  { ...factor, kind: 'security_key', state: 'counts' },
  { ...factor, kind: 'security_key', state: 'waits', countsFrom: LATER },
  { ...factor, kind: 'code_token', state: 'counts', name: 'NT-100234' },
  { ...factor, kind: 'code_token', state: 'waits', name: 'NT-100235', countsFrom: LATER },
];

const tokenInUse = { serialNumber: 'NT-100234', lastUsedAt: AT };
const comingToken = {
  serialNumber: 'NT-100235',
  lastUsedAt: null,
  state: 'ordered',
  expected: null,
  activatesAt: null,
} as const;
const sentToken = {
  ...comingToken,
  state: 'sent',
  expected: { from: '2026-12-01', to: '2026-12-08' },
} as const;
const composeTokenSample = (state: string, props: Partial<Parameters<typeof SelfCodeTokenPage>[0]>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfCodeTokenPage({
      ...frame,
      user,
      again: false,
      hasRecentKey: true,
      active: null,
      coming: null,
      hasAddress: true,
      isInStock: true,
      needsGuardian: false,
      nonce: 'A'.repeat(43),
      fault: null,
      isDone: null,
      ...props,
    }),
});

export const CODE_TOKEN_GALLERY = {
  'self-code-token': [
    composeTokenSample('first', {}),
    composeTokenSample('out-of-stock', { isInStock: false }),
    composeTokenSample('nowhere', { hasAddress: false }),
    composeTokenSample('under-15', { needsGuardian: true }),
    composeTokenSample('under-15-has-one', { needsGuardian: true, active: tokenInUse }),
    composeTokenSample('ordered', { coming: comingToken }),
    composeTokenSample('sent', { coming: sentToken }),
    composeTokenSample('waiting', { coming: { ...sentToken, activatesAt: LATER } }),
    composeTokenSample('in-use', { active: tokenInUse }),
    composeTokenSample('unused', { active: { ...tokenInUse, lastUsedAt: null }, isDone: 'lost' }),
    composeTokenSample('stopped', { isDone: 'stopped' }),
    composeTokenSample('blocked', { isDone: 'blocked' }),
    composeTokenSample('malformed', {
      coming: sentToken,
      fault: { field: 'code', why: { kind: 'malformed', digits: 6 } },
    }),
    ...(['far', 'spent'] as const).map((kind) =>
      composeTokenSample(kind, { coming: sentToken, fault: { field: 'code', why: { kind } } }),
    ),
    composeTokenSample('wrong', {
      coming: sentToken,
      fault: { field: 'code', why: { kind: 'wrong', left: 3, isLastRung: false } },
    }),
    composeTokenSample('last-rung', {
      active: tokenInUse,
      fault: { field: 'first', why: { kind: 'wrong', left: 1, isLastRung: true } },
    }),
    composeTokenSample('not-in-row', {
      active: tokenInUse,
      fault: { field: 'first', why: { kind: 'notInRow' } },
    }),
    composeTokenSample('locked', {
      active: tokenInUse,
      fault: { field: 'first', why: { kind: 'locked', opensAt: LATER } },
    }),
  ],
};
