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
    'This is what you agree to when you get an ID from Nøgle. We have kept it as short as we can. If there is anything you don’t understand, ask Borgerservice, your municipality’s citizen service, before you say yes.',
  issuing: issuingEn,
  sections: [
    {
      heading: 'What Nøgle is',
      points: [
        'Your ID shows who you are online: at your bank and, if you choose, on public sites.',
        'You sign in with a user ID, a password and a key from your key card. Each key can be used once.',
        'You can also get a code token, or add a security key or passkey, and use it instead of the key. The card still works. If you lose the others, the card is your way back in.',
        'You have one ID. It is yours, and you keep it even if you change banks.',
      ],
    },
    {
      heading: 'Who can get an ID',
      points: Object.values(issuingEn),
    },
    {
      heading: 'What you must do',
      points: [
        'Keep your password to yourself. Tell nobody: not your family, your friends, your bank or us.',
        'Keep your card and your password apart. Don’t take pictures of the card, and don’t write the keys down anywhere else.',
        'Never lend your ID to anyone, and never sign in for somebody else. If somebody is to act for you, give them a power of attorney.',
        'Check that the address in the browser is the right one before you type anything.',
        'Tell Borgerservice if what we know about you is wrong.',
      ],
    },
    {
      heading: 'Other things than the card',
      points: [
        'Your security key, passkey and code token are for you alone. Don’t lend them to anyone, and let nobody else unlock them.',
        'Only add one that is your own, and never because somebody else asks you to.',
        'A passkey may come with the account that your phone or computer uses. It is then only as safe as that account. Look after the account, and share it with nobody.',
      ],
    },
    {
      heading: 'Block at once',
      points: [
        'If you have lost your card, or somebody else may know your password or your keys, block at once.',
        'The same goes for a security key, passkey or code token that is lost, or that others can use. You can also remove it in self-service.',
        'Use the page “Block”, which is linked at the bottom of all our pages, or call Nøgle’s hotline. You can do that day and night.',
        'Once it is blocked, nobody can sign in with the card or with your ID. Only Borgerservice can unblock an ID.',
      ],
    },
    {
      heading: 'Public websites',
      points: [
        'You decide whether your ID also works on public sites, and you can change your mind.',
        'You must be 15 or over and have a CPR number.',
        'A website gets only the information it is allowed to have. If there is any doubt, we ask you first.',
      ],
    },
    {
      heading: 'What we keep about you',
      points: [
        'Your name, date of birth, CPR number, address and e-mail address, and which identification you showed.',
        'When and where your ID was used or changed. You can see that yourself.',
        'We store your password and your keys so that they cannot be read.',
        'We never get your fingerprint or your face. They stay on your own phone, computer or security key.',
        'We use the information to look after your ID. We share it only with the services you sign in to, unless the law says otherwise.',
      ],
    },
    {
      heading: 'What we may do',
      points: [
        'We may block your ID if it looks as if it is being misused, or if you do not keep to the terms. We tell you if we do.',
        'We may change the terms. If the change matters, we tell you before it applies.',
        'You can stop at any time. To do so, block your ID.',
      ],
    },
    {
      heading: 'If you disagree',
      points: [
        'If we refuse to give you an ID, or block it, we give you our reasons, and you can appeal. The decision says how, and by when.',
        'If you are unhappy with how we use your information, you can complain to Datatilsynet, the Danish Data Protection Agency.',
        'You are welcome to tell us first: at Borgerservice, at your bank, or by calling Nøgle’s hotline.',
      ],
    },
  ],
  privacy: 'Read more about how we use your information',
  print: 'You can print this page and keep it.',
};
