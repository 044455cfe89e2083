/**
 * What people have a right to know about their data (GDPR articles 13 and 14), in Danish, which is the
 * original. For how long is in domain/retention.ts, which cookies in cookies.ts.
 */
import type { RetentionKind } from '../../domain/retention.ts';
import type { CookieUse } from './cookies.ts';

/** Data of people; what is kept of staff is not on this page. */
type ListedRetention = Exclude<RetentionKind, 'deskRefusals'>;

const kinds: Readonly<Record<ListedRetention, string>> = {
  requests: 'Det, vi skal bruge, mens du logger på: når du er færdig',
  browsers: 'Computere og telefoner, du har logget på fra: fra sidste gang',
  wrongInARow: 'Hvor mange gange der er skrevet forkert i træk: fra sidste gang',
  knownNetworks: 'Netværk, du har logget på fra: fra sidste gang',
  notices: 'Beskeder, vi har sendt dig med e-mail: fra vi sendte dem',
  signInCodes: 'Koder, vi har sendt, så du kunne logge på: fra de ikke virker mere',
  newPasswords: 'Hvornår du har bedt om en ny adgangskode med en nøgle: fra den dag',
  applicationEmail: 'En e-mailadresse, du gav os, da du bad om dit ID, og ikke har bekræftet: fra den dag',
  unconfirmedEmail: 'En e-mailadresse, du har givet os siden, og ikke har bekræftet: fra den dag',
  endedSecurityKeys: 'Sikkerhedsnøgler og adgangsnøgler: fra de er fjernet eller spærret',
  replacedEmail: 'Din gamle e-mailadresse: fra du har skiftet',
};

const cookies: Readonly<Record<CookieUse, string>> = {
  session: 'Husker, at du er logget på.',
  visitor: 'Gør, at det er din egen browser, der går videre, og ikke en andens.',
  signIn: 'Husker, hvor langt du er, mens du logger på.',
  ownPages: 'Husker, at du er logget på her på vores egne sider.',
  activation: 'Husker, hvor langt du er, mens du tager dit ID i brug.',
  logout: 'Hjælper dig af, når du logger af hos en bank eller et andet sted.',
  ownBrowser: 'Husker, at du har sagt: »Det er min egen computer«.',
  userId: 'Husker dit bruger-ID på din egen computer, hvis du har bedt om det.',
  way: 'Husker, hvad du sidst valgte at logge på med her, så det står først.',
  site: 'Husker, hvor du var på vej hen, så du kan finde tilbage.',
  order: 'Husker det, du skriver, mens du bestiller, og så din bestilling.',
  language: 'Husker, om du vil læse dansk eller engelsk.',
};

