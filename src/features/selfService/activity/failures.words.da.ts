/** Wrong answers within an hour, as shown to their person, in Danish. */
import type { FailureKind } from '../../../domain/signIn/failure.ts';

/** A sentence for every kind: the number, and the start of the hour. */
export type FailureWords = Readonly<Record<FailureKind, (many: number, from: string) => string>>;

const composeHourText = (what: string) => (many: number, from: string) =>
  `${what} ${many === 1 ? 'én gang' : `${many} gange`} i løbet af en time fra ${from}.`;

export const failuresDa: FailureWords = {
  password: composeHourText('Der blev skrevet en forkert adgangskode'),
  key: composeHourText('Der blev skrevet en forkert nøgle'),
  code_token: composeHourText('Der blev skrevet en forkert kode fra en kodeviser'),
  security_key: composeHourText('En sikkerhedsnøgle eller adgangsnøgle blev afvist'),
  sign_in_code: composeHourText('Der blev skrevet en forkert kode til at logge på'),
  temporary_password: composeHourText('Der blev skrevet en forkert midlertidig adgangskode'),
  activation_key: composeHourText('Der blev skrevet en forkert nøgle, da dit ID skulle tages i brug,'),
  block_password: composeHourText('Der blev skrevet en forkert adgangskode på siden, hvor man spærrer,'),
  new_password_key: composeHourText(
    'Der blev skrevet en forkert nøgle for at få en ny adgangskode til dit ID',
  ),
  order: composeHourText('Nogen prøvede at bestille et ID med dit CPR-nummer, men med forkerte oplysninger,'),
  confirmation_key: composeHourText('Der blev skrevet en forkert nøgle i selvbetjeningen'),
  desk_key: composeHourText('Der blev skrevet en forkert nøgle ved skranken'),
};
