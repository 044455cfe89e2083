/** Letters for the print houses to store. */
import type { Letter, LetterContent } from '../../src/domain/letter.ts';

const to = { name: 'Åse Ærø Østergård', street: 'Søndergade 7, 2. tv.', postcode: '8900', city: 'Randers C' };

export const CONTENTS = {
  welcome: {
    kind: 'welcome',
    to,
    idNumber: '274013951',
    cardNumber: 'A123-456-789',
    keys: { '0087': '123456' },
  },
  card: { kind: 'card', to, cardNumber: 'B987-654-321', keys: { '4711': '654321', '0012': '111222' } },
  password: { kind: 'password', to, temporaryPassword: 'mK4wPz9rTq7h' },
  notice: { kind: 'notice', to, subject: 'Dit nøglekort', text: 'Kære Åse\n\nDit kort er på vej.' },
} as const satisfies Record<string, LetterContent>;

export function aLetter(letter: Partial<Letter> = {}): Letter {
  return {
    id: 'letter-1',
    content: CONTENTS.card,
    language: 'da',
    format: 'standard',
    postOn: '2026-11-24',
    batch: '2026-11-24-09',
    usableUntil: letter.content?.kind === 'password' ? '2027-01-05' : null,
    ...letter,
  };
}

/** Large enough that writing it takes time, and its end shows whether it is complete. */
export function aPdf(): Buffer {
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    Buffer.alloc(128 * 1024, 'pdf '),
    Buffer.from('\n%%EOF\n'),
  ]);
}
