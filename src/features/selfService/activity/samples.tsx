/** The pages of activity, access and personal data, in every state. */
import { DEFAULT_LANGUAGE } from '../../../domain/language/language.ts';
import type { AuditEvent } from '../../../domain/auditEvent.ts';
import type { Activity } from './activity.rules.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import type { SessionView } from '../../sessions/index.ts';
import { composeConcernSamples } from './concern.samples.tsx';
import { SelfAccessPage } from '../access/access.page.tsx';
import { SelfActivityPage } from './activity.page.tsx';
import { SelfBrowsersPage } from '../browsers/browsers.page.tsx';

const user = { name: 'Anna Kirstine Vestergaard', csrf: 'x' };
const composeLogFrame = (frame: PageFrame) => ({ ...frame, user, again: false, hasRecentKey: true });
const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-24T12:05:00Z');
const site = { da: 'Randers Kommune', en: 'Randers Municipality' };
const here = '192.0.2.10';
const seen = { browser: 'Firefox', system: 'Windows', network: here };
const cardNumber = 'A123456789';
const clientId = 'randers';
const staffId = 'x';
const byClerk = { staffId, role: 'bank_clerk', reason: 'Ny kunde' } as const;
const toBlock = { staffId, what: 'block' } as const;
const serialNumber = 'NT-100234';
const on = { by: 'person' } as const;
const byStaff = { by: 'staff', staffId, reason: 'Ringede fra sit eget nummer' } as const;

type SampleEvent = Pick<AuditEvent, 'kind' | 'details'>;

const FAILURES = (
  [
    ['password', 4],
    ['key', 1],
    ['sign_in_code', 2],
    ['temporary_password', 3],
    ['activation_key', 1],
    ['block_password', 5],
    ['order', 2],
    ['confirmation_key', 1],
    ['desk_key', 2],
    ['new_password_key', 2],
  ] as const
).map(([what, many]): SampleEvent => {
  return { kind: 'failures_counted', details: { what, many, from: '2026-11-24T11:00:00Z' } };
});

