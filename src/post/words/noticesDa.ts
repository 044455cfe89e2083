/**
 * The words of the notices in Danish, which is the original; English has the type of this. Each says what happened,
 * what it means, and what to do if it was not you. Who reads it may be frightened: calm words, and one thing to do.
 */
import type { Actor } from '../../core/notice.ts';

const BLOCK = 'spær straks dit ID eller dit kort på Nøgles side under »Spær«, eller ring til Nøgles hotline.';
/** To block the card would block the one in use, not the one that is on its way. */
const BLOCK_ID = 'spær straks dit ID på Nøgles side under »Spær«, eller ring til Nøgles hotline.';

/** What a notice says, one paragraph each. */
export interface NoticeWords {
  readonly subject: string;
  readonly text: readonly string[];
}

const DOER: Record<Exclude<Actor, 'system'>, (what: string) => string> = {
  person: (what) => `${what} er blevet spærret, som du bad om.`,
  staff: (what) =>
    `${what} er blevet spærret af en medarbejder i Borgerservice, i din bank eller i Nøgles hotline.`,
};

export const noticesDa = {
  signature: 'Venlig hilsen\nNøgle',
  never:
    'Vi beder dig aldrig om en nøgle eller en adgangskode i en besked eller i telefonen, og vi sender aldrig et link, som du skal logge på med.',
  somewhere: 'et sted, hvor man kan bruge Nøgle',
  card_ordered: (cardNumber: string): NoticeWords => ({
    subject: 'Du får et nyt nøglekort',
    text: [
      `Vi har bestilt et nyt nøglekort til dig. Det får nummer ${cardNumber} og kommer med posten. Du hører fra os igen, når det er sendt.`,
      'Som regel sker det af sig selv, når der er få nøgler tilbage på det gamle kort. Har du et kort, der virker, så brug det, til det nye er kommet.',
      `Har en anden end dig bestilt kortet, så ${BLOCK_ID}`,
    ],
  }),
  card_sent: (cardNumber: string, from: string, to: string): NoticeWords => ({
    subject: 'Dit nye nøglekort er sendt',
    text: [
      `Dit nye nøglekort, nummer ${cardNumber}, er sendt med posten. Vi regner med, at det kommer mellem ${from} og ${to}.`,
      'Er det ikke kommet til den tid, så ring til Nøgles hotline. Er kuverten åbnet, når du får den, så lad være med at bruge kortet.',
      `Har en anden end dig bestilt kortet, eller tror du, at en anden har taget det, så ${BLOCK_ID}`,
    ],
  }),
  card_active: (cardNumber: string): NoticeWords => ({
    subject: 'Dit nye nøglekort er taget i brug',
    text: [
      `Nøglekortet med nummer ${cardNumber} er taget i brug. Fra nu af skal du bruge nøgler fra det kort.`,
      'Har du et gammelt kort, virker det ikke mere. Klip det i stykker, og smid det ud.',
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  card_not_arrived: (cardNumber: string, again: boolean): NoticeWords => ({
    subject: again ? 'Du får et andet nøglekort' : 'Dit nøglekort er ikke kommet frem',
    text: [
      `Nøglekortet med nummer ${cardNumber} er ikke kommet frem eller ikke taget i brug. For at ingen andre skal bruge det, virker det ikke mere, heller ikke hvis det dukker op.`,
      again
        ? 'Vi har bestilt et andet kort til dig. Du hører fra os, når det er sendt.'
        : 'Vi sender ikke et nyt af os selv. Henvend dig i Borgerservice, og tag gyldig legitimation med. Så finder I ud af, hvordan du får et kort.',
      `Er der sket noget, du ikke kan kende, så ${BLOCK}`,
    ],
  }),
  card_recalled: (cardNumber: string): NoticeWords => ({
    subject: 'Dit nye nøglekort bliver byttet',
    text: [
      `Nøglekortet med nummer ${cardNumber}, som var på vej til dig, bliver byttet med et andet. Det skyldes noget hos os, ikke dig. Du hører fra os, når det andet er sendt.`,
      'Kortet virker ikke. Har du fået det, eller kommer det, så klip det i stykker, og smid det ud. Har du et kort, der virker, så brug det, til det andet er kommet.',
      'Er du i tvivl, så ring til Nøgles hotline.',
    ],
  }),
  card_not_ordered: (keysLeft: number): NoticeWords => ({
    subject: 'Vi kan ikke sende dig et nyt nøglekort',
    text: [
      `${left(keysLeft)} Det er tid til et nyt, men vi har ingen adresse at sende det til.`,
      'Henvend dig i Borgerservice, og tag gyldig legitimation med. Så kan du få et nyt kort.',
      `Er det ikke dig, der har brugt nøglerne, så ${BLOCK}`,
    ],
  }),
  wait_started: (cardNumber: string, opens: string): NoticeWords => ({
    subject: 'Nogen er ved at tage dit nye nøglekort i brug',
    text: [
      `Der er skrevet en nøgle fra dit nye nøglekort, nummer ${cardNumber}, men ingen fra et gammelt kort. Derfor venter vi lidt: kortet kan bruges fra ${opens}.`,
      'Var det dig, skal du ikke gøre noget.',
      `Var det ikke dig, så vent ikke: ${BLOCK}`,
    ],
  }),
  threshold_changed: (threshold: number): NoticeWords => ({
    subject: 'Der er ændret i, hvornår du får et nyt nøglekort',
    text: [
      `Fra nu af bestiller vi et nyt nøglekort til dig, når der er ${threshold} nøgler tilbage på det gamle.`,
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  card_blocked: (cardNumber: string, by: Actor): NoticeWords => ({
    subject: 'Dit nøglekort er spærret',
    text: [
      by === 'system'
        ? `Vi har spærret nøglekortet med nummer ${cardNumber} for at passe på dig. Det sker blandt andet, når nøglen er skrevet forkert for mange gange.`
        : DOER[by](`Nøglekortet med nummer ${cardNumber}`),
      'Det virker ikke mere, og vi bestiller ikke et nyt af os selv. Er der ikke allerede et på vej, så henvend dig i Borgerservice, og tag gyldig legitimation med.',
      by === 'system'
        ? 'Var det ikke dig, der skrev forkert, kender en anden måske din adgangskode. Ring til Nøgles hotline, og få også dit ID spærret.'
        : 'Kan du ikke kende det, så ring til Nøgles hotline.',
    ],
  }),
  id_blocked: (by: Actor): NoticeWords => ({
    subject: 'Dit ID er spærret',
    text: [
      by === 'system' ? 'Vi har spærret dit ID for at passe på dig.' : DOER[by]('Dit ID'),
      'Ingen kan logge på med det, heller ikke du, og du er logget af Nøgle på alle computere. Det kan kun blive genåbnet i Borgerservice. Tag gyldig legitimation med.',
      'Kan du ikke kende det, så ring til Nøgles hotline. Der er ikke mere, du behøver at spærre.',
    ],
  }),
  id_activated: (when: string): NoticeWords => ({
    subject: 'Dit ID er taget i brug',
    text: [
      `Dit ID blev taget i brug ${when}. Nu kan du logge på med dit bruger-ID, din adgangskode og nøgler fra dit nøglekort.`,
      `Var det ikke dig, så ${BLOCK_ID}`,
    ],
  }),
  password_changed: (when: string): NoticeWords => ({
    subject: 'Du har fået en ny adgangskode',
    text: [
      `Adgangskoden til dit ID blev skiftet ${when}. Den gamle virker ikke mere, og du er logget af Nøgle på alle computere.`,
      'Har du sagt, at en browser er din egen, skal du sige det igen, næste gang du logger på i den.',
      `Var det ikke dig, så ${BLOCK_ID}`,
    ],
  }),
  new_browser: (where: string, when: string): NoticeWords => ({
    subject: 'Der er logget på med dit ID i en ny browser',
    text: [
      `Der blev logget på med dit ID hos ${where} ${when}, i en browser, som vi ikke har set før.`,
      'Var det dig, for eksempel på en ny computer eller på biblioteket, skal du ikke gøre noget.',
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  password_without_key: (when: string): NoticeWords => ({
    subject: 'Din adgangskode er brugt, men ingen nøgle',
    text: [
      `Din adgangskode blev skrevet rigtigt ${when}, i en browser, som vi ikke kender, og der kom ingen nøgle bagefter. Der blev altså ikke logget på.`,
      'Var det dig, der gav op undervejs, skal du ikke gøre noget.',
      `Var det ikke dig, kender en anden din adgangskode. Så ${BLOCK}`,
    ],
  }),
  password_locked: (opens: string): NoticeWords => ({
    subject: 'Adgangskoden er skrevet forkert for mange gange',
    text: [
      `Adgangskoden til dit ID er skrevet forkert for mange gange i træk. Vi har lukket for flere forsøg, så ingen kan gætte sig frem. Det åbner af sig selv ${opens}.`,
      'Ingen er kommet ind. En browser, som du har sagt er din egen, virker måske stadig.',
      `Var det ikke dig, der skrev forkert, og bliver det ved, så ${BLOCK}`,
    ],
  }),
  only_known_browsers: (): NoticeWords => ({
    subject: 'Dit ID virker nu kun i browsere, som du har brugt før',
    text: [
      'Adgangskoden til dit ID er skrevet forkert rigtig mange gange i træk. Derfor kan man nu kun logge på i browsere, som du har brugt før og har sagt er dine egne.',
      'Ingen er kommet ind. Det hører op, når du logger på med den rigtige adgangskode i sådan en browser, eller når du får en ny adgangskode.',
      `Var det ikke dig, der skrev forkert, og er du i tvivl, så ${BLOCK}`,
    ],
  }),
  keys_locked: (opens: string): NoticeWords => ({
    subject: 'Nøglen er skrevet forkert for mange gange',
    text: [
      `Nøglen fra dit nøglekort er skrevet forkert for mange gange i træk. Vi har lukket for flere forsøg, så ingen kan gætte sig frem. Det åbner af sig selv ${opens}.`,
      'Var det dig, så tjek, at du har det rigtige kort, før du prøver igen. Bliver nøglen ved med at være forkert, bliver kortet spærret.',
      `Var det ikke dig, kender en anden din adgangskode. Så ${BLOCK}`,
    ],
  }),
};

function left(keysLeft: number): string {
  if (keysLeft === 0) return 'Alle nøgler på dit nøglekort er brugt.';
  return keysLeft === 1
    ? 'Der er én nøgle tilbage på dit nøglekort.'
    : `Der er ${keysLeft} nøgler tilbage på dit nøglekort.`;
}

export type NoticeTexts = typeof noticesDa;
