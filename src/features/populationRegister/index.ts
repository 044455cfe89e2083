/** What other features may use of this one. */
export { changePerson } from './changePerson.ts';
