/** The words of ordering an ID online, in Danish, which is the original. */
import type { Localized } from '../../domain/language/language.ts';

export const orderDa = {
  form: {
    title: 'Bestil et ID',
    opens:
      'Et ID, du bestiller her, kan du bruge på offentlige hjemmesider og andre steder, hvor det er nok med adgangskode og nøgle. Nogle steder, for eksempel i mange banker, skal nogen først have set dig.',
    raised:
      'Det er nemt at få på plads, når du har fået dit ID: Gå til Borgerservice med gyldig legitimation og dit nøglekort. Det tager et par minutter. Vil du hellere vise legitimation fra begyndelsen, så få dit ID i Borgerservice eller i din bank.',
    who: 'Du kan bestille et ID her, når du er fyldt 15 år. Du skal have et CPR-nummer og et gyldigt dansk pas eller kørekort.',
    how: 'Vi sender to breve til din adresse i CPR-registret. De kommer hver sin dag.',
    elsewhere: 'Kan du ikke bestille her? Så gå til Borgerservice eller din bank med gyldig legitimation.',
    about: 'Om dig',
    cpr: 'CPR-nummer',
    cprHint: 'Ti cifre, med eller uden bindestreg.',
    name: 'Fulde navn',
    nameHint: 'Som i dit pas eller på dit kørekort. Mellemnavne kan du udelade.',
    documentKind: 'Hvilken legitimation bruger du?',
    documentNumber: 'Nummeret på passet eller kørekortet',
    documentNumberHint: 'I passet står det ved dit billede, på kørekortet i felt 5.',
    contact: 'Besked og nøglekort',
    email: 'E-mail (du kan lade den stå tom)',
    emailHint:
      'Så skriver vi til dig, når der sker noget med dit ID. Vi spørger dig om en kode, så vi ved, at adressen er din. Uden e-mail får du et brev, når det er vigtigt.',
    next: 'Fortsæt',
    back: 'Tilbage',
    clear: 'Slet det, jeg har skrevet',
    declaration: 'Det siger du ja til',
    terms: 'Læs vilkårene, før du sætter hak.',
    termsLink: 'Læs vilkår for Nøgle (åbner i en ny fane)',
    withoutInterpreter: 'Jeg forstår vilkårene på dansk uden hjælp fra en tolk',
    operatesAlone: 'Jeg kan bruge mit ID alene, uden at andre gør det for mig',
    accepts: 'Jeg siger ja til vilkårene',
    cannot:
      'Kan du ikke sige ja til det hele, kan du ikke få et ID. Så kan Borgerservice hjælpe dig på en anden måde.',
  },
  check: {
    title: 'Tjek dine svar',
    change: 'Ret',
    documentKind: 'Legitimation',
    documentNumber: 'Nummer',
    email: 'E-mail',
    noEmail: 'Ingen. Du får breve.',
    card: 'Nøglekort',
    terms: 'Vilkår',
    accepted: (language: string) =>
      `Du siger ja til dem. Du forstår dem på ${language} uden tolk, og du kan bruge dit ID alene.`,
    languages: { da: 'dansk', en: 'engelsk' } as Localized,
    notYet: 'Du har ikke bestilt endnu. Det gør du med knappen her.',
    submit: 'Bestil ID',
  },
  faults: {
    cpr: {
      missing: 'Skriv dit CPR-nummer.',
      malformed: 'Et CPR-nummer er ti cifre. Skriv det, som det står på dit sundhedskort.',
      impossible_date:
        'De første seks cifre i CPR-nummeret er ikke en dato, der findes. Tjek, om du har skrevet rigtigt.',
      under_15:
        'Du er under 15 år og kan ikke bestille her. Men du kan godt få et ID. Gå til Borgerservice eller din bank sammen med en forælder eller værge, og tag gyldig legitimation med.',
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
    withoutInterpreter: { not_ticked: 'Sæt hak ved, at du forstår vilkårene uden tolk.' },
    operatesAlone: { not_ticked: 'Sæt hak ved, at du kan bruge dit ID alene.' },
    terms: {
      not_ticked: 'Sæt hak ved, at du siger ja til vilkårene.',
      changed: 'Vilkårene er lige blevet ændret. Læs dem igen, og sæt hak, hvis du stadig siger ja.',
    },
  },
  received: {
    title: 'Vi har fået din bestilling',
    reference: 'Dit bestillingsnummer',
    at: (day: string, time: string) => `Bestilt ${day} ${time}.`,
    next: 'Det sker der nu',
    new: 'Har du ikke et ID, kommer der to breve til din adresse i CPR-registret. De kommer hver sin dag.',
    letters: 'Vi regner med, at de kommer:',
    first: 'Det ene brev',
    second: 'Det andet brev',
    between: (dates: string) => `mellem ${dates}`,
    inLetters: 'I det ene er dit ID-nummer og dit nøglekort. I det andet er en midlertidig adgangskode.',
    activate: 'Når du har begge breve, tager du dit ID i brug her:',
    later: 'Skal vi først se på din bestilling, går der nogle dage mere.',
    late: (last: string) => `Mangler der et brev den ${last}, så ring til Nøgles hotline:`,
    known: 'Har du allerede et ID?',
    unchanged:
      'Så er det, som det var, og der kommer ikke et nyt. Log på her, hvis du vil bruge det på offentlige hjemmesider.',
    signIn: 'Log på med dit ID',
    why: 'For din sikkerhed siger vi ikke her, om du har et ID. Der kommer altid et brev om bestillingen til din adresse i CPR-registret.',
    print: 'Du kan skrive siden ud og gemme den.',
    home: 'Til forsiden',
  },
  noMatch: {
    title: 'Vi kan ikke give dig et ID her',
    why: 'Måske står noget anderledes i CPR-registret, end du skrev. Eller der er prøvet for mange gange i dag. Vi siger ikke, hvad det er, så ingen kan gætte sig frem.',
    again:
      'Tror du, at du skrev forkert, så ret det, og prøv igen. Du kan kun prøve nogle få gange om dagen.',
    tryAgain: 'Ret, og prøv igen',
    next: 'Ellers gå til Borgerservice, og tag gyldig legitimation med. Der kan de hjælpe dig med at få et ID.',
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
    leave: 'Du er stadig logget på Nøgle. Log af, hvis du deler computeren med andre.',
    where: 'Se, hvor du kan bruge dit ID',
  },
  unchanged: {
    title: 'Der er ikke ændret noget',
    why: 'Du sagde nej eller afbrød, og derfor er dit ID, som det var før.',
    next: 'Vil du bruge det på offentlige hjemmesider en anden gang, så log på her igen, eller svar ja, når du bliver spurgt på en af dem.',
    signIn: 'Log på igen',
  },
};

export type OrderTexts = typeof orderDa;