/** One event of every kind, so that each sentence is rendered. */
const EVENTS: readonly SampleEvent[] = [
  { kind: 'signed_in', details: { clientId, cardNumber } },
  { kind: 'gone_on_to', details: { clientId } },
  { kind: 'signed_in_with_password', details: { clientId } },
  {
    kind: 'sign_in_refused',
    details: { clientId, factor: 'passkey', only: true, refusal: 'proofing_too_low' },
  },
  { kind: 'consent_given', details: { clientId, scopes: ['ssn'] } },
  { kind: 'consent_withdrawn', details: { clientId, scopes: ['ssn'] } },
  { kind: 'access_ended', details: { clientId } },
  { kind: 'signed_out', details: { clientId } },
  { kind: 'signed_out_everywhere', details: {} },
  { kind: 'signed_out_by_staff', details: byStaff },
  { kind: 'password_without_key', details: { at: '2026-11-24T12:05:00Z' } },
  { kind: 'keys_locked', details: {} },
  { kind: 'password_locked', details: {} },
  { kind: 'only_known_browsers', details: {} },
  { kind: 'sign_in_code_ordered', details: { way: 'email' } },
  { kind: 'sign_in_code_ordered', details: { way: 'letter' } },
  { kind: 'sign_in_code_used', details: {} },
  { kind: 'browser_known', details: {} },
  { kind: 'browser_known', details: { again: true } },
  ...[1, 3].map((many) => ({ kind: 'browsers_taken_back', details: { many } }) as const),
  { kind: 'security_key_added', details: { securityKey: 'k1', from: '2026-11-25T12:05:00Z', by: 'person' } },
  { kind: 'security_key_added', details: { securityKey: 'k2', from: '2026-11-25T12:05:00Z', ...byStaff } },
  ...(['passkey', 'code_token'] as const).map((factor) => {
    const added = { securityKey: 'k4', from: '2026-11-24T12:05:00Z', by: 'person' } as const;
    const details = { ...added, confirmedWith: { factor, id: 'k1' } };
    return { kind: 'security_key_added', details } as const;
  }),
  { kind: 'security_key_counts', details: { securityKey: 'k1' } },
  { kind: 'security_key_renamed', details: { securityKey: 'k1' } },
  { kind: 'security_key_ended', details: { securityKey: 'k1', end: 'stopped', by: 'person' } },
  { kind: 'security_key_ended', details: { securityKey: 'k2', end: 'removed', by: 'person' } },
  { kind: 'security_key_ended', details: { securityKey: 'k3', end: 'blocked', by: 'system' } },
  { kind: 'browser_forgotten', details: {} },
  ...FAILURES,
  { kind: 'key_burnt', details: { cardNumber } },
  { kind: 'deed_confirmed', details: { deed: 'change_email', cardNumber } },
  { kind: 'email_changed', details: { from: '2026-11-25T12:05:00Z', removed: false } },
  { kind: 'email_changed', details: { from: '2026-11-25T12:05:00Z', removed: true } },
  { kind: 'email_code_ordered', details: {} },
  { kind: 'email_confirmed', details: { from: null } },
  { kind: 'email_confirmed', details: { from: '2026-11-25T12:05:00Z' } },
  { kind: 'email_called_off', details: on },
  { kind: 'email_called_off', details: byStaff },
  { kind: 'language_changed', details: { language: 'da' } },
  { kind: 'threshold_changed', details: { threshold: 40 } },
  { kind: 'card_format_changed', details: { format: 'braille', by: 'person' } },
  { kind: 'public_sites_changed', details: { on: true, ...on } },
  { kind: 'public_sites_changed', details: { on: false, ...byStaff } },
  { kind: 'data_exported', details: {} },
  { kind: 'password_chosen', details: {} },
  { kind: 'user_id_chosen', details: {} },
  { kind: 'card_ordered', details: { cardNumber, by: 'system' } },
  { kind: 'card_sent', details: { cardNumber, postOn: '2026-11-25', batch: 'x' } },
  { kind: 'wait_started', details: { cardNumber, opensAt: '2026-11-25T12:05:00Z' } },
  { kind: 'card_activate', details: { cardNumber, ...on } },
  { kind: 'card_replace', details: { cardNumber, by: 'system' } },
  { kind: 'card_use_up', details: { cardNumber, by: 'system' } },
  { kind: 'card_block', details: { cardNumber, ...byStaff } },
  { kind: 'card_lose', details: { cardNumber, ...on } },
  { kind: 'card_retire', details: { cardNumber, ...on } },
  { kind: 'card_not_ordered', details: { keysLeft: 20 } },
  { kind: 'code_token_ordered', details: { serialNumber, ...on } },
  { kind: 'code_token_sent', details: { serialNumber, postOn: '2026-11-25', batch: 'x' } },
  { kind: 'code_token_wait_started', details: { serialNumber, opensAt: '2026-11-25T12:05:00Z' } },
  { kind: 'code_token_activated', details: { serialNumber, by: 'system' } },
  { kind: 'code_token_activated', details: { serialNumber, ...byStaff } },
  { kind: 'code_token_replaced', details: { serialNumber, by: 'system' } },
  { kind: 'code_token_blocked', details: { serialNumber, ...on } },
  { kind: 'code_token_lost', details: { serialNumber, ...on } },
  { kind: 'code_token_resynced', details: { serialNumber, ...byStaff } },
  { kind: 'letter_sent', details: { kind: 'password', postOn: '2026-11-25' } },
  { kind: 'password_letter_ordered', details: byStaff },
  { kind: 'new_password_key_given', details: { cardNumber } },
  { kind: 'new_password_refused', details: { why: 'under_15', cardNumber } },
  { kind: 'new_password_refused', details: { why: 'no_address', cardNumber } },
  { kind: 'new_password_refused', details: { why: 'too_many', cardNumber } },
  { kind: 'identity_blocked', details: on },
  { kind: 'identity_reopened', details: byStaff },
  { kind: 'identity_proofed', details: byStaff },
  { kind: 'proofing_lowered', details: {} },
  { kind: 'identity_accepted', details: {} },
  { kind: 'identity_closed', details: {} },
  { kind: 'person_erasure_proposed', details: { operator: { account: 'x', by: null } } },
  { kind: 'person_erased', details: { operator: { account: 'x', by: null }, events: 1, record: 'x' } },
  { kind: 'searched_by_staff', details: { staffId, role: 'officer', reason: 'Nyt kort', shown: true } },
  { kind: 'searched_by_staff', details: { ...byClerk, shown: false } },
  { kind: 'searched_by_staff', details: { ...byClerk, shown: true, cardSearchId: staffId } },
  { kind: 'register_looked_up', details: { staffId, role: 'officer', reason: 'Vil have et ID' } },
  { kind: 'register_looked_up', details: { staffId: null, role: 'operator' } },
  { kind: 'refused_at_desk', details: { ...toBlock, role: 'bank_clerk', why: 'other_bank', isOwn: false } },
  { kind: 'refused_at_desk', details: { staffId, role: null, what: 'desk', why: 'no_role', isOwn: false } },
  { kind: 'refused_at_desk', details: { ...toBlock, role: 'officer', why: 'own_id', isOwn: true } },
  { kind: 'colleague_action_proposed', details: { ...byStaff, action: 'block-card' } },
  {
    kind: 'colleague_action_refused',
    details: { staffId, action: 'block-card', reasonCode: 'colleague_action' },
  },
  { kind: 'cpr_changed', details: { by: 'system' } },
  { kind: 'cpr_changed', details: byStaff },
  { kind: 'likeness_judged', details: { others: ['x'], staffId } },
  { kind: 'cpr_change_proposed', details: byStaff },
  { kind: 'cpr_change_refused', details: { staffId } },
  { kind: 'cpr_change_withdrawn', details: { staffId } },
  { kind: 'cpr_change_unclear', details: {} },
  { kind: 'duplicate_found', details: {} },
  { kind: 'register_changed', details: { what: ['address'] } },
  { kind: 'staff_proposed', details: { staffId, role: 'hotline', bank: null } },
  { kind: 'staff_approved', details: { staffId, role: 'operator', bank: null } },
  { kind: 'staff_ended', details: { staffId, role: 'officer', bank: null } },
  { kind: 'staff_end_proposed', details: { staffId, role: 'officer', bank: null } },
  { kind: 'staff_kept', details: { staffId, role: 'officer', bank: null } },
  { kind: 'terms_confirmed', details: { version: '2026-11-01', language: 'da' } },
  { kind: 'identity_activated', details: {} },
  { kind: 'user_id_refused', details: {} },
  { kind: 'current_password_locked', details: {} },
  { kind: 'activation_key_given', details: { cardNumber } },
  { kind: 'card_issued', details: { cardNumber } },
  { kind: 'application_refused', details: { path: 'online', reasons: ['no_address'] } },
  { kind: 'application_withdrawn', details: { path: 'desk', staffId } },
  { kind: 'identity_issued', details: { idNumber: '123456789', path: 'desk', staffId } },
];

