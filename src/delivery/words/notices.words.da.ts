/**
 * The words of the notices in Danish, which is the original; English has its type. Each states what happened,
 * what it means, and what to do if it was not you. The reader may be frightened: calm words, and one thing to
 * do.
 */
import type { Actor } from '../../domain/notice.ts';

export const BLOCK =
  'spær straks dit ID eller dit kort på Nøgles side under »Spær«, eller ring til Nøgles hotline.';
/** Blocking the card would block the one in use, not the one on its way. */
export const BLOCK_ID = 'spær straks dit ID på Nøgles side under »Spær«, eller ring til Nøgles hotline.';

/** The text of a notice, one entry for each paragraph. */
export interface NoticeWords {
  readonly subject: string;
  readonly text: readonly string[];
}

const ACTOR_WORDS: Record<Exclude<Actor, 'system'>, (what: string) => string> = {
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
      'Er det ikke kommet til den tid, så sig det i selvbetjeningen. Kan du ikke logge på, så henvend dig i Borgerservice. Er kuverten åbnet, når du får den, så lad være med at bruge kortet.',
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
      `${writeKeysLeft(keysLeft)} Det er tid til et nyt, men vi har ingen adresse at sende det til.`,
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
  public_sites_on: (by: Actor): NoticeWords => ({
    subject: 'Dit ID virker nu på offentlige hjemmesider',
    text: [
      by === 'staff'
        ? 'En medarbejder har efter aftale med dig sat dit ID til også at virke på offentlige hjemmesider.'
        : 'Du har sagt ja til, at dit ID også virker på offentlige hjemmesider, for eksempel hos din kommune.',
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  public_sites_off: (by: Actor): NoticeWords => ({
    subject: 'Dit ID virker ikke længere på offentlige hjemmesider',
    text: [
      by === 'staff'
        ? 'En medarbejder har efter aftale med dig sat dit ID til kun at virke i din bank.'
        : 'Du har valgt, at dit ID kun skal virke i din bank. Du er logget af på de offentlige hjemmesider.',
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  card_blocked: (cardNumber: string, by: Actor): NoticeWords => ({
    subject: 'Dit nøglekort er spærret',
    text: [
      by === 'system'
        ? `Vi har spærret nøglekortet med nummer ${cardNumber} for at passe på dig. Det sker blandt andet, når nøglen er skrevet forkert for mange gange.`
        : ACTOR_WORDS[by](`Nøglekortet med nummer ${cardNumber}`),
      'Det virker ikke mere, og vi bestiller ikke et nyt af os selv. Er der ikke allerede et på vej, så henvend dig i Borgerservice, og tag gyldig legitimation med.',
      by === 'system'
        ? 'Var det ikke dig, der skrev forkert, kender en anden måske din adgangskode. Ring til Nøgles hotline, og få også dit ID spærret.'
        : 'Kan du ikke kende det, så ring til Nøgles hotline.',
    ],
  }),
  id_blocked: (by: Actor): NoticeWords => ({
    subject: 'Dit ID er spærret',
    text: [
      by === 'system' ? 'Vi har spærret dit ID for at passe på dig.' : ACTOR_WORDS[by]('Dit ID'),
      'Ingen kan logge på med det, heller ikke du, og du er logget af Nøgle på alle computere. Det kan kun blive genåbnet i Borgerservice. Tag gyldig legitimation med.',
      'Kan du ikke kende det, så ring til Nøgles hotline. Der er ikke mere, du behøver at spærre.',
    ],
  }),
  id_reopened: (): NoticeWords => ({
    subject: 'Dit ID er åbnet igen',
    text: [
      'Dit ID er åbnet igen i Borgerservice, hvor der er vist gyldig legitimation.',
      'Din gamle adgangskode og dit gamle nøglekort virker ikke mere. Du får et nyt nøglekort og en midlertidig adgangskode i hver sit brev. Når du har begge dele, kan du tage dit ID i brug igen.',
      `Var det ikke dig, så ${BLOCK_ID}`,
    ],
  }),
  password_ordered: (): NoticeWords => ({
    subject: 'Du får en midlertidig adgangskode med posten',
    text: [
      'Der er bestilt en midlertidig adgangskode til dig. Den kommer i et brev til den adresse, vi har.',
      'Den virker kun sammen med en nøgle fra dit nøglekort. Har du allerede en adgangskode, så brug den bare, til brevet er kommet.',
      `Var det ikke dig, der bad om den, så ${BLOCK_ID}`,
    ],
  }),
  address_changed: (): NoticeWords => ({
    subject: 'Din adresse er ændret',
    text: [
      'CPR-registeret har fortalt os, at du har fået en ny adresse. Fra nu af sender vi dine breve dertil. Den første tid skriver vi også til din gamle adresse, når vi sender dig et nøglekort eller en adgangskode.',
      'Er du flyttet, skal du ikke gøre noget.',
      `Er du ikke flyttet, har en anden måske meldt det i dit navn. Sig det til folkeregisteret i din kommune, og ${BLOCK_ID}`,
    ],
  }),
  cpr_changed: (): NoticeWords => ({
    subject: 'Dit ID følger dit nye CPR-nummer',
    text: [
      'Vi har fået at vide, at du har fået et nyt CPR-nummer. Dit ID er det samme som før. Nu hører det til det nye nummer, og de steder, der må få dit CPR-nummer, får det nye, næste gang du logger på.',
      'Dit bruger-ID, din adgangskode og dit nøglekort er de samme som før. Du skal ikke gøre noget.',
      `Har du ikke fået et nyt CPR-nummer, så sig det til Borgerservice i din kommune, og ${BLOCK_ID}`,
    ],
  }),
  name_changed: (): NoticeWords => ({
    subject: 'Dit navn er ændret',
    text: [
      'CPR-registeret har fortalt os, at du har fået et nyt navn. Fra nu af bruger vi det, både i breve til dig og de steder, hvor du logger på.',
      'Dit bruger-ID, din adgangskode og dit nøglekort er de samme som før.',
      `Har du ikke fået nyt navn, så sig det til folkeregisteret i din kommune, og ${BLOCK_ID}`,
    ],
  }),
  emigrated: (): NoticeWords => ({
    subject: 'Dit ID er spærret, fordi du er rejst fra Danmark',
    text: [
      'CPR-registeret har fortalt os, at du er flyttet fra Danmark. Derfor har vi spærret dit ID. Ingen kan logge på med det, heller ikke du, og dit nøglekort virker ikke mere.',
      'Er du flyttet tilbage, kan dit ID blive genåbnet i Borgerservice. Tag gyldig legitimation med.',
      'Er du ikke flyttet fra Danmark, så sig det til folkeregisteret i din kommune. Er du i tvivl, så ring til Nøgles hotline.',
    ],
  }),
  ordered_after_move: (holds: 'card' | 'password'): NoticeWords => ({
    subject:
      holds === 'card'
        ? 'Et nøglekort er på vej til din nye adresse'
        : 'En adgangskode er på vej til din nye adresse',
    text: [
      holds === 'card'
        ? 'Der er bestilt et nyt nøglekort til dig. Det kommer med posten til din nye adresse.'
        : 'Der er bestilt en midlertidig adgangskode til dig. Den kommer med posten til din nye adresse.',
      'Vi skriver til din gamle adresse, fordi du er flyttet for nylig. Er det rigtigt, skal du ikke gøre noget.',
      `Er du ikke flyttet, eller har en anden end dig bestilt det, så ${BLOCK_ID}`,
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
  user_id_changed: (when: string): NoticeWords => ({
    subject: 'Dit bruger-ID er ændret',
    text: [
      `Dit bruger-ID blev ændret ${when}. Fra nu af logger du på med det nye. Dit ID-nummer virker stadig.`,
      `Var det ikke dig, så ${BLOCK_ID}`,
    ],
  }),
  id_closed: (when: string): NoticeWords => ({
    subject: 'Dit ID er lukket',
    text: [
      `Du lukkede dit ID ${when}. Ingen kan logge på med det mere, og dit nøglekort virker ikke. Klip det i stykker.`,
      'Vil du have et ID igen, så gå i Borgerservice med gyldig legitimation. Var det ikke dig, der lukkede det, så ring til Nøgles hotline.',
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
    subject: 'Dit ID kræver nu en kode i browsere, vi ikke kender',
    text: [
      'Adgangskoden til dit ID er skrevet forkert rigtig mange gange i træk. Derfor skal man nu bruge en kode fra os for at logge på i en browser, vi ikke kender. Du kan bede om koden dér, hvor du logger på.',
      'Ingen er kommet ind. I en browser, som du har sagt er din egen, og dér, hvor du plejer at logge på, skal du ikke bruge en kode. Det hele hører op, når du logger på med den rigtige adgangskode, eller når du får en ny.',
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
  /** @param email the address given with the order. */
  ordered_online: (when: string, email: string | null): NoticeWords => ({
    subject: 'Der er bestilt et ID til dig på nettet',
    text: [
      `Der blev bestilt et ID til dig på Nøgles side ${when}. Den, der bestilte, skrev dit CPR-nummer, dit navn og nummeret på dit pas eller kørekort.`,
      ...(email === null
        ? []
        : [
            `Der blev også skrevet en e-mailadresse: ${email}`,
            'Vi sender ikke andet til den end en kode, og først når et nyt ID tages i brug. Er det ikke din adresse, er det et tegn på, at det var en anden, der bestilte.',
          ]),
      'Har du ikke et ID i forvejen, får du to breve på hver sin dag: et med dit nøglekort og et med en midlertidig adgangskode. Har du et ID i forvejen, er der ikke ændret noget ved det. Var det dig, der bestilte, skal du ikke gøre mere nu.',
      `Var det ikke dig, kender en anden dine oplysninger. Kommer der breve med et nøglekort eller en adgangskode, så brug dem ikke, og henvend dig i Borgerservice med gyldig legitimation. Har du et ID, og er du i tvivl om det, så ${BLOCK}`,
    ],
  }),
};

function writeKeysLeft(keysLeft: number): string {
  if (keysLeft === 0) return 'Alle nøgler på dit nøglekort er brugt.';
  return keysLeft === 1
    ? 'Der er én nøgle tilbage på dit nøglekort.'
    : `Der er ${keysLeft} nøgler tilbage på dit nøglekort.`;
}

export type NoticeTexts = typeof noticesDa;
