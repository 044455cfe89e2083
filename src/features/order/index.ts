/** What other features may use of this one. */
export { settleOrder } from './settleOrder.ts';
export type { OrderSettlement } from './settleOrder.ts';