const activities = EVENTS.map((event, i): Activity => {
  const isSeen = ['signed_in', 'gone_on_to', 'deed_confirmed'].includes(event.kind);
  const confirmedBy = event.kind === 'threshold_changed' ? cardNumber : null;
  const keyName = 'securityKey' in event.details ? 'Min telefon' : null;
  const guardian = keyName && 'reason' in event.details ? { name: 'Karen Vestergaard', proof: null } : null;
  // The newest wait for their proof.
  const state = { at: new Date(NOW - i * 3 * HOUR), isSealed: i > 1, site };
  return { id: String(100 - i), ...state, event, seen: isSeen ? seen : null, confirmedBy, guardian, keyName };
});

const composeActivitySample = (state: string, props: Partial<SelfActivityPage>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfActivityPage({
      ...composeLogFrame(frame),
      activities,
      older: '51',
      isNewest: true,
      network: here,
      ...props,
    }),
});

const composeSessionSample = (props: Partial<SessionView> = {}): SessionView => {
  const startedAt = new Date(NOW - HOUR);
  return { uid: 'here', startedAt, usedAt: startedAt, sites: [site], client: seen, ...props };
};
const PHONE = composeSessionSample({
  uid: 'phone',
  startedAt: new Date(NOW - 30 * HOUR),
  usedAt: new Date(NOW - 2 * HOUR),
  client: { browser: 'Safari', system: 'iOS', network: '2001:db8:0:1::/64' },
  sites: [site, { da: 'Skat', en: 'Tax' }],
});
const OTHER_SESSIONS = [PHONE, composeSessionSample({ uid: 'old', client: null, sites: [] })];
const composeServiceSample = (name: typeof site, isOffline: boolean) => ({
  clientId: name[DEFAULT_LANGUAGE],
  name,
  scopes: isOffline ? ['offline_access', 'openid', 'profile', 'ssn'] : [],
  agreedAt: isOffline ? new Date(NOW) : null,
  offlineUntil: isOffline ? new Date(NOW + 30 * 24 * 3_600_000) : null,
});
const composeAccessSample = (state: string, props: Partial<SelfAccessPage>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfAccessPage({
      ...composeLogFrame(frame),
      sessions: [composeSessionSample()],
      services: [],
      here: 'here',
      network: here,
      done: null,
      ...props,
    }),
});

