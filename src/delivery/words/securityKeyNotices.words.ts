/** The words of the notices about security keys and passkeys, in both languages. */
import type { Localized } from '../../domain/language/language.ts';
import type { Actor } from '../../domain/notice.ts';
import type { NoticeWords, Opening } from './notices.words.da.ts';

type ConfirmedWith = 'security_key' | 'code_token';

interface AddedSecurityKey {
  /** Null for one that can be used at once. */
  readonly opening: Opening | null;
  /** Null where staff confirmed it, or it waits. */
  readonly confirmedWith: ConfirmedWith | null;
  /** The person is under 15. */
  readonly withGuardian: boolean;
}

interface SecurityKeyNotices {
  readonly security_key_added: (when: string, added: AddedSecurityKey) => NoticeWords;
  readonly security_key_active: () => NoticeWords;
  readonly security_key_ended: (many: number, by: Actor, when: string) => NoticeWords;
}

const BLOCK_DA =
  'spær straks dit ID, for en anden kan have haft både dit kort og din adgangskode. Det gør du på siden »Spær« eller hos Nøgles hotline.';
const BLOCK_EN =
  'block your ID at once. Somebody else may have had both your card and your password. You block it on our “Block” page or through Nøgle’s hotline.';

/** Nøgle ends them only after a restore that may have lost a block; the card is void then too. */
const AFTER_FAILURE_DA = [
  'Nøgle har haft et nedbrud, og derfor kan dine sikkerhedsnøgler og adgangsnøgler ikke bruges mere. Fejlen er vores, ikke din.',
  'Når du har dit nye nøglekort, kan du tilføje nye i selvbetjeningen.',
  'Er du i tvivl, så ring til Nøgles hotline.',
];
const AFTER_FAILURE_EN = [
  'Nøgle has had a breakdown, and so your security keys and passkeys can no longer be used. The fault is ours, not yours.',
  'Once you have your new key card, you can add new ones in self-service.',
  'If you are in doubt, phone Nøgle’s hotline.',
];

const writeOpeningDa = ({ when, isPast }: Opening) =>
  isPast ? `Den har kunnet bruges siden ${when}.` : `Den kan først bruges fra ${when}.`;
const writeOpeningEn = ({ when, isPast }: Opening) =>
  isPast ? `It has been possible to use it since ${when}.` : `It cannot be used until ${when}.`;

const AT_ONCE_DA: Readonly<Record<ConfirmedWith, string>> = {
  security_key:
    'Den kan bruges med det samme, for den blev bekræftet med en sikkerhedsnøgle eller adgangsnøgle, der var i brug i forvejen.',
  code_token: 'Den kan bruges med det samme, for den blev bekræftet med en kode fra din kodeviser.',
};
const AT_ONCE_EN: Readonly<Record<ConfirmedWith, string>> = {
  security_key:
    'It can be used at once, because it was confirmed with a security key or passkey that was in use already.',
  code_token: 'It can be used at once, because it was confirmed with a code from your code token.',
};

const da: SecurityKeyNotices = {
  security_key_added: (when, { opening, confirmedWith, withGuardian }) => ({
    subject: 'Der er føjet en sikkerhedsnøgle til dit ID',
    text: [
      `En sikkerhedsnøgle eller adgangsnøgle blev føjet til dit ID ${when}. ${opening ? writeOpeningDa(opening) : confirmedWith ? AT_ONCE_DA[confirmedWith] : 'Den kan bruges med det samme.'}`,
      ...(withGuardian ? ['Det skete ved skranken, og din forælder eller værge var med.'] : []),
      'Man logger på med den i stedet for at skrive en nøgle fra kortet. Dit nøglekort virker som før.',
      `Var det ikke dig, så vent ikke: ${BLOCK_DA}`,
    ],
  }),
  security_key_active: () => ({
    subject: 'Din sikkerhedsnøgle kan nu bruges',
    text: [
      'Ventetiden er ovre: Den sikkerhedsnøgle eller adgangsnøgle, der blev føjet til dit ID, kan nu bruges til at logge på med.',
      `Er den ikke din, så ${BLOCK_DA}`,
    ],
  }),
  security_key_ended: (many, by, when) =>
    by === 'system'
      ? { subject: 'Dine sikkerhedsnøgler virker ikke mere', text: AFTER_FAILURE_DA }
      : {
          subject: many === 1 ? 'En sikkerhedsnøgle er fjernet' : 'Dine sikkerhedsnøgler er fjernet',
          text: [
            `${many === 1 ? 'En sikkerhedsnøgle eller adgangsnøgle' : `${many} sikkerhedsnøgler og adgangsnøgler`} blev fjernet fra dit ID ${when}${
              by === 'staff' ? ' af en medarbejder. Det kan være i Borgerservice eller i Nøgles hotline' : ''
            }. ${many === 1 ? 'Den' : 'De'} kan ikke bruges mere.`,
            'Du kan stadig logge på med en nøgle fra dit nøglekort.',
            `Var det ikke dig, så spær straks dit ID. Det gør du på siden »Spær« eller hos Nøgles hotline.`,
          ],
        },
};

const en: SecurityKeyNotices = {
  security_key_added: (when, { opening, confirmedWith, withGuardian }) => ({
    subject: 'A security key has been added to your ID',
    text: [
      `A security key or passkey was added to your ID on ${when}. ${opening ? writeOpeningEn(opening) : confirmedWith ? AT_ONCE_EN[confirmedWith] : 'It can be used at once.'}`,
      ...(withGuardian ? ['This happened at the counter, and your parent or guardian was there.'] : []),
      'It is used for signing in, in place of a key from the card. Your key card works as before.',
      `If this was not you, do not wait: ${BLOCK_EN}`,
    ],
  }),
  security_key_active: () => ({
    subject: 'Your security key can now be used',
    text: [
      'The wait is over: the security key or passkey that was added to your ID can now be used for signing in.',
      `If it is not yours, ${BLOCK_EN}`,
    ],
  }),
  security_key_ended: (many, by, when) =>
    by === 'system'
      ? { subject: 'Your security keys no longer work', text: AFTER_FAILURE_EN }
      : {
          subject: many === 1 ? 'A security key has been removed' : 'Your security keys have been removed',
          text: [
            `${many === 1 ? 'A security key or passkey was' : `${many} security keys and passkeys were`} removed from your ID on ${when}${
              by === 'staff' ? ' by staff at Borgerservice or at Nøgle’s hotline' : ''
            }. ${many === 1 ? 'It' : 'They'} can no longer be used.`,
            'You can still sign in with a key from your key card.',
            'If this was not you, block your ID at once. You can do that on our “Block” page or through Nøgle’s hotline.',
          ],
        },
};

export const SECURITY_KEY_NOTICES: Localized<SecurityKeyNotices> = { da, en };
