/** stand-in until the population register is merged */
import type { Day } from '../calendar.ts';
import type { PostalAddress } from '../letter.ts';

export interface RegisterEntry {
  readonly cpr: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthdate: Day;
  readonly status: 'active' | 'dead' | 'emigrated';
  readonly address: PostalAddress | null;
  readonly addressProtected: boolean;
  readonly passport: string | null;
  readonly drivingLicence: string | null;
}

export interface PopulationRegister {
  find(cpr: string): Promise<RegisterEntry | null>;
}
