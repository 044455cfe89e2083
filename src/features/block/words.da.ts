/** Words of blocking a card or an ID by password. */
export const blockDa = {
  block: {
    title: 'Spær dit nøglekort eller dit ID',
    why: 'Har du mistet kortet, eller tror du, at andre kender dine nøgler eller din adgangskode, så spær med det samme. Det kan du også, når der er lukket for at logge på.',
    what: 'Hvad vil du spærre?',
    card: {
      label: 'Mit nøglekort',
      hint: 'Det kort, du bruger, virker ikke mere. Har du ikke et kort i brug, er det dit nye kort, vi spærrer. Du bliver logget af Nøgle på alle computere.',
    },
    identity: {
      label: 'Hele mit ID',
      hint: 'Ingen kan logge på som dig, og alle dine nøglekort bliver spærret. Dit ID kan kun åbnes igen i Borgerservice.',
    },
    submit: 'Spær nu',
    incomplete: 'Skriv både bruger-ID og adgangskode.',
  },
  blockReceived: {
    title: 'Der er spærret, hvis du skrev rigtigt',
    what: 'Var bruger-ID og adgangskode rigtige, er der spærret nu, og du får besked om det på e-mail eller med et brev.',
    doubt:
      'For din sikkerheds skyld siger vi ikke her, om de var rigtige. Er du i tvivl, så prøv at logge på: Er der spærret, siger vi det dér, når adgangskoden er rigtig. Prøv kun igen her, hvis du tror, du skrev forkert.',
    next: 'Vi bestiller ikke et nyt kort af os selv. Er der ikke allerede et på vej, så henvend dig i Borgerservice, og tag gyldig legitimation med.',
    again: 'Prøv igen',
  },
};

export type BlockTexts = typeof blockDa;
