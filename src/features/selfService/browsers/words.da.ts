/** The browsers that a person marked as their own, in Danish. */
export const browsersDa = {
  title: 'Mine egne browsere',
  intro:
    'Her er de browsere, hvor du har sagt: »Det er min egen computer«. I dem kan fremmede ikke lukke dig ude ved at skrive forkert, og vi skriver ikke til dig, når du logger på.',
  unknown:
    'Er der en, du ikke kender eller ikke bruger mere, så fjern den. Det gælder med det samme. Du bliver ikke logget af i den. Det kan du gøre her:',
  none: 'Der er ingen. Sæt hak ved »Det er min egen computer«, næste gang du skriver en nøgle.',
  on: (browser: string, system: string) => `${browser} på ${system}`,
  nameless: 'En browser, vi ikke kender navnet på',
  since: (when: string) => `Din egen siden ${when}.`,
  lastUsed: (when: string) => `Sidst brugt til at logge på med en nøgle ${when}.`,
  from: (network: string) => `Du sagde det fra netværket ${network}.`,
  takeBack: 'Fjern',
  takeBackWhich: (name: string, when: string) => `${name}, din egen siden ${when}`,
  takeBackAll: 'Fjern dem alle',
  isTakenBack: 'Browseren er fjernet. Den er ikke længere din egen.',
  areTakenBack: 'Browserne er fjernet. Ingen af dem er længere dine egne.',
};
