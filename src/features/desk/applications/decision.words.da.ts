/** Texts of the written refusal, and of a case that is found by its number. */
export const deskDecisionDa = {
  title: 'Afslag på ansøgning om ID',
  onBehalfOf: (operator: string) => `på vegne af ${operator}`,
  cvr: (cvr: string) => `CVR-nummer ${cvr}`,
  born: (day: string) => `Født ${day}`,
  date: 'Dato',
  number: 'Sagsnummer',
  decided: (house: string) => `${house} har besluttet, at du ikke kan få et ID hos Nøgle nu.`,
  because: 'Derfor får du afslag',
  reasons: {
    no_identification: 'Du viste ikke gyldig legitimation.',
    identification_invalid: 'Den legitimation, du viste, kan ikke bruges.',
    identification_expired: 'Den legitimation, du viste, er udløbet.',
    identification_not_theirs: 'Billedet eller navnet på legitimationen passer ikke på dig.',
    needs_interpreter: 'Du skal kunne forstå vilkårene på dansk eller engelsk uden tolk.',
    cannot_operate_alone: 'Du skal selv kunne bruge dit ID, uden at andre hjælper dig.',
    terms_not_accepted: 'Du har ikke sagt ja til vilkårene.',
    no_guardian: 'Du er under 15 år, og der var ingen forælder eller værge med dig.',
    under_15_online: 'Du er under 15 år. Så kan du kun få et ID, når du selv møder op.',
    not_in_register: 'Dit CPR-nummer findes ikke i CPR-registret.',
    dead: 'CPR-registret siger noget om dit CPR-nummer, så det ikke kan bruges. Tal med din kommune om det.',
    emigrated: 'CPR-registret siger, at du er udrejst.',
    no_address: 'Vi kender ingen adresse, som vi kan sende dine breve til, eller den kunne ikke bekræftes.',
  },
  rule: (section: number, heading: string, rule: string) =>
    `Vilkår for Nøgle, afsnit ${section}, »${heading}«: »${rule}«`,
  note: (note: string) => `Sagsbehandleren skriver: ${note}`,
  again: 'Du kan søge igen, så snart det er på plads.',
  appeal: 'Er du ikke enig?',
  appealHow: (weeks: number) => `Så kan du klage inden ${weeks} uger fra den dag, du fik afgørelsen.`,
  appealLastDay: (decided: string, last: string) => `Fik du den ${decided}, er sidste dag ${last}.`,
  appealWhat: (number: string) =>
    `Skriv, hvad du ikke er enig i, og skriv dit navn og sagsnummeret ${number}. Send klagen til:`,
  appealThen:
    'Vi ser på sagen igen og svarer dig på skrift. Får du ikke medhold, skriver vi, hvem du så kan gå til.',
  help: (hotline: string) => `Vil du have hjælp til at klage, så ring til Nøgles hotline på ${hotline}.`,
  signature: 'Underskrift',
  house: { borgerservice: 'Borgerservice', other: 'Nøgle' },
  print: 'Skriv siden ud med browserens egen udskrift, skriv under, og giv den til borgeren.',
  back: 'Tilbage',
};

export const deskCaseDa = {
  title: (number: string) => `Sag ${number}`,
  name: 'Navn',
  state: 'Svaret er',
  states: {
    waiting: 'Ikke klar endnu',
    issued: 'Ja',
    refused: 'Nej: et afslag',
    withdrawn: 'Sagen er lukket',
  },
  at: 'Kom ind',
  decidedAt: 'Svar',
  issuer: 'Hos',
  why: 'Derfor blev svaret nej',
  say: 'Det kan du sige',
  says: {
    waiting: 'Svaret er ikke klar. En kollega skal se på sagen først.',
    issued: 'Svaret er ja. Der er to breve på vej, eller de er kommet.',
    refused: 'Svaret er nej. På papiret står der hvorfor.',
    withdrawn:
      'Sagen er lukket, og der kom ikke et ID ud af den. Gå til Borgerservice, og tag gyldig legitimation med.',
  },
  order:
    'Der kommer et brev om bestillingen til adressen i CPR-registret. Er det ikke kommet til tiden, så gå til Borgerservice, og tag gyldig legitimation med.',
  appeal: (operator: string, address: string, weeks: number, decided: string, last: string) =>
    `Du kan klage. Det skal ske inden ${weeks} uger fra den dag, du fik svaret. Fik du det ${decided}, er sidste dag ${last}. Skriv dit navn og nummeret på sagen. Send klagen til ${operator}, ${address}.`,
  open: 'Åbn sagen, og skriv den ud igen',
};
