/** Texts about the activity, sessions and access, in Danish. */
import type { LetterKind } from '../../../domain/letter.ts';
import { lookReasonsDa } from './lookReasons.words.da.ts';
import type { AuditActor } from '../../../domain/auditEvent.ts';
import type { ActivityWords } from './activity.rules.ts';
import { concernsDa } from './concerns.words.da.ts';
import type { Factor } from '../../../domain/signIn/levels.ts';
import { failuresDa } from './failures.words.da.ts';

const nameActor = ({ by }: AuditActor) => ({ person: 'Du', staff: 'En medarbejder', system: 'Nøgle' })[by];
/** A factor other than a card's key. */
const nameFactor = (factor: Factor = 'security_key') =>
  ({
    password: 'en adgangskode',
    card_key: 'en nøgle',
    code_token: 'en kode fra din kodeviser',
    passkey: 'en adgangsnøgle',
    security_key: 'en sikkerhedsnøgle',
    attested_key: 'en sikkerhedsnøgle',
  })[factor];
const roles = {
  officer: 'En sagsbehandler i Borgerservice',
  bank_clerk: 'En medarbejder i en bank',
  hotline: 'En medarbejder på hotlinen',
  operator: 'En driftsansvarlig hos Nøgle',
};
const staffRoles = {
  officer: 'sagsbehandler i Borgerservice',
  bank_clerk: 'bankrådgiver',
  hotline: 'medarbejder på hotlinen',
  operator: 'driftsansvarlig',
};
const paths = {
  desk: 'i Borgerservice',
  bank: 'i banken',
  online: 'på nettet',
  command: 'af Nøgle',
  seed: 'af Nøgle',
};
/** A kind written by a later version is missing. */
const letters: Readonly<Record<LetterKind, string>> = {
  welcome: 'Et velkomstbrev',
  card: 'Et brev med nøglekort',
  token: 'Et brev med en kodeviser',
  password: 'Et brev med midlertidig adgangskode',
  notice: 'Et brev med besked',
};

