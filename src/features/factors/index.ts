/** What a person holds to sign in with, as one set: listed and ended here, whichever kind it is. */
export { blockInTransaction, blockTarget } from './block.ts';
export type { BlockTarget } from './block.ts';
