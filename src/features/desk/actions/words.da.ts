/** Texts of the desk about the proofing of an ID, in Danish. */
export const deskProofingDa = {
  proofing: 'Legitimation',
  levels: {
    Substantial: 'Er set',
    Low: 'Ikke set endnu: ID’et er bestilt på nettet',
  },
  ask: 'Bed borgeren tage nøglekort',
  lookFor: 'frem og selv skrive nøglen ud for',
  key: 'Nøglen på seks cifre',
  keyHint: 'Borgeren skriver den selv her. Så ved vi, at kortet er hos den, der står her.',
  faults: {
    key_malformed: 'En nøgle er på seks cifre.',
    key_stale: 'Kortet beder om en anden nøgle nu. Bed borgeren om den, der står her.',
    key_wrong: 'Nøglen er ikke rigtig. Bed borgeren se efter på kortet.',
    key_last:
      'Nøglen er ikke rigtig. Bliver den forkert én gang til, lukker vi for nøgler i nogle timer, eller kortet bliver spærret.',
    key_locked: 'Der er skrevet for mange forkerte nøgler. Se på borgerens side, hvornår det åbner igen.',
    key_busy: 'Vi er ved at se på andre nøgler fra kortet. Prøv igen om lidt.',
    key_card_blocked:
      'Der er skrevet for mange forkerte nøgler, så kortet er spærret. Bestil et nyt, og prøv igen, når borgeren har taget det i brug.',
  },
};

/** Texts of the desk about the guardian of a person under 15, in Danish. */
export const deskGuardianDa = {
  title: 'Forælder eller værge',
  why: (name: string) =>
    `${name} er under 15 år. Derfor skal en forælder eller værge stå her og vise legitimation.`,
  who: 'Hvem er her sammen med borgeren?',
  recorded: {
    application: (name: string, day: string) => `${name}. Var med, da ID’et blev udstedt ${day}`,
    second_way: (name: string, day: string) => `${name}. Noteret ved skranken ${day}`,
  },
  other: 'En anden',
  none: 'Vi har ikke noteret nogen forælder eller værge for borgeren.',
  noneMeans: 'Skriv, hvem den voksne er, og hvad du har set, der viser det.',
  nameHint: 'Kun når det er en anden end den, vi har noteret.',
  proofHint:
    'For eksempel: forældremyndigheden slået op i CPR-registret. Det bliver gemt, og borgeren kan se det. Skriv ikke CPR-nummer.',
  labels: {
    guardianName: 'Navn på den voksne',
    guardianProof: 'Hvad viser, at den voksne er forælder eller værge?',
    guardianIdKind: 'Legitimation, som den voksne viser nu',
    guardianIdNumber: 'Nummer på den voksnes legitimation',
    guardianIdExpires: 'Den voksnes legitimation gælder til',
    guardianMatches:
      'Den voksne står her. Legitimationen er gyldig, billedet passer, og navnet på den er det, der er valgt eller skrevet her',
  },
  faults: {
    guardian_choice: 'Vælg, hvem der er her sammen med borgeren.',
    guardian_changed: 'En kollega har noteret en anden voksen i mellemtiden. Vælg igen.',
    guardian_name: 'Skriv navnet på den voksne.',
    guardian_proof: 'Skriv, hvad du har set, der viser, hvem den voksne er. Mellem 5 og 200 tegn.',
    guardian_unreadable: 'Der er et tegn, som vi ikke kan læse. Skriv det igen.',
    guardian_number: 'Der må ikke stå et CPR-nummer her.',
    guardian_matches:
      'Bekræft, at den voksne står her, og at legitimationen og navnet passer. Ellers kan det ikke lade sig gøre.',
    guardian_same_document: 'Det er borgerens egen legitimation. Den voksne skal vise sin egen.',
    kind_unknown: 'Vælg, hvad den voksne viser.',
    number_missing: 'Skriv nummeret på den voksnes legitimation: 4 til 20 bogstaver og cifre.',
    expiry_missing: 'Skriv, hvor længe den voksnes legitimation gælder.',
    expiry_impossible: 'Den dato findes ikke. Skriv dag, måned og år.',
    expired: 'Den voksnes legitimation er udløbet. Den voksne skal vise noget, der gælder.',
    expiry_too_far: 'Så længe gælder ingen legitimation. Tjek årstallet.',
  },
};