const activity: ActivityWords = {
  identity_issued: ({ path }) => `Dit ID blev oprettet ${paths[path]}.`,
  application_refused: ({ path }) => `En ansøgning om ID ${paths[path]} blev afvist.`,
  application_withdrawn: ({ path }) => `En ansøgning om ID ${paths[path]} blev trukket tilbage.`,
  signed_in: ({ cardNumber, factor, only }, { site, card }) =>
    `Du loggede på hos ${site} med ${
      cardNumber === undefined ? nameFactor(factor) : `en nøgle fra kort ${card(cardNumber)}`
    }${only ? ', uden bruger-ID og adgangskode' : ''}.`,
  signed_in_with_password: (_, { site }) => `Du loggede på hos ${site} kun med adgangskode.`,
  sign_in_refused: ({ factor }, { site }) =>
    `Du ville logge på hos ${site} med ${nameFactor(factor)}, men dit ID kan ikke bruges dér.`,
  gone_on_to: (_, { site }) => `Du gik videre til ${site}. Du var logget på i forvejen.`,
  signed_out_everywhere: () => 'Du loggede af alle steder.',
  signed_out_by_staff: (details) => `${nameActor(details)} loggede dig af alle steder.`,
  signed_out: () => 'Du loggede af.',
  public_sites_changed: (details) =>
    details.on
      ? `${nameActor(details)} slog offentlige hjemmesider til.`
      : `${nameActor(details)} slog offentlige hjemmesider fra.`,
  consent_given: (_, { site }) => `Du sagde ja til, at ${site} må få oplysninger om dig.`,
  consent_withdrawn: (_, { site }) => `Du sagde nej til, at ${site} må få oplysninger om dig.`,
  access_ended: (_, { site }) => `Du fjernede adgangen for ${site}.`,
  card_issued: ({ cardNumber }, { card }) => `Du fik nøglekort ${card(cardNumber)}.`,
  card_ordered: (details, { card }) =>
    `${nameActor(details)} bestilte nøglekort ${card(details.cardNumber)}.`,
  card_sent: ({ cardNumber }, { card }) => `Nøglekort ${card(cardNumber)} blev sendt med posten.`,
  card_activate: ({ cardNumber }, { card }) => `Nøglekort ${card(cardNumber)} blev taget i brug.`,
  card_replace: ({ cardNumber }, { card }) => `Nøglekort ${card(cardNumber)} blev afløst af et nyt.`,
  card_use_up: ({ cardNumber }, { card }) => `Nøglekort ${card(cardNumber)} blev brugt op.`,
  card_block: (details, { card }) => `${nameActor(details)} spærrede nøglekort ${card(details.cardNumber)}.`,
  card_lose: (details, { card }) =>
    details.by === 'staff'
      ? `${nameActor(details)} gjorde nøglekort ${card(details.cardNumber)} ugyldigt, fordi du får et andet.`
      : `Nøglekort ${card(details.cardNumber)} kom ikke frem og er gjort ugyldigt.`,
  card_retire: ({ cardNumber }, { card }) =>
    `Vi gjorde nøglekort ${card(cardNumber)} ugyldigt efter et nedbrud.`,
  card_not_ordered: () => 'Et nyt nøglekort kunne ikke sendes, for vi kender ikke din adresse.',
  wait_started: ({ cardNumber, opensAt }, { card, when }) =>
    `Der blev skrevet en nøgle fra nøglekort ${card(cardNumber)}. Det kan bruges fra ${when(opensAt)}.`,
  code_token_ordered: (details) => `${nameActor(details)} bestilte kodeviser ${details.serialNumber}.`,
  code_token_sent: ({ serialNumber }) => `Kodeviser ${serialNumber} blev sendt med posten.`,
  code_token_wait_started: ({ serialNumber, opensAt }, { when }) =>
    `Der blev skrevet en kode fra kodeviser ${serialNumber}. Den kan bruges fra ${when(opensAt)}.`,
  code_token_activated: (details) =>
    details.by === 'staff'
      ? `Du fik kodeviser ${details.serialNumber} af en medarbejder. Den er taget i brug.`
      : `Kodeviser ${details.serialNumber} blev taget i brug.`,
  code_token_replaced: ({ serialNumber }) => `Kodeviser ${serialNumber} blev afløst af en ny.`,
  code_token_blocked: (details) => `${nameActor(details)} spærrede kodeviser ${details.serialNumber}.`,
  code_token_lost: ({ serialNumber, by }) =>
    by === 'system'
      ? `Nøgle gjorde kodeviser ${serialNumber} ugyldig efter et nedbrud.`
      : `Kodeviser ${serialNumber} blev gjort ugyldig, før den blev taget i brug.`,
  code_token_resynced: (details) =>
    `${nameActor(details)} stillede kodeviser ${details.serialNumber} med to koder efter hinanden.`,
  threshold_changed: ({ threshold }) => `Du valgte, at et nyt kort bliver sendt ved ${threshold} nøgler.`,
  card_format_changed: (details) =>
    ({
      standard: `${nameActor(details)} valgte, at dit næste nøglekort er et almindeligt kort.`,
      large_print: `${nameActor(details)} valgte, at dit næste nøglekort har stor skrift.`,
      braille: `${nameActor(details)} valgte, at dit næste nøglekort er i punktskrift.`,
    })[details.format],
  identity_blocked: (details) => `${nameActor(details)} spærrede dit ID.`,
  identity_accepted: () =>
    'Oplysningerne bag dit ID blev kontrolleret og godkendt af en driftsansvarlig hos Nøgle.',
  identity_reopened: (details) => `${nameActor(details)} åbnede dit ID igen.`,
  proofing_lowered: () =>
    'Det blev noteret, at ingen har set din legitimation, for du bestilte dit ID på nettet.',
  identity_proofed: (details) =>
    `${nameActor(details)} så din legitimation, og du skrev en nøgle. Dit ID kan nu også bruges, hvor de kræver det.`,
  identity_closed: () => 'Du lukkede dit ID.',
  identity_activated: () => 'Du tog dit ID i brug.',
  cpr_changed: (details) =>
    details.by === 'staff'
      ? 'To sagsbehandlere i Borgerservice gav dit ID dit nye CPR-nummer.'
      : 'Dit ID fik dit nye CPR-nummer efter CPR-registret.',
  likeness_judged: () => 'En medarbejder så på, at du ikke er en anden med samme navn og fødselsdato.',
  cpr_change_proposed: () =>
    'En sagsbehandler foreslog, at dit ID får et nyt CPR-nummer. En anden skal se på det.',
  cpr_change_refused: () => 'En sagsbehandler sagde nej til, at dit ID får et nyt CPR-nummer.',
  cpr_change_withdrawn: () =>
    'Et forslag om et nyt CPR-nummer til dit ID passede ikke længere og blev lukket.',
  cpr_change_unclear: () =>
    'CPR-registret siger noget om dit CPR-nummer, som en sagsbehandler skal se på. Intet er ændret.',
  duplicate_found: () =>
    'CPR-registret siger, at du har to ID’er. En sagsbehandler skal se på det. Intet er ændret.',
  register_changed: () => 'Dine oplysninger blev rettet efter CPR-registret.',
  activation_key_given: ({ cardNumber }, { card }) =>
    `Du skrev den første nøgle fra nøglekort ${card(cardNumber)}.`,
  terms_confirmed: () => 'Du sagde ja til vilkårene.',
  password_chosen: (_, { isChange }) => (isChange ? 'Du skiftede adgangskode.' : 'Du valgte en adgangskode.'),
  user_id_chosen: (_, { isChange }) => (isChange ? 'Du skiftede bruger-ID.' : 'Du valgte et bruger-ID.'),
  user_id_refused: () => 'Du bad om et bruger-ID, som en anden har, eller som ligner en andens.',
  current_password_locked: () =>
    'Din nuværende adgangskode blev skrevet forkert for mange gange i selvbetjeningen. Det, der kræver den, kunne ikke ændres i nogle timer.',
  deed_confirmed: ({ cardNumber }, { card }) =>
    `Du bekræftede en ændring med en nøgle fra kort ${card(cardNumber)}.`,
  security_key_added: (details, { when }) =>
    details.by === 'staff'
      ? 'Du fik en sikkerhedsnøgle eller adgangsnøgle i Borgerservice.'
      : details.confirmedWith
        ? `Du tilføjede en sikkerhedsnøgle eller adgangsnøgle. Den kan bruges med det samme, for du bekræftede også ${details.confirmedWith.factor === 'code_token' ? 'med en kode fra din kodeviser' : 'med en sikkerhedsnøgle eller adgangsnøgle, du allerede brugte'}.`
        : `Du tilføjede en sikkerhedsnøgle eller adgangsnøgle. Den kan bruges fra ${when(details.from)}.`,
  security_key_counts: () =>
    'Ventetiden for en sikkerhedsnøgle eller adgangsnøgle er ovre. Den kan bruges nu.',
  security_key_renamed: () => 'Du gav en sikkerhedsnøgle eller adgangsnøgle et andet navn.',
  security_key_ended: (details) =>
    `${nameActor(details)} ${details.end === 'stopped' ? 'stoppede' : details.end === 'blocked' ? 'spærrede' : 'fjernede'} en sikkerhedsnøgle eller adgangsnøgle.`,
  email_changed: ({ from, removed }, { when }) =>
    removed
      ? `Du fjernede din e-mailadresse. Det gælder fra ${when(from)}.`
      : `Du skrev en ny e-mailadresse. Den gælder tidligst fra ${when(from)}, og først når du har skrevet koden fra e-mailen.`,
  email_code_ordered: () => 'Der blev sendt en kode til den e-mailadresse, du har skrevet.',
  email_confirmed: ({ from }, { when }) =>
    from === null
      ? 'Du viste med en kode, at din e-mailadresse er din.'
      : `Du viste med en kode, at din nye e-mailadresse er din. Den gælder fra ${when(from)}.`,
  email_refused: () => 'Din e-mailadresse tager ikke imod e-mail. Vi skriver til dig med posten.',
  email_called_off: (details) => `${nameActor(details)} stoppede en ændring af, hvor vi skriver til dig.`,
  language_changed: ({ language }) =>
    ({
      da: 'Du valgte at få breve på dansk.',
      en: 'Du valgte at få breve på engelsk.',
    })[language],
  data_exported: () => 'Du hentede dine oplysninger.',
  key_burnt: () => 'En nøgle gik tabt, fordi forbindelsen blev afbrudt. Den kan ikke bruges mere.',
  keys_locked: () => 'Der blev lukket for nøgler i nogle timer, fordi der blev skrevet for mange forkerte.',
  password_locked: () =>
    'Der blev lukket for adgangskoden i nogle timer, fordi der blev skrevet for mange forkerte.',
  only_known_browsers: () =>
    'Der blev skrevet for mange forkerte adgangskoder. Nu skal der en kode til på computere og telefoner, vi ikke kender.',
  sign_in_code_ordered: ({ way }) =>
    way === 'email'
      ? 'Der blev bedt om en kode til at logge på. Den blev sendt med e-mail.'
      : 'Der blev bedt om en kode til at logge på. Den blev bestilt som brev.',
  sign_in_code_used: () => 'En kode til at logge på blev brugt.',
  failures_counted: ({ what, many, from }, { when }) => failuresDa[what](many, when(from)),
  failures_in_all: () => 'Forkerte svar blev talt op.',
  browser_known: ({ again = false }) =>
    again
      ? 'Du sagde igen, at en computer eller telefon er din egen.'
      : 'Du sagde, at en computer eller telefon er din egen.',
  browsers_taken_back: ({ many }) =>
    many === 1
      ? 'Du sagde, at en computer eller telefon ikke længere er din egen.'
      : `Du sagde, at ${many} computere og telefoner ikke længere er dine egne.`,
  browser_forgotten: () =>
    'Der blev skrevet for mange forkerte adgangskoder på en af dine egne computere eller telefoner. Den er ikke længere din egen.',
  password_without_key: () =>
    'Nogen skrev din adgangskode, men ingen nøgle. Var det ikke dig, så skift adgangskode.',
  password_letter_ordered: (details) => `${nameActor(details)} bestilte en midlertidig adgangskode til dig.`,
  new_password_key_given: ({ cardNumber }, { card }) =>
    `Du bad om en ny adgangskode med en nøgle fra nøglekort ${card(cardNumber)}.`,
  new_password_refused: ({ why, cardNumber }, { card }) =>
    ({
      under_15: `Der blev bedt om en ny adgangskode med en nøgle fra nøglekort ${card(cardNumber)}. Vi sendte ikke noget brev, for du er under 15. Gå til Borgerservice.`,
      no_address: `Der blev bedt om en ny adgangskode med en nøgle fra nøglekort ${card(cardNumber)}. Vi sendte ikke noget brev, for vi kender ikke din adresse. Gå til Borgerservice.`,
      too_many: `Der blev bedt om en ny adgangskode med en nøgle fra nøglekort ${card(cardNumber)}. Vi sendte ikke noget brev, for du har fået så mange, som vi sender på en måned.`,
    })[why],
  searched_by_staff: ({ role, shown, cardSearchId }) => {
    const how = cardSearchId ? ' med dit CPR-nummer og et kortnummer' : '';
    return `${roles[role]} ${shown ? `slog dig op${how}` : `søgte efter dig${how}, men fik ikke noget at se`}.`;
  },
  register_looked_up: ({ role }) => `${roles[role]} slog dit CPR-nummer op i CPR-registret.`,
  refused_at_desk: ({ role, isOwn }) =>
    isOwn
      ? 'Du bad om noget i skranken, som du ikke må gøre selv.'
      : `${role === null ? 'En, der ikke arbejder her,' : roles[role]} ville se eller ændre noget om dig, men fik ikke lov.`,
  colleague_action_proposed: () =>
    'En medarbejder foreslog at gøre noget ved dit ID. Fordi du selv er medarbejder, skal en anden bekræfte det.',
  colleague_action_refused: () => 'Et forslag om at gøre noget ved dit ID blev afvist eller fortrudt.',
  person_erasure_proposed: () =>
    'En driftsansvarlig foreslog at slette dine spor i vores log: browsere og netværk.',
  person_erased: () => 'To driftsansvarlige slettede dine spor i vores log: browsere og netværk.',
  operator_command: () => 'En driftsansvarlig hos Nøgle gav en kommando.',
  letter_sent: ({ kind }) =>
    `${Object.hasOwn(letters, kind) ? letters[kind] : 'Et brev'} blev sendt til dig.`,
  staff_proposed: ({ role }) => `Du blev foreslået som ${staffRoles[role]}.`,
  staff_approved: ({ role }) => `Du blev godkendt som ${staffRoles[role]}.`,
  staff_ended: ({ role }) => `Du er ikke længere ${staffRoles[role]}.`,
  staff_end_proposed: ({ role }) =>
    `Det blev foreslået, at du ikke længere skal være ${staffRoles[role]}. En anden skal tage stilling til det.`,
  staff_kept: ({ role }) =>
    `Du er fortsat ${staffRoles[role]}. Forslaget om at afslutte det blev afvist eller fortrudt.`,
};

