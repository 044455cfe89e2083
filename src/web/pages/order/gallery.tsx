/** The pages of ordering online, in every state that they have. */
import { DEFAULT_KINDS } from '../../../core/issuing/identification.ts';
import { onlineKinds, type OrderFaults, type TypedOrder } from '../../../core/issuing/onlineOrder.ts';
import type { Frame } from '../../layout.tsx';
import { OrderNoMatchPage, OrderPublicSitesPage, OrderReceivedPage, OrderUnchangedPage } from './answers.tsx';
import { BLANK_ORDER, OrderPage } from './form.tsx';

const nonce = 'A'.repeat(43);
const kinds = onlineKinds(DEFAULT_KINDS);
const typed: TypedOrder = {
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
      render: (frame: Frame) => OrderPage({ ...frame, nonce, kinds, typed: BLANK_ORDER, faults: {} }),
    },
    {
      state: 'nothing-given',
      render: (frame: Frame) => OrderPage({ ...frame, nonce, kinds, typed: BLANK_ORDER, faults: missing }),
    },
    ...Object.entries(FAULTY).map(([state, faults]) => ({
      state,
      render: (frame: Frame) => OrderPage({ ...frame, nonce, kinds, typed, faults }),
    })),
    ...(['busy', 'slowed', 'unavailable'] as const).map((unseen) => ({
      state: unseen,
      render: (frame: Frame) => OrderPage({ ...frame, nonce, kinds, typed, faults: {}, unseen }),
    })),
  ],
  'order-received': [{ state: 'first', render: (frame: Frame) => OrderReceivedPage(frame) }],
  'order-no-match': [{ state: 'first', render: (frame: Frame) => OrderNoMatchPage(frame) }],
  'order-public-sites': [false, true].map((wasOn) => ({
    state: wasOn ? 'already' : 'now',
    render: (frame: Frame) => OrderPublicSitesPage({ ...frame, wasOn, csrf: wasOn ? 'csrf' : null }),
  })),
  'order-unchanged': [{ state: 'first', render: (frame: Frame) => OrderUnchangedPage(frame) }],
};
