/** The meaning of the Danish, in plain English. */
import type { footDa, startDa } from './start.words.da.ts';

export const startEn: typeof startDa = {
  title: 'One ID for bank and public services',
  what: [
    'With Nøgle you sign in with the same ID at your bank, your municipality, the tax office, Digital Post and many other places.',
    'You use a user ID, a password and a key from a small card in your wallet.',
    'To sign in at your bank or another service, begin there. They send you here.',
  ],
  links: {
    order: {
      label: 'Order an ID',
      text: 'You need your CPR number and a Danish passport or driving licence.',
    },
    activate: {
      label: 'Take your ID into use',
      text: 'When you have got the letters. Also when you have got a temporary password.',
    },
    block: { label: 'Block at once', text: 'Is your card gone, or do others know your password?' },
    selfService: {
      label: 'Self-service',
      text: 'See your cards, order a new one, change your password, and see what your ID was used for.',
    },
    services: { label: 'Where you use your ID', text: 'And what you do if you have none.' },
    help: { label: 'Help', text: 'Lost card, forgotten password, moved, and everything else.' },
  },
  developers: {
    heading: 'For developers',
    text: 'Do you want to use Nøgle on your own site? We speak OpenID Connect. Begin with the README of the source code.',
    link: 'Configuration that machines can read (JSON)',
  },
};

export const footEn: typeof footDa = {
  block: 'Block your card or ID at once',
  never: 'Nøgle never phones you to ask for a key or a password. If somebody does, hang up.',
  keepApart: 'Never keep your key card and your password in the same place.',
  hotline: 'Nøgle’s hotline:',
  write: 'Write to us:',
  links: 'More about Nøgle',
  help: 'Help',
  services: 'Where you can use your ID, and what to do without one',
  privacy: 'Privacy and cookies',
  terms: 'Terms',
  accessibility: 'Accessibility statement',
  home: 'Nøgle, to the start page',
};
