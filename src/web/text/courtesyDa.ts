/** Words that the client script shows, and those of the step guide. */
export const courtesyDa = {
  showPassword: 'Vis adgangskode',
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
};

export const stepsDa = {
  of: (step: number, all: number) => `Trin ${step} af ${all}`,
  done: 'færdig',
  signIn: ['Adgangskode', 'Nøgle'],
  activate: ['Brevene', 'Nøgle', 'Dine valg'],
  order: ['Bestil', 'Vent på to breve', 'Tag ID i brug'],
};
