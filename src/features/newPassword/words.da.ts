/** Words of the pages where a person who forgot the password gets a new one by a key and a letter. */
export const newPasswordDa = {
  newPassword: {
    link: 'Har du glemt din adgangskode?',
    title: 'Få en ny adgangskode',
    steps: ['Bruger-ID', 'Nøgle'],
    lead: 'Har du dit nøglekort, kan du få en ny adgangskode med posten. Du skal ikke møde op nogen steder.',
    how: 'Sådan gør du:',
    list: [
      'Du skriver dit bruger-ID og en nøgle fra det kort, du bruger nu.',
      'Vi sender en midlertidig adgangskode i et brev til den adresse, vi har. Den kommer aldrig på skærmen eller i en e-mail.',
      'Når brevet er der, vælger du selv en ny adgangskode. Også dér skal du bruge en nøgle fra kortet.',
    ],
    old: 'Så længe virker den gamle adgangskode, hvis du kommer i tanke om den.',
    userIdHint: 'Har du glemt det, så brug dit ID-nummer på ni cifre. Det står i dit første brev fra os.',
    submit: 'Næste',
    errors: {
      incomplete: 'Skriv dit bruger-ID eller dit ID-nummer.',
    },
    without:
      'Har du ikke dit kort, eller er det spærret? Så gå til Borgerservice. Er du under 15 år, så gå dertil sammen med din forælder eller værge.',
  },
  newPasswordKey: {
    title: 'Skriv en nøgle fra dit kort',
    lookFor: 'Find dette nummer på det nøglekort, du bruger nu:',
    nameIs: 'Bruger-ID:',
    another: 'Ret bruger-ID',
    submit: 'Bed om et brev',
    notThere: 'Står nummeret ikke på dit kort?',
    notThereWhy:
      'Se først, om dit bruger-ID er skrevet rigtigt. Er det det, kan du ikke få en ny adgangskode her. Så gå til Borgerservice, og tag gyldig legitimation med.',
    slowed:
      'Der er skrevet forkert for mange gange, så vi har ikke set på din nøgle. Prøv igen om en time, eller gå til Borgerservice.',
    errors: {
      malformed: 'Skriv de seks cifre, der står ved siden af nummeret.',
      stale: 'Vi beder nu om en anden nøgle. Se på nummeret, og skriv den nøgle, der står ved siden af.',
    },
  },
  newPasswordReceived: {
    title: 'Var nøglen rigtig, er et brev på vej',
    what: 'Brevet med din midlertidige adgangskode bliver sendt til den adresse, vi har på dig. Det er som regel den, der står i CPR-registret.',
    doubt:
      'Vi siger ikke her, om bruger-ID og nøgle var rigtige. Ellers kunne fremmede bruge siden til at gætte.',
    sure: 'Sådan bliver du sikker',
    list: [
      'Vent på vores besked. Den kommer på e-mail om få minutter. Har vi ikke din e-mail, kommer den med brev.',
      'Brevet med adgangskoden er hos dig om en til to uger. Er der allerede et på vej, sender vi ikke et til.',
      'Behold nøglekortet. Du skal bruge en nøgle fra det sammen med brevet.',
      'Den gamle adgangskode virker, til du har valgt en ny.',
    ],
    never: 'Kommer brevet ikke?',
    neverWhy:
      'Så var bruger-ID eller nøgle forkert, eller også kan vi ikke sende brevet. Det kan vi ikke, hvis dit ID eller kort er spærret, hvis du er under 15 år, hvis vi ikke har din adresse, eller hvis du har fået flere breve den sidste måned.',
    desk: 'Gå til Borgerservice, og tag gyldig legitimation med. Så får du hjælp dér. Er du under 15 år, skal din forælder eller værge være med.',
    activate: 'Jeg har fået brevet',
    again: 'Skrev du måske forkert? Prøv igen',
  },
};

export type NewPasswordTexts = typeof newPasswordDa;
