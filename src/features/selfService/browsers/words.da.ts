/** The browsers that a person marked as their own, in Danish. */
export const browsersDa = {
  title: 'Mine egne computere og telefoner',
  intro:
    'Om dem har du sagt: »Det er min egen computer«. Så kan ingen lukke dig ude ved at skrive forkert. Og vi skriver ikke til dig, når du logger på.',
  unknown:
    'Er der en, du ikke kender eller ikke bruger mere, så fjern den. Det gælder med det samme. Den bliver ikke logget af. Det gør du her:',
  none: 'Der er ingen. Sæt hak ved »Det er min egen computer«, næste gang du skriver en nøgle.',
  nameless: 'En computer eller telefon uden navn',
  since: (when: string) => `Din egen siden ${when}.`,
  lastUsed: (when: string) => `Sidst brugt til at logge på med en nøgle ${when}.`,
  from: (network: string) => `Du sagde det fra netværket ${network}.`,
  takeBack: 'Fjern',
  takeBackWhich: (name: string, when: string) => `${name}, din egen siden ${when}`,
  takeBackAll: 'Fjern dem alle',
  isTakenBack: 'Den er fjernet og er ikke længere din egen.',
  areTakenBack: 'De er fjernet. Ingen af dem er længere dine egne.',
};
