/** How people reach an installation that does not exist, for pages of the gallery. */
import type { ServiceContact } from '../domain/serviceContact.ts';

export const SAMPLE_CONTACT: ServiceContact = {
  issuer: 'https://noegle.example',
  hotline: '70 10 20 30',
  email: 'hjaelp@noegle.example',
  appointmentsUrl: 'https://kommune.example/bestil-tid',
  accessibilityUrl: null,
  operator: {
    name: 'Prøvekommunen',
    cvr: '12345678',
    address: ['Laksetorvet 1', '8900 Randers C'],
    dataProtectionEmail: 'databeskyttelse@noegle.example',
  },
};
