/** Wrong answers of an hour, as their person is told, in English. */
import type { FailureWords } from './failuresDa.ts';

const inHour = (what: string) => (many: number, from: string) =>
  `${what} ${many === 1 ? 'once' : many === 2 ? 'twice' : `${many} times`} in the hour from ${from}.`;

export const failuresEn: FailureWords = {
  password: inHour('A wrong password was entered'),
  key: inHour('A wrong key was entered'),
  sign_in_code: inHour('A wrong code for signing in was entered'),
  temporary_password: inHour('A wrong temporary password was entered'),
  activation_key: inHour('A wrong key was entered when your ID was to be taken into use,'),
  block_password: inHour('A wrong password was entered on the page that blocks,'),
  order: inHour('Somebody tried to order an ID with your CPR number, but with wrong details,'),
  confirmation_key: inHour('A wrong key was entered in self-service'),
};
