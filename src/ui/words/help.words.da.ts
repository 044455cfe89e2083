/**
 * Help in plain words, in Danish, which is the original. Each topic: what it is about, why it is so, what to
 * do now, and one best next step. Short sentences: test/languages.test.ts keeps every page under a LIX of 28.
 */
export const helpDa = {
  title: 'Hjælp',
  intro: 'Hvad vil du have hjælp til?',
  groups: { card: 'Dit nøglekort', id: 'Dit ID', safety: 'Pas på dig selv' },
  why: 'Derfor',
  now: 'Det gør du',
  all: 'Se al hjælp',
  newWindow: '(åbner i en ny fane)',
  contact: {
    heading: 'Ring eller skriv til os',
    never: 'Vi spørger aldrig om din adgangskode eller en nøgle. Sig dem ikke, og skriv dem ikke til os.',
    missing: 'Fandt du ikke det, du ledte efter? Skriv til os, hvad der mangler.',
  },
  topics: {
    card: {
      title: 'Pas på dit nøglekort',
      ask: 'Sådan passer du på dit nøglekort',
      lead: 'Kortet er dit, og det passer kun til dit ID. Derfor er det vigtigt, at kun du har det.',
      why: [
        'Når du logger på, viser du to ting: noget, du ved, og noget, du har. Du ved din adgangskode, og du har dit kort.',
        'Får en tyv fat i begge dele, kan han logge på som dig. Har han kun det ene, kommer han ikke ind.',
      ],
      now: [
        'Gem kortet, så andre ikke kan få fat i det. Har du altid din pung på dig, er det et godt sted.',
        'Læg aldrig kort og adgangskode samme sted. Skriv heller ikke adgangskoden på kortet.',
        'Tag ikke et billede af kortet, og skriv ikke nøglerne af.',
        'Er kortet væk, så spær det straks. Gør det samme, hvis du tror, at andre har set nøglerne.',
        'Bliver kortet slidt, kan du bestille et nyt i selvbetjeningen.',
      ],
      next: 'Gå til selvbetjening',
    },
    'lost-card': {
      title: 'Du har mistet dit kort',
      ask: 'Har du mistet kortet, eller har du det ikke på dig?',
      lead: 'Er kortet væk, eller kan andre have set det, så spær det med det samme. Det tager et minut.',
      why: [
        'Den, der finder kortet, mangler kun din adgangskode. Når kortet er spærret, kan ingen bruge det mere.',
        'Har du bare glemt det derhjemme, sker der ikke noget. Så kan du vente og logge på, når du har det.',
      ],
      now: [
        'Spær kortet her på siden. Du skal bruge dit bruger-ID og din adgangskode.',
        'Kan du ikke huske dem, så ring eller skriv til os. Vi kan også spærre.',
        'Tror du, at nogen også kender din adgangskode? Så spær hele dit ID.',
        'Gå så til Borgerservice, og få et nyt kort. Tag gyldigt pas eller kørekort med. Er der et kort på vej, så vent på det.',
        'Se efter på din konto, om alt er, som det skal være. Er det ikke det, så ring til din bank.',
      ],
      next: 'Spær nu',
    },
    'few-keys': {
      title: 'Der er få nøgler tilbage',
      ask: 'Er der få nøgler tilbage, eller er kortet brugt op?',
      lead: 'Hver nøgle kan kun bruges én gang. Vi sender dig et nyt kort, før nøglerne slipper op.',
      why: [
        'Når der er 20 nøgler tilbage, sender vi et nyt kort til dig. Det kommer med posten og er som regel fremme efter 5 til 10 hverdage.',
        'Bruger du mange nøgler, kan 20 være for lidt. Du kan selv vælge et andet tal, fra 5 til 100.',
      ],
      now: [
        'Vent på det nye kort. I selvbetjeningen kan du se, hvilken dag vi regner med, at det er hos dig.',
        'Vil du have det før næste gang, så vælg et højere tal i selvbetjeningen.',
        'Er det ikke kommet til tiden, så sig til i selvbetjeningen. Så sender vi et andet.',
        'Er kortet helt brugt op, og er der ikke et på vej? Så gå til Borgerservice med gyldigt pas eller kørekort.',
      ],
      next: 'Gå til selvbetjening',
    },
    'new-card': {
      title: 'Dit nye kort er kommet',
      ask: 'Hvad gør jeg med det nye kort?',
      lead: 'Du får et nyt kort med posten. Du tager det i brug, når du logger på.',
      why: [
        'Så længe det gamle kort virker, bruger du først en nøgle fra det. Så beder vi om en nøgle fra det nye. På den måde ved vi, at det er dig, der har fået det.',
        'Har du ikke et gammelt kort, der virker, går der et døgn, før du kan bruge det nye. Vi giver dig besked straks. Så kan ingen bruge dit kort bag din ryg.',
      ],
      now: [
        'Se efter, om brevet har været åbnet. Har det det, så brug ikke kortet, og ring eller skriv straks til os.',
        'Log på, som du plejer. Skriv en nøgle fra det nye kort, når siden spørger.',
        'Klip det gamle kort i stykker, når det nye virker.',
        'Er det ikke kommet? Så gå videre uden. Vi spørger igen næste gang.',
        'Er det dit første kort? Så begynd på siden »Tag dit ID i brug«, når du har begge breve.',
      ],
      next: 'Gå til selvbetjening',
    },
    'cannot-use-card': {
      title: 'Hvis du ikke kan bruge et kort',
      ask: 'Kan du ikke læse eller bruge et nøglekort?',
      lead: 'Tallene på kortet er små, og ikke alle kan se dem eller bruge en computer. Der er andre veje.',
      why: [
        'Dit ID skal du kunne bruge selv. Men ingen skal stå uden hjælp, fordi de ikke kan det.',
        'Der er altid en vej uden et ID. Det kan være i telefonen, ved en skranke eller i et brev.',
      ],
      now: [
        'Bed om et kort med stor skrift. Det er et A4-ark.',
        'Læser du punktskrift, så bed om et kort med det.',
        'Du kan vælge det, når du får dit ID. Du kan også skifte senere, i selvbetjeningen eller i Borgerservice.',
        'Brug en adgangsnøgle i din telefon eller computer i stedet for kortet. Borgerservice kan hjælpe dig i gang.',
        'Slå op, hvad du gør uden et ID. Du kan skrive listen ud og tage den med.',
        'Giv en, du stoler på, en fuldmagt. Så kan den, du har valgt, ordne det for dig med sit eget ID. På borger.dk kan du læse, hvordan du gør: søg efter »fuldmagt«.',
        'Gå til Borgerservice, eller ring til dem. De hjælper også dig, der ikke har et ID.',
      ],
      next: 'Se, hvad du gør uden et ID',
    },
    'get-an-id': {
      title: 'Sådan får du et ID',
      ask: 'Hvem kan få et ID, og hvad skal man vise?',
      lead: 'Du kan bestille et ID her på siden, eller du kan få det i Borgerservice. Du kan også få det i din bank.',
      why: [
        'Et ID kan åbne din konto og dine breve. Derfor må det kun komme til den, det er til.',
        'Her er de regler, som alle skal følge. Siger vi nej, får du at vide hvorfor, og du kan klage.',
      ],
      rules: [
        {
          id: 'identification',
          heading: 'Vis, hvem du er',
          text: 'Du skal vise gyldig legitimation. Det er for det meste et pas eller et kørekort. Uden det kan du ikke få et ID. Har du noget andet, så spørg i Borgerservice, om det gælder.',
        },
        {
          id: 'use',
          heading: 'Du skal selv kunne',
          text: 'Du skal forstå vilkårene på dansk eller engelsk uden tolk, og du skal sige ja til dem. Du skal også kunne bruge dit ID alene, for ingen andre må.',
        },
        {
          id: 'age',
          heading: 'Er du under 15 år',
          text: 'Du kan få et ID til banken. Det sker ved en skranke, og en forælder eller værge skal være med. Når du er 15, kan du bruge det på det offentliges sider.',
        },
        {
          id: 'register',
          heading: 'CPR-registret',
          text: 'Det, du siger, skal passe med CPR-registret. Har du ikke et CPR-nummer, kan du få et ID, der kun virker i din bank.',
        },
        {
          id: 'address',
          heading: 'Din adresse',
          text: 'Kort og adgangskode kommer hver for sig med posten. Vi sender dem til den adresse, der står i CPR-registret. Står der ingen, så gå til Borgerservice.',
        },
      ],
      now: [
        'Er du fyldt 15, og har du dansk pas eller kørekort? Så bestil her på siden.',
        'Ellers gå til Borgerservice, og tag gyldig legitimation med.',
        'Vent på to breve. De kommer hver sin dag.',
        'Tag dit ID i brug, når du har begge breve.',
      ],
      next: 'Bestil et ID',
    },
    forgotten: {
      title: 'Glemt adgangskode eller bruger-ID',
      ask: 'Har du glemt adgangskode eller bruger-ID?',
      lead: 'Har du glemt dit bruger-ID, kan du logge på med dit ID-nummer. Har du glemt din adgangskode, får du en ny med posten. Har du dit nøglekort, skal du ikke møde op.',
      why: [
        'Vi kan ikke se din adgangskode. Derfor kan vi ikke sige den til dig, men kun give dig en ny.',
        'Vi sender den aldrig i en e-mail, for den kan andre læse. Du skal vise, hvem du er, så ingen kan få en ny i dit navn.',
      ],
      now: [
        'Find dit første brev fra os. Der står dit ID-nummer. Det er på ni cifre, og du kan bruge det i stedet for bruger-ID.',
        'Har du dit nøglekort? Så bed om en ny adgangskode her på siden. Du skal skrive dit bruger-ID og en nøgle fra kortet.',
        'Har du ikke dit kort, så gå til Borgerservice, og bed om en ny adgangskode. Tag gyldigt pas eller kørekort med. Fik du dit ID i banken, kan du også spørge der.',
        'Den nye adgangskode kommer i et brev. Så længe du venter, virker den gamle stadig, hvis du kommer i tanke om den.',
        'Når brevet er der, vælger du selv en ny adgangskode på siden »Tag dit ID i brug«.',
      ],
      next: 'Få en ny adgangskode',
    },
    'cannot-sign-in': {
      title: 'Du kan ikke logge på',
      ask: 'Kan du ikke logge på?',
      lead: 'Enten er der lukket for en tid, eller også er der spærret. På siden, du kom fra, kan du se, hvad der er sket.',
      why: [
        'Er der skrevet forkert for mange gange, lukker vi i nogle timer. Så kan ingen sidde og gætte. Der åbner igen af sig selv.',
        'Er der spærret, er det som regel, fordi du selv har bedt om det, eller fordi nogen kan have misbrugt dit ID. Det åbner ikke af sig selv.',
      ],
      now: [
        'Er der lukket, så vent. Siden siger, hvornår du kan prøve igen.',
        'Er det kortet, der er spærret, så få et nyt i Borgerservice. Er der et på vej, så vent på det.',
        'Er hele dit ID spærret, kan det kun åbnes igen i Borgerservice. Tag gyldigt pas eller kørekort med.',
        'Har du ikke skrevet forkert selv, kan en anden have prøvet. Det er godt, at vi lukkede. Ring eller skriv til os, hvis du er i tvivl.',
        'Er der en fejl hos os, står det øverst på vores sider.',
        'Haster det, så se, hvad du kan gøre uden et ID.',
      ],
      next: 'Se, hvad du gør uden et ID',
    },
    'public-sites': {
      title: 'Det virker kun i din bank',
      ask: 'Hvorfor virker mit ID kun i min bank?',
      lead: 'Dit ID virker i din bank, men ikke hos kommunen, hos Skat eller i Digital Post. Det kan du ændre.',
      why: [
        'Du vælger selv, om dit ID også skal virke på det offentliges sider. Lige nu er det slået fra. Måske blev der sagt nej, da du fik det, eller også er det slået fra senere.',
        'Du skal være fyldt 15 og have et CPR-nummer.',
      ],
      now: [
        'Log på dér, hvor du vil bruge det. Vi spørger dig, og du siger ja. Så kommer du videre med det samme.',
        'Du kan også slå det til i selvbetjeningen. Dér kan du se, hvor det kommer til at virke.',
        'Du kan altid slå det fra igen samme sted.',
      ],
      next: 'Slå det til i selvbetjeningen',
    },
    moved: {
      title: 'Du er flyttet',
      ask: 'Er du flyttet?',
      lead: 'Du skal ikke sige det til os. Vi får din nye adresse fra CPR-registret.',
      why: [
        'Vi sender kun breve til den adresse, der står i CPR-registret. Så kan ingen få dit kort sendt et andet sted hen.',
        'Er du lige flyttet, skriver vi også til den gamle adresse, når der er et brev på vej. Så ser du det, hvis en anden har flyttet dig.',
      ],
      now: [
        'Sig til kommunen, at du flytter. Det kan du gøre i Borgerservice.',
        'Er der et kort på vej til det gamle sted? Så sig i selvbetjeningen, at det ikke er kommet. Vi sender et andet.',
        'Sæt dit navn på din nye postkasse.',
        'Har du fået ny e-mail, så ret den i selvbetjeningen. Vi sender en kode til den, og den skriver du i selvbetjeningen.',
      ],
      next: 'Gå til selvbetjening',
    },
    'other-computers': {
      title: 'På rejse og på andres computer',
      ask: 'Bruger du en computer, som andre også bruger?',
      lead: 'Du kan tage dit ID med overalt. Du skal bare have dit kort med og huske din adgangskode.',
      why: [
        'Dit ID ligger ikke på computeren. Du kan bruge det på jobbet, hjemme og på en netcafé.',
        'Men andre kan bruge den efter dig. Er du ikke logget af, kan de se det, du kunne se.',
      ],
      now: [
        'Sæt aldrig hak ved »Det er min egen computer«. Det er kun til din egen.',
        'Sig nej, hvis computeren vil gemme din adgangskode.',
        'Pas på, at ingen kan se kortet eller tasterne.',
        'Log af, når du er færdig, og luk alle vinduer. Tag kortet med.',
        'Glemte du at logge af? Log på fra et andet sted, og log af alle steder.',
      ],
      next: 'Se, hvor du er logget på',
    },
    helping: {
      title: 'Hjælp en anden',
      ask: 'Vil du hjælpe en anden?',
      lead: 'Du må gerne vise og forklare. Men du må ikke logge på for en anden, heller ikke i din egen familie.',
      why: [
        'Et ID viser, hvem man er. Låner man det ud, kan ingen se, hvem der gjorde hvad. Det kan ende med, at den, der ejer det, skal betale.',
        'Den, der låner det ud, kan ikke vide, hvad det bliver brugt til.',
      ],
      now: [
        'Sid ved siden af, og lad den anden skrive selv. Kig væk fra kort og adgangskode.',
        'Skal du ordne noget for en anden? Så få en fuldmagt. Du logger på med dit eget ID. På borger.dk kan du læse, hvordan I gør: søg efter »fuldmagt«. Du kan også spørge hos kommunen eller i banken.',
        'Kan den anden ikke selv bruge et ID, så se, hvad man gør uden.',
        'Har nogen lånt dit ID, så vælg en ny adgangskode, og spær kortet.',
      ],
      next: 'Se, hvad man gør uden et ID',
    },
    'phone-call': {
      title: 'Nogen ringer og vil have en nøgle',
      ask: 'Ringer nogen og beder om en nøgle?',
      lead: 'Læg på. Det er svindel, også når de siger, at de ringer fra banken, fra kommunen, fra politiet eller fra os.',
      why: [
        'Ingen af dem har brug for din adgangskode eller dine nøgler. De spørger aldrig.',
        'Tyven kan få det til at se ud, som om opkaldet er ægte. Han siger, at det haster, og gør dig bange, så du ikke når at tænke.',
        'Det samme gælder en e-mail eller en besked med et link til en side, hvor du skal logge på.',
      ],
      now: [
        'Læg røret på. Du behøver ikke sige undskyld.',
        'Har du sagt en nøgle eller din adgangskode, så spær dit ID nu.',
        'Ring så til din bank på det nummer, du plejer at bruge. Ring også til politiet, hvis der er taget penge.',
        'Skal du logge på, så skriv selv adressen i stedet for at følge et link.',
      ],
      next: 'Spær nu',
    },
    safety: {
      title: 'Hvor sikkert er det?',
      ask: 'Hvor sikkert er det?',
      lead: 'Dit ID er sikret med to ting: noget, du ved, og noget, du har. Det er din adgangskode og dit kort.',
      why: [
        'En tyv, der har din adgangskode, mangler kortet. En tyv, der har dit kort, mangler adgangskoden.',
        'En nøgle virker kun én gang. Har andre set dig bruge den, er den intet værd.',
        'Din bank og kommunen ser hverken adgangskode eller nøgle. Dem skriver du kun hos os.',
        'Vi gemmer dem sådan, at ingen kan læse dem, heller ikke vi selv.',
        'Men et kort beskytter ikke mod alt. En falsk side kan lokke en nøgle fra dig. Se derfor altid efter, hvor du er.',
      ],
      now: [
        'Se på adressen øverst, før du skriver. Er den ikke vores, så luk siden.',
        'Brug en lang adgangskode, som du ikke bruger andre steder.',
        'Læs det, vi skriver til dig. Var det ikke dig, så spær straks.',
        'Se i selvbetjeningen, hvad dit ID er brugt til.',
      ],
      next: 'Pas på dit nøglekort',
    },
  },
};
