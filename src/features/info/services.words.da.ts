/** The list of services: the texts around what the services state about themselves. */
export const servicesDa = {
  title: 'Her kan du bruge dit ID',
  intro: 'Her er de steder, der bruger Nøgle. Ved hvert sted kan du se, hvad du gør, hvis du ikke har et ID.',
  print: 'Du kan skrive siden ud og tage den med.',
  search: 'Søg efter et sted',
  searchHint: 'For eksempel en bank, eller det du vil ordne.',
  submit: 'Søg',
  all: 'Vis alle',
  count: (many: number) => (many === 1 ? 'Vi fandt ét sted.' : `Vi fandt ${many} steder.`),
  first: (many: number) => `Her er de første ${many}. Skriv et ord mere, så bliver der færre.`,
  asked: (q: string) => `Du søgte på »${q}«.`,
  kinds: { bank: 'Banker', public: 'Det offentlige' },
  purpose: 'Det bruger du ID til:',
  without: 'Uden ID:',
  goTo: (name: string, host: string) => `Gå til ${name} (${host})`,
  general: {
    bank: 'Gå ind i banken, eller ring til dem. Ved skranken kan du få hjælp uden et ID, hvis du viser, hvem du er.',
    public: 'Gå til Borgerservice i din kommune, eller ring til dem. De hjælper dig videre, også uden et ID.',
  },
  nothing: {
    title: 'Vi fandt ikke noget',
    why: 'Ingen af stederne passer med det, du skrev. Prøv med et kortere ord, eller se alle.',
    next: 'Kan du stadig ikke finde det? Så spørg i Borgerservice, ved skranken eller i telefonen.',
  },
  none: 'Der er ingen på listen endnu. Spørg i Borgerservice, hvad du kan gøre uden et ID.',
  appointment: 'Skal du til Borgerservice?',
  cannot: 'Kan du ikke bruge et nøglekort?',
};
