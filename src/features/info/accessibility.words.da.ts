/** The accessibility statement, in Danish, which is the original. It states only what the tests verify. */
export const accessibilityDa = {
  title: 'Tilgængelighedserklæring',
  lead: 'Alle skal kunne bruge Nøgle, også med skærmlæser, kun med tastatur, med stor skrift eller uden farver.',
  status: {
    heading: 'Sådan står det til',
    texts: [
      'Siderne er lavet efter WCAG 2.1 og 2.2 på niveau AA og efter den europæiske standard EN 301 549.',
      'Hver gang vi ændrer noget, prøver et program alle sider af. Det leder efter fejl, og det går siderne igennem med tastatur alene, i mørke farver, i høj kontrast og så smalle, som de er ved 400 procent.',
      'Vi har ikke fået dem prøvet af mennesker med handicap endnu. Derfor kan der være fejl, som vi ikke har set.',
    ],
  },
  limits: {
    heading: 'Det kan være svært',
    texts: [
      'Nøglekortet er trykt på papir med små tal. Du kan få det på et stort ark med store tal. Sig det, når du får dit ID.',
      'Kortet findes ikke med punktskrift, og det kan ikke læses op. Kan du ikke bruge et kort, er der andre veje. Se hjælpen.',
      'Når du ikke har rørt siden i en tid, bliver du logget af. Siden siger det to minutter før, så du kan blive. Uden JavaScript siger den kun, hvor længe du har.',
    ],
  },
  tell: {
    heading: 'Sig til, hvis noget driller',
    texts: [
      'Er der noget, du ikke kan læse eller bruge, så ring til hotlinen. Sig, hvilken side det var, og hvad du bruger. Vi svarer inden for 14 dage.',
    ],
  },
  complain: {
    heading: 'Er du ikke tilfreds med svaret?',
    texts: [
      'Så kan du klage til Digitaliseringsstyrelsen. De holder øje med, at loven om webtilgængelighed bliver fulgt.',
    ],
  },
  updated: 'Erklæringen er fra den 23. november 2026.',
};
