import { confirmDa } from './confirm/words.da.ts';

/** Texts of self-service. Each page states what is in effect, what a change means, and what to do. */
const writeKeysLeftText = (left: number) => (left === 1 ? '1 nøgle tilbage' : `${left} nøgler tilbage`);

export const selfServiceDa = {
  nav: 'Selvbetjening',
  menu: 'Menu',
  pages: 'Sider i selvbetjeningen',
  signOut: 'Log af',
  idle: (minutes: number) =>
    `Af hensyn til din sikkerhed logger vi dig af, når du ikke har brugt siden i ${minutes} minutter.`,
  again: 'Du var blevet logget af, så det, du sendte, er ikke gemt. Skriv det igen.',
  late: 'Der er gået for lang tid, siden du skrev en nøgle, så det, du bad om, er ikke gjort. Gør det igen.',
  keysLeft: writeKeysLeftText,
  proof: {
    again: 'Log på igen',
    hidden: 'Vises ikke',
    idNumber:
      'Vi viser kun dit ID-nummer i fem minutter, efter at du har logget på her med en nøgle. Så kan andre ikke se det, hvis du glemmer at logge af.',
    contact:
      'Vi viser kun dine adresser i fem minutter, efter at du har logget på her med en nøgle. Så kan andre ikke se dem, hvis du glemmer at logge af.',
    data: 'Filen indeholder blandt andet dit CPR-nummer. Derfor skal du logge på her med en nøgle, lige før du henter den.',
    sessions:
      'Vil du logge af andre steder herfra, skal du lige have logget på her med en nøgle. Haster det, så kan du altid spærre dit ID.',
  },
  overview: {
    title: 'Mit ID',
    name: 'Navn',
    idNumber: 'ID-nummer',
    userId: 'Bruger-ID',
    userIdIs: (userId: string) => `Bruger-ID: ${userId}`,
    noUserId: 'Du logger på med dit ID-nummer',
    works: { everywhere: 'Virker også på offentlige hjemmesider', bank: 'Virker kun i banken' },
    level: 'Sikringsniveau',
    levels: {
      Substantial: 'Betydelig',
      Low: 'Lav, for ID’et er bestilt på nettet. Vis legitimation og dit nøglekort i Borgerservice, så bliver det betydelig.',
    },
    cardIs: (cardNumber: string) => `Kort ${cardNumber}`,
    noCard: 'Du har ikke noget kort i brug',
    nextOrdered: 'Et nyt kort er bestilt.',
    nextSent: (dates: string) => `Et nyt kort er på vej. Det skulle komme mellem ${dates}.`,
    nextWaits: (when: string) => `Dit nye kort kan bruges fra ${when}.`,
    email: {
      confirmed: (email: string) => `${email}, bekræftet`,
      unconfirmed: (email: string) => `${email}, ikke bekræftet`,
      hidden: 'Din e-mail',
      changes: 'En ny adresse er på vej',
      byLetter: 'Du får beskeder med posten',
    },
    signedIn: (many: number) => (many === 1 ? 'Du er kun logget på her' : `Du er logget på ${many} steder`),
    ownBrowsers: (many: number) =>
      many === 0 ? 'Ingen endnu' : many === 1 ? '1 computer eller telefon' : `${many} computere og telefoner`,
    services: {
      label: 'Mine tjenester',
      none: 'Ingen har adgang lige nu',
      about: 'Se alle steder, hvor du kan bruge dit ID.',
    },
    what: 'Hvad vil du gøre?',
    links: {
      card: {
        label: 'Nøglekort',
        about: 'Bestil et nyt kort, eller vælg, hvornår det skal komme.',
      },
      codeToken: {
        label: 'Kodeviser',
        about:
          'Bestil en kodeviser, eller tag den i brug. Så behøver du ikke et nøglekort, når du logger på.',
      },
      signIn: {
        label: 'Bruger-ID og adgangskode',
        about: 'Vælg et andet bruger-ID eller en ny adgangskode.',
      },
      securityKeys: {
        label: 'Sikkerhedsnøgler og adgangsnøgler',
        about: 'Log på med telefon, computer eller sikkerhedsnøgle i stedet for kortet.',
      },
      contact: { label: 'E-mail og sprog', about: 'Vælg, hvor og på hvilket sprog vi skriver til dig.' },
      publicSites: {
        label: 'Offentlige hjemmesider',
        about: 'Vælg, om dit ID skal virke hos kommunen, hos Skat og i Digital Post.',
      },
      activity: { label: 'Hvad er der sket?', about: 'Se, hvor og hvornår dit ID er brugt.' },
      access: { label: 'Hvor er jeg logget på?', about: 'Log af et sted, eller fjern en adgang.' },
      browsers: {
        label: 'Mine egne computere',
        about: 'Se de computere og telefoner, du har sagt er dine egne.',
      },
      block: {
        label: 'Spær kort eller ID',
        about: 'Har du mistet kortet, eller kender andre din adgangskode?',
      },
      data: { label: 'Mine oplysninger', about: 'Læs eller hent alt, hvad Nøgle ved om dig.' },
      close: { label: 'Luk mit ID', about: 'Når du ikke vil have et ID mere.' },
    },
  },
  card: {
    title: 'Nøglekort',
    inUse: 'Det kort, du bruger',
    none: 'Du har ikke noget kort i brug.',
    number: 'Kortnummer',
    left: 'Nøgler tilbage',
    leftOf: (left: number, all: number) => `${writeKeysLeftText(left)} af ${all}`,
    nextCard: 'Kort på vej',
    newCard: 'Dit nye kort',
    ordered: (day: string) => `Bestilt ${day}. Det er ikke sendt endnu.`,
    sent: (dates: string) => `Sendt med posten. Det skulle komme mellem ${dates}.`,
    waiting: (when: string) => `Du har skrevet en nøgle fra det nye kort. Det kan bruges fra ${when}.`,
    notArrived: 'Kortet er ikke kommet',
    notArrivedMeans:
      'Er kortet ikke kommet, så gør vi det ugyldigt og sender et andet. Kommer det alligevel, så klip det i stykker.',
    lost: 'Vi har gjort det kort, der ikke kom, ugyldigt. Et nyt er bestilt, hvis vi kan sende det.',
    order: 'Bestil et nyt kort',
    orderMeans:
      'Det bliver sendt til den adresse, der står i CPR-registret. Brug det gamle, til det nye er kommet.',
    noAddress: 'Vi kender ikke din adresse, så vi kan ikke sende et kort. Gå til Borgerservice.',
    threshold: 'Hvornår skal et nyt kort sendes?',
    thresholdNow: (keys: number) => `Vi sender et nyt kort, når der er ${keys} nøgler tilbage på det gamle.`,
    thresholdLabel: 'Antal nøgler, der er tilbage, når et nyt kort bliver sendt',
    thresholdHint: (least: number, most: number) =>
      `Et tal fra ${least} til ${most}. Bruger du mange nøgler, så vælg et højt tal. Posten er som regel 5-10 hverdage om det.`,
    thresholdFault: (least: number, most: number) => `Skriv et helt tal fra ${least} til ${most}.`,
    thresholdSubmit: 'Gem',
    old: 'Tidligere kort',
    states: {
      ordered: 'Bestilt',
      sent: 'Sendt',
      active: 'I brug',
      used_up: 'Brugt op',
      replaced: 'Afløst af et nyt',
      blocked: 'Spærret',
      void: 'Kom ikke frem',
    },
    oldLine: (number: string, state: string, day: string) => `${number}: ${state}. Bestilt ${day}.`,
  },
  signIn: {
    title: 'Bruger-ID og adgangskode',
    userIdHeading: 'Nyt bruger-ID',
    userIdNow: (userId: string) => `Dit bruger-ID er ${userId}.`,
    userIdNone: 'Du har ikke valgt et bruger-ID. Du logger på med dit ID-nummer.',
    userId: 'Nyt bruger-ID',
    userIdHint:
      "5-48 tegn: bogstaver, tal, mellemrum og . _ - @ + & '. Store og små bogstaver er det samme. Det må ikke ligne et CPR-nummer. Om det er optaget, siger vi, når du har skrevet en nøgle.",
    userIdSubmit: 'Skift bruger-ID',
    passwordHeading: 'Ny adgangskode',
    password: 'Ny adgangskode',
    passwordHint: 'Mindst 8 tegn. Brug gerne flere ord efter hinanden.',
    passwordSubmit: 'Skift adgangskode',
    endsOthers: 'Når du har skiftet, bliver du logget af alle andre steder.',
    faults: {
      userId: {
        too_short: 'Bruger-ID’et er for kort. Skriv mindst 5 tegn.',
        too_long: 'Bruger-ID’et er for langt. Skriv højst 48 tegn.',
        like_a_number: 'Bruger-ID’et ligner et CPR-nummer eller et ID-nummer. Vælg et andet.',
        unreadable: 'Der er et tegn i bruger-ID’et, som vi ikke kan læse. Skriv det igen.',
        other_signs:
          "Der er et tegn i bruger-ID’et, som ikke kan bruges. Brug bogstaver som a-å, tal, mellemrum og . _ - @ + & '.",
        same: 'Det er dit bruger-ID i forvejen. Skriv et andet.',
      },
      password: {
        unreadable:
          'Der kom en tabulator, et linjeskift eller et andet usynligt tegn med i adgangskoden. Skriv den igen.',
        too_short: 'Adgangskoden er for kort. Skriv mindst 8 tegn.',
        too_long: 'Adgangskoden er for lang. Skriv højst 128 tegn.',
        is_name: 'Adgangskoden må ikke være dit bruger-ID eller ID-nummer. Vælg en anden.',
        common: 'Den adgangskode er for let at gætte. Vælg en anden.',
        breached:
          'Den adgangskode er blandt dem, der er stjålet fra andre hjemmesider, og som tyve prøver af. Vælg en anden.',
      },
    },
  },
  currentPassword: {
    label: 'Nuværende adgangskode',
    hint: 'Den, du logger på med i dag.',
    missing: 'Skriv den adgangskode, du logger på med i dag.',
    unreadable:
      'Der kom en tabulator, et linjeskift eller et andet usynligt tegn med i din nuværende adgangskode. Skriv den igen.',
    wrong: (left: number) =>
      `Det er ikke din nuværende adgangskode. Du har ${left === 1 ? 'ét forsøg' : `${left} forsøg`} tilbage.`,
    locked: (day: string, time: string) =>
      `Din nuværende adgangskode er skrevet forkert for mange gange. Du kan prøve igen ${day} ${time}. Du kan stadig logge på.`,
  },
  contact: {
    title: 'E-mail og sprog',
    emailHeading: 'E-mail',
    emailNow: (email: string) => `Vi skriver til ${email}, når der sker noget med dit ID.`,
    byLetter: 'Vi skriver til dig med posten, når der sker noget med dit ID.',
    emailHidden: 'Vi skriver til din e-mailadresse, når der sker noget med dit ID.',
    emailRefused: (email: string) => `Din e-mailadresse er ${email}.`,
    soon: (email: string, when: string) => `Fra ${when} skriver vi til ${email}.`,
    soonHidden: (when: string) => `Fra ${when} skriver vi til en ny e-mailadresse.`,
    soonByLetter: (when: string) => `Fra ${when} skriver vi til dig med posten.`,
    email: 'Ny e-mailadresse',
    emailHint: 'For eksempel navn@eksempel.dk.',
    emailMeans:
      'Vi sender en kode til den nye adresse. Adressen gælder, når du har skrevet koden, og tidligst efter 24 timer. Vi skriver også til dig, hvor vi gør det i dag, så ingen kan skifte den bag din ryg. Du bliver logget af alle andre steder.',
    emailSubmit: 'Skift e-mailadresse',
    noneHeading: 'Hellere med posten?',
    noneMeans:
      'Du kan også få beskeder med posten. Det gælder tidligst efter 24 timer, og indtil da skriver vi til dig som før. Du bliver logget af alle andre steder.',
    none: 'Skriv til mig med posten',
    faults: {
      incomplete: 'Skriv en e-mailadresse.',
      malformed: 'E-mailadressen er ikke rigtig. Den skal se ud som navn@eksempel.dk.',
    },
    address: 'Postadresse',
    noAddress: 'Vi kender ikke din adresse.',
    addressFrom:
      'Vi får din adresse fra CPR-registret. Flytter du, så meld det til kommunen, så får vi det at vide.',
    languageHeading: 'Sprog i breve og beskeder',
    language: { da: 'Dansk', en: 'Engelsk' },
    languageSubmit: 'Gem sproget',
    languageDone: 'Sproget er gemt.',
  },
  publicSites: {
    title: 'Offentlige hjemmesider',
    on: 'Dit ID virker i banken og på offentlige hjemmesider.',
    off: 'Dit ID virker kun i banken.',
    what: 'De offentlige hjemmesider er:',
    more: (many: number) => `Og ${many} til.`,
    nowhere: 'Lige nu er der ingen offentlige hjemmesider, der bruger Nøgle.',
    onMeans:
      'Slår du det til, kan du logge på alle stederne med det samme ID. Du kan altid slå det fra igen.',
    offMeans:
      'Slår du det fra, bliver du logget af alle disse steder med det samme. De kan ikke hente oplysninger om dig mere. Dit ID virker stadig i banken.',
    switchOn: 'Slå offentlige hjemmesider til',
    switchOff: 'Slå offentlige hjemmesider fra',
    bars: {
      under_15: 'Du skal være fyldt 15 år, før du kan slå det til.',
      no_cpr: 'Det kræver et CPR-nummer. Gå til Borgerservice, og spørg, hvad du kan gøre i stedet.',
    },
    isOff: 'Det er slået fra. Du er logget af alle offentlige hjemmesider.',
  },
  block: {
    title: 'Spær kort eller ID',
    why: 'Har du mistet kortet, eller tror du, at andre kender dine nøgler eller din adgangskode, så spær med det samme.',
  },
  blocked: {
    card: 'Dit nøglekort er spærret',
    security_keys: 'Dine sikkerhedsnøgler og adgangsnøgler er spærret',
    code_token: 'Din kodeviser er spærret',
    identity: 'Dit ID er spærret',
    why: 'Du er logget af alle steder. Ingen kan bruge det, du har spærret.',
    next: {
      card: 'Er der et nyt kort på vej, kan du bruge det, når det kommer. Er der ikke det, så gå til Borgerservice efter et nyt. Tag gyldig legitimation med.',
      security_keys:
        'Du kan logge på igen med dit nøglekort og tilføje nye. Har andre haft dit kort, så spær også det. Er du i tvivl, så gå til Borgerservice.',
      code_token:
        'Du kan logge på igen med dit nøglekort og bestille en ny kodeviser. Du kan også få en hos Borgerservice. Er kortet også væk, så spær også det.',
      identity: 'Vil du have dit ID åbnet igen, så gå til Borgerservice. Tag gyldig legitimation med.',
    },
  },
  close: {
    title: 'Luk mit ID',
    what: 'Når du lukker dit ID, sker der tre ting:',
    points: [
      'Ingen kan logge på med det mere, heller ikke du.',
      'Dine nøglekort bliver spærret, og vi sender ikke flere.',
      'Ingen kan få oplysninger om dig fra Nøgle.',
    ],
    undo: 'Det kan ikke laves om her. Vil du have et ID igen, så gå til Borgerservice med gyldig legitimation.',
    instead: 'Vil du kun spærre for en tid, så spær dit ID i stedet.',
    understood: 'Jeg vil lukke mit ID for altid',
    fault: 'Sæt hak ved, at du vil lukke dit ID.',
    submit: 'Luk mit ID',
  },
  closed: {
    title: 'Dit ID er lukket',
    why: 'Du er logget af alle steder. Klip dit nøglekort i stykker.',
    next: 'Skal du bruge det offentlige eller banken uden et ID, så se, hvad du kan gøre i stedet.',
    services: 'Det kan du gøre uden et ID',
  },
  ...confirmDa,
};
