/** Texts of a change that a key confirms, and of what came of it, in Danish. */
export const confirmDa = {
  confirm: {
    title: 'Sig ja med en nøgle',
    actions: {
      change_email: (email: string) => `Du er ved at skifte e-mailadresse til ${email}.`,
      noEmail: 'Du er ved at vælge, at vi skriver til dig med posten.',
      change_user_id: (userId: string) =>
        `Du er ved at skifte bruger-ID til ${userId}. Er det optaget, siger vi det bagefter, og så er nøglen brugt.`,
      change_password: 'Du er ved at skifte adgangskode.',
      change_threshold: (keys: number) =>
        `Du er ved at vælge, at et nyt kort bliver sendt, når der er ${keys} nøgler tilbage.`,
      order_card: 'Du er ved at bestille et nyt nøglekort.',
      order_code_token: 'Du er ved at bestille en kodeviser.',
      activate_code_token: 'Du er ved at tage din kodeviser i brug.',
      adjust_code_token: 'Du er ved at stille din kodeviser.',
      public_sites_on: 'Du er ved at slå offentlige hjemmesider til.',
      add_security_key: (name: string) =>
        `Du er ved at tilføje »${name}«, så du kan logge på med den i stedet for kortet. Den kan bruges om 24 timer.`,
      close_id: 'Du er ved at lukke dit ID for altid.',
    },
    why: 'Skriv kun nøglen, hvis du selv har bedt om det. Lad ingen anden skrive den.',
    submit: 'Ja, gør det',
    cancel: 'Nej, lad være',
    /** What may confirm an addition too. */
    secondWay: {
      heading: 'Vil du bruge den med det samme?',
      means:
        'Så bekræft også med noget, du allerede logger på med. Det viser, at det er dig, også hvis en anden har fået fat i en nøgle fra dit kort. Ellers kan den nye bruges om 24 timer.',
      code: (serialNumber: string) => `Kode fra kodeviser ${serialNumber}`,
      codeHint: 'Lad feltet stå tomt, hvis den nye godt må vente.',
      submit: 'Ja, og bekræft med adgangsnøgle eller sikkerhedsnøgle',
      gone: 'Din kodeviser er ikke i brug mere. Skriv nøglen fra kortet igen, så kan den nye bruges om 24 timer.',
      far: 'Uret i din kodeviser går forkert, så koden passer ikke. Lad feltet stå tomt, så kan den nye bruges om 24 timer.',
      faults: {
        not_accepted:
          'Din sikkerhedsnøgle eller adgangsnøgle kunne ikke bruges her, og intet er ændret. Prøv igen, vælg en anden, eller brug kun kortet.',
        not_verified:
          'Din enhed spurgte ikke om en pinkode, et fingeraftryk eller dit ansigt, så intet er ændret. Slå det til på den, og prøv igen, eller brug kun kortet.',
        copied:
          'Din sikkerhedsnøgle eller adgangsnøgle blev ikke godtaget, for der kan være en kopi af den. Brug kun kortet, og fjern den bagefter.',
        waiting:
          'Den, du valgte, kan ikke bruges endnu, så den kan heller ikke bekræfte noget. Vælg en anden, eller brug kun kortet.',
        malformed: 'Vi kunne ikke læse svaret fra din browser. Prøv igen, eller brug kun kortet.',
      },
    },
  },
  done: {
    title: 'Det er gjort',
    receipt: 'Kvittering',
    name: 'Navn',
    what: 'Ændring',
    whats: {
      change_email: 'Skift af e-mail',
      change_user_id: 'Bruger-ID skiftet',
      change_password: 'Adgangskode skiftet',
      change_threshold: 'Tidspunkt for nyt kort valgt',
      change_card_format: 'Slags nøglekort valgt',
      order_card: 'Nøglekort bestilt',
      order_code_token: 'Kodeviser bestilt',
      activate_code_token: 'Kodeviser venter',
      adjust_code_token: 'Kodeviser stillet',
      public_sites_on: 'Offentlige hjemmesider slået til',
      add_security_key: 'Sikkerhedsnøgle eller adgangsnøgle tilføjet',
      close_id: 'ID lukket',
    },
    keyName: 'Den hedder',
    when: 'Gjort',
    paper: 'Skriv siden ud, hvis du vil gemme den.',
    change_email:
      'Det gælder tidligst om 24 timer. Er det en ny adresse, skal du også skrive den kode, vi sender til den. Indtil da skriver vi til dig som før.',
    change_user_id: (userId: string) => `Dit bruger-ID er nu ${userId}. Du er logget af alle andre steder.`,
    change_password: 'Din adgangskode er skiftet. Du er logget af alle andre steder.',
    change_threshold: (keys: number) => `Gemt: vi sender et nyt kort, når der er ${keys} nøgler tilbage.`,
    change_card_format: {
      next: (kind: string) => `Dit næste nøglekort bliver ${kind}.`,
      /** A card is ordered, and not printed yet. */
      coming: (kind: string) => `Det nøglekort, der er på vej til dig, bliver ${kind}.`,
      after: (kind: string) => `Nøglekortet efter det, der er på vej, bliver ${kind}.`,
    },
    order_card: 'Dit nye nøglekort er bestilt. Du får besked, når det er sendt.',
    order_code_token: 'Din kodeviser er bestilt. Du får besked, når den er sendt.',
    activate_code_token:
      'Din kodeviser kan bruges om et døgn. Du får besked, når den kan. Var det ikke dig, så stop det på siden »Kodeviser«.',
    adjust_code_token: 'Din kodeviser er stillet. Brug den næste kode, den viser, når du logger på.',
    public_sites_on: 'Dit ID virker nu også på offentlige hjemmesider.',
    add_security_key:
      'Den er tilføjet og kan bruges om 24 timer. Vi har skrevet til dig. Indtil da kan du stoppe den.',
    addedAtOnce:
      'Den er tilføjet, og du kan bruge den med det samme. Du bekræftede med to ting. Vi har skrevet til dig.',
    close_id: 'Dit ID er lukket.',
  },
  message: {
    title: 'Det kunne ikke lade sig gøre',
    notSpent: 'Der er ikke brugt nogen nøgle, og intet er ændret.',
    spent: 'Nøglen er brugt. Dit bruger-ID er det samme som før.',
    why: {
      user_id_taken: 'Nogen har taget det bruger-ID eller et, der ligner det. Vælg et andet.',
      user_id_signs: 'Der er et tegn i bruger-ID’et, som ikke kan bruges. Vælg et andet.',
      on_the_way: 'Der er allerede et kort på vej til dig.',
      no_address: 'Vi kender ikke din adresse, så vi kan ikke sende et kort. Gå til Borgerservice.',
      under_15: 'Du skal være fyldt 15 år, før dit ID kan bruges på offentlige hjemmesider.',
      no_cpr: 'Det kræver et CPR-nummer. Gå til Borgerservice, og spørg, hvad du kan gøre i stedet.',
      out_of_code_tokens:
        'Vi har ikke flere kodevisere lige nu. Spørg hos Borgerservice, eller prøv igen om nogle dage.',
      code_token_on_the_way: 'Der er allerede en kodeviser på vej til dig.',
      code_spent: 'Koden fra kodeviseren er brugt. Begynd forfra med en ny kode.',
      security_key_known: 'Den kan ikke tilføjes. Brug en anden.',
      needs_guardian:
        'Du er under 15 år. Det sker hos Borgerservice, og din forælder eller værge skal være med.',
      too_many_security_keys: 'Du har 10, og flere kan du ikke have. Fjern en først.',
      other: 'Noget har ændret sig siden. Se på oversigten, hvordan det står.',
    },
    gone: 'Siden kan ikke bruges mere. Begynd forfra, hvis du stadig vil ændre noget.',
    overview: 'Gå til Mit ID',
    locked: 'Nøglen er skrevet forkert for mange gange i træk.',
    noCard: 'Du har ikke noget nøglekort i brug, så du kan ikke skrive en nøgle.',
    noCardNext: 'Gå til Borgerservice, og tag gyldig legitimation med.',
  },
};
