/** The address of each page of an order before it is sent. `check` has no fields of its own. */
import type { OrderStep } from './onlineOrder.rules.ts';

export type OrderPageName = OrderStep | 'check';

export const ORDER_PATHS: Readonly<Record<OrderPageName, string>> = {
  person: '/order',
  terms: '/order/terms',
  check: '/order/check',
};
