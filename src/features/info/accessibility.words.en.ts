import type { accessibilityDa } from './accessibility.words.da.ts';

export const accessibilityEn: typeof accessibilityDa = {
  title: 'Accessibility statement',
  heading: 'Accessibility statement',
  lead: (operator, host) =>
    `${operator} runs ${host}. Under the Danish act on the accessibility of public sector websites and mobile applications, everyone must be able to use it. This statement applies to ${host}.`,
  status: {
    heading: 'Does this website meet the requirements?',
    texts: [
      'Mostly. It is partially compliant with WCAG 2.2 level AA and with the European standard EN 301 549. What is missing is listed on this page.',
      'You can sign in without remembering anything, reading anything off a card or copying anything. You do that with a passkey in your phone or computer, or with a security key that you plug in. You unlock it with a fingerprint or your face, or with a PIN if you prefer. You can add it in self-service, or have it added at Borgerservice, where you don’t need the card.',
    ],
  },
  limits: {
    heading: 'What is not accessible to everyone',
    criteriaLanguage: 'en',
    criteria: [
      {
        criterion: '3.3.8 Accessible Authentication (Minimum)',
        text: 'To sign in with the key card you have to find a key on it and type it. A code token also has digits that you have to type. That can be hard if you are dyslexic, have low vision or find it difficult to remember things. With a passkey or a security key you don’t have to. But you need the card to activate your ID, and to change something in self-service. You are welcome to paste your password, or let your computer remember it.',
      },
      {
        criterion: '2.2.1 Timing Adjustable',
        text: 'If you don’t touch a page for a while, you are signed out. The page warns you two minutes before, so that you can stay. With JavaScript switched off, it only says how long you have.',
      },
    ],
    instead: [
      'The key card is printed on paper. You can have it in large print on an A4 sheet, or in Braille. It can’t be read aloud.',
      'If you can’t use a card, there are other ways.',
    ],
  },
  assessed: {
    heading: 'How we assessed it',
    texts: [
      'We assessed the website ourselves. Whenever we change something, a program goes through every page and looks for breaches of WCAG. It also uses the pages with the keyboard alone, in dark colours, in high contrast, and as narrow as they are at 400 per cent.',
      'People with disabilities have not tested the pages for us yet. So there may be faults that we have not seen.',
    ],
    dates: (made) =>
      `This statement was prepared on ${made}. We review it whenever we change something, and at least once a year.`,
  },
  tell: {
    heading: 'Tell us if something doesn’t work',
    texts: [
      'If there is something you can’t read or use, call or write to us. Say which page it was and what you use. You can also ask for it in another form. We reply within 10 working days.',
    ],
  },
  complain: {
    heading: 'Not happy with our reply?',
    texts: [
      'You can complain to Digitaliseringsstyrelsen, the Danish Agency for Digital Government, which enforces the act. You can also do so if you have had no reply after 10 working days.',
    ],
    url: 'https://digst.dk/digital-inklusion/webtilgaengelighed/oplever-du-ikke-tilgaengeligt-indhold/',
    link: 'How to complain to the agency (digst.dk, in Danish)',
  },
  official: 'Read the statement on the agency’s website (WAS-Tool)',
};
