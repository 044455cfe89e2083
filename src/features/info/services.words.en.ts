/** The meaning of the Danish, in plain English. */
import type { servicesDa } from './services.words.da.ts';

export const servicesEn: typeof servicesDa = {
  title: 'Where you use your ID',
  intro: 'These are the places that use Nøgle. Each of them says what you do if you have no ID.',
  print: 'You can print this page and take it with you.',
  search: 'Search for a place',
  searchHint: 'For instance a bank, or what you want to do.',
  submit: 'Search',
  all: 'Show all',
  count: (many) => (many === 1 ? 'We found one place.' : `We found ${many} places.`),
  first: (many) => `Here are the first ${many}. Add a word to get fewer.`,
  asked: (q) => `You searched for “${q}”.`,
  kinds: { bank: 'Banks', public: 'Public services' },
  purpose: 'You need an ID for:',
  without: 'Without an ID:',
  general: {
    bank: 'Visit the bank or phone them. At the counter you can be helped without an ID, if you show who you are.',
    public:
      'Visit or phone Borgerservice, the citizen service of your municipality. They help you further, also when you have no ID.',
  },
  nothing: {
    title: 'We found nothing',
    why: 'None of the places fits what you wrote. Try a shorter word, or see all of them.',
    next: 'Can you not find what you need? Ask at Borgerservice, the citizen service of your municipality, at the counter or by phone.',
  },
  none: 'Nobody is on the list yet. Ask at Borgerservice what you can do without an ID.',
  cannot: 'Can you not use a key card?',
};
