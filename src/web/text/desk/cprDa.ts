/** Words of the desk about another CPR number for a person who has an ID. */
export const deskCprDa = {
  link: 'Ret CPR-nummeret',
  waits: 'En kollega skal se på et nyt CPR-nummer til borgeren.',
  proposed: 'Forslaget er gemt. Der er ikke ændret noget endnu. En kollega skal se på det.',
  form: {
    title: 'Et nyt CPR-nummer',
    why: 'Borgeren beholder sit ID, sit kort og sin adgangskode. Gør det kun, når du har set, at borgeren selv har fået et nyt CPR-nummer. En anden sagsbehandler skal godkende det.',
    cpr: 'Det nye CPR-nummer',
    submit: 'Send til en kollega',
  },
  faults: {
    cpr_malformed: 'Et CPR-nummer er ti cifre.',
    cpr_impossible: 'CPR-nummeret begynder ikke med en dato, der findes.',
    same_number: 'Det er det CPR-nummer, ID’et allerede hører til.',
    taken:
      'Der er allerede et ID til det CPR-nummer. Ingen må have to. Find det ID, og se, om det er samme person.',
    former_number: 'Det er et tidligere CPR-nummer. Skriv det, borgeren har nu.',
    dead: 'CPR-registret siger, at den, der har nummeret, er død.',
    emigrated: 'CPR-registret siger, at den, der har nummeret, er udrejst.',
    waits: 'Der venter allerede et nyt CPR-nummer til borgeren. En kollega skal se på det først.',
  },
  list: {
    title: 'Nye CPR-numre',
    look: (name: string) => `Se på ${name}`,
    own: 'Du har selv foreslået det, eller det er dit eget ID. En kollega skal se på det.',
  },
  duplicates: {
    title: 'Har måske to ID’er',
    why: 'Folkeregistret siger, at det er samme person, men der er et ID til det gamle og et til det nye CPR-nummer. Ingen må have to. Se på borgeren og legitimationen, og spær det ID, der ikke skal bruges mere.',
    one: (name: string, born: string, state: string) => `${name}, født ${born}. ID’et: ${state}`,
    open: (name: string) => `Se ID’et for ${name}`,
  },
  came: {
    approved: 'ID’et hører nu til det nye CPR-nummer. Borgeren får besked.',
    refused: 'Der er sagt nej. Der er ikke ændret noget.',
    stale:
      'Det passer ikke længere: noget er ændret imens. Forslaget er lukket, og der er ikke ændret noget.',
  },
  look: {
    title: (name: string) => `Har ${name} fået nyt CPR-nummer?`,
    why: 'Se på det hele, og slå nummeret op i CPR. Du svarer for, at det er borgerens eget.',
    name: 'Navn',
    idNumber: 'ID-nummer',
    birthdate: 'Født, som ID’et har det',
    cpr: 'Nyt CPR-nummer',
    newBirthdate: 'Født efter det nye nummer',
    registered: 'Navn i folkeregistret for det nye nummer',
    notRegistered: 'Vi har ikke nummeret fra folkeregistret',
    identification: 'Legitimation, som borgeren viste',
    reason: 'Begrundelse',
    right: 'Ja: giv ID’et det nye nummer',
    wrong: 'Nej: lad ID’et være',
    back: 'Tilbage til listen',
  },
};
