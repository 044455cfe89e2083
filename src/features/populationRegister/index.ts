/**
 * The population register: its import, and what a changed row means for a person with an ID. This feature
 * owns reading the file, following new CPR numbers, comparing people, and changing name, address and status.
 *
 * It leaves parsing a row to domain/issuing, the stored rows to db/people/populationRegister.ts, changing a
 * CPR number to features/issuing, blocking to features/identity, and unclear cases to an officer in
 * features/desk. Other features use only what is exported here.
 */
export { changePerson } from './changePerson.ts';
