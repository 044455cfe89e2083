/** How people reach the operator of a suite's installation. */
import { readContact } from '../../src/config/contact.ts';
import type { ServiceContact } from '../../src/domain/serviceContact.ts';

export const HOTLINE = '70 10 20 30';

/** As a server's environment says it. */
export const CONTACT_ENV = {
  NOEGLE_CONTACT_EMAIL: 'hjaelp@noegle.example',
  NOEGLE_HOTLINE: HOTLINE,
  NOEGLE_OPERATOR_ADDRESS: 'Laksetorvet 1, 8900 Randers C',
  NOEGLE_OPERATOR_CVR: '12345678',
  NOEGLE_OPERATOR_NAME: 'Prøvekommunen',
};

/** @throws Error when a value is not right, so that a suite does not go on without it */
export function composeContact(issuer: string, env: Record<string, string> = {}): ServiceContact {
  const faults: string[] = [];
  const contact = readContact({ ...CONTACT_ENV, ...env }, issuer, faults);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return contact;
}
