/** The pages of the person's own data, in every state. */
import type { PageFrame } from '../../../ui/layout.tsx';
import type { Activity } from '../activity/activity.rules.ts';
import { SelfDataPage } from './data.page.tsx';
import { SelfDataReadPage } from './dataRead.page.tsx';
import { SAMPLE_FACTORS } from '../codeToken/samples.tsx';
import { SAMPLE_KEYS } from '../securityKeys/samples.tsx';
import type { PersonData } from './exportData.ts';

const user = { name: 'Anna Kirstine Vestergaard', csrf: 'x' };
const composeDataFrame = (frame: PageFrame) => ({ ...frame, user, again: false, hasRecentKey: true });
const AT = new Date('2026-11-24T12:05:00Z');
const LATER = new Date('2026-11-25T12:05:00Z');
const site = { da: 'Randers Kommune', en: 'Randers Municipality' };
const seen = { browser: 'Firefox', system: 'Windows', network: '192.0.2.10' };
const address = { street: 'Østervold 12, 2. th.', postcode: '8900', city: 'Randers C' };

const activities: readonly Activity[] = [
  {
    id: '2',
    at: AT,
    event: { kind: 'signed_in', details: { clientId: 'randers', cardNumber: 'A123456789' } },
    site,
    seen,
    confirmedBy: null,
    guardian: null,
    keyName: null,
    isSealed: true,
  },
  {
    id: '1',
    at: AT,
    event: { kind: 'identity_activated', details: {} },
    site: null,
    seen: null,
    confirmedBy: null,
    guardian: null,
    keyName: null,
    isSealed: true,
  },
];

const data: PersonData = {
  exportedAt: AT,
  logSalt: Buffer.alloc(0),
  cpr: '0107851234',
  pid: '9208-2002-2-000000000001',
  account: {
    name: user.name,
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
    formerAddress: { ...address, street: 'Vestergade 3' },
    movedAt: AT,
    createdAt: AT,
    cards: [
      {
        cardNumber: 'B987654321',
        state: 'sent',
        keysLeft: 148,
        orderedAt: AT,
        expected: { from: '2026-12-01', to: '2026-12-08' },
        activatesAt: LATER,
        format: 'large_print',
      },
      {
        cardNumber: 'A123456789',
        state: 'active',
        keysLeft: 61,
        orderedAt: AT,
        expected: null,
        activatesAt: null,
        format: 'standard',
      },
    ],
    address,
    email: 'anna@mail.example',
    isEmailConfirmed: true,
    isEmailRefused: false,
    waitingEmail: { email: 'anna.ny@mail.example', kind: 'change', code: 'sent', givenAt: AT },
    nextEmail: { email: 'anna.ny@mail.example', from: LATER },
    blocker: null,
  },
  sessions: [{ uid: 'here', startedAt: AT, usedAt: AT, sites: [site], client: seen }],
  services: [
    { clientId: 'randers', name: site, scopes: ['openid', 'ssn'], agreedAt: AT, offlineUntil: LATER },
  ],
  applications: [
    {
      path: 'desk',
      at: AT,
      caseNumber: 'K7MP-3QXD',
      identification: { kind: 'passport', number: '201234567', expiresOn: '2030-01-31' },
      terms: { version: '2026-11-01', language: 'da' },
      guardian: 'Karen Vestergaard',
    },
  ],
  ownBrowsers: [{ name: 'a', firstAt: AT, lastAt: AT, seen }],
  factors: SAMPLE_FACTORS.map((one) => ({ ...one, name: one.name || 'Nøglering' })),
  codeTokens: [
    {
      serialNumber: 'NT-100235',
      kind: 'totp',
      state: 'sent',
      givenAt: AT,
      givenBy: 'self_service',
      expected: { from: '2026-12-01', to: '2026-12-08' },
      activatesAt: LATER,
      activatedAt: null,
      lastUsedAt: null,
      endedAt: null,
    },
    {
      serialNumber: 'NT-100234',
      kind: 'hotp',
      state: 'blocked',
      givenAt: AT,
      givenBy: 'desk',
      expected: null,
      activatesAt: null,
      activatedAt: AT,
      lastUsedAt: AT,
      endedAt: LATER,
    },
  ],
  securityKeys: [...SAMPLE_KEYS],
  sent: [
    { way: 'letter', kind: 'welcome', at: AT, postOn: '2026-11-25' },
    { way: 'email', kind: 'card_sent', at: LATER, postOn: null },
  ],
  activities,
};
const bare: PersonData = {
  ...data,
  account: {
    ...data.account,
    userId: null,
    address: null,
    formerAddress: null,
    movedAt: null,
    email: null,
    waitingEmail: null,
    nextEmail: { email: null, from: LATER },
    issuedBy: null,
    cards: [],
  },
  sessions: [],
  services: [],
  applications: [],
  factors: [],
  codeTokens: [],
  ownBrowsers: [],
  sent: [],
  activities: [],
};

const composeReadSample = (state: string, shown: PersonData) => ({
  state,
  render: (frame: PageFrame) =>
    SelfDataReadPage({ ...composeDataFrame(frame), data: shown, network: seen.network }),
});

export const DATA_GALLERY = {
  'self-data': [
    { state: 'first', render: (frame: PageFrame) => SelfDataPage(composeDataFrame(frame)) },
    {
      state: 'hidden',
      render: (frame: PageFrame) => SelfDataPage({ ...composeDataFrame(frame), hasRecentKey: false }),
    },
  ],
  'self-data-read': [composeReadSample('first', data), composeReadSample('bare', bare)],
};
