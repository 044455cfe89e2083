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
  organisation: 'Arbejder hos',
  organisations: { borgerservice: 'Borgerservice', noegle: 'Nøgle' },
  state: 'Adgang',
  action: 'Det kan du gøre',
  waits: 'Venter på godkendelse',
  waiting: 'Venter på godkendelse',
  working: 'Har adgang nu',
  userId: 'Bruger-ID',
  userIdHint: 'Præcis som medarbejderen selv skriver det for at logge på.',
  role: 'Rolle',
  bank: 'Bank',
  bankHint: 'Kun for bankrådgivere: den bank, de arbejder for.',
  noBank: 'Ingen',
  bankGone: 'Virker ikke: ingen kan logge på hos den bank længere.',
  since: (day: string) => `Siden ${day}.`,
  proposedBy: (name: string) => `Foreslået af: ${name}.`,
  approvedBy: (name: string) => `Godkendt af: ${name}.`,
  byCommand: 'oprettet ved installationen',
  yourself: 'Det er dig selv. Din egen adgang kan kun en anden ændre.',
  byAnother: 'Du har selv foreslået det. En anden driftsansvarlig skal godkende det.',
  approve: (name: string) => `Godkend ${name}`,
  ends: {
    withdraw: {
      label: (name: string) => `Afvis ${name}`,
      title: (name: string) => `Vil du afvise forslaget om ${name}?`,
      sure: 'Ja, afvis forslaget',
    },
    'propose-end': {
      label: (name: string) => `Afslut ${name}s adgang`,
      title: (name: string) => `Vil du foreslå at afslutte adgangen for ${name}?`,
      sure: 'Ja, foreslå at afslutte adgangen',
    },
    end: {
      label: (name: string) => `Afslut ${name}s adgang nu`,
      title: (name: string) => `Vil du afslutte adgangen for ${name}?`,
      sure: 'Ja, afslut adgangen',
    },
  },
  back: 'Tilbage uden at gøre noget',
  keep: (name: string) => `Lad ${name} beholde sin adgang`,
  callOff: (name: string) => `Fortryd forslaget om ${name}`,
  endProposedBy: (name: string) => `Foreslået afsluttet af: ${name}.`,
  endWaits: 'Adgangen er på pause, til en anden driftsansvarlig har taget stilling.',
  endWaitsOperator: 'En anden driftsansvarlig skal tage stilling. Adgangen gælder så længe.',
  endWhy:
    'Adgangen er på pause fra nu. En anden driftsansvarlig skal afslutte den eller lade den gælde igen.',
  endWhyOperator:
    'En driftsansvarligs adgang bliver ikke sat på pause. Den gælder, til en anden driftsansvarlig har afsluttet den.',
  endNowWhy:
    'En anden driftsansvarlig har foreslået det. Adgangen slutter med det samme og kan ikke åbnes igen. Skal personen have adgang senere, skal to foreslå og godkende den på ny.',
  withdrawWhy: 'Personen får ikke adgang. Forslaget forsvinder fra listen.',
  propose: 'Foreslå en medarbejder',
  proposeWhy: 'Medarbejderen får først adgang, når en anden driftsansvarlig har godkendt det.',
  submit: 'Foreslå',
  done: {
    proposed: 'Forslaget er gemt. En anden driftsansvarlig skal godkende det.',
    approved: 'Det er godkendt. Adgangen gælder fra nu.',
    ended: 'Det er afsluttet. Det gælder fra nu.',
    endProposed:
      'Forslaget er gemt. En anden driftsansvarlig skal afslutte adgangen. Den er på pause fra nu, medmindre det er en driftsansvarligs.',
    kept: 'Forslaget er fjernet. Adgangen gælder igen.',
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
    bank_missing: 'Vælg den bank, bankrådgiveren arbejder for.',
    unknown_bank: 'Den bank kender vi ikke. Vælg en fra listen.',
    already_staff: 'Den person har allerede en rolle eller er foreslået. Afslut det først.',
    own_proposal: 'Du har selv foreslået det. En anden driftsansvarlig skal godkende det.',
    proposer_gone:
      'Den, der foreslog det, er ikke driftsansvarlig længere eller har et spærret ID. Afvis forslaget. Skal personen have adgang, så foreslå det på ny.',
    bank_gone:
      'Ingen kan logge på hos den bank længere, så en bankrådgiver kan ikke få adgang for den. Afvis forslaget.',
    too_few_operators:
      'Der skal altid være to driftsansvarlige. Foreslå og godkend en ny, før du afslutter adgangen for en af dem.',
    own_end: 'Du har selv foreslået at afslutte adgangen. En anden driftsansvarlig skal gøre det.',
    end_waits: 'Det er allerede foreslået at afslutte den adgang. Her ser du, hvordan det står nu.',
    not_proposed: 'Adgangen kan først afsluttes, når en anden driftsansvarlig har foreslået det.',
    end_proposer_gone:
      'Den, der foreslog at afslutte adgangen, er ikke driftsansvarlig længere eller har et spærret ID. Fjern forslaget, og foreslå det igen.',
    over_limit:
      'Du har nået grænsen for, hvor meget du må ændre på en time. Der er ikke sket noget. Haster det, så bed en anden driftsansvarlig om det nu. Grænsen står i Nøgles regler og kan hæves dér.',
    gone: 'Det er allerede afgjort. Her ser du, hvordan det står nu.',
  },
};
