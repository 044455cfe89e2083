/** Who can get an ID. A refusal cites the rule that it is based on, by its key. */
const issuingDa = {
  identification: 'Du skal vise gyldig legitimation, og den skal være din egen.',
  use: 'Du skal kunne forstå vilkårene på dansk eller engelsk uden tolk, og du skal selv kunne bruge dit ID.',
  accept: 'Du skal sige ja til vilkårene.',
  age: 'Er du under 15 år, skal en forælder eller værge være med, når du møder op. Så virker dit ID kun i banken.',
  register: 'Har du et CPR-nummer, skal CPR-registret sige, at du er i live og bor i Danmark.',
  address: 'Vi skal kende en adresse, som vi kan sende dine breve til.',
};

/**
 * The terms, version in domain/issuing/terms.ts: a change of what people accept must change the version too.
 */
export const termsDa = {
  title: 'Vilkår for Nøgle',
  version: (version: string) => `Version ${version}, på dansk`,
  intro:
    'Her står, hvad du siger ja til, når du får et ID hos Nøgle. Vi har skrevet det så kort, vi kan. Forstår du noget ikke, så spørg i Borgerservice, før du siger ja.',
  issuing: issuingDa,
  sections: [
    {
      heading: 'Hvad Nøgle er',
      points: [
        'Med dit ID viser du på nettet, hvem du er: i din bank og, hvis du vælger det, på offentlige hjemmesider.',
        'Du logger på med et bruger-ID, en adgangskode og en nøgle fra dit nøglekort. Hver nøgle kan bruges én gang.',
        'Du kan også få en kodeviser eller tilføje en sikkerhedsnøgle eller adgangsnøgle og bruge den i stedet for nøglen. Kortet virker stadig. Mister du de andre, er det med kortet, du kommer ind igen.',
        'Du har ét ID. Det er dit, og det følger dig, også hvis du skifter bank.',
      ],
    },
    {
      heading: 'Hvem kan få et ID',
      points: Object.values(issuingDa),
    },
    {
      heading: 'Det skal du selv gøre',
      points: [
        'Hold adgangskoden for dig selv. Sig den ikke til nogen, heller ikke til familie, venner, banken eller os.',
        'Gem kortet og adgangskoden hver for sig. Tag ikke billeder af kortet, og skriv ikke nøglerne ned andre steder.',
        'Lån aldrig dit ID ud, og log aldrig på for en anden. Skal nogen ordne noget for dig, så giv dem en fuldmagt.',
        'Tjek, at adressen i browseren er den rigtige, før du skriver noget.',
        'Sig til i Borgerservice, hvis det, vi ved om dig, er forkert.',
      ],
    },
    {
      heading: 'Andet end kortet',
      points: [
        'Din sikkerhedsnøgle, adgangsnøgle og kodeviser er kun til dig. Lån dem ikke ud, og lad ingen anden låse dem op.',
        'Tilføj kun en, som er din egen, og aldrig fordi en anden beder dig om det.',
        'En adgangsnøgle kan følge med den konto, din telefon eller computer bruger. Så er den kun så sikker som kontoen. Pas på kontoen, og del den ikke med nogen.',
      ],
    },
    {
      heading: 'Spær med det samme',
      points: [
        'Har du mistet kortet, eller kender andre måske adgangskoden eller nøglerne, så spær straks.',
        'Det gælder også en sikkerhedsnøgle, adgangsnøgle eller kodeviser, som er væk, eller som andre kan bruge. Du kan også fjerne den i selvbetjeningen.',
        'Det gør du på siden »Spær«, som der er link til nederst på alle vores sider, eller ved at ringe til Nøgles hotline. Det kan du hele døgnet.',
        'Når der er spærret, kan ingen logge på med kortet eller med dit ID. Et spærret ID kan kun åbnes igen i Borgerservice.',
      ],
    },
    {
      heading: 'Offentlige hjemmesider',
      points: [
        'Du bestemmer selv, om dit ID også skal virke på offentlige hjemmesider, og du kan ændre det igen.',
        'Det kræver, at du er fyldt 15 år og har et CPR-nummer.',
        'En hjemmeside får kun de oplysninger, den har lov til. Er der tvivl, spørger vi dig først.',
      ],
    },
    {
      heading: 'Det gemmer vi om dig',
      points: [
        'Navn, fødselsdato, CPR-nummer, adresse og e-mail, og hvilken legitimation du viste.',
        'Hvornår og hvor dit ID er brugt eller ændret. Du kan selv se det.',
        'Din adgangskode og dine nøgler gemmer vi ikke, så de kan læses.',
        'Dit fingeraftryk og dit ansigt får vi ikke. De bliver på din egen telefon, computer eller sikkerhedsnøgle.',
        'Vi bruger oplysningerne til at passe på dit ID og giver dem ikke til andre end dem, du logger på hos, medmindre loven siger det.',
      ],
    },
    {
      heading: 'Det kan vi gøre',
      points: [
        'Vi kan spærre dit ID, hvis det ser ud til, at det bliver misbrugt, eller hvis du ikke overholder vilkårene. Du får besked.',
        'Vi kan ændre vilkårene. Er det noget vigtigt, får du det at vide, før det gælder.',
        'Du kan altid holde op. Så spærrer du dit ID.',
      ],
    },
    {
      heading: 'Er du ikke enig?',
      points: [
        'Siger vi nej til at give dig et ID, eller spærrer vi det, får du en begrundelse, og du kan klage. I afgørelsen står hvordan og inden hvornår.',
        'Er du utilfreds med, hvordan vi bruger dine oplysninger, kan du klage til Datatilsynet.',
        'Begynd gerne med at sige det til os: i Borgerservice, i din bank eller til Nøgles hotline.',
      ],
    },
  ],
  privacy: 'Her står mere om, hvordan vi bruger dine oplysninger',
  print: 'Du kan skrive siden ud og gemme den.',
};
