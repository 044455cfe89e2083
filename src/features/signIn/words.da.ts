/** Words of a sign-in: password, key, new card, lock, refusal, public sites, consent, and its end. */
import type { ColumnPart } from '../../domain/card/cardLayout.ts';
import type { ListedClaim } from '../../domain/signIn/claims.ts';

const COLUMNS = ['første', 'anden', 'tredje', 'fjerde'];
const PARTS: Readonly<Record<ColumnPart, string>> = {
  top: 'i den øverste del',
  middle: 'omkring midten',
  bottom: 'i den nederste del',
};

/** The site wants an ID for which identification was seen, and this one was ordered online. */
const NOT_PROOFED = {
  title: 'Dit ID kan ikke bruges her endnu',
  why: 'Her kræver de, at nogen har set dig og din legitimation. Det er ikke sket endnu for dit ID, for det sker ikke, når man bestiller på nettet.',
  next: 'Gå til Borgerservice, eller til din bank, hvis den udsteder ID’er. Tag gyldig legitimation og dit nøglekort med. Det tager et par minutter, og du beholder dit ID og dit kort.',
};

export const signInDa = {
  password: {
    title: 'Log på',
    heading: 'Log på',
    userId: 'Bruger-ID',
    userIdHint: 'Dit bruger-ID eller dit ID-nummer fra velkomstbrevet. Ikke dit CPR-nummer.',
    password: 'Adgangskode',
    submit: 'Fortsæt',
    remember: 'Husk mit bruger-ID på denne computer',
    rememberHint: 'Sæt ikke hak på en computer, som andre også bruger.',
    forget: 'Ikke dig? Glem det bruger-ID',
    wrong: 'Bruger-ID eller adgangskode er forkert. Prøv igen.',
    lastBeforeLock: 'Bliver det forkert én gang til, lukker vi for flere forsøg i nogle timer.',
    incomplete: 'Skriv både bruger-ID og adgangskode.',
    cpr_number:
      'Det ligner et CPR-nummer, og det bruger vi aldrig til at logge på. Skriv det bruger-ID, du selv har valgt, eller dit ID-nummer. ID-nummeret er de ni cifre i dit velkomstbrev. Det tæller ikke som et forsøg.',
    name_unreadable:
      'Der er et tegn i bruger-ID’et, som vi ikke kan læse. Skriv det igen. Det tæller ikke som et forsøg.',
    password_unreadable:
      'Der kom en tabulator, et linjeskift eller et andet usynligt tegn med i adgangskoden. Skriv den igen, eller kopier kun selve adgangskoden. Det tæller ikke som et forsøg.',
    beginAgain:
      'Skriv dit bruger-ID og din adgangskode igen. Vi kan ikke se, om vores sidste svar nåede frem til dig.',
    activated: 'Dit ID er klar. Log på med den adgangskode, du lige har valgt.',
    firstTime: 'Første gang? Tag dit ID i brug',
  },
  key: {
    title: 'Skriv en nøgle fra dit nøglekort',
    heading: 'Find nøglen på dit nøglekort',
    lookOn: 'Tag nøglekort',
    lookFor: 'og find nøglenummer',
    thenWrite: 'Skriv de seks cifre, der står ud for nummeret.',
    label: 'Nøgle, seks cifre',
    submit: 'Log på',
    place: {
      at: (side: number, column: number, part: ColumnPart) =>
        `Det står på side ${side}, ${COLUMNS[column - 1] ?? column} spalte, ${PARTS[part]}.`,
      ascending: 'Numrene står i rækkefølge med det mindste først.',
      side: (side: number) => `Side ${side}`,
      drawing: (where: string) => `Tegning af kortet, hvor nummeret er markeret. ${where}`,
    },
    left: (left: number) => `Der er ${left} nøgler tilbage på kortet.`,
    leftOne: 'Det er den sidste nøgle på kortet.',
    wrong: 'Nøglen er forkert. Tjek, at det er det rigtige kort, og læs cifrene ud for nummeret igen.',
    lastBeforeLock: 'Bliver det forkert én gang til, lukker vi for flere forsøg i nogle timer.',
    lastBeforeBlock: 'Bliver det forkert én gang til, spærrer vi nøglekortet.',
    ownComputer: 'Det er min egen computer',
    ownComputerHint:
      'Så kan fremmede ikke lukke dig ude her ved at skrive forkert. Sæt ikke hak på en computer, som andre også bruger.',
    malformed: 'En nøgle er seks cifre. Skriv dem, som de står på kortet. Det tæller ikke som et forsøg.',
    stepUp: (name: string) => `Du er allerede logget på med din adgangskode. ${name} beder også om en nøgle.`,
    another: 'Er det ikke dig? Log på som en anden',
    stale:
      'Nøglenummeret er et andet nu. Skriv nøglen ud for det nummer, der står her. Det tæller ikke som et forsøg.',
  },
  securityKey: {
    title: 'Vis, at det er dig',
    heading: 'Brug din sikkerhedsnøgle eller adgangsnøgle',
    how: 'Du viser, at det er dig, med fingeraftryk, ansigt eller pinkode på din egen enhed.',
    submit: 'Log på med den',
    only: 'Log på med adgangsnøgle',
    card: 'Brug nøglekortet',
    orPassword: 'Eller brug bruger-ID og adgangskode',
    missing: 'Din browser kan ikke bruge sikkerhedsnøgler og adgangsnøgler her. Brug nøglekortet i stedet.',
    keysLocked: (day: string, time: string) =>
      `Nøglen er skrevet forkert for mange gange i træk. Du kan skrive en nøgle igen ${day} ${time}. Til da kan du logge på med en sikkerhedsnøgle eller en adgangsnøgle.`,
    missingWithoutCard:
      'Din browser kan ikke bruge sikkerhedsnøgler og adgangsnøgler her, og nøglekortet kan ikke bruges. Prøv i en anden browser.',
    faults: {
      not_accepted:
        'Din sikkerhedsnøgle eller adgangsnøgle kunne ikke bruges her. Prøv igen, vælg en anden, eller brug bruger-ID, adgangskode og nøglekort.',
      not_verified:
        'Din enhed spurgte ikke om en pinkode, et fingeraftryk eller dit ansigt. Slå det til på den, og prøv igen, eller brug nøglekortet.',
      copied:
        'Din sikkerhedsnøgle eller adgangsnøgle blev ikke godtaget, for der kan være en kopi af den. Brug nøglekortet, og fjern den i selvbetjeningen.',
      waiting:
        'Din sikkerhedsnøgle eller adgangsnøgle kan ikke bruges endnu. Der går et døgn, fra den er tilføjet. Brug nøglekortet så længe.',
      malformed: 'Vi kunne ikke læse svaret fra din browser. Prøv igen, eller brug nøglekortet.',
    },
    browserFaults: {
      NotAllowedError: 'Det blev ikke til noget, eller tiden gik. Du kan prøve igen.',
      SecurityError: 'Din browser kan ikke bruge sikkerhedsnøgler og adgangsnøgler på denne adresse.',
      other: 'Det lykkedes ikke. Prøv igen, eller brug nøglekortet.',
    },
  },
  newCard: {
    title: 'Er dit nye nøglekort kommet?',
    titleInstead: 'Tag dit nye nøglekort i brug',
    why: 'Så skriv en nøgle fra det nye kort. Fra da af bruger du kun det nye, og det gamle kan du klippe i stykker.',
    whyInstead: (hours: number) =>
      `Du har ikke noget andet kort i brug. Når du har skrevet en nøgle fra det nye, går der ${hours} timer, før du kan logge på med det. Vi giver dig besked med det samme, så ingen kan gøre det bag din ryg.`,
    whyWaits: (hours: number) =>
      `Så skriv en nøgle fra det nye kort. Du loggede ikke på med det gamle, så der går ${hours} timer, før det nye virker. Har du et kort i brug, virker det imens. Vi giver dig besked med det samme, så ingen kan gøre det bag din ryg.`,
    lookOn: 'Tag det nye kort',
    submit: 'Tag det nye kort i brug',
    skip: 'Det er ikke kommet endnu',
    goOn: 'Fortsæt uden det nye kort',
    lockedTitle: 'Det nye kort kan ikke tages i brug lige nu',
    locked:
      'Nøglen er skrevet forkert for mange gange i træk. Du kan godt fortsætte nu, men der går nogle timer, før du kan logge på igen.',
  },
  locked: {
    unknownBrowsers: {
      title: 'Du skal bruge en kode for at logge på her',
      why: 'Adgangskoden er skrevet forkert så mange gange, at nogen måske er ved at gætte sig frem. Derfor skal du først skrive en kode, som vi sender til dig.',
      next: 'Du skal ikke bruge en kode dér, hvor du plejer at logge på. Det skal du heller ikke på en computer, hvor du har sat hak ved »Det er min egen computer«.',
      send: 'Send mig en kode',
      how: 'Koden kommer til den e-mailadresse, du har bekræftet. Har du ikke bekræftet nogen, kommer den med brev.',
      byLetter: 'Send koden med brev',
      ordered:
        'Kan dit ID få en kode, er den på vej. Med e-mail er den hos dig om få minutter, med brev inden for nogle uger. Du kan få en e-mail hver time og et brev hver femte hverdag.',
      label: 'Koden fra os',
      hint: 'Otte bogstaver og tal. Store og små bogstaver er det samme.',
      submit: 'Fortsæt',
      wrong: 'Koden er ikke rigtig, eller den virker ikke mere. Skriv den igen, eller få en ny.',
      incomplete: 'Skriv koden.',
    },
    title: 'Der er lukket for at logge på',
    heading: (day: string, time: string) => `Du kan prøve igen ${day} ${time}`,
    password: 'Bruger-ID eller adgangskode er skrevet forkert for mange gange i træk.',
    key: 'Nøglen er skrevet forkert for mange gange i træk.',
    why: 'Derfor har vi lukket i nogle timer, så ingen kan gætte sig frem. Det åbner igen af sig selv.',
    next: {
      password: 'Vent til da, og prøv så igen. Du kan stadig spærre dit ID. Linket står nederst på siden.',
      key: 'Vent til da, og hav dit nøglekort klar. Var det ikke dig, der skrev forkert, så kender nogen din adgangskode. Spær så dit ID med det samme. Linket står nederst på siden.',
    },
  },
  refused: {
    id_blocked: {
      title: 'Dit ID er spærret',
      why: 'Du kan derfor ikke bruge det til at logge på.',
      next: 'Gå til Borgerservice, og tag gyldig legitimation med. Så kan de åbne det igen.',
    },
    card_blocked: {
      title: 'Dit nøglekort er spærret',
      why: 'Det kan derfor ikke bruges til at logge på.',
      next: 'Gå til Borgerservice, og tag gyldig legitimation med. Så får du et nyt kort.',
    },
    card_waiting: {
      title: 'Dit nye nøglekort kan ikke bruges endnu',
      why: 'Der er skrevet en nøgle fra det, men ingen fra et gammelt kort. Derfor skal der gå lidt tid, så ingen kan tage kortet i brug bag din ryg.',
      next: 'Var det ikke dig, der skrev den, så spær kortet med det samme. Linket står nederst på siden.',
    },
    acr_unattainable: NOT_PROOFED,
    proofing_too_low: NOT_PROOFED,
    no_security_key: {
      title: 'Her skal du bruge en sikkerhedsnøgle',
      why: 'Her kan man kun logge på med en sikkerhedsnøgle eller en adgangsnøgle, og du har ikke nogen, der kan bruges her.',
      next: 'Du kan tilføje en i selvbetjeningen. Dér logger du på med dit nøglekort. Den kan bruges et døgn efter.',
    },
    not_activated: {
      title: 'Først skal du tage dit ID i brug',
      why: 'Du skrev den midlertidige adgangskode fra dit brev. Den kan kun bruges til at tage dit ID i brug.',
      next: 'Det tager et par minutter. Hav dit nøglekort ved hånden. Bagefter kan du logge på her.',
    },
    no_active_card: {
      title: 'Du har ikke noget nøglekort i brug',
      why: 'For at logge på skal du bruge en nøgle fra et kort.',
      next: 'Gå til Borgerservice, og tag gyldig legitimation med. Så får du et nyt kort.',
    },
    no_keys_left: {
      title: 'Alle nøgler på dit nøglekort er brugt',
      why: 'En nøgle kan kun bruges én gang, og kortet har ikke flere.',
      next: 'Gå til Borgerservice, og tag gyldig legitimation med. Så får du et nyt kort.',
    },
  },
  addSecurityKey: 'Gå til dine sikkerhedsnøgler i selvbetjeningen (åbner i en ny fane)',
  notActivated: { activate: 'Tag dit ID i brug', signIn: 'Jeg har taget det i brug. Log på' },
  /** Everything is given, and the response was lost on the way. */
  goOn: {
    title: 'Alt er på plads',
    next: 'Der mangler kun, at du går videre.',
    submit: 'Gå videre',
  },
  /** The address of a sign-in that is over, or of another browser. */
  over: {
    timedOut: {
      title: 'Du skal begynde forfra',
      why: (name: string) => `Der gik for lang tid, mens du var ved at logge på hos ${name}.`,
      next: (name: string) => `Gå tilbage til ${name}, og log på igen dér.`,
    },
    signedIn: {
      title: (name: string) => `Du er logget på hos ${name}`,
      why: 'Du er allerede færdig her, så siden kan ikke bruges igen.',
      next: (name: string) => `Gå videre hos ${name}. Er du ikke kommet ind, så log på igen dér.`,
    },
    ended: {
      title: 'Siden kan ikke bruges igen',
      why: (name: string) =>
        `Du var ved at logge på hos ${name}. Du har afbrudt, eller også har du svaret før.`,
      next: (name: string) => `Gå tilbage til ${name}, og begynd forfra dér.`,
    },
    unknown: {
      title: 'Du skal begynde forfra',
      why: 'Der gik for lang tid, eller du er allerede færdig her. Det kan også være, at siden er åbnet i en anden browser.',
      next: 'Gå tilbage til det sted, hvor du ville logge på, og begynd forfra dér.',
    },
    goTo: (name: string) => `Gå til ${name}`,
    home: 'Gå til Nøgles forside',
  },
  publicSites: {
    off: {
      title: 'Dit ID virker kun i din bank',
      why: 'Adgangskode og nøgle var rigtige, men dit ID er ikke sat til at virke på offentlige hjemmesider som denne.',
      next: 'Vil du også bruge det på offentlige hjemmesider? Så virker det hos kommunen, hos Skat og i Digital Post, og du kommer videre herfra med det samme. Du kan altid slå det fra igen.',
    },
    needs_key: {
      title: 'Dit ID virker kun i din bank',
      why: 'Du er logget rigtigt på, men dit ID er ikke sat til at virke på offentlige hjemmesider som denne.',
      next: 'Du kan slå det til med din adgangskode og en nøgle fra dit nøglekort. Kom tilbage hertil bagefter.',
    },
    accept: 'Ja, brug det også dér',
    refuse: 'Nej, kun i min bank',
    switchOn: 'Slå offentlige hjemmesider til',
    under_15: {
      title: 'Du skal være fyldt 15 år',
      why: 'Dit ID virker i din bank. Til offentlige hjemmesider kan det først bruges, når du fylder 15.',
      next: 'Indtil da må en forælder eller værge ordne det for dig.',
    },
    no_cpr: {
      title: 'Det kræver et CPR-nummer',
      why: 'Dit ID virker i din bank. Til offentlige hjemmesider kan det kun bruges, når du har et CPR-nummer.',
      next: 'Spørg i Borgerservice, hvad du kan gøre i stedet.',
    },
  },
  consent: {
    title: (name: string) => `Må ${name} få disse oplysninger om dig?`,
    titleOfOne: (name: string) => `Må ${name} få denne oplysning om dig?`,
    titleOfNothing: (name: string) => `Vil du logge på hos ${name}?`,
    purpose: (name: string) => `Det skal ${name} bruge dit ID til:`,
    claims: {
      name: 'Navn',
      birthdate: 'Fødselsdato',
      locale: 'Sprog',
      'dk.cpr': 'CPR-nummer',
      'nemid.pid': 'Nøgle-PID (ikke dit CPR-nummer)',
    } satisfies Record<ListedClaim, string>,
    cprHidden: 'Vises kun, lige efter at du har skrevet en nøgle. De får det, hvis du siger ja.',
    nothing: 'De får kun at vide, at det er dig, der logger på. Ingen andre oplysninger bliver givet videre.',
    offline: (days: number, isOne: boolean) =>
      `De må hente ${isOne ? 'oplysningen' : 'oplysningerne'} igen i ${days} dage, også når du ikke er logget på. Derefter skal de spørge dig igen.`,
    whileSignedIn: (hours: number, isOne: boolean) =>
      `De må hente ${isOne ? 'oplysningen' : 'oplysningerne'}, så længe du er logget på, dog højst i ${hours} timer.`,
    remembered: 'Siger du ja, husker vi det til næste gang.',
    takeBack: 'Du kan altid tage dit ja tilbage i selvbetjening under',
    accept: 'Ja, det må de',
    acceptNothing: 'Ja, log på',
    refuse: 'Nej, gå tilbage',
  },
};

export type SignInTexts = typeof signInDa;
