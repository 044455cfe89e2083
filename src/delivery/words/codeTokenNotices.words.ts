/** The words of the notices about a code token. */
import type { Localized } from '../../domain/language/language.ts';
import type { Actor } from '../../domain/notice.ts';
import {
  BLOCK as BLOCK_DA,
  BLOCK_ID as BLOCK_ID_DA,
  type NoticeWords,
  type Opening,
} from './notices.words.da.ts';
import { BLOCK as BLOCK_EN, BLOCK_ID as BLOCK_ID_EN } from './notices.words.en.ts';

const BLOCKED_DA: Record<Actor, string> = {
  person: 'Din kodeviser er spærret, som du bad om.',
  staff: 'En medarbejder har spærret din kodeviser.',
  system: 'Vi har spærret din kodeviser for at passe på dig. Der er skrevet forkert for mange gange.',
};
const BLOCKED_EN: Record<Actor, string> = {
  person: 'Your code token is blocked, as you asked.',
  staff: 'A member of staff has blocked your code token.',
  system: 'We have blocked your code token to protect you. There were too many wrong answers.',
};

const tokensDa = {
  code_token_ordered: (): NoticeWords => ({
    subject: 'Du får en kodeviser',
    text: [
      'Du har bestilt en kodeviser. Den kommer med posten. Vi skriver igen, når den er sendt.',
      'Brug dit nøglekort, som du plejer, til den er kommet.',
      `Var det ikke dig, der bestilte den, så ${BLOCK_ID_DA}`,
    ],
  }),
  code_token_sent: (from: string, to: string): NoticeWords => ({
    subject: 'Din kodeviser er sendt',
    text: [
      `Din kodeviser er sendt med posten. Den kommer mellem ${from} og ${to}.`,
      'Når den er kommet, tager du den i brug i selvbetjeningen. Er kuverten åbnet, når du får den? Så brug den ikke.',
      `Var det ikke dig, der bestilte den, så ${BLOCK_ID_DA}`,
    ],
  }),
  code_token_waits: ({ when, isPast }: Opening): NoticeWords => ({
    subject: 'Nogen er ved at tage din kodeviser i brug',
    text: [
      `Nogen har skrevet en kode fra din kodeviser og en nøgle fra dit kort. For at passe på dig venter vi lidt. ${
        isPast ? `Kodeviseren har kunnet bruges siden ${when}.` : `Kodeviseren kan bruges fra ${when}.`
      }`,
      'Var det dig, skal du ikke gøre noget.',
      `Var det ikke dig, så vent ikke: stop den i selvbetjeningen, ring til Nøgles hotline, eller ${BLOCK_DA}`,
    ],
  }),
  code_token_active: (withGuardian: boolean): NoticeWords => ({
    subject: 'Din kodeviser er taget i brug',
    text: [
      'Nu kan du logge på med en kode fra din kodeviser i stedet for en nøgle fra dit kort. Kortet virker stadig.',
      ...(withGuardian ? ['Du fik den ved skranken, og din forælder eller værge var med.'] : []),
      'Har du en gammel kodeviser, virker den ikke mere.',
      `Var det ikke dig, så ${BLOCK_DA}`,
    ],
  }),
  code_token_blocked: (by: Actor): NoticeWords => ({
    subject: 'Din kodeviser er spærret',
    text: [
      `${BLOCKED_DA[by]} Den virker ikke mere.`,
      'Vil du have en ny, kan du bestille den i selvbetjeningen eller få den hos Borgerservice.',
      'Kan du ikke kende det, så ring til Nøgles hotline.',
    ],
  }),
  /** The card is void then too. */
  code_token_retired: (): NoticeWords => ({
    subject: 'Din kodeviser virker ikke mere',
    text: [
      'Nøgle har haft et nedbrud, og derfor kan din kodeviser ikke bruges mere. Er en på vej til dig, virker den heller ikke. Fejlen er vores, ikke din.',
      'Når du har dit nye nøglekort, kan du bestille en ny kodeviser i selvbetjeningen. Du kan også få en hos Borgerservice.',
      'Er du i tvivl, så ring til Nøgles hotline.',
    ],
  }),
};

const tokensEn: typeof tokensDa = {
  code_token_ordered: () => ({
    subject: 'You will get a code token',
    text: [
      'You have ordered a code token. It comes by post. We will write again when it has been sent.',
      'Use your key card as usual until it has arrived.',
      `If you did not order it, ${BLOCK_ID_EN}`,
    ],
  }),
  code_token_sent: (from, to) => ({
    subject: 'Your code token has been sent',
    text: [
      `Your code token has been sent by post. It will arrive between ${from} and ${to}.`,
      'When it has arrived, you start using it in self-service. If the envelope has been opened when you get it, do not use it.',
      `If you did not order it, ${BLOCK_ID_EN}`,
    ],
  }),
  code_token_waits: ({ when, isPast }) => ({
    subject: 'Someone is about to start using your code token',
    text: [
      `Someone has entered a code from your code token and a key from your card. To keep you safe, there is a short wait. ${
        isPast ? `The code token could be used from ${when}.` : `The code token can be used from ${when}.`
      }`,
      'If this was you, there is nothing to do.',
      `If this was not you, do not wait: stop it in self-service, phone Nøgle’s hotline, or ${BLOCK_EN}`,
    ],
  }),
  code_token_active: (withGuardian) => ({
    subject: 'Your code token is in use',
    text: [
      'You can now sign in with a code from your code token instead of a key from your card. The card still works.',
      ...(withGuardian ? ['You got it at the counter, and your parent or guardian was there.'] : []),
      'If you have an old code token, it no longer works.',
      `If this was not you, ${BLOCK_EN}`,
    ],
  }),
  code_token_blocked: (by) => ({
    subject: 'Your code token is blocked',
    text: [
      `${BLOCKED_EN[by]} It no longer works.`,
      'If you want a new one, you can order it in self-service or get it at Borgerservice.',
      'If you do not recognise this, phone Nøgle’s hotline.',
    ],
  }),
  code_token_retired: () => ({
    subject: 'Your code token no longer works',
    text: [
      'Nøgle has had a breakdown, and so your code token can no longer be used. If one is on its way to you, it does not work either. The fault is ours, not yours.',
      'Once you have your new key card, you can order a new code token in self-service. You can also get one at Borgerservice.',
      'If you are in doubt, phone Nøgle’s hotline.',
    ],
  }),
};

export const CODE_TOKEN_NOTICES: Localized<typeof tokensDa> = { da: tokensDa, en: tokensEn };