export const privacyDa = {
  title: 'Sådan bruger vi dine oplysninger',
  lead: 'Her står, hvad vi ved om dig, hvorfor vi ved det, hvem der får det at vide, og hvor længe vi gemmer det.',
  who: {
    heading: 'Hvem har ansvaret?',
    text: (operator: string) => `${operator} står bag Nøgle og har ansvaret for dine oplysninger.`,
    cvr: 'CVR-nummer',
    ask: 'Har du spørgsmål om dine oplysninger, så skriv til os:',
  },
  what: {
    heading: 'Det ved vi om dig',
    points: [
      'Navn, fødselsdag, CPR-nummer og adresse. Det får vi fra CPR-registret, og vi får besked, når det bliver ændret.',
      'Din e-mail, og om du vil læse dansk eller engelsk. Det får vi fra dig.',
      'Hvad du viste, da du fik dit ID, for eksempel dit pas. Det får vi fra dig, i Borgerservice eller i din bank. Var en forælder eller værge med, dengang eller da du fik en sikkerhedsnøgle eller kodeviser, ved vi også hvem.',
      'Dit bruger-ID, dine valg, dine nøglekort og din kodeviser.',
      'Hvad du kalder dine sikkerhedsnøgler og adgangsnøgler, og hvilken slags de er. Dit fingeraftryk, dit ansigt og din pinkode får vi aldrig. De bliver på din egen enhed.',
      'Hvad der er sket med dit ID: hvornår og hvor det er brugt, hvad der er ændret, og hvilken slags browser og netværk det var fra.',
      'Din adgangskode og dine nøgler gemmer vi sådan, at ingen kan læse dem.',
    ],
    choice:
      'Du bestemmer selv, om du vil give os din e-mail. De andre oplysninger skal vi bruge. Uden CPR-nummer kan du kun få et ID til din bank.',
  },
  why: {
    heading: 'Derfor må vi bruge det',
    points: [
      'Vi bruger det, så du kan logge på, så ingen andre kan gøre det i dit navn, og så vi kan skrive til dig om dit ID. Det er en opgave, som samfundet har brug for (databeskyttelsesforordningen, artikel 6, stk. 1, litra e).',
      'Vi bruger dit CPR-nummer til at vide, at du er dig (databeskyttelsesloven, § 11, stk. 1).',
      'Vil et sted vide mere om dig, spørger vi dig først. Siger du ja, er det dit samtykke (artikel 6, stk. 1, litra a). Du kan tage dit ja tilbage, når du vil.',
    ],
  },
  recipients: {
    heading: 'Hvem får det at vide?',
    points: [
      'De steder, hvor du logger på. De får et nummer for dig og det, som de har lov til, for eksempel dit navn. Kun nogle af dem får dit CPR-nummer.',
      'Dem, der trykker vores breve, og dem, der sender vores e-mail. De arbejder for os og må ikke bruge det til andet.',
      'Dem, der hjælper dig i Borgerservice, i din bank og på hotlinen. De skal sige hvorfor, hver gang de slår dig op. Du kan selv se det.',
      'Politi og domstole, når loven siger det.',
    ],
    never: 'Vi sælger ikke noget om dig, og vi viser ikke reklamer.',
  },
  howLong: {
    heading: 'Så længe gemmer vi det',
    whole: [
      'Dit navn, CPR-nummer, adresse og e-mail, dit ID, dine kort og breve gemmer vi, så længe du har et ID.',
      'Det, der er sket med dit ID, gemmer vi også så længe. Så kan du se, hvem der har brugt det.',
      'Når du har lukket dit ID, kan der stadig komme spørgsmål om, hvem der brugte det. Derfor sletter vi det ikke samme dag. Du kan bede os om at slette det.',
    ],
    table: 'Noget gemmer vi kun en tid',
    columns: ['Det gemmer vi', 'Så længe'],
    kinds,
    days: (days: number) => (days === 1 ? 'En dag' : `${days} dage`),
  },
  rights: {
    heading: 'Det kan du gøre',
    links: {
      data: 'Se og hent alt, hvad vi ved om dig',
      activity: 'Se, hvad der er sket med dit ID',
      contact: 'Ret din e-mail',
      access: 'Se, hvem der har adgang, og tag dit ja tilbage',
      close: 'Luk dit ID',
    },
    points: [
      'Er dit navn eller din adresse forkert, så gå til Borgerservice. De kan rette det i CPR-registret.',
      'Du kan bede os om at slette noget, om at vente med at bruge det, eller om at holde op. Skriv eller ring til os. Vi svarer inden en måned.',
    ],
  },
  complain: {
    heading: 'Er du ikke enig med os?',
    text: 'Så kan du klage til Datatilsynet. Sig det gerne til os først.',
    address: 'Datatilsynet, Carl Jacobsens Vej 35, 2500 Valby',
    phone: 'Telefon:',
    email: 'E-mail:',
    link: 'Datatilsynets side (datatilsynet.dk)',
  },
  cookies: {
    heading: 'Cookies',
    text: 'En cookie er en lille tekst, som din browser gemmer for os. Vi bruger kun dem, som siderne ikke kan undvære. Vi følger dig ikke på nettet, og ingen andre lægger cookies her. Derfor spørger vi dig ikke om lov.',
    table: 'De cookies, vi bruger',
    columns: ['Det bruger vi dem til', 'Så længe'],
    uses: cookies,
    untilClosed: 'Til du lukker browseren',
    days: (days: number) => `${days} dage`,
    hours: (hours: number) => (hours === 1 ? 'Højst en time' : `Højst ${hours} timer`),
    minutes: (minutes: number) => `${minutes} minutter`,
  },
};
