/**
 * The words of the notices in Danish, which is the original; English has its type. What happened, what it
 * means, and the one thing to do if it was not you: the reader may be frightened. contact.words.ts follows.
 */
import type { Actor } from '../../domain/notice.ts';
import { writeKeysLeft } from './keysLeft.words.ts';

export const BLOCK =
  'spær straks dit ID eller dit kort. Det gør du på siden »Spær« eller hos Nøgles hotline.';
/** Blocking the card would block the one in use, not the one on its way. */
export const BLOCK_ID = 'spær straks dit ID. Det gør du på siden »Spær« eller hos Nøgles hotline.';
const NOTHING = 'Var det dig? Så skal du ikke gøre noget.';

/** The text of a notice, one entry for each paragraph. */
export interface NoticeWords {
  readonly subject: string;
  readonly text: readonly string[];
  /** What a message about several notices says of this one; the first paragraph unless set. */
  readonly inShort?: string;
}

export interface Opening {
  readonly when: string;
  /** It lies behind when the text is read. */
  readonly isPast: boolean;
}

const ACTOR_WORDS: Record<Exclude<Actor, 'system'>, (what: string) => string> = {
  person: (what) => `${what} er blevet spærret, som du bad om.`,
  staff: (what) =>
    `${what} er blevet spærret af en medarbejder. Det kan være i Borgerservice, i din bank eller i Nøgles hotline.`,
};

const writeOpening = ({ when, isPast }: Opening) =>
  isPast ? `Det åbnede igen ${when}.` : `Det åbner af sig selv ${when}.`;

