/** Words that the client script shows, and those of the step guide. */
export const courtesyDa = {
  showPassword: 'Vis adgangskode',
  hidePassword: 'Skjul adgangskode',
  capsLock: 'Caps Lock er slået til: Du skriver med store bogstaver.',
  timeout: {
    soon: 'Du bliver logget af om to minutter',
    soonWhy:
      'Siden har ligget stille et stykke tid. Vi logger dig af, så andre ikke kan bruge den. Det, du har skrevet og ikke sendt, bliver ikke gemt.',
    stay: 'Bliv logget på',
    oneMinute: 'Der er et minut tilbage.',
    failed: 'Vi fik ikke svar. Tjek, at du er på nettet, og prøv igen.',
    over: 'Du er logget af',
    overWhy: 'Siden lå stille for længe. Det, du ikke havde sendt, er ikke gemt.',
    again: 'Log på igen',
  },
  emptied: {
    soon: 'Siden bliver tømt om to minutter',
    soonWhy:
      'Siden har ligget stille et stykke tid. Vi fjerner det, der står på den, så andre ikke kan se det.',
    stay: 'Bliv på siden',
    oneMinute: 'Der er et minut tilbage.',
    over: 'Siden er tømt',
    overWhy: 'Siden lå stille for længe. Det, der var skrevet og ikke sendt, er fjernet.',
    again: 'Åbn siden igen',
  },
  closed: {
    over: 'Siden er lukket',
    overWhy: 'Siden lå stille for længe. Du er stadig logget på, for en anden side her er i brug.',
    again: 'Vis siden igen',
  },
};

export const cookiesNeededDa = {
  title: 'Din browser gemmer ikke cookies',
  why: 'Nøgle gemmer en cookie i din browser, mens du er i gang, så vi ved, at det er dig. Den kom ikke tilbage, og så kan du ikke komme videre her. Du har ikke gjort noget forkert, og intet er talt som et forsøg.',
  what: 'Sådan kommer du videre',
  inApp:
    'Er siden åbnet inde i en app, for eksempel fra en besked eller et opslag? Åbn den i din almindelige browser i stedet. Det står tit i en menu med tre prikker: »Åbn i browser«, »Åbn i Safari« eller »Åbn i Chrome«.',
  allow: (host: string) =>
    `Er cookies slået fra? Tillad dem for ${host}. Det gør du i browserens indstillinger, under »Privatliv« eller »Cookies«. Nøgle bruger dem til at logge dig på og følger dig ikke andre steder.`,
  thenAgain: 'Prøv så igen.',
  thenBack: 'Gå så tilbage til den side, hvor du ville logge på, og begynd forfra derfra.',
  /** Shown on the page in another language. */
  inShort:
    'Din browser gemmer ikke cookies. Åbn siden i en almindelig browser, ikke inde i en app, eller tillad cookies i dens indstillinger. Begynd så forfra.',
};

export const stepsDa = {
  of: (step: number, all: number) => `Trin ${step} af ${all}`,
  done: 'færdig',
  signIn: ['Adgangskode', 'Nøgle'],
  activate: ['Brevene', 'Nøgle', 'Dine valg'],
  order: ['Bestil', 'Vent på to breve', 'Tag dit ID i brug'],
};
