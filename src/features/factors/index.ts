/**
 * What a person holds to sign in with, as one set: a card, security keys, a code token.
 *
 * This feature lists them, and ends them: alone, or all with the ID. It leaves how each kind comes, and what
 * of it counts, to `identity` (cards), `securityKeys` and `codeTokens`; the table of their one life to
 * `domain/factors/heldFactors.ts`; and the pages to `block`, `selfService` and `desk`.
 */
export { blockInTransaction, blockTarget } from './block.ts';
export { endLeftFactors } from './endFactors.ts';
export { readHeldFactors } from './readHeldFactors.ts';
