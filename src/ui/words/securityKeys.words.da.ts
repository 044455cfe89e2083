/** What every page says where a security key or a passkey is added, in Danish. */
export const securityKeysDa = {
  /** Which of the two it is, by whether it may be on several devices. */
  kinds: { passkey: 'Adgangsnøgle', securityKey: 'Sikkerhedsnøgle' },
  missing:
    'Det kræver en browser, der kan bruge adgangsnøgler, og som må køre JavaScript. Det kan denne browser ikke lige nu. Du kan altid logge på med dit nøglekort.',
  name: 'Navn',
  nameHint: 'For eksempel »Min telefon« eller »Den på nøgleringen«.',
  nameFault: { empty: 'Skriv et navn.', too_long: 'Navnet er for langt. Skriv højst 60 tegn.' },
  start: 'Fortsæt',
  /** What the browser reports. */
  browserFaults: {
    NotAllowedError: 'Det blev afbrudt, eller der gik for lang tid. Intet er tilføjet. Prøv igen.',
    InvalidStateError: 'Den er tilføjet i forvejen. Brug en anden, eller gå tilbage.',
    NotSupportedError: 'Den kan ikke bruges hos Nøgle. Brug en anden.',
    SecurityError: 'Browseren tillader det ikke på denne adresse. Tjek, at du er på Nøgles egen side.',
    other: 'Det lykkedes ikke. Intet er tilføjet. Prøv igen.',
  },
  /** What the server refuses. */
  faults: {
    expired: 'Siden var åben for længe. Intet er tilføjet. Prøv igen.',
    failed: 'Vi kunne ikke bruge svaret fra din browser. Intet er tilføjet. Prøv igen.',
    unverified:
      'Den spurgte ikke om en pinkode, et fingeraftryk eller dit ansigt. Det skal den kunne. Slå det til på den, eller brug en anden.',
    known: 'Den kan ikke tilføjes. Brug en anden.',
    not_listed: 'Den model kan ikke bruges hos Nøgle. Brug en anden.',
    too_many: 'Du har 10, og flere kan du ikke have. Fjern en først.',
  },
};
