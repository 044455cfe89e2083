/** The words of signing out, and of where a person is signed in. */
export const sessionDa = {
  logout: {
    title: 'Log af',
    heading: 'Vil du logge af?',
    why: 'Du bliver logget af Nøgle, og vi siger det til de hjemmesider, du er logget på med denne browser. Deler du computeren med andre, så luk også browseren.',
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
    title: 'Her er du logget på',
    here: 'I denne browser',
    sinceWithKey: (when: string) => `Du loggede på med adgangskode og nøgle ${when}.`,
    sinceWithPassword: (when: string) => `Du loggede på ${when}, kun med din adgangskode.`,
    noSites: 'Ingen hjemmesider lige nu.',
    elsewhere: 'I andre browsere',
    since: (when: string) => `Logget på ${when}:`,
    notYours: 'Er der noget, du ikke kender, så log af alle steder, og spær dit kort.',
    endHere: 'Log af i denne browser',
    endEverywhere: 'Log af alle steder',
    elsewhereWithKey: 'Se andre steder, og log af alle steder. Det kræver en nøgle',
    everywhereMeans:
      'Logger du af alle steder, må ingen hjemmeside længere hente oplysninger om dig, før du logger på igen.',
  },
  noSession: {
    title: 'Du er ikke logget på',
    why: 'I denne browser er ingen logget på med Nøgle lige nu.',
    next: 'Vil du logge på, så gå til den hjemmeside, du skal bruge, og begynd der.',
  },
  stillSignedIn: {
    title: 'Du er stadig logget på Nøgle',
    why: 'Husk at logge af, hvis du deler computeren med andre.',
    signOut: 'Log af',
  },
};

export type SessionTexts = typeof sessionDa;
