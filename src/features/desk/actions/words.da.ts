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
