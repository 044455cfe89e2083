/** The words of the notice with a code for the sign-in. */
import type { Localized } from '../../domain/language/language.ts';
import { BLOCK as BLOCK_DA, type NoticeWords } from './notices.words.da.ts';
import { BLOCK as BLOCK_EN } from './notices.words.en.ts';

type SignInCodeWords = (code: string, until: string) => NoticeWords;

export const SIGN_IN_CODE: Localized<SignInCodeWords> = {
  da: (code, until) => ({
    subject: 'Din kode til at logge på',
    text: [
      `Nogen har bedt om en kode til at logge på med dit ID. Det var på en computer eller telefon, vi ikke kender. Koden er ${code}`,
      `Skriv den dér, hvor du er ved at logge på. Den virker én gang og til ${until}. Bagefter skal du bruge din adgangskode og en nøgle, som du plejer.`,
      `Giv ikke koden til andre. Den åbner ikke dit ID alene. Var det ikke dig, der bad om den, og er du i tvivl, så ${BLOCK_DA}`,
    ],
  }),
  en: (code, until) => ({
    subject: 'Your code for signing in',
    text: [
      `Somebody has asked for a code to sign in with your ID on a computer or phone that we do not know. The code is ${code}`,
      `Enter it where you are signing in. It works once, until ${until}. After that you need your password and a key, as usual.`,
      `Do not give the code to anyone. It does not open your ID by itself. If it was not you who asked for it, and if you are in doubt, ${BLOCK_EN}`,
    ],
  }),
};
