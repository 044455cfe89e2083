/** The letters in English, for people who live in Denmark. */
import type { LetterWords } from './words.da.ts';

export const lettersEn: LetterWords = {
  dear: (name) => `Dear ${name}`,
  sender: 'Nøgle',
  page: (page, of) => `page ${page} of ${of}`,
  cardSide: (side, of) => `side ${side} of ${of}`,
  cardNumber: 'Card number',
  keyColumns: { number: 'No.', key: 'Key' },
  reading: {
    heading: 'How to use the card',
    text: 'When you sign in, Nøgle shows you a number of four digits. Find it on the card. The numbers run down one column after the other, on side 1 and then on side 2. Enter the six digits to the right of it. That is a key, and it works only once.',
  },
  care: {
    heading: 'Take care of the card',
    points: ({ block }) => [
      'Keep it to yourself, and never together with your password. Do not take pictures of it. We never phone or write to ask for a key.',
      `If you have lost the card, or if others have seen it, block it at once at ${block} or through Nøgle’s hotline.`,
      'If the envelope had been opened, do not use the card. Phone Nøgle’s hotline at once.',
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
        'The next time you sign in somewhere, do what you usually do, with a key from your old card.',
        'Right after that we ask whether your new card has arrived. Enter a key from it as well.',
        'From then on only the new card works. Cut the old one up and throw it away.',
      ],
      note: 'No old card that works? Then enter a key from the new one when you sign in. To keep you safe, there is a short wait before you can use the card. We will tell you how long.',
    },
  },
  token: {
    title: 'Your code token',
    intro:
      'Your code token comes with this letter. It shows a code that you can enter instead of a key from your card when you sign in.',
    serialNumber: 'Number on the code token',
    use: {
      heading: 'How to start using it',
      steps: [
        'Check that the number on the back of the code token is the one in this letter. If it is another one, or if the envelope had been opened, do not use it. Phone Nøgle’s hotline.',
        'Sign in to self-service and choose “Code token”. Enter the code that it shows, and then a key from your card.',
        'To keep you safe, there is a short wait before it can be used. We will tell you how long.',
      ],
      note: 'Keep it to yourself, and never with your password. We never phone or write to ask for a code. Your key card still works.',
    },
  },
  welcome: {
    title: 'Welcome to Nøgle',
    intro: {
      small:
        'With your ID you can sign in at your bank and, if you have chosen to, on public sites. Here is your ID number. Your key card comes with this letter.',
      large:
        'With your ID you can sign in at your bank and, if you have chosen to, on public sites. Here is your ID number. Your key card comes with this letter. It is printed in large figures.',
    },
    idNumber: 'Your ID number',
    use: {
      heading: 'How to get started',
      steps: ({ activate }) => [
        'Wait for one more letter. It comes on another day, with your temporary password.',
        `Then type ${activate} into the browser on a computer or phone. Enter your ID number and the temporary password there.`,
        'Enter a key from the card. Choose a user ID and a password of your own. Then you can sign in.',
      ],
      note: 'Keep the ID number. You can always sign in with it instead of your user ID.',
    },
  },
  password: {
    title: 'Your temporary password',
    intro: 'Here is a temporary password. You use it once, and then you choose your own.',
    label: 'Temporary password',
    spelling:
      'It has only small letters and digits, and none of 0, 1, o, i and l. Spaces and capital letters make no difference.',
    until: (day) => `You can use it up to and including ${day}.`,
    use: {
      heading: 'What to do',
      steps: ({ activate }) => [
        `Type the address ${activate} into the browser on a computer or phone.`,
        'Enter the temporary password when the page asks for it. The page tells you what else you need. That never comes on the same day as this letter.',
        'Choose a password of your own. Then tear this letter up and throw it away.',
      ],
    },
    care: {
      heading: 'Good to know',
      points: ({ block }) => [
        'Use it as soon as you can. Once you have used it, it no longer works.',
        'Show it to nobody. We never phone or write to ask for it.',
        `If the envelope had been opened when you got it, or if you did not ask for a password, do not use it. Block your ID at once at ${block} or through Nøgle’s hotline.`,
      ],
    },
  },
};
