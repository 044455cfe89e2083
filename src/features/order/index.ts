/**
 * Ordering an ID online, with the population register as the only witness: `/order`.
 *
 * This feature owns the form, its counters, the sign-in after an order, and what an officer decides about an
 * order that may be for someone who has an ID. It leaves deciding and issuing to `issuing`, the sign-in's
 * flow to `firstPartyClients`, the officer's pages to `desk`, and the letters to `delivery`.
 */
export { settleOrder } from './settleOrder.ts';
export type { OrderSettlement } from './settleOrder.ts';