export const activityDa = {
  words: activity,
  title: 'Hvad er der sket?',
  intro: 'Her står alt, hvad der er sket med dit ID. Det nyeste står øverst.',
  unknown: 'Er der noget, du ikke kender?',
  unknownNext: 'Så spær dit kort eller dit ID med det samme.',
  none: 'Der er ikke sket noget endnu.',
  end: 'Der er ikke mere.',
  goneSite: 'en tjeneste, der ikke findes mere',
  somethingElse: 'Noget andet.',
  lookReasons: lookReasonsDa,
  reason: (reason: string) => `Begrundelse: ${reason}`,
  older: 'Se det, der er ældre',
  newest: 'Se det nyeste',
  pages: 'Flere sider',
  proof: {
    intro:
      'Bliver en linje rettet eller fjernet, kan det opdages. Du kan hente et bevis for en linje, når den er få sekunder gammel. Det er en fil, som du kan gemme, og som andre kan kontrollere.',
    get: 'Hent bevis',
    soon: 'Beviset er klar om et øjeblik.',
  },
  confirmedBy: (card: string) => `Bekræftet med en nøgle fra kort ${card}.`,
  keyName: (name: string) => `Navn: ${name}`,
  guardian: (name: string) => `Forælder eller værge, der var med: ${name}.`,
  concerns: concernsDa,
  from: {
    here: 'det netværk, du bruger nu',
    there: (network: string) => `netværket ${network}`,
    line: (browser: string, network: string) => `${browser}, fra ${network}`,
  },
};

