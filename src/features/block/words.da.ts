/** Words of blocking a factor or an ID, by password and in self-service. */
const TRY_TO_SIGN_IN = 'Prøv at logge på. Er der spærret, siger vi det lige efter adgangskoden.';

export const blockDa = {
  block: {
    title: 'Spær dit nøglekort eller dit ID',
    why: 'Har du mistet kortet? Eller kender andre dine nøgler eller din adgangskode? Så spær med det samme. Det kan du også, når der er lukket for at logge på.',
    what: 'Hvad vil du spærre?',
    means: 'Det sker, når du spærrer:',
    card: {
      label: 'Mit nøglekort',
      hint: 'Kortet er væk, eller andre har set nøglerne. Har du en kodeviser, spærrer vi også den.',
      title: 'Spær dit nøglekort',
      means: [
        'Det kort, du bruger, virker ikke mere. Har du ikke et kort i brug, er det dit nye kort, vi spærrer.',
        'Har du en kodeviser, virker den heller ikke mere. Har du kun mistet den, så gå tilbage og spær den alene.',
        'Du bliver logget af alle steder.',
        'Er et nyt kort på vej, kan du bruge det, når det kommer. Ellers skal du gå til Borgerservice efter et nyt. Tag gyldig legitimation med.',
        'Du kan ikke fortryde det.',
      ],
      submit: 'Spær nøglekortet nu',
      other: 'Spær hele mit ID i stedet',
    },
    security_keys: {
      label: 'Mine sikkerhedsnøgler og adgangsnøgler',
      hint: 'Telefonen, computeren eller sikkerhedsnøglen er væk, eller en er tilføjet, som ikke er din.',
      title: 'Spær dine sikkerhedsnøgler og adgangsnøgler',
      means: [
        'Ingen af dem virker mere, og en, der venter, bliver aldrig til at bruge.',
        'Du bliver logget af alle steder.',
        'Dit nøglekort virker som før. Du kan tilføje nye i selvbetjeningen med en nøgle fra kortet.',
        'Er der tilføjet en, som ikke er din, kan en anden have haft både dit kort og din adgangskode. Så spær hele dit ID i stedet.',
        'Du kan ikke fortryde det.',
      ],
      submit: 'Spær dem nu',
      other: 'Spær hele mit ID i stedet',
    },
    code_token: {
      label: 'Min kodeviser',
      hint: 'Kodeviseren er væk, men du har stadig dit nøglekort.',
      title: 'Spær din kodeviser',
      means: [
        'Den kodeviser, du bruger, virker ikke mere, og en, der venter, bliver aldrig til at bruge.',
        'Har du ikke en i brug, er det den, der er på vej, vi spærrer.',
        'Du bliver logget af alle steder.',
        'Dit nøglekort virker som før. Du kan bestille en ny kodeviser i selvbetjeningen med en nøgle fra kortet.',
        'Du kan ikke fortryde det.',
      ],
      submit: 'Spær kodeviseren nu',
      other: 'Er kortet også væk? Spær dem begge i stedet',
    },
    identity: {
      label: 'Hele mit ID',
      hint: 'Andre kender din adgangskode, eller både kort og adgangskode er væk.',
      title: 'Spær hele dit ID',
      means: [
        'Ingen kan logge på som dig. Det kan du heller ikke selv.',
        'Alle dine nøglekort bliver spærret, og du bliver logget af alle steder.',
        'Har du en kodeviser, sikkerhedsnøgler eller adgangsnøgler, virker de heller ikke mere.',
        'Vil du have dit ID åbnet igen, skal du gå til Borgerservice. Tag gyldig legitimation med.',
        'Du kan ikke fortryde det her på siden.',
      ],
      submit: 'Spær mit ID nu',
      other: 'Spær kun mit nøglekort i stedet',
    },
    prove: 'Skriv dit bruger-ID og din adgangskode, så vi ved, at det er dig.',
    back: 'Nej, spær ikke',
    incomplete: 'Skriv både bruger-ID og adgangskode.',
  },
  blockReceived: {
    title: 'Der er spærret, hvis du skrev rigtigt',
    what: 'Var bruger-ID og adgangskode rigtige, er der spærret nu. Det gælder alle steder.',
    sure: 'Sådan bliver du sikker',
    hotline: 'Ring til Nøgles hotline på',
    hotlineCan: 'De kan se, om der er spærret. Og de kan spærre for dig.',
    notice:
      'Vent på vores besked. Den kommer på e-mail om få minutter. Har vi ikke din e-mail, kommer den med brev om nogle hverdage.',
    signIn: {
      card: TRY_TO_SIGN_IN,
      identity: TRY_TO_SIGN_IN,
      security_keys:
        'Log på i selvbetjeningen med dit nøglekort. Dér kan du se, om de er væk, og tilføje nye.',
      code_token:
        'Log på i selvbetjeningen med dit nøglekort. Dér kan du se, om kodeviseren er væk, og bestille en ny.',
    },
    doubt: 'Vi siger det ikke her. Ellers kunne fremmede bruge siden til at gætte din adgangskode.',
    newCard: 'Sådan får du et nyt kort',
    next: 'Vi bestiller ikke et nyt kort af os selv. Er der ikke allerede et på vej, så gå til Borgerservice. Tag gyldig legitimation med.',
    again: 'Skrev du måske forkert? Prøv igen',
  },
};

export type BlockTexts = typeof blockDa;