const composeBrowserSample = (name: string, from: typeof seen | null, hours: number) => {
  const lastAt = from && new Date(NOW - hours * HOUR);
  return { name, firstAt: new Date(NOW - 400 * HOUR), lastAt, seen: from };
};
const composeBrowsersSample = (state: string, props: Partial<SelfBrowsersPage>) => ({
  state,
  render: (frame: PageFrame) =>
    SelfBrowsersPage({
      ...composeLogFrame(frame),
      browsers: [
        composeBrowserSample('a', seen, 1),
        composeBrowserSample('b', { ...seen, browser: 'Safari', system: 'iOS' }, 30),
        composeBrowserSample('c', null, 60),
      ],
      isDone: null,
      ...props,
    }),
});

export const LOG_GALLERY = {
  'self-activity': [
    composeActivitySample('first', {}),
    composeActivitySample('elsewhere', {
      isNewest: false,
      older: null,
      network: '198.51.100.7',
      activities: [
        ...activities.slice(0, 2),
        {
          ...(activities[0] as Activity),
          id: '1',
          site: null,
          seen: { ...seen, browser: null, system: null },
        },
      ],
    }),
    composeActivitySample('none', { activities: [], older: null }),
    composeActivitySample('end', { activities: [], older: null, isNewest: false }),
  ],
  'self-concern': composeConcernSamples(activities, { network: here, session: PHONE }),
  'self-access': [
    composeAccessSample('first', {}),
    composeAccessSample('much', {
      sessions: [composeSessionSample(), ...OTHER_SESSIONS],
      services: [
        composeServiceSample(site, true),
        composeServiceSample({ da: 'Østbanken', en: 'East Bank' }, false),
      ],
    }),
    composeAccessSample('not-proven', {
      hasRecentKey: false,
      sessions: [composeSessionSample(), ...OTHER_SESSIONS],
      services: [composeServiceSample(site, true)],
    }),
    composeAccessSample('ended', { done: 'session' }),
    composeAccessSample('others', { done: 'others' }),
    composeAccessSample('removed', { done: 'access' }),
    composeAccessSample('part', { done: 'part', services: [composeServiceSample(site, true)] }),
  ],
  'self-browsers': [
    composeBrowsersSample('first', {}),
    composeBrowsersSample('one', { browsers: [composeBrowserSample('a', seen, 1)] }),
    composeBrowsersSample('none', { browsers: [] }),
    composeBrowsersSample('taken-back', { isDone: 'one' }),
    composeBrowsersSample('all-taken-back', { isDone: 'all', browsers: [] }),
  ],
};
