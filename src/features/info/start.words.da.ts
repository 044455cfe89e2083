/** The start page, and the foot of every page, in Danish, which is the original. */
export const startDa = {
  title: 'Ét ID til bank og det offentlige',
  what: [
    'Med Nøgle logger du på med det samme ID i din bank, hos kommunen, hos Skat, i Digital Post og mange andre steder.',
    'Du bruger et bruger-ID, en adgangskode og en nøgle fra et lille kort i din pung.',
    'Skal du logge på i din bank eller et andet sted, så begynd dér. Så sender de dig hertil.',
  ],
  links: {
    order: { label: 'Bestil et ID', text: 'Du skal bruge dit CPR-nummer og et dansk pas eller kørekort.' },
    activate: {
      label: 'Tag dit ID i brug',
      text: 'Når du har fået brevene. Også når du har fået en midlertidig adgangskode.',
    },
    block: { label: 'Spær med det samme', text: 'Er kortet væk, eller kender andre din adgangskode?' },
    selfService: {
      label: 'Selvbetjening',
      text: 'Se dine kort, bestil et nyt, skift adgangskode, og se, hvad dit ID er brugt til.',
    },
    services: { label: 'Her bruger du dit ID', text: 'Og hvad du gør, hvis du ikke har et.' },
    help: { label: 'Hjælp', text: 'Mistet kort, glemt adgangskode, flyttet og alt det andet.' },
  },
  developers: {
    heading: 'For udviklere',
    text: 'Vil I bruge Nøgle på jeres egne sider? Vi følger OpenID Connect. Begynd med README-filen i kildekoden.',
    link: 'Opsætning, som maskiner kan læse (JSON)',
  },
};

export const footDa = {
  block: 'Spær kort eller ID med det samme',
  never: 'Nøgle ringer aldrig og beder om en nøgle eller en adgangskode. Gør nogen det, så læg på.',
  keepApart: 'Gem aldrig nøglekort og adgangskode samme sted.',
  hotline: 'Nøgles hotline:',
  write: 'Skriv til os:',
  links: 'Mere om Nøgle',
  help: 'Hjælp',
  services: 'Her kan du bruge dit ID – og hvad du gør uden',
  privacy: 'Privatliv og cookies',
  terms: 'Vilkår',
  accessibility: 'Tilgængelighedserklæring',
  home: 'Nøgle, til forsiden',
};
