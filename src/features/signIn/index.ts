/** What other features may use of this one. */
export { composeKeyErrorText, keyError } from './key/key.page.tsx';
export type { KeyError } from './key/key.page.tsx';
