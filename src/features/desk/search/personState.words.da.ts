/** Texts about how an ID stands, as they are read out to its person, and about what was done with it. */
import type { HistoryKind } from './history.rules.ts';

export const deskStateDa = {
  say: 'Det kan du sige til borgeren',
  fine: 'Vi kan ikke se noget, der hindrer dig i at logge på.',
  blocked: 'Dit ID er spærret. Kun Borgerservice kan åbne det igen. Tag gyldig legitimation med.',
  not_activated:
    'Dit ID er ikke taget i brug endnu. Vent, til begge breve er kommet. Gå så ind på siden »Tag dit ID i brug«.',
  awaits_password:
    'Du har fået en midlertidig adgangskode i et brev. Brug den på siden »Tag dit ID i brug«. Så vælger du en ny adgangskode.',
  obstacles: {
    keys: (when: string) =>
      `Der er skrevet for mange forkerte nøgler. Derfor tager vi ikke imod nøgler lige nu. Det åbner af sig selv ${when}. Dit kort er ikke spærret.`,
    password: (when: string) =>
      `Der er skrevet for mange forkerte adgangskoder. Derfor er der lukket på computere og telefoner, vi ikke kender. Det åbner af sig selv ${when}. Hvor du plejer at logge på, kan du stadig.`,
    code_needed:
      'Der er skrevet rigtig mange forkerte adgangskoder. På en ny computer eller telefon skal du derfor bruge en kode. Du kan bede om den, når du logger på.',
    no_card: 'Du har ikke et nøglekort, der virker. Du skal have et nyt.',
  },
  wait: (when: string) => `Dit nye kort kan bruges fra ${when}.`,
  lastSignIn: 'Sidst logget på',
  never: 'Ikke endnu',
  lockedNow: 'Lukket lige nu',
  letters: 'Breve',
  letter: 'Brev',
  letterKinds: {
    welcome: 'Velkomstbrev med nøglekort',
    card: 'Nyt nøglekort',
    password: 'Midlertidig adgangskode',
    notice: 'Besked',
  },
  ordered: 'Bestilt',
  sent: 'Sendt',
  notSent: 'Ikke endnu',
  setAside: 'Kan ikke sendes. En driftsansvarlig ser på det.',
  expected: 'Ventes',
  between: (dates: string) => `Mellem ${dates}`,
  noLetters: 'Der er ingen breve.',
  history: 'Det er der sket med ID’et',
  historyWhy: 'Det, som medarbejdere og Nøgle har gjort, og det, som har spærret eller åbnet ID’et.',
  noHistory: 'Der er ikke sket noget endnu.',
  when: 'Hvornår',
  what: 'Hvad',
  who: 'Hvem',
  why: 'Begrundelse',
  by: { person: 'Borgeren selv', staff: 'En medarbejder', system: 'Nøgle' },
  kinds: {
    identity_issued: 'ID’et blev udstedt',
    identity_activated: 'ID’et blev taget i brug',
    identity_blocked: 'ID’et blev spærret',
    identity_reopened: 'ID’et blev åbnet igen',
    identity_closed: 'Borgeren holdt op med at bruge ID’et',
    keys_locked: 'For mange forkerte nøgler: lukket for nøgler',
    password_locked: 'For mange forkerte adgangskoder: lukket, hvor vi ikke kender computeren',
    only_known_browsers:
      'Rigtig mange forkerte adgangskoder: en kode er nødvendig, hvor vi ikke kender computeren',
    signed_out_by_staff: 'Borgeren blev logget af alle steder',
    card_block: 'Nøglekortet blev spærret',
    wait_started: 'Et nyt kort begyndte at vente',
    card_ordered: 'Et nøglekort blev bestilt',
    card_sent: 'Et nøglekort blev sendt',
    card_activate: 'Et nøglekort blev taget i brug',
    card_replace: 'Et nøglekort blev afløst af et nyt',
    card_use_up: 'Et nøglekort blev brugt op',
    card_lose: 'Et nøglekort kom ikke frem',
    card_retire: 'Nøgle gjorde et nøglekort ugyldigt efter et nedbrud',
    password_letter_ordered: 'En midlertidig adgangskode blev bestilt',
    new_password_refused:
      'Der blev bedt om en ny adgangskode med en nøgle, men der blev ikke sendt noget brev',
    public_sites_changed: 'Valget om offentlige hjemmesider blev ændret',
    email_called_off: 'En ændring af e-mailadressen blev stoppet',
    cpr_changed: 'ID’et fik borgerens nye CPR-nummer',
  } satisfies Record<HistoryKind, string>,
};
