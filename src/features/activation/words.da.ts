/** The words of taking an ID into use, and of a new password by letter, in Danish, which is the original. */
export const activateDa = {
  again: 'Begynd forfra',
  another: 'Er det ikke dig? Begynd forfra',
  otherId: 'Tag et andet ID i brug',
  start: {
    title: 'Tag dit ID i brug',
    why: 'Har du fået to breve fra os, tager du dit ID i brug her. Har du fået et brev med en ny midlertidig adgangskode, bruger du den også her.',
    need: 'Du skal bruge:',
    needs: [
      'brevet med den midlertidige adgangskode',
      'dit ID-nummer, som står i velkomstbrevet, eller dit bruger-ID, hvis du har et',
      'dit nøglekort',
    ],
    notYet: 'Mangler der noget, så vent, til det kommer. Brevene kommer hver sin dag.',
    lost: 'Er et brev blevet væk? Så gå til Borgerservice, og bed om et nyt. Tag gyldig legitimation med.',
    name: 'ID-nummer eller bruger-ID',
    nameHint: 'ID-nummeret er ni cifre. Det er ikke dit CPR-nummer.',
    password: 'Midlertidig adgangskode',
    passwordHint: 'De 12 tegn fra brevet. Mellemrum og store bogstaver gør ikke noget.',
    submit: 'Fortsæt',
    errors: {
      incomplete: 'Skriv både dit ID-nummer og den midlertidige adgangskode.',
      cpr_number:
        'Det ligner et CPR-nummer, og det bruger vi ikke her. Skriv dit ID-nummer, de ni cifre i dit velkomstbrev, eller dit bruger-ID, hvis du har et.',
      name_unreadable: 'Der er et tegn i feltet, som vi ikke kan læse. Skriv dit ID-nummer igen.',
      password_unreadable:
        'Der er et tegn i adgangskoden, som vi ikke kan læse. Skriv de 12 tegn fra brevet igen.',
      wrong_temporary:
        'ID-nummeret eller den midlertidige adgangskode er forkert. Se efter i dine breve. Har du fået flere, gælder kun det nyeste. Vent et halvt minut, og prøv igen. Bliver det ved, så ring til Nøgles hotline.',
      too_soon:
        'Vi så ikke på dette forsøg. Vent et halvt minut, og prøv igen. Vi ser kun på ét forsøg ad gangen, så ingen kan gætte sig frem.',
      over: 'Der gik for lang tid, eller noget er ændret imens. Begynd forfra her. Det, du nåede, er ikke spildt.',
    },
  },
  key: {
    heading: 'Find nøglen på dit nøglekort',
    why: 'Nøglen viser, at det er dig, der har kortet.',
    first: 'Når nøglen er rigtig, er kortet taget i brug.',
    submit: 'Fortsæt',
  },
  locked: {
    title: 'Der er lukket for nøgler lige nu',
    next: 'Kom tilbage til den tid, og begynd forfra her. Din midlertidige adgangskode virker stadig.',
  },
  message: {
    expired: {
      title: 'Den midlertidige adgangskode er for gammel',
      why: 'Den var rigtig, men den skulle bruges senest den dag, der står i brevet.',
      next: 'Gå til Borgerservice, og bed om en ny. Tag gyldig legitimation med. Fik du dit ID i din bank, kan du også gå derhen.',
    },
    used: {
      title: 'Den midlertidige adgangskode er brugt',
      why: 'Den kan kun bruges én gang. Siden da gælder den adgangskode, der blev valgt.',
      next: 'Var det dig, så log på med den. Var det ikke dig, så spær med det samme her eller hos Nøgles hotline.',
    },
    replaced: {
      title: 'Der er en nyere midlertidig adgangskode',
      why: 'Der er bestilt en ny, og derfor gælder denne ikke mere.',
      next: 'Vent på det nye brev, og begynd forfra med det.',
    },
    id_blocked: {
      title: 'Dit ID er spærret',
      why: 'Derfor kan du ikke tage det i brug.',
      next: 'Gå til Borgerservice, og tag gyldig legitimation med. Dér kan de åbne ID’et igen.',
    },
    card_blocked: {
      title: 'Dit nøglekort er spærret',
      why: 'Uden et kort, der virker, kan du ikke gå videre.',
      next: 'Gå til Borgerservice, og tag gyldig legitimation med. Så får du et nyt kort.',
    },
    card_waiting: {
      title: 'Dit nye nøglekort kan ikke bruges endnu',
      why: 'Der er skrevet en nøgle fra det, da nogen loggede på, og derfor venter det lidt. Var det ikke dig, så spær med det samme.',
      next: 'Kom tilbage, når kortet kan bruges, og begynd forfra her.',
    },
    card_ordered: {
      title: 'Dit nøglekort er ikke sendt endnu',
      why: 'Du skal bruge en nøgle fra kortet, og det er på vej til at blive sendt.',
      next: 'Vent på brevet med kortet, og begynd så forfra her. Gem den midlertidige adgangskode så længe.',
    },
    no_card: {
      title: 'Du har ikke noget nøglekort',
      why: 'Du skal bruge en nøgle fra et kort, og der er ikke et, der er i brug eller sendt til dig.',
      next: 'Gå til Borgerservice, og tag gyldig legitimation med. Så får du et nyt kort.',
    },
  },
  choose: {
    title: 'Vælg bruger-ID og adgangskode',
    titleAgain: 'Vælg en ny adgangskode',
    userId: 'Bruger-ID',
    userIdHint:
      'Det, du logger på med. Mindst 5 tegn, gerne noget, du kan huske. Det må ikke ligne et CPR-nummer.',
    userIdKeep: 'Du kan beholde det, du har.',
    password: 'Ny adgangskode',
    passwordHint:
      'Mindst 8 tegn. Gerne flere ord, som kun du ville sætte sammen. Der er forskel på store og små bogstaver.',
    confirms: 'Du har sagt ja til vilkårene og forstår dem uden tolk. Det bekræfter du med knappen her.',
    terms: 'Jeg har læst vilkårene og siger ja til dem',
    readTerms: 'Læs vilkårene (åbner i en ny fane)',
    understood: 'Jeg har selv læst og forstået dem, uden tolk',
    submit: 'Gem',
    submitFirst: 'Tag dit ID i brug',
    faults: {
      userId: {
        too_short: 'Bruger-ID’et er for kort. Det skal have mindst 5 tegn.',
        too_long: 'Bruger-ID’et er for langt. Det må have højst 48 tegn.',
        like_a_number: 'Bruger-ID’et ligner et CPR- eller ID-nummer. Vælg et andet.',
        unreadable: 'Der er et tegn i bruger-ID’et, som vi ikke kan læse. Skriv det igen.',
        other_signs:
          "Der er et tegn i bruger-ID’et, som ikke kan bruges. Brug bogstaver som a-å, tal, mellemrum og . _ - @ + & '.",
        taken: 'En anden har det bruger-ID eller et, der ligner det. Vælg et andet.',
        asked_too_often:
          'Du har prøvet så mange bruger-ID’er, at vi ikke siger mere om dem i dag. Lad feltet stå tomt, så logger du på med dit ID-nummer. Du kan vælge et bruger-ID i selvbetjeningen bagefter.',
      },
      password: {
        unreadable:
          'Der kom en tabulator, et linjeskift eller et andet usynligt tegn med i adgangskoden. Skriv den igen.',
        too_short: 'Adgangskoden er for kort. Den skal have mindst 8 tegn.',
        too_long: 'Adgangskoden er for lang. Den må have højst 128 tegn.',
        is_name: 'Adgangskoden må ikke være dit bruger-ID eller dit ID-nummer.',
        common: 'Den adgangskode er for let at gætte. Vælg en anden.',
        breached:
          'Den adgangskode er blandt dem, der er stjålet fra andre hjemmesider, og som tyve prøver af. Vælg en anden.',
      },
      terms: 'Sæt hak ved, at du siger ja til vilkårene. Ellers kan du ikke bruge dit ID.',
      understood:
        'Sæt hak ved, at du selv har forstået vilkårene. Har du brug for tolk, så gå til Borgerservice.',
    },
    passwordAgain: 'Skriv adgangskoden igen. Vi husker den ikke, når der er noget at rette.',
  },
  securityKey: {
    offer: 'Vil du også kunne logge på uden kortet?',
    offerWhat:
      'Du kan bruge din telefon, din computer eller en sikkerhedsnøgle. Du kan også gøre det senere i selvbetjeningen.',
    offerLink: 'Tilføj en sikkerhedsnøgle eller adgangsnøgle',
    title: 'Tilføj en sikkerhedsnøgle eller adgangsnøgle',
    what: 'Så kan du logge på med den i stedet for en nøgle fra kortet. Giv den et navn. Din browser spørger derefter, hvor den skal ligge.',
    wait: 'Den kan bruges om 24 timer. Vi skriver til dig, så du kan nå at stoppe den, hvis det ikke var dig. Dit nøglekort virker som før.',
    added: (when: string) => `Nu er den tilføjet. Du kan bruge den fra ${when}.`,
    on: 'Fortsæt',
    skip: 'Spring over',
  },
  done: {
    title: 'Dit ID er klar',
    what: 'Nu kan du logge på med dit bruger-ID, din adgangskode og en nøgle fra dit nøglekort.',
    everywhere: 'Det virker i din bank og på offentlige hjemmesider.',
    /** Of an ID that was ordered online, which many sites refuse: not a word of banks. */
    ordered: {
      everywhere:
        'Du kan bruge det på de offentlige hjemmesider og de andre steder, hvor det er nok med adgangskode og nøgle.',
      bankOnly:
        'Du kan bruge det de steder, hvor det er nok med adgangskode og nøgle. Vil du også bruge det på offentlige hjemmesider, så log på et af de steder. Så spørger vi dig, om det skal virke dér.',
      under_15:
        'Du kan bruge det de steder, hvor det er nok med adgangskode og nøgle. På offentlige hjemmesider kan du bruge det, når du fylder 15 år.',
      no_cpr:
        'Du kan bruge det de steder, hvor det er nok med adgangskode og nøgle. På offentlige hjemmesider kræver det et CPR-nummer.',
      next: 'Gå nu til den side, du skal bruge, og log på dér.',
    },
    notSeen:
      'Nogle steder, for eksempel i mange banker, skal nogen først have set dig. Gå til Borgerservice med gyldig legitimation og dit nøglekort, hvis du får brug for det.',
    bankOnly:
      'Det virker i din bank. Vil du også bruge det på offentlige hjemmesider, så log på et af de steder. Så spørger vi dig, om det skal virke dér.',
    under_15: 'Det virker i din bank. På offentlige hjemmesider kan du bruge det, når du fylder 15 år.',
    no_cpr: 'Det virker i din bank. På offentlige hjemmesider kræver det et CPR-nummer.',
    tearUp:
      'Riv brevet med den midlertidige adgangskode i stykker. Gem nøglekortet for sig, og skriv ikke adgangskoden ned ved siden af.',
    back: 'Fortsæt til det sted, du var ved at logge på',
    next: 'Gå nu til din bank eller en anden side, du skal bruge, og log på dér.',
    services: 'Se, hvor du kan bruge dit ID',
    selfService: 'Log på i selvbetjeningen',
  },
};
