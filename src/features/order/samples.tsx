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
import { BLANK_ORDER, OrderPage } from './form.page.tsx';

const nonce = 'A'.repeat(43);
const kinds = listOnlineDocuments(DEFAULT_KINDS);
const typed: OrderInput = {
  ...BLANK_ORDER,
  cpr: '610785-4386',
  name: 'Anna Andersen',
  documentKind: 'passport',
  documentNumber: '201234567',
};

const missing: OrderFaults = {
  cpr: 'missing',
  name: 'incomplete',
  documentKind: 'missing',
  documentNumber: 'missing',
  withoutInterpreter: 'not_ticked',
  operatesAlone: 'not_ticked',
  terms: 'not_ticked',
};
const FAULTY: Record<string, OrderFaults> = {
  malformed: { cpr: 'malformed', documentNumber: 'malformed', email: 'malformed' },
  'impossible-date': { cpr: 'impossible_date' },
  'under-15': { cpr: 'under_15' },
  'terms-changed': { terms: 'changed' },
};

export const ORDER_GALLERY = {
  order: [
    {
      state: 'first',
      render: (frame: PageFrame) => OrderPage({ ...frame, nonce, kinds, typed: BLANK_ORDER, faults: {} }),
    },
    {
      state: 'nothing-given',
      render: (frame: PageFrame) =>
        OrderPage({ ...frame, nonce, kinds, typed: BLANK_ORDER, faults: missing }),
    },
    ...Object.entries(FAULTY).map(([state, faults]) => ({
      state,
      render: (frame: PageFrame) => OrderPage({ ...frame, nonce, kinds, typed, faults }),
    })),
    ...(['busy', 'slowed', 'unavailable'] as const).map((unseen) => ({
      state: unseen,
      render: (frame: PageFrame) => OrderPage({ ...frame, nonce, kinds, typed, faults: {}, unseen }),
    })),
  ],
  'order-received': [{ state: 'first', render: (frame: PageFrame) => OrderReceivedPage(frame) }],
  'order-no-match': [{ state: 'first', render: (frame: PageFrame) => OrderNoMatchPage(frame) }],
  'order-public-sites': [false, true].map((wasOn) => ({
    state: wasOn ? 'already' : 'now',
    render: (frame: PageFrame) => OrderPublicSitesPage({ ...frame, wasOn, csrf: wasOn ? 'csrf' : null }),
  })),
  'order-unchanged': [{ state: 'first', render: (frame: PageFrame) => OrderUnchangedPage(frame) }],
};
