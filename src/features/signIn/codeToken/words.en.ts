/** Texts of the step that asks for a code of a code token, in English. */
import type { codeTokenStepDa } from './words.da.ts';

export const codeTokenStepEn: typeof codeTokenStepDa = {
  title: 'Code from the code token',
  heading: 'Enter the code from your code token',
  choice: 'Use your code token',
  card: 'Or use a key from your card',
  how: ['Enter the code that code token', 'shows right now.'],
  label: 'Code',
  submit: 'Sign in with the code',
  malformed: (digits) => `The code must be ${digits} digits. Enter all the digits on the code token.`,
  wrong: 'The code is not right. Wait until the code token shows a new code, and enter that.',
  lastBeforeLock: 'If the next one is wrong too, we stop taking codes and keys for some hours.',
  lastBeforeBlock: 'If the next one is wrong too, we block your code token and your key card.',
  far: 'The clock in your code token is wrong, so the code is not right. Use a key from your card today. In self-service you can adjust the code token under “Code token”. If you have no card, go to Borgerservice.',
  beyond:
    'The clock in your code token is more than 20 minutes wrong, so it can no longer be used. Use a key from your card, and order another code token in self-service, or get one at Borgerservice.',
  spent: 'That code has been used. Wait until the code token shows a new one, and enter that.',
};
