/** The meaning of the Danish, in plain English. */
import type { LetterWords } from './words.da.ts';

export const lettersEn: LetterWords = {
  dear: (name) => `Dear ${name}`,
  sender: 'Nøgle',
  page: (page, of) => `side ${page} of ${of}`,
  cardNumber: 'Card number',
  keyColumns: { number: 'No.', key: 'Key' },
  reading: {
    heading: 'How to use the card',
    text: 'When you sign in, Nøgle shows a key number of four digits. The numbers stand in order on the card, down one column after the other, on side 1 and on through side 2. Enter the six digits just to the right of the number. Each key can be used only once.',
  },
  care: {
    heading: 'Take care of the card',
    points: [
      'Keep it to yourself, and never together with your password. Take no pictures of it.',
      'If you have lost the card, or others may have seen it, block it at once: on Nøgle’s page “Block”, whose address ends in /block, or by phoning Nøgle’s hotline.',
      'If the envelope was open when you got it, do not use the card, and phone Nøgle’s hotline at once.',
      'Nøgle never phones or writes to ask for a key or a password.',
    ],
  },
  card: {
    title: 'Your new key card',
    intro: {
      small: 'Your new key card comes with this letter.',
      large: 'Your new key card comes with this letter. It is printed in large figures.',
    },
    use: {
      heading: 'How to start using it',
      steps: [
        'The next time you need to sign in somewhere, do as usual, with a key from your old card.',
        'Right after that we ask whether the new card has come. Then enter a key from it too.',
        'From then on only the new card works. Cut the old one up and throw it away.',
      ],
      note: 'Do you have no old card that works? Then enter a key from the new one when you sign in. To keep you safe, some time passes before you can use the card. You are told when.',
    },
  },
  welcome: {
    title: 'Welcome to Nøgle',
    intro: {
      small:
        'With your ID you can sign in at your bank and, if you have chosen so, on public websites. Here is your ID number, and your key card comes with this letter.',
      large:
        'With your ID you can sign in at your bank and, if you have chosen so, on public websites. Here is your ID number, and your key card comes with this letter. It is printed in large figures.',
    },
    idNumber: 'Your ID number',
    use: {
      heading: 'How to get started',
      steps: [
        'Wait for one more letter. It comes on another day, by itself, and has your temporary password and how long you can use it.',
        'Then go to Nøgle’s page “Take your ID into use”, whose address ends in /activate. Enter your ID number and the temporary password.',
        'Enter a key from the card, and choose a user ID and a password of your own. Then you can sign in.',
      ],
      note: 'Keep the ID number. You can always sign in with it instead of your user ID.',
    },
  },
  password: {
    title: 'Your temporary password',
    intro: 'Here is a temporary password. You need it once, and then you choose your own.',
    label: 'Temporary password',
    spelling:
      'It has small letters and digits only, and none of 0, 1, o, i and l. Spaces and capital letters make no difference.',
    until: (day) => `You can use it up to and including ${day}.`,
    use: {
      heading: 'What to do',
      steps: [
        'Go to Nøgle’s page “Take your ID into use”, whose address ends in /activate.',
        'Enter the temporary password when you are asked for it. The page tells you what else you need at hand. That never comes on the same day as this letter.',
        'Choose a password of your own. Then tear this letter up and throw it away.',
      ],
    },
    care: {
      heading: 'Good to know',
      points: [
        'Use it as soon as you can. Once you have used it, it no longer works.',
        'Show it to nobody. Nøgle never phones or writes to be told it.',
        'If the envelope was open when you got it, or if you did not ask for a password, do not use it. Block at once on Nøgle’s page “Block”, whose address ends in /block, or phone Nøgle’s hotline.',
      ],
    },
  },
};
