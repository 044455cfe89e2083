/**
 * The accessibility statement, in Danish, which is the original. Its parts are those of the model statement
 * (Commission Implementing Decision (EU) 2018/1523), which Digitaliseringsstyrelsen's WAS-Tool follows. It
 * states only what was assessed.
 */
export const accessibilityDa = {
  title: 'Tilgængelighedserklæring',
  /** The title with a soft hyphen: on a small screen the word is longer than the line. */
  heading: 'Tilgængeligheds\u00aderklæring',
  lead: (operator: string, host: string) =>
    `${operator} står bag ${host}. Efter lov om tilgængelighed af offentlige organers websteder og mobilapplikationer skal siderne kunne bruges af alle. Denne erklæring gælder for ${host}.`,
  status: {
    heading: 'Overholder siderne kravene?',
    texts: [
      'Ja, for det meste. Siderne er delvist i overensstemmelse med WCAG 2.2 på niveau AA og med den europæiske standard EN 301 549. Det, der mangler, står her på siden.',
      'Du kan logge på uden at huske noget, finde noget på et kort eller skrive noget af. Det gør du med en adgangsnøgle i din telefon eller computer, eller med en sikkerhedsnøgle, som du sætter i. Du låser den op med fingeraftryk eller ansigt, eller med en pinkode, hvis du hellere vil det. Du kan tilføje den i selvbetjeningen eller få det gjort i Borgerservice, hvor du ikke skal bruge kortet.',
    ],
  },
  limits: {
    heading: 'Det er ikke tilgængeligt for alle',
    /** Criteria have their English names everywhere. */
    criteriaLanguage: 'en',
    criteria: [
      {
        criterion: '3.3.8 Accessible Authentication (Minimum)',
        text: 'Logger du på med nøglekortet, skal du finde en nøgle på kortet og skrive den af. En kodeviser har også tal, som du skal skrive. Det kan være svært, hvis du er ordblind, ser dårligt eller har svært ved at huske. Med en adgangsnøgle eller sikkerhedsnøgle slipper du for det. Men du skal bruge kortet, når du tager dit ID i brug, og når du ændrer noget i selvbetjeningen. Adgangskoden må du gerne sætte ind, eller du kan lade din computer huske den.',
      },
      {
        criterion: '2.2.1 Timing Adjustable',
        text: 'Når du ikke har rørt siden i en tid, bliver du logget af. Siden siger det to minutter før, så du kan blive. Har du slået JavaScript fra, siger siden kun, hvor længe du har.',
      },
    ],
    instead: [
      'Nøglekortet er på papir. Du kan få det med stor skrift på et A4-ark eller i punktskrift. Det kan ikke læses op.',
      'Kan du ikke bruge et kort, er der andre veje.',
    ],
  },
  assessed: {
    heading: 'Sådan har vi undersøgt det',
    texts: [
      'Vi har selv undersøgt siderne. Hver gang vi ændrer noget, prøver et program alle sider af. Det leder efter fejl efter reglerne i WCAG. Det går også siderne igennem med tastatur alene, i mørke farver, i høj kontrast og så smalle, som de er ved 400 procent.',
      'Mennesker med handicap har ikke prøvet siderne for os endnu. Derfor kan der være fejl, som vi ikke har set.',
    ],
    dates: (made: string) =>
      `Erklæringen er lavet den ${made}. Vi ser den igennem, når vi ændrer noget, og mindst én gang om året.`,
  },
  tell: {
    heading: 'Sig til, hvis noget driller',
    texts: [
      'Er der noget, du ikke kan læse eller bruge, så ring eller skriv til os. Sig, hvilken side det var, og hvad du bruger. Du kan også bede om at få det på en anden måde. Vi svarer inden for 10 hverdage.',
    ],
  },
  complain: {
    heading: 'Er du ikke tilfreds med svaret?',
    texts: [
      'Så kan du klage til Digitaliseringsstyrelsen. Det kan du også, hvis du ikke har fået svar efter 10 hverdage. De holder øje med, at loven bliver fulgt.',
    ],
    url: 'https://digst.dk/digital-inklusion/webtilgaengelighed/oplever-du-ikke-tilgaengeligt-indhold/',
    link: 'Sådan klager du til Digitaliseringsstyrelsen (digst.dk)',
  },
  official: 'Læs erklæringen hos Digitaliseringsstyrelsen (WAS-Tool)',
};
