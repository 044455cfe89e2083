/** Texts of the desk itself, and of the page on which operators see the staff. */
export const deskDa = {
  title: 'Skranken',
  home: 'Til forsiden',
  nav: 'Skranken',
  signOut: 'Log af',
  idle: (minutes: number) =>
    `Du bliver logget af, når der er gået ${minutes} minutter, uden at du har brugt siden.`,
  again:
    'Du var logget af, da du sendte. Derfor er der ikke sket noget, og det, du havde skrevet, er ikke gemt. Skriv det igen, og send det.',
  roles: {
    officer: 'Sagsbehandler i Borgerservice',
    bank_clerk: 'Bankrådgiver',
    hotline: 'Hotline',
    operator: 'Driftsansvarlig',
  },
  nothing: 'Der er ikke noget at gøre her lige nu.',
  links: {
    staff: {
      label: 'Medarbejdere',
      what: 'Se, hvem der arbejder her. Foreslå nye, godkend dem, og afslut adgang.',
    },
  },
  noRole: {
    title: 'Du har ikke adgang til skranken',
    why: (name: string) => `Du er logget rigtigt på som ${name}, men skranken er kun for medarbejdere.`,
    next: 'Skal du have adgang, så tal med din leder. To driftsansvarlige skal give den.',
  },
  notYourRole: {
    title: 'Den side hører ikke til din rolle',
    why: (role: string) => `Du er logget på som »${role}«, og den rolle bruger ikke den side, du bad om.`,
    next: 'Gå til forsiden. Der kan du se, hvad du kan.',
  },
};

export const deskStaffDa = {
  title: 'Medarbejdere',
  name: 'Navn',
  organisation: 'Hvor',
  organisations: { borgerservice: 'Borgerservice', noegle: 'Nøgle' },
  state: 'Adgang',
  action: 'Det kan du gøre',
  waits: 'Venter på et ja fra en til.',
  waiting: 'Venter på et ja',
  working: 'Har adgang nu',
  userId: 'Bruger-ID',
  userIdHint: 'Skriv det, som din kollega selv skriver for at logge på.',
  role: 'Rolle',
  bank: 'Bank',
  bankHint: 'Den bank, som din kollega er ansat i.',
  noBank: 'Ingen',
  bankGone: 'Virker ikke. Ingen kan logge på hos den bank mere.',
  since: (day: string) => `Siden ${day}.`,
  proposedBy: (name: string) => `Ønsket af ${name}.`,
  approvedBy: (name: string) => `Ja fra ${name}.`,
  hasSecurityKey: 'Har en sikkerhedsnøgle eller adgangsnøgle, der kan bruges.',
  noSecurityKey: 'Har ingen sikkerhedsnøgle eller adgangsnøgle, der kan bruges.',
  byCommand: 'Var med fra den første dag.',
  yourself: 'Det er dig selv. Kun en anden kan ændre din adgang.',
  byAnother: 'Det er dit eget ønske. En anden skal sige ja.',
  approve: (name: string) => `Godkend ${name}`,
  ends: {
    withdraw: {
      label: (name: string) => `Sig nej til ${name}`,
      title: (name: string) => `Vil du sige nej til ${name}?`,
      sure: 'Sig nej',
    },
    'propose-end': {
      label: (name: string) => `Afslut adgang for ${name}`,
      title: (name: string) => `Skal adgangen for ${name} slutte?`,
      sure: 'Ja, bed en anden om at sige ja',
    },
    end: {
      label: (name: string) => `Afslut adgang for ${name} nu`,
      title: (name: string) => `Vil du afslutte adgangen for ${name}?`,
      sure: 'Ja, afslut adgangen',
    },
  },
  back: 'Tilbage uden at gøre noget',
  keep: (name: string) => `Lad ${name} beholde sin adgang`,
  callOff: (name: string) => `Tag ønsket om ${name} tilbage`,
  endProposedBy: (name: string) => `${name} vil have den til at slutte.`,
  endWaits: 'Den er på pause, til en anden har svaret.',
  endWaitsOperator: 'Den gælder, til en anden har svaret.',
  endWhy:
    'Så er adgangen på pause med det samme. En anden fra driften skal sige ja, før den slutter. Ellers gælder den igen.',
  endWhyOperator:
    'Adgang til driften kommer ikke på pause. Den gælder, til en anden fra driften har sagt ja til, at den slutter.',
  endNowWhy:
    'En anden fra driften har bedt om det. Adgangen slutter med det samme og kan ikke åbnes igen. Skal den gælde igen en dag, skal to sige ja på ny.',
  withdrawWhy: 'Så er der ingen adgang, og ønsket er væk fra listen.',
  propose: 'Giv en kollega adgang',
  proposeWhy: 'Den gælder først, når en anden fra driften har sagt ja.',
  submit: 'Send ønsket',
  done: {
    proposed: 'Det er gemt. En anden fra driften skal sige ja.',
    approved: 'Adgangen gælder fra nu.',
    ended: 'Det er afsluttet. Det gælder fra nu.',
    endProposed:
      'Det er gemt. En anden fra driften skal sige ja, før adgangen slutter. Den er på pause fra nu. Kun adgang til driften gælder så længe.',
    kept: 'Adgangen gælder igen.',
  },
  errors: {
    user_missing: 'Skriv medarbejderens bruger-ID.',
    user_is_cpr:
      'Det ligner et CPR-nummer, og det bruger ingen til at logge på. Spørg medarbejderen om bruger-ID’et eller ID-nummeret.',
    role_missing: 'Vælg en rolle.',
    unknown_user: 'Det bruger-ID kan ikke få adgang. Tjek, at det er skrevet rigtigt.',
    looks_alike:
      'En anden har et bruger-ID, der ligner det, så man kan ikke se forskel. Bed personen vælge et nyt i selvbetjeningen først.',
    own_id: 'Du kan ikke ændre din egen adgang. Det skal en anden gøre.',
    bank_missing: 'Vælg en bank.',
    unknown_bank: 'Den bank kender vi ikke. Vælg en fra listen.',
    already_staff: 'Din kollega har allerede en rolle, eller en har ønsket det. Afslut det først.',
    own_proposal: 'Det er dit eget ønske. En anden driftsansvarlig skal sige ja.',
    proposer_gone:
      'Den, der ønskede det, er ikke driftsansvarlig længere eller har et spærret ID. Sig nej til ønsket. Skal din kollega have adgang, så send et nyt.',
    bank_gone:
      'Ingen kan logge på hos den bank længere, så en bankrådgiver kan ikke få adgang for den. Sig nej til ønsket.',
    too_few_operators:
      'Der skal altid være to driftsansvarlige. Giv en ny adgang, før adgangen for en af dem slutter.',
    own_end: 'Du har selv bedt om, at adgangen slutter. En anden driftsansvarlig skal sige ja.',
    end_waits: 'En har allerede bedt om, at adgangen slutter. Her ser du, hvordan det står nu.',
    not_proposed: 'Adgangen kan først slutte, når en anden driftsansvarlig har bedt om det.',
    end_proposer_gone:
      'Den, der bad om det, er ikke driftsansvarlig længere eller har et spærret ID. Lad din kollega beholde sin adgang, og bed om det på ny.',
    over_limit:
      'Du har nået grænsen for, hvor meget du må ændre på en time. Der er ikke sket noget. Haster det, så bed en anden driftsansvarlig om det nu. Grænsen står i Nøgles regler, og I kan hæve den der.',
    gone: 'Det er allerede afgjort. Her ser du, hvordan det står nu.',
  },
};
