/** The words of signing out, and of where a person is signed in. */
export const sessionDa = {
  logout: {
    title: 'Log af',
    heading: 'Vil du logge af?',
    why: 'Du bliver logget af Nøgle, og vi siger det til de hjemmesider, du er logget på her. Deler du computeren med andre, så luk også browseren.',
    where: 'Se, hvor du er logget på.',
    submit: 'Log af',
    stay: 'Nej, bliv logget på',
  },
  loggedOut: {
    title: 'Du er logget af',
    why: 'Luk browseren, hvis du deler computeren med andre.',
    again: 'Log på Nøgles selvbetjening',
  },
  session: {
    title: 'Hvor er jeg logget på?',
    here: 'Her er du nu',
    sinceWithKey: (when: string) => `Du loggede på med adgangskode og nøgle ${when}.`,
    sinceWithPassword: (when: string) => `Du loggede på ${when}, kun med din adgangskode.`,
    thisOne: 'Den, du bruger nu',
    elsewhere: 'Andre steder',
    network: 'Netværk',
    since: 'Logget på',
    lastUsed: 'Sidst brugt',
    sites: 'Hjemmesider',
    noSites: 'Ingen lige nu',
    device: {
      kinds: { computer: 'Computer', mobile: 'Telefon eller tablet' },
      unknown: 'Computer eller telefon',
      on: (browser: string, system: string) => `${browser} på ${system}`,
      of: (kind: string, browser: string) => `${kind}: ${browser}`,
      nameless: 'Ukendt browser',
      hereNetwork: 'Det, du bruger nu',
    },
    notYours: 'Er der et sted, du ikke kender?',
    endOne: 'Log af det, eller spær dit kort',
    endHere: 'Log af her',
    endEverywhere: 'Log af alle steder',
    elsewhereWithKey: 'Se andre steder, og log af dem. Det kræver en nøgle',
    everywhereMeans:
      'Logger du af alle steder, får ingen hjemmeside mere at vide om dig, før du logger på igen.',
  },
  noSession: {
    title: 'Du er ikke logget på',
    why: 'Her er ingen logget på med Nøgle lige nu.',
    next: 'Vil du logge på, så gå til den hjemmeside, du skal bruge, og begynd der.',
  },
  stillSignedIn: {
    title: 'Du er stadig logget på Nøgle',
    why: 'Husk at logge af, hvis du deler computeren med andre.',
    signOut: 'Log af',
  },
};

export type SessionTexts = typeof sessionDa;
