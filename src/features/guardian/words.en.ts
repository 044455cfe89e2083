/** Texts for people under 15, who get a second way to sign in with their guardian, in English. */
import type { guardianDa } from './words.da.ts';

export const guardianEn: typeof guardianDa = {
  securityKey:
    'You are under 15. So you cannot add a security key or passkey yourself. It is done at Borgerservice (citizen service), and your parent or guardian has to come with you.',
  askCodeToken: 'Do you want a code token?',
  codeToken:
    'You are under 15. So you cannot order a code token yourself. You get it at Borgerservice (citizen service), and your parent or guardian has to come with you.',
  bring:
    'Both of you bring valid identification. If it is another adult than the one who was there when you got your ID, you also have to show that the adult is your parent or guardian.',
  later: 'From the day you turn 15 you can do it yourself.',
};
