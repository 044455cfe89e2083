/** Texts of self-service about security keys and passkeys, in Danish. */
export const securityKeyPagesDa = {
  title: 'Sikkerhedsnøgler og adgangsnøgler',
  intro: 'Her kan du tilføje en anden måde at logge på end med en nøgle fra kortet.',
  kinds:
    'En adgangsnøgle ligger i din telefon eller computer. En sikkerhedsnøgle er en lille ting, du sætter i eller holder hen til. Du låser den op med fingeraftryk, ansigt eller pinkode.',
  card: 'Dit nøglekort virker som før. Mister du telefonen eller sikkerhedsnøglen, så log på med kortet, og fjern den her.',
  none: 'Du har ikke nogen endnu.',
  kind: {
    synced: 'Adgangsnøgle. Den kan være på flere af dine enheder.',
    bound: 'Sikkerhedsnøgle eller adgangsnøgle. Den er kun på én enhed.',
  },
  waits: (when: string) => `Venter. Den kan først bruges fra ${when}.`,
  waitsMeans: 'Er den ikke din, så stop den nu.',
  added: (when: string) => `Tilføjet ${when}.`,
  addedAt: {
    self_service: 'Det skete i selvbetjeningen.',
    desk: 'Det skete i Borgerservice.',
    activation: 'Det skete, da du tog dit ID i brug.',
  },
  used: (when: string) => `Sidst brugt ${when}.`,
  notUsed: 'Ikke brugt endnu.',
  rename: 'Skift navn',
  renameSubmit: 'Gem navnet',
  newName: 'Nyt navn',
  of: (name: string) => `(${name})`,
  remove: 'Fjern',
  removeMeans:
    'Så kan ingen logge på med den mere, og du bliver logget af alle andre steder. Vil du bruge den igen, skal den tilføjes forfra med en nøgle fra kortet.',
  removeSubmit: 'Fjern den',
  stop: 'Stop den',
  stopMeans:
    'Så bliver den aldrig til at bruge, og du bliver logget af alle andre steder. Var det ikke dig, der tilføjede den, kan en anden have haft både dit nøglekort og din adgangskode: Spær så hele dit ID.',
  stopSubmit: 'Stop den nu',
  isDone: {
    removed: 'Den er fjernet. Du er logget af alle andre steder.',
    stopped: 'Den er stoppet og kan ikke bruges. Du er logget af alle andre steder.',
    renamed: 'Navnet er gemt.',
  },
  add: 'Tilføj en',
  full: 'Du har 10, og flere kan du ikke have. Fjern en, før du tilføjer en ny.',
  addTitle: 'Tilføj en sikkerhedsnøgle eller adgangsnøgle',
  addSteps: [
    'Giv den et navn, så du kan kende den igen.',
    'Din browser spørger, hvor den skal ligge. Følg det, den siger.',
    'Bekræft med en nøgle fra dit nøglekort.',
  ],
  addWait:
    'Den kan bruges 24 timer efter, eller med det samme, hvis du også bekræfter med en, du allerede bruger, eller med din kodeviser. Vi skriver til dig med det samme, så du kan nå at stoppe den, hvis det ikke var dig.',
  /** As the terms say. */
  addYours:
    'Den er kun til dig. Lån den ikke ud, og del ikke den konto, som en adgangsnøgle følger med, med nogen.',
  cancel: 'Tilbage',
  overview: {
    none: 'Ingen endnu',
    many: (many: number) => `${many} i alt`,
    waiting: (when: string) => `En ny kan bruges fra ${when}.`,
  },
};
