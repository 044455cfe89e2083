/** The words about the code that confirms an e-mail address, in Danish, which is the original. */
export const emailDa = {
  title: 'Er det din e-mailadresse?',
  given: (email: string) =>
    `Vi kan skrive til ${email} om dit ID. Vis først med en kode, at adressen er din. Indtil da skriver vi til dig med posten.`,
  change: (email: string) =>
    `Du har bedt om, at vi skriver til ${email}. Vis med en kode, at adressen er din. Vi bruger den tidligst 24 timer efter, du bad om det. Indtil da skriver vi til dig som før.`,
  kept: (email: string) =>
    `Vi skriver til ${email}, når der sker noget med dit ID. Vis med en kode, at adressen er din. Indtil da får du også de vigtige beskeder med posten.`,
  sent: 'Vi har sendt en kode til adressen. Den kan være et par minutter om at komme. Kig også i mappen med uønsket post.',
  none: 'Vi sender en kode til adressen. Den skriver du her.',
  over: 'Den sidste kode kan ikke bruges mere. Bed om en ny.',
  refused:
    'Adressen tager ikke imod e-mail fra os. Se efter, om den er skrevet rigtigt, eller brug en anden.',
  code: 'Kode fra e-mailen',
  codeHint: '8 tegn. Mellemrum og store bogstaver gør ikke noget.',
  submit: 'Bekræft adressen',
  send: 'Send en kode',
  sendAgain: 'Send en ny kode',
  newest: 'Kun den nyeste kode virker.',
  another: 'Er adressen forkert?',
  anotherEmail: 'En anden e-mailadresse',
  anotherHint: 'For eksempel navn@eksempel.dk.',
  anotherSubmit: 'Brug den adresse',
  anotherLink: 'Skift adresse, eller få beskeder med posten',
  without: 'Skriv til mig med posten',
  withoutMeans:
    'Vil du hellere have beskeder med posten, glemmer vi adressen. Du kan altid skrive en ny i selvbetjeningen.',
  callOff: 'Stop ændringen',
  callOffMeans: 'Stopper du ændringen, skriver vi til dig samme sted som før.',
  notNow: 'Ikke nu',
  faults: {
    incomplete: 'Skriv koden fra e-mailen.',
    wrong:
      'Koden passer ikke til adressen. Se efter i den nyeste e-mail, vi har sendt til den, og skriv koden igen.',
    over: 'Den kode kan ikke bruges mere. Bed om en ny.',
    limit:
      'Vi kan ikke sende flere koder lige nu. Prøv igen senere, senest i morgen. Indtil da skriver vi til dig som før.',
    email_incomplete: 'Skriv en e-mailadresse.',
    email_malformed: 'E-mailadressen er ikke rigtig. Den skal se ud som navn@eksempel.dk.',
    another_over: 'Du kan ikke skifte adressen her mere, og den er ikke skiftet. Gør det i selvbetjeningen.',
  },
  activation: {
    ready: 'Dit ID er klar. Der er kun én ting tilbage.',
    later: 'Gør det senere',
    anotherMeans: (minutes: number) =>
      `Vi sender en kode til den nye adresse og bruger den tidligst efter 24 timer. Indtil da skriver vi til dig som før, også om ændringen. Her kan du skifte adressen i ${minutes} minutter. Derefter gør du det i selvbetjeningen.`,
    anotherElsewhere:
      'Nu skifter du adressen i selvbetjeningen, hvor du bruger en nøgle. Så kan ingen andre gøre det, hvis du går fra computeren.',
    anotherTyped: (email: string) => `Du skrev: ${email}`,
    anotherLink: 'Skift adressen i selvbetjeningen',
  },
  contact: {
    unconfirmed:
      'Du mangler at vise med en kode, at adressen er din. Indtil du gør det, får du også de vigtige beskeder med posten.',
    waiting: (email: string) => `Du mangler at skrive den kode, vi har sendt til ${email}.`,
    refused:
      'Adressen tager ikke imod e-mail. Derfor skriver vi til dig med posten. Se efter, om adressen er rigtig, eller skriv en anden.',
    enter: 'Bekræft e-mailadressen',
    confirmed: 'Tak. Nu ved vi, at e-mailadressen er din.',
    calledOff: 'Ændringen er stoppet. Vi skriver til dig samme sted som før.',
  },
};