export const noticesDa = {
  signature: 'Venlig hilsen\nNøgle',
  never:
    'Vi ringer eller skriver aldrig for at få en nøgle eller din adgangskode. Vi sender aldrig et link til at logge på med.',
  somewhere: 'et sted, hvor man kan bruge Nøgle',
  /** Browser and system of an event, as the log knows them. */
  device: (browser: string, system: string) => `Det skete i ${browser} på ${system}.`,
  card_ordered: (cardNumber: string): NoticeWords => ({
    subject: 'Du får et nyt nøglekort',
    text: [
      `Vi har bestilt et nyt nøglekort til dig. Det får nummer ${cardNumber} og kommer med posten. Vi skriver igen, når det er sendt.`,
      'Det sker oftest af sig selv, når der er få nøgler tilbage. Har du et kort, der virker? Så brug det, til det nye er kommet.',
      `Var det en anden end dig, der bestilte kortet, så ${BLOCK_ID}`,
    ],
  }),
  card_sent: (cardNumber: string, from: string, to: string): NoticeWords => ({
    subject: 'Dit nye nøglekort er sendt',
    text: [
      `Dit nye nøglekort har nummer ${cardNumber} og er sendt med posten. Det kommer mellem ${from} og ${to}.`,
      'Er det ikke kommet til den tid? Så sig det i selvbetjeningen, eller gå til Borgerservice. Er kuverten åbnet, når du får den? Så brug ikke kortet.',
      `Var det en anden end dig, der bestilte kortet, eller er det taget fra dig, så ${BLOCK_ID}`,
    ],
  }),
  card_active: (cardNumber: string): NoticeWords => ({
    subject: 'Dit nye nøglekort er taget i brug',
    text: [
      `Dit nøglekort med nummer ${cardNumber} er taget i brug. Fra nu af skal du bruge nøgler fra det kort.`,
      'Har du et gammelt kort, virker det ikke mere. Klip det i stykker, og smid det ud.',
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  card_not_arrived: (cardNumber: string, again: boolean): NoticeWords => {
    const what = `Dit nøglekort med nummer ${cardNumber} er ikke kommet frem eller ikke taget i brug. Nu virker det ikke mere, heller ikke hvis det dukker op.`;
    const next = again
      ? 'Vi har bestilt et andet kort til dig. Vi skriver igen, når det er sendt.'
      : 'Vi sender ikke selv et nyt. Gå til Borgerservice, og tag gyldig legitimation med. Så hjælper de dig med at få et kort.';
    return {
      subject: again ? 'Du får et andet nøglekort' : 'Dit nøglekort er ikke kommet frem',
      text: [what, next, `Er der noget her, du ikke kan kende, så ${BLOCK}`],
      inShort: `${what} ${next}`,
    };
  },
  card_recalled: (cardNumber: string): NoticeWords => ({
    subject: 'Dit nye nøglekort bliver byttet',
    text: [
      `Dit nye nøglekort med nummer ${cardNumber} bliver byttet med et andet. Det er vores skyld, ikke din. Vi skriver igen, når det andet er sendt.`,
      'Kortet virker ikke. Har du fået det, så klip det i stykker, og smid det ud. Har du et kort, der virker? Så brug det, til det andet er kommet.',
      'Er du i tvivl, så ring til Nøgles hotline.',
    ],
  }),
  card_retired: (cardNumber: string, again: boolean): NoticeWords => ({
    subject: 'Dit nøglekort virker ikke mere',
    text: [
      `Vi har gjort dit nøglekort med nummer ${cardNumber} ugyldigt. Nøgle har haft et nedbrud, og derfor kan det gamle kort ikke bruges mere. Fejlen er vores, ikke din.`,
      again
        ? 'Et nyt kort er på vej til dig. Vi skriver igen, når det er sendt.'
        : 'Vi har ingen adresse at sende et nyt kort til. Gå til Borgerservice, og tag gyldig legitimation med. Så kan du få et nyt kort.',
      'Klip det gamle kort i stykker, og smid det ud. Er du i tvivl, så ring til Nøgles hotline.',
    ],
  }),
  card_not_ordered: (keysLeft: number): NoticeWords => {
    const what = `${writeKeysLeft(keysLeft)} Det er tid til et nyt kort, men vi har ingen adresse at sende det til.`;
    const next = 'Gå til Borgerservice, og tag gyldig legitimation med. Så kan du få et nyt kort.';
    return {
      subject: 'Vi kan ikke sende dig et nyt nøglekort',
      text: [what, next, `Var det ikke dig, der brugte nøglerne, så ${BLOCK}`],
      inShort: `${what} ${next}`,
    };
  },
  wait_started: (cardNumber: string, { when, isPast }: Opening): NoticeWords => ({
    subject: 'Nogen er ved at tage dit nye nøglekort i brug',
    text: [
      `Nogen har skrevet en nøgle fra dit nye nøglekort med nummer ${cardNumber}, men ingen fra et gammelt kort. Derfor venter vi lidt. ${
        isPast ? `Kortet har kunnet bruges siden ${when}.` : `Kortet kan bruges fra ${when}.`
      }`,
      NOTHING,
      `Var det ikke dig, så vent ikke: ${BLOCK}`,
    ],
  }),
  threshold_changed: (threshold: number): NoticeWords => ({
    subject: 'Der er ændret på, hvornår du får et nyt nøglekort',
    text: [
      `Fra nu af bestiller vi et nyt nøglekort til dig, når der er ${threshold} nøgler tilbage på det gamle.`,
      NOTHING,
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  public_sites_on: (by: Actor): NoticeWords => ({
    subject: 'Dit ID virker nu på offentlige hjemmesider',
    text: [
      by === 'staff'
        ? 'En medarbejder har aftalt det med dig: dit ID virker nu også på offentlige hjemmesider.'
        : 'Du har sagt ja til, at dit ID også virker på offentlige hjemmesider. Det er for eksempel hos din kommune.',
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  public_sites_off: (by: Actor): NoticeWords => ({
    subject: 'Dit ID virker ikke længere på offentlige hjemmesider',
    text: [
      by === 'staff'
        ? 'En medarbejder har aftalt det med dig: dit ID virker nu kun i din bank.'
        : 'Du har valgt, at dit ID kun skal virke i din bank. Du er logget af på de offentlige hjemmesider.',
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  card_blocked: (cardNumber: string, by: Actor, onTheWay: boolean): NoticeWords => ({
    subject: onTheWay ? 'Nøglekortet på vej til dig er spærret' : 'Dit nøglekort er spærret',
    text: [
      by === 'system'
        ? `Vi har spærret dit nøglekort med nummer ${cardNumber} for at passe på dig. Nøglen er skrevet forkert for mange gange.`
        : ACTOR_WORDS[by](
            onTheWay
              ? `Nøglekortet med nummer ${cardNumber}, som er på vej til dig,`
              : `Dit nøglekort med nummer ${cardNumber}`,
          ),
      'Det virker ikke mere, og vi bestiller ikke selv et nyt. Er der ikke et nyt kort på vej? Så gå til Borgerservice, og tag gyldig legitimation med.',
      by === 'system'
        ? 'Var det ikke dig, der skrev forkert? Så kender en anden måske din adgangskode. Ring til Nøgles hotline, og få også dit ID spærret.'
        : 'Kan du ikke kende det, så ring til Nøgles hotline.',
    ],
  }),
  id_blocked: (by: Actor): NoticeWords => {
    const what = by === 'system' ? 'Vi har spærret dit ID for at passe på dig.' : ACTOR_WORDS[by]('Dit ID');
    const next =
      'Ingen kan logge på med det, heller ikke du. Du er logget af overalt. Kun Borgerservice kan åbne det igen. Tag gyldig legitimation med.';
    return {
      subject: 'Dit ID er spærret',
      text: [
        what,
        next,
        'Kan du ikke kende det, så ring til Nøgles hotline. Du behøver ikke at spærre mere.',
      ],
      inShort: `${what} ${next}`,
    };
  },
  id_reopened: (): NoticeWords => ({
    subject: 'Dit ID er åbnet igen',
    text: [
      'Borgerservice har åbnet dit ID igen. Der blev vist gyldig legitimation.',
      'Din gamle adgangskode og dit gamle nøglekort virker ikke mere. Du får et nyt nøglekort i ét brev og en midlertidig adgangskode i et andet. Når du har begge dele, kan du tage dit ID i brug igen.',
      `Var det ikke dig, så ${BLOCK_ID}`,
    ],
  }),
  id_proofed: (): NoticeWords => ({
    subject: 'Din legitimation er set',
    text: [
      'Du har vist gyldig legitimation og skrevet en nøgle fra dit nøglekort. Derfor kan dit ID fra nu af også bruges, hvor de kræver, at nogen har set dig, for eksempel i en bank.',
      'Det gælder, næste gang du logger på. Alt andet er, som det var.',
      `Var det ikke dig, så ${BLOCK_ID}`,
    ],
  }),
  proofing_lowered: (): NoticeWords => ({
    subject: 'Nogle steder skal du først vise legitimation',
    text: [
      'Du har bestilt dit ID på nettet, så ingen har set dig og din legitimation. Nogle steder, for eksempel i mange banker, kræver de det fra nu af. Alle andre steder kan du logge på som før.',
      'Gå til Borgerservice med gyldig legitimation og dit nøglekort, så er det på plads. Det tager et par minutter, og du beholder dit ID og dit kort.',
      'Du er logget af overalt og skal logge på igen.',
      `Har du ikke bestilt et ID, så ${BLOCK_ID}`,
    ],
  }),
  password_ordered: (): NoticeWords => ({
    subject: 'Du får en midlertidig adgangskode med posten',
    text: [
      'Der er bestilt en midlertidig adgangskode til dig. Den kommer i et brev til den adresse, vi har.',
      'Den virker kun sammen med en nøgle fra dit nøglekort. Har du en adgangskode, så brug den, til brevet er kommet.',
      `Var det ikke dig, der bad om den, så ${BLOCK_ID}`,
    ],
  }),
  new_password_ordered: (when: string): NoticeWords => ({
    subject: 'Der er bestilt en ny adgangskode med en nøgle fra dit kort',
    text: [
      `Der blev bestilt en midlertidig adgangskode til dit ID ${when}. Det blev gjort med en nøgle fra dit nøglekort.`,
      'Den kommer i et brev til den adresse, vi har. Indtil da virker din gamle adgangskode. Den bliver først skiftet, når du bruger brevet sammen med en nøgle mere fra kortet.',
      `Var det ikke dig, har en anden set dit nøglekort. Så ${BLOCK}`,
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
    subject: 'Din adgangskode er skiftet',
    text: [
      `Adgangskoden til dit ID blev skiftet ${when}. Den gamle virker ikke mere. Du er logget af overalt.`,
      'Har du sagt, at en browser er din egen? Så sig det igen, næste gang du logger på i den.',
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
      'Vil du have et ID igen, så gå til Borgerservice med gyldig legitimation. Var det ikke dig, der lukkede det, så ring til Nøgles hotline.',
    ],
  }),
  new_browser: (where: string, when: string): NoticeWords => ({
    subject: 'Dit ID er brugt på en ny computer eller telefon',
    text: [
      `Der blev logget på med dit ID hos ${where} ${when}. Vi kender ikke den computer eller telefon.`,
      'Var det dig, for eksempel på biblioteket? Så skal du ikke gøre noget.',
      `Var det ikke dig, så ${BLOCK}`,
    ],
  }),
  password_without_key: (when: string): NoticeWords => ({
    subject: 'Din adgangskode er brugt, men ingen nøgle',
    text: [
      `Din adgangskode blev skrevet rigtigt ${when}. Det var på en computer eller telefon, vi ikke kender. Der kom ingen nøgle bagefter, så ingen blev logget på.`,
      'Var det dig, der gav op undervejs? Så skal du ikke gøre noget.',
      `Var det ikke dig, kender en anden din adgangskode. Så ${BLOCK}`,
    ],
  }),
  password_locked: (opening: Opening): NoticeWords => ({
    subject: 'Adgangskoden er skrevet forkert for mange gange',
    text: [
      `Adgangskoden til dit ID er skrevet forkert for mange gange i træk. Vi lukkede for flere forsøg, så ingen kan gætte sig frem. ${writeOpening(opening)}`,
      'Ingen er kommet ind. Har du sagt, at en browser er din egen, virker den måske stadig.',
      `Var det ikke dig, der skrev forkert, og bliver det ved, så ${BLOCK}`,
    ],
  }),
  only_known_browsers: (): NoticeWords => ({
    subject: 'Dit ID kræver nu en kode på computere, vi ikke kender',
    text: [
      'Adgangskoden til dit ID er skrevet forkert rigtig mange gange i træk. Nu skal man bruge en kode fra os for at logge på fra en computer eller telefon, vi ikke kender. Du kan bede om koden dér, hvor du logger på.',
      'Ingen er kommet ind. Du skal ikke bruge en kode dér, hvor du plejer at logge på. Det hele hører op, når du logger på med den rigtige adgangskode, eller når du får en ny.',
      `Var det ikke dig, der skrev forkert, og er du i tvivl, så ${BLOCK}`,
    ],
  }),
  keys_locked: (opening: Opening): NoticeWords => ({
    subject: 'Nøglen er skrevet forkert for mange gange',
    text: [
      `Nøglen fra dit nøglekort er skrevet forkert for mange gange i træk. Vi lukkede for flere forsøg, så ingen kan gætte sig frem. ${writeOpening(opening)}`,
      'Var det dig? Så se efter, at du har det rigtige kort, før du prøver igen. Bliver nøglen ved med at være forkert, bliver kortet spærret.',
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
            'Vi sender kun en kode til den, og først når et nyt ID tages i brug. Er det ikke din adresse? Så var det nok en anden, der bestilte.',
          ]),
      'Har du ikke et ID, får du to breve på hver sin dag. I det ene er dit nøglekort. I det andet er en midlertidig adgangskode. Har du et ID, er der ikke ændret noget ved det. Var det dig, der bestilte? Så skal du ikke gøre mere nu.',
      `Var det ikke dig, kender en anden dine oplysninger. Får du et brev med et nøglekort eller en adgangskode, så brug dem ikke. Gå til Borgerservice med gyldig legitimation. Har du et ID, og er du i tvivl om det, så ${BLOCK}`,
    ],
  }),
};

export type NoticeTexts = typeof noticesDa;
