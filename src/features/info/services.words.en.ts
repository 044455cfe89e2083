/** The meaning of the Danish, in plain English. */
import type { servicesDa } from './services.words.da.ts';

export const servicesEn: typeof servicesDa = {
  title: 'Where you can use your ID',
  intro: 'These services use Nøgle. For each one we say what you can do if you have no ID.',
  print: 'You can print this page and take it with you.',
  search: 'Find a service',
  searchHint: 'For example a bank, or what you want to do.',
  submit: 'Search',
  all: 'Show all',
  count: (many) => (many === 1 ? 'We found one service.' : `We found ${many} services.`),
  first: (many) => `Here are the first ${many}. Add another word to narrow the list.`,
  asked: (q) => `You searched for “${q}”.`,
  kinds: { bank: 'Banks', public: 'Public services' },
  purpose: 'What you need an ID for:',
  without: 'Without an ID:',
  goTo: (name, host) => `Go to ${name} (${host})`,
  general: {
    bank: 'Visit or phone the bank. At the counter they can help you without an ID, once you have shown who you are.',
    public:
      'Visit or phone Borgerservice, your municipality’s citizen service. They will help you, with or without an ID.',
  },
  nothing: {
    title: 'We found nothing',
    why: 'No service matches what you wrote. Try a shorter word, or see them all.',
    next: 'Still can’t find it? Ask at Borgerservice, your municipality’s citizen service, in person or by phone.',
  },
  none: 'There are no services on the list yet. Ask Borgerservice what you can do without an ID.',
  appointment: 'Are you going to Borgerservice?',
  cannot: 'Can’t use a key card?',
};
