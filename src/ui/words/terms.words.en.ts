import type { termsDa } from './terms.words.da.ts';

const issuingEn: typeof termsDa.issuing = {
  identification: 'You have to show valid identification, and it has to be your own.',
  use: 'You have to understand the terms in Danish or English without an interpreter, and be able to use your ID yourself.',
  accept: 'You have to say yes to the terms.',
  age: 'If you are under 15, a parent or guardian has to come with you. Your ID then works only at your bank.',
  register: 'If you have a CPR number, the CPR register has to say that you are alive and live in Denmark.',
  address: 'We have to know an address that we can send your letters to.',
};

/** The meaning of the Danish, in plain English: a person who accepts these has accepted the same. */
export const termsEn: typeof termsDa = {
  title: 'Terms of Nøgle',
  version: (version) => `Version ${version}, in English`,
  intro:
    'This is what you say yes to when you get an ID from Nøgle. We have kept it as short as we can. If there is something you do not understand, ask at Borgerservice before you say yes.',
  issuing: issuingEn,
  sections: [
    {
      heading: 'What Nøgle is',
      points: [
        'With your ID you show on the internet who you are: at your bank and, if you choose so, on public websites.',
        'You sign in with a user ID, a password and a key from your key card. Each key can be used once.',
        'You have one ID. It is yours and stays with you, also if you change banks.',
      ],
    },
    {
      heading: 'Who can get an ID',
      points: Object.values(issuingEn),
    },
    {
      heading: 'What you have to do yourself',
      points: [
        'Keep the password to yourself. Tell it to nobody: not to family, friends, the bank or us.',
        'Keep the card and the password apart. Take no pictures of the card, and do not write the keys down anywhere else.',
        'Never lend your ID, and never sign in for somebody else. If somebody is to arrange something for you, give them a power of attorney.',
        'Check that the address in the browser is the right one before you enter anything.',
        'Tell Borgerservice if what we know about you is wrong.',
      ],
    },
    {
      heading: 'Block at once',
      points: [
        'If you have lost the card, or others may know the password or the keys, block at once.',
        'You do that on the page “Block”, which is linked at the bottom of all our pages, or by phoning Nøgle’s hotline. You can do it day and night.',
        'Once it is blocked, nobody can sign in with the card or with your ID. A blocked ID can be opened again only at Borgerservice.',
      ],
    },
    {
      heading: 'Public websites',
      points: [
        'You decide whether your ID also works on public websites, and you can change that again.',
        'You must be 15 years old and have a CPR number.',
        'A website gets only the information that it is allowed to have. If there is any doubt, we ask you first.',
      ],
    },
    {
      heading: 'What we keep about you',
      points: [
        'Name, date of birth, CPR number, address and e-mail, and which identification you showed.',
        'When and where your ID was used or changed. You can see that yourself.',
        'We do not keep your password and your keys in a form that can be read.',
        'We use the information to look after your ID. We give it to nobody but those you sign in with, unless the law says so.',
      ],
    },
    {
      heading: 'What we may do',
      points: [
        'We may block your ID if it looks as if it is being misused, or if you do not keep to the terms. You are told.',
        'We may change the terms. If it is something important, you are told before it applies.',
        'You can stop at any time. Then you block your ID.',
      ],
    },
    {
      heading: 'If you do not agree',
      points: [
        'If we refuse to give you an ID, or block it, you get the reasons, and you can complain. The decision says how, and by when.',
        'If you are not satisfied with how we use your information, you can complain to Datatilsynet, the Danish data protection agency.',
        'You are welcome to tell us first: at Borgerservice, at your bank or by phoning Nøgle’s hotline.',
      ],
    },
  ],
  print: 'You can print this page with your browser’s own print function.',
};
