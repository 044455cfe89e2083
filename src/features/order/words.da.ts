/** The words of ordering an ID online, in Danish, which is the original. */
export const orderDa = {
  form: {
    title: 'Bestil et ID',
    who: 'Her kan du bestille et ID til Nøgle, hvis du er fyldt 15 år og har et dansk CPR-nummer og et gyldigt dansk pas eller kørekort. Du kan bruge ID’et i din bank og på offentlige hjemmesider.',
    how: 'Vi sender to breve til den adresse, du har i CPR-registret. De kommer på hver sin dag.',
    elsewhere:
      'Kan du ikke bestille her, så gå i Borgerservice eller i din bank, og tag gyldig legitimation med.',
    about: 'Om dig',
    cpr: 'CPR-nummer',
    cprHint: 'Ti cifre, med eller uden bindestreg.',
    name: 'Fulde navn',
    nameHint:
      'Som det står i dit pas eller på dit kørekort. Du kan godt udelade mellemnavne. Har du kun ét navn, skriver du bare det.',
    documentKind: 'Hvilken legitimation bruger du?',
    documentNumber: 'Nummeret på passet eller kørekortet',
    documentNumberHint: 'I passet står det på siden med dit billede. På kørekortet står det i felt 5.',
    contact: 'Besked og nøglekort',
    email: 'E-mail (du kan lade den stå tom)',
    emailHint:
      'Så skriver vi til dig, når der sker noget med dit ID. Når du tager ID’et i brug, sender vi en kode til adressen, så vi ved, at den er din. Indtil da, og uden en adresse, får du et brev, når det er vigtigt.',
    declaration: 'Det siger du ja til',
    terms: 'Læs vilkårene for Nøgle, før du sætter hak. De åbner på en side for sig: ',
    termsLink: 'Vilkår for Nøgle',
    withoutInterpreter: 'Jeg forstår vilkårene på dansk uden hjælp fra en tolk',
    operatesAlone: 'Jeg kan bruge mit ID alene, uden at andre gør det for mig',
    accepts: 'Jeg siger ja til vilkårene',
    submit: 'Bestil ID',
  },
  faults: {
    cpr: {
      missing: 'Skriv dit CPR-nummer.',
      malformed: 'Et CPR-nummer er ti cifre. Skriv det, som det står på dit sundhedskort.',
      impossible_date:
        'De første seks cifre i CPR-nummeret er ikke en dato, der findes. Tjek, om du har skrevet rigtigt.',
      under_15:
        'Du er under 15 år og kan ikke bestille her. Men du kan godt få et ID: Gå i Borgerservice eller i din bank sammen med en forælder eller værge, og tag gyldig legitimation med.',
    },
    name: {
      incomplete: 'Skriv dit navn: fornavn og efternavn, eller det ene navn, du har.',
      unreadable: 'Der er et tegn i navnet, som vi ikke kan læse. Skriv det igen.',
    },
    documentKind: { missing: 'Vælg, om det er et pas eller et kørekort.' },
    documentNumber: {
      missing: 'Skriv nummeret på dit pas eller kørekort.',
      malformed:
        'Nummeret skal være på 4 til 20 bogstaver og cifre. Skriv det, som det står på passet eller kørekortet.',
    },
    email: { malformed: 'E-mailen ser ikke rigtig ud. Ret den, eller lad feltet stå tomt.' },
    withoutInterpreter: {
      not_ticked:
        'Man kan ikke få et ID, hvis man skal bruge en tolk for at forstå vilkårene: så ved man ikke sikkert, hvad man siger ja til. Er du i tvivl, så spørg i Borgerservice, hvad du kan gøre i stedet.',
    },
    operatesAlone: {
      not_ticked:
        'Man kan ikke få et ID, hvis en anden skal bruge det for én: det må kun bruges af den, det tilhører. I Borgerservice kan du få hjælp til det, du vil ordne, også uden et ID.',
    },
    terms: {
      not_ticked:
        'Man kan ikke få et ID, hvis man ikke siger ja til vilkårene. Er der noget i dem, du er i tvivl om, så spørg i Borgerservice.',
      changed:
        'Vilkårene er ændret, siden du åbnede siden. Læs dem igen, og sæt hak, hvis du stadig siger ja.',
    },
  },
  received: {
    title: 'Vi har modtaget din bestilling',
    new: 'Har du ikke et ID',
    letters:
      'Så er to breve på vej til den adresse, du har i CPR-registret: et med dit ID-nummer og dit nøglekort og et med en midlertidig adgangskode. De kommer på hver sin dag. Når du har fået begge, kan du tage dit ID i brug.',
    known: 'Har du allerede et ID',
    unchanged:
      'Så er der ikke ændret noget ved det, og der kommer ikke et nyt. Log på her, hvis du vil bruge det på offentlige hjemmesider.',
    signIn: 'Log på med dit ID',
    why: 'For din sikkerheds skyld siger vi ikke her, om du har et ID. Der kommer under alle omstændigheder et brev om bestillingen til den adresse, du har i CPR-registret. Skal en medarbejder se på bestillingen først, går der nogle dage mere.',
  },
  noMatch: {
    title: 'Vi kan ikke give dig et ID her',
    why: 'Måske står noget anderledes i CPR-registret, end du skrev det, eller også er der prøvet for mange gange i dag. Vi siger ikke hvilket, så ingen kan gætte sig frem.',
    next: 'Gå i Borgerservice, og tag gyldig legitimation med. Der kan de hjælpe dig med at få et ID.',
    again:
      'Tror du, at du skrev forkert, kan du prøve igen. Vi tager kun imod nogle få forsøg om dagen. Får du stadig det samme svar, kan du prøve igen i morgen.',
    tryAgain: 'Prøv igen',
  },
  publicSites: {
    now: {
      title: 'Dit ID virker nu på offentlige hjemmesider',
      what: 'Du kan bruge det med det samme, for eksempel hos din kommune, hos Skat og i Digital Post. I banken virker det som før.',
    },
    already: {
      title: 'Dit ID virker allerede på offentlige hjemmesider',
      what: 'Der er ikke ændret noget. Du kan bruge det, for eksempel hos din kommune, hos Skat og i Digital Post.',
    },
    leave: 'Du er stadig logget på Nøgle i denne browser. Log af, hvis du deler computeren med andre.',
  },
  unchanged: {
    title: 'Der er ikke ændret noget',
    why: 'Du sagde nej eller afbrød, og derfor er dit ID, som det var før.',
    next: 'Vil du bruge det på offentlige hjemmesider en anden gang, så log på her igen, eller svar ja, når du bliver spurgt på en af dem.',
    signIn: 'Log på igen',
  },
};

export type OrderTexts = typeof orderDa;
