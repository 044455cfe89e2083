/** Wrong answers within an hour, as shown to their person, in English. */
import type { FailureWords } from './failures.words.da.ts';

const composeHourTextInEnglish = (what: string) => (many: number, from: string) =>
  `${what} ${many === 1 ? 'once' : many === 2 ? 'twice' : `${many} times`} in the hour from ${from}.`;

export const failuresEn: FailureWords = {
  password: composeHourTextInEnglish('A wrong password was entered'),
  key: composeHourTextInEnglish('A wrong key was entered'),
  code_token: composeHourTextInEnglish('A wrong code from a code token was entered'),
  security_key: composeHourTextInEnglish('A security key or passkey was refused'),
  sign_in_code: composeHourTextInEnglish('A wrong code for signing in was entered'),
  temporary_password: composeHourTextInEnglish('A wrong temporary password was entered'),
  activation_key: composeHourTextInEnglish('A wrong key was entered when your ID was being activated,'),
  block_password: composeHourTextInEnglish('A wrong password was entered on the page that blocks,'),
  new_password_key: composeHourTextInEnglish('A wrong key was entered to get a new password for your ID'),
  order: composeHourTextInEnglish(
    'Somebody tried to order an ID with your CPR number, but with wrong details,',
  ),
  confirmation_key: composeHourTextInEnglish('A wrong key was entered in self-service'),
  desk_key: composeHourTextInEnglish('A wrong key was entered at the counter'),
};
