/** Texts about the person's code token, in Danish. */
export const codeTokenDa = {
  title: 'Kodeviser',
  what: 'En kodeviser er en lille ting med en skærm. Den viser en kode, som du kan skrive i stedet for en nøgle fra dit kort, når du logger på. Du behøver ikke en telefon. Dit nøglekort virker stadig.',
  overview: {
    none: 'Du har ingen',
    active: (number: string) => `Nummer ${number} er i brug`,
    coming: 'På vej til dig',
    /** It has come, and waits. */
    notYet: 'Ikke i brug endnu',
    another: 'En ny er på vej.',
    waiting: (when: string) => `Den nye kan bruges fra ${when}.`,
  },
  none: 'Du har ikke nogen kodeviser.',
  inUse: 'Den kodeviser, du bruger',
  coming: 'Kodeviser på vej',
  number: 'Nummer',
  lastUsed: 'Sidst brugt',
  notUsed: 'Ikke endnu',
  ordered: 'Den er bestilt, men ikke sendt endnu.',
  sent: (dates: string) => `Sendt med posten. Den skulle komme mellem ${dates}.`,
  waiting: (when: string) => `Du har skrevet en kode fra den. Den kan bruges fra ${when}.`,
  order: {
    title: 'Bestil en kodeviser',
    means:
      'Den bliver sendt til den adresse, der står i CPR-registret. Du kan også få den hos Borgerservice, hvis du hellere vil have hjælp. Tag gyldig legitimation med.',
    submit: 'Bestil en kodeviser',
    another: 'Har du en i forvejen, virker den, til den nye er taget i brug.',
    outOfStock: 'Lige nu har vi ikke flere. Spørg hos Borgerservice, eller prøv igen om nogle dage.',
    noAddress: 'Vi kender ikke din adresse, så vi kan ikke sende en. Gå til Borgerservice.',
  },
  activate: {
    title: 'Er den kommet?',
    means:
      'Se efter, at nummeret bag på kodeviseren er det samme som her. Skriv så den kode, den viser lige nu. Bagefter skal du skrive en nøgle fra dit kort. For at passe på dig venter vi et døgn, før den kan bruges.',
    code: 'Koden på kodeviseren',
    submit: 'Tag den i brug',
    notArrived: 'Den er ikke kommet',
    notArrivedMeans:
      'Er den ikke kommet, så gør vi den ugyldig, og du kan bestille en anden. Kommer den alligevel, kan den ikke bruges.',
  },
  stop: {
    means: 'Er det ikke dig, der er ved at tage den i brug, så stop det. Så kan den aldrig bruges.',
    submit: 'Stop det',
  },
  adjust: {
    title: 'Passer koden ikke mere?',
    means:
      'Uret i en kodeviser kan gå forkert, og en med knap kan være trykket på for mange gange. Så kan du stille den. Skriv koden, vent til den viser en ny, og skriv også den.',
    first: 'Første kode',
    second: 'Koden lige efter',
    submit: 'Stil kodeviseren',
  },
  block: {
    title: 'Har du mistet den?',
    means:
      'Så spær den. Den virker ikke mere, og du bliver logget af alle andre steder. Det kan ikke fortrydes.',
    submit: 'Spær kodeviseren nu',
  },
  done: {
    lost: 'Kodeviseren, der ikke kom, er gjort ugyldig. Du kan bestille en anden.',
    stopped: 'Det er stoppet. Kodeviseren kan ikke bruges.',
    blocked: 'Din kodeviser er spærret. Du er logget af alle andre steder.',
  },
  faults: {
    malformed: (digits: number) => `Koden skal være ${digits} cifre.`,
    wrong: (left: number) =>
      `Koden passer ikke. Vent, til den viser en ny kode, og skriv den. Du har ${left === 1 ? 'ét forsøg' : `${left} forsøg`} tilbage.`,
    wrongLast: (left: number) =>
      `Koden passer ikke. Skriver du forkert ${left === 1 ? 'én gang' : `${left} gange`} til, bliver dit nøglekort og din kodeviser spærret.`,
    far: 'Uret i kodeviseren går forkert, så koden passer ikke. Gå til Borgerservice med den. De kan stille den eller give dig en anden.',
    spent: 'Den kode er brugt. Vent, til den viser en ny, og skriv den.',
    notInRow:
      'De to koder passer ikke. De skal komme lige efter hinanden. Går kodeviserens ur mere end 20 minutter forkert, kan den ikke stilles. Så skal du have en anden.',
    locked: (when: string) => `Der er skrevet for mange forkerte nøgler og koder. Du kan prøve igen ${when}.`,
  },
};