export const accessDa = {
  title: 'Hvor er jeg logget på?',
  intro: 'Her ser du, hvor dit ID er i brug lige nu. Du kan stoppe det.',
  sessions: 'Computere og telefoner, hvor du er logget på',
  endSession: 'Log af',
  endSessionWhere: (device: string, when: string) => `${device}, logget på ${when}`,
  endHere: 'Log af her',
  endOthers: 'Log af alle andre steder',
  endAll: 'Log af alle steder',
  endAllMeans: 'Du kan logge af alle steder på én gang. Det gælder også her.',
  services: 'Hjemmesider, der har adgang',
  servicesMean:
    'De kan få oplysninger om dig. Fjerner du adgangen, får de ikke mere at vide, og de bliver bedt om at logge dig af. Det, de har fået, har de stadig.',
  noServices: 'Ingen har adgang lige nu.',
  offline: (until: string) =>
    `Kan hente oplysninger, også når du ikke er logget på. Det slutter senest ${until}.`,
  gets: (what: string) => `Får: ${what}.`,
  agreed: (when: string) => `Du sagde ja ${when}.`,
  endAccess: 'Fjern adgang',
  endAllAccess: 'Fjern hele adgangen',
  endAccessOf: (name: string) => `for ${name}`,
  endPart: (what: string) => `Fjern kun: ${what}`,
  endOffline: 'Fjern kun: adgang, når du ikke er logget på',
  isDone: {
    session: 'Der er logget af. Det gælder alle hjemmesider på den computer eller telefon.',
    others: 'Der er logget af alle andre steder. Her er du stadig logget på.',
    access: 'Adgangen er fjernet. Logger du på der igen, kan de bede dig om lov igen.',
    part: 'Det er fjernet. Hjemmesiden bliver bedt om at logge dig af og skal spørge dig, før den kan få det igen.',
  },
};
