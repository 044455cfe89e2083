import type { accessibilityDa } from './accessibility.words.da.ts';

export const accessibilityEn: typeof accessibilityDa = {
  title: 'Accessibility statement',
  lead: 'Everybody is to be able to use Nøgle, also with a screen reader, with the keyboard alone, in large print or without colours.',
  status: {
    heading: 'How it stands',
    texts: [
      'The pages are made to follow WCAG 2.1 and 2.2 at level AA and the European standard EN 301 549.',
      'Each time we change something, a program tries all pages. It looks for faults, and it walks them with the keyboard alone, in dark colours, in high contrast and as narrow as they are at 400 per cent.',
      'They have not been tried out by people with disabilities yet. So there may be faults that we have not seen.',
    ],
  },
  limits: {
    heading: 'What may be difficult',
    texts: [
      'The key card is printed on paper with small figures. You can have it on a large sheet in large print. Say so when you get your ID.',
      'There is no card in braille, and it cannot be read aloud. If you cannot use a card, there are other ways. See the help.',
      'When you have not touched the page for a while, you are signed out. The page says so two minutes before, so that you can stay. Without JavaScript it only says how long you have.',
    ],
  },
  tell: {
    heading: 'Tell us if something does not work',
    texts: [
      'If there is something that you cannot read or use, phone the hotline. Say which page it was and what you use. We answer within 14 days.',
    ],
  },
  complain: {
    heading: 'If you are not content with the answer',
    texts: [
      'You can complain to the Agency for Digital Government (Digitaliseringsstyrelsen). They see to it that the law on web accessibility is kept.',
    ],
  },
  updated: 'This statement is of 23 November 2026.',
};
