/** The meaning of the Danish, in plain English. */
import type { footDa, startDa } from './start.words.da.ts';

export const startEn: typeof startDa = {
  title: 'One ID for your bank and public services',
  what: 'Use Nøgle to sign in at your bank, your municipality, the tax office and many other places. It is the same ID everywhere.',
  signIn: 'Sign in to self-service',
  block: 'Block right away',
  blockWhen: 'Block if your card is gone, or if somebody else knows your password.',
  how: 'How to sign in',
  steps: [
    {
      title: 'Start where you are going',
      text: 'Go to your bank, or to your municipality’s website. They send you here.',
    },
    {
      title: 'Enter your user ID and password',
      text: 'You chose them when you activated your ID.',
    },
    {
      title: 'Find the key on your key card',
      text: 'We show you a number. Find it on the card, and type the six digits next to it.',
    },
  ],
  more: 'New IDs and help',
  links: {
    order: {
      label: 'Order an ID',
      text: 'You need your CPR number and a Danish passport or driving licence.',
    },
    activate: {
      label: 'Activate your ID',
      text: 'When your letters have come. Also when you have a temporary password.',
    },
    services: { label: 'Where you can use your ID', text: 'And what to do if you do not have one.' },
    help: { label: 'Help', text: 'Lost card, forgotten password, new address and everything else.' },
  },
  developers: {
    heading: 'For developers',
    text: 'Do you want to use Nøgle on your own site? We speak OpenID Connect. Begin with the README in the source code.',
    playground: 'Try a sign-in in the playground, step by step',
    link: 'Machine-readable configuration (JSON)',
  },
};

export const footEn: typeof footDa = {
  rehearsal: 'REHEARSAL: This is not the real Nøgle. Do not use your CPR number or your password here.',
  block: 'Block your card or ID now',
  never: 'Nøgle never phones you to ask for a key or a password. If somebody does, hang up.',
  keepApart: 'Never keep your key card and your password in the same place.',
  hotline: 'Nøgle’s hotline:',
  write: 'Write to us:',
  status: 'Service message',
  links: 'More about Nøgle',
  help: 'Help',
  services: 'Where you can use your ID, and what to do without one',
  privacy: 'Privacy and cookies',
  terms: 'Terms',
  accessibility: 'Accessibility statement',
  home: 'Nøgle, to the front page',
};
