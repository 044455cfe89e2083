/** The pages of ordering online, in each of their states. */
import { DEFAULT_KINDS } from '../../domain/issuing/identification.ts';
import { listOnlineDocuments, type OrderFaults, type OrderInput } from './onlineOrder.rules.ts';
import type { PageFrame } from '../../ui/layout.tsx';
import {
  OrderNoMatchPage,
  OrderPublicSitesPage,
  OrderReceivedPage,
  OrderUnchangedPage,
} from './answers.page.tsx';
import { OrderCheckPage } from './check.page.tsx';
import { OrderPage, OrderTermsPage } from './form.page.tsx';
import { BLANK_ORDER, type OrderDraft } from './orderForm.ts';
import type { UnprocessedKind } from '../../ui/httpError.ts';

const nonce = 'A'.repeat(43);
const kinds = listOnlineDocuments(DEFAULT_KINDS);
const typed: OrderInput = {
  ...BLANK_ORDER,
  cpr: '610785-4386',
  name: 'Anna Andersen',
  documentKind: 'passport',
  documentNumber: '201234567',
};

const drafts = {
  blank: { nonce, typed: BLANK_ORDER },
  typed: { nonce, typed },
  whole: {
    nonce,
    typed: {
      ...typed,
      email: 'anna@mail.example',
      withoutInterpreter: true,
      operatesAlone: true,
      accepts: true,
    },
  },
  older: {
    nonce,
    typed: {
      ...typed,
      withoutInterpreter: true,
      operatesAlone: true,
      accepts: true,
      termsVersion: '2020-01-01',
    },
  },
};
const expected = {
  first: { from: '2026-12-02', to: '2026-12-09' },
  second: { from: '2026-12-03', to: '2026-12-10' },
};
const receipt = { reference: 'K7MP-3QXD', at: new Date('2026-11-24T13:05:00Z') };

const missing: OrderFaults = {
  cpr: 'missing',
  name: 'incomplete',
  documentKind: 'missing',
  documentNumber: 'missing',
};
const notTicked: OrderFaults = {
  withoutInterpreter: 'not_ticked',
  operatesAlone: 'not_ticked',
  terms: 'not_ticked',
};
const FAULTY: Record<string, OrderFaults> = {
  malformed: { cpr: 'malformed', documentNumber: 'malformed', email: 'malformed' },
  'impossible-date': { cpr: 'impossible_date' },
  'under-15': { cpr: 'under_15' },
};

const pageOf = (page: typeof OrderPage, draft: OrderDraft, faults: OrderFaults) => (frame: PageFrame) =>
  page({ ...frame, kinds, draft, faults });

export const ORDER_GALLERY = {
  order: [
    { state: 'first', render: pageOf(OrderPage, drafts.blank, {}) },
    { state: 'nothing-given', render: pageOf(OrderPage, drafts.blank, missing) },
    { state: 'changed', render: pageOf(OrderPage, drafts.whole, {}) },
    ...Object.entries(FAULTY).map(([state, faults]) => ({
      state,
      render: pageOf(OrderPage, drafts.typed, faults),
    })),
  ],
  'order-terms': [
    { state: 'first', render: pageOf(OrderTermsPage, drafts.typed, {}) },
    { state: 'not-ticked', render: pageOf(OrderTermsPage, drafts.typed, notTicked) },
    { state: 'terms-changed', render: pageOf(OrderTermsPage, drafts.older, { terms: 'changed' }) },
  ],
  'order-check': [null, 'busy', 'slowed', 'unavailable'].map((unseen) => ({
    state: unseen ?? 'first',
    render: (frame: PageFrame) =>
      OrderCheckPage({
        ...frame,
        kinds,
        draft: unseen ? { nonce, typed: { ...drafts.whole.typed, email: '' } } : drafts.whole,
        unseen: unseen as UnprocessedKind | null,
      }),
  })),
  'order-received': [receipt, null].map((one) => ({
    state: one ? 'first' : 'without-cookies',
    render: (frame: PageFrame) => OrderReceivedPage({ ...frame, receipt: one, expected }),
  })),
  'order-no-match': [{ state: 'first', render: (frame: PageFrame) => OrderNoMatchPage(frame) }],
  'order-public-sites': [false, true].map((wasOn) => ({
    state: wasOn ? 'already' : 'now',
    render: (frame: PageFrame) => OrderPublicSitesPage({ ...frame, wasOn, csrf: wasOn ? 'csrf' : null }),
  })),
  'order-unchanged': [{ state: 'first', render: (frame: PageFrame) => OrderUnchangedPage(frame) }],
};
