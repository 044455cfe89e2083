/** The start page, and the foot of every page, in Danish, which is the original. */
export const startDa = {
  title: 'Ét ID til bank og det offentlige',
  what: 'Med Nøgle logger du på i din bank, hos kommunen, hos Skat og mange andre steder. Det er det samme ID alle steder.',
  signIn: 'Log på i selvbetjening',
  block: 'Spær med det samme',
  blockWhen: 'Spær, hvis kortet er væk, eller hvis andre kender din adgangskode.',
  how: 'Sådan logger du på',
  steps: [
    {
      title: 'Begynd dér, hvor du skal hen',
      text: 'Gå til din bank eller til kommunens hjemmeside. De sender dig hertil.',
    },
    {
      title: 'Skriv bruger-ID og adgangskode',
      text: 'Dem valgte du, da du tog dit ID i brug.',
    },
    {
      title: 'Find nøglen på dit nøglekort',
      text: 'Vi viser et nummer. Find det på kortet, og skriv de seks cifre, der står ved det.',
    },
  ],
  more: 'Nyt ID og hjælp',
  links: {
    order: { label: 'Bestil et ID', text: 'Du skal bruge dit CPR-nummer og et dansk pas eller kørekort.' },
    activate: {
      label: 'Tag dit ID i brug',
      text: 'Når du har fået brevene. Også når du har fået en midlertidig adgangskode.',
    },
    services: { label: 'Her kan du bruge dit ID', text: 'Og hvad du gør, hvis du ikke har et.' },
    help: { label: 'Hjælp', text: 'Mistet kort, glemt adgangskode, flyttet og alt det andet.' },
  },
  developers: {
    heading: 'For udviklere',
    text: 'Vil I bruge Nøgle på jeres egne sider? Vi følger OpenID Connect. Begynd med README-filen i kildekoden.',
    playground: 'Prøv et log-in på legepladsen, trin for trin',
    link: 'Opsætning, som maskiner kan læse (JSON)',
  },
};

export const footDa = {
  rehearsal: 'ØVELSE: Dette er ikke det rigtige Nøgle. Brug ikke dit CPR-nummer eller din adgangskode her.',
  block: 'Spær kort eller ID med det samme',
  never: 'Nøgle ringer aldrig og beder om en nøgle eller en adgangskode. Gør nogen det, så læg på.',
  keepApart: 'Gem aldrig nøglekort og adgangskode samme sted.',
  hotline: 'Nøgles hotline:',
  write: 'Skriv til os:',
  status: 'Driftsmeddelelse',
  links: 'Mere om Nøgle',
  help: 'Hjælp',
  services: 'Her kan du bruge dit ID – og hvad du gør uden',
  privacy: 'Privatliv og cookies',
  terms: 'Vilkår',
  accessibility: 'Tilgængelighedserklæring',
  home: 'Nøgle, til forsiden',
};
