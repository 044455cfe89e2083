/** What went wrong, why, and what to do: for pages shown in place of another. */
export const errorsDa = {
  expired: {
    title: 'Du skal begynde forfra',
    why: 'Der gik for lang tid, eller du er allerede færdig her. Det kan også være, at siden er åbnet i en anden browser.',
    next: 'Gå tilbage til det sted, hvor du ville logge på, og begynd forfra der.',
  },
  answered: {
    title: 'Siden kan ikke bruges igen',
    why: 'Du er gået videre herfra, måske i et andet vindue eller et andet sted. Man kan kun logge på én gang med den samme side.',
    next: 'Er du ikke kommet videre, så gå tilbage til det sted, hvor du ville logge på, og begynd forfra der.',
  },
  bad_form: {
    title: 'Vi kunne ikke læse det, du sendte',
    why: 'Formularen var ikke, som vi sendte den til dig. Det tæller ikke som et forsøg.',
    next: 'Gå tilbage, og prøv igen.',
  },
  too_large: {
    title: 'Det, du sendte, er for stort',
    why: 'Der stod mere i formularen, end der må stå. Det tæller ikke som et forsøg.',
    next: 'Gå tilbage, og prøv igen.',
  },
  busy: {
    title: 'Der er travlt lige nu',
    why: 'Vi nåede ikke at se på dit svar. Det tæller ikke som et forsøg.',
    next: 'Vent et øjeblik, og prøv igen.',
  },
  slowed: {
    title: 'Vent et øjeblik, og prøv igen',
    why: 'Der er skrevet forkert mange gange fra det netværk, du er på, eller med det bruger-ID. Det behøver ikke at være dig, der har gjort det.',
    next: 'Vent lidt, og prøv igen. Det tæller ikke som et forsøg. Haster det med at spærre, så ring til Nøgles hotline.',
  },
  unavailable: {
    title: 'Nøgle er ude af drift et øjeblik',
    why: 'Der er en teknisk fejl hos os. Du har ikke gjort noget forkert.',
    next: 'Vent et minut, og prøv igen.',
  },
  failed: {
    title: 'Der gik noget galt hos os',
    why: 'Du har ikke gjort noget forkert. Vi har noteret fejlen.',
    next: 'Vent et øjeblik, og prøv igen.',
  },
  mismatch: {
    title: 'Vi kan ikke gå videre lige nu',
    why: 'Noget i vores oplysninger stemmer ikke, og så lukker vi ingen ind. Fejlen er vores, ikke din, og vi har fået besked.',
    next: 'Ring til Nøgles hotline, så hjælper vi dig. Du kan roligt lukke siden.',
  },
  bad_request: {
    title: 'Vi kan ikke logge dig på herfra',
    why: 'Den side, du kom fra, bad om noget, vi ikke kan give. Fejlen er deres, ikke din.',
    next: 'Gå tilbage til siden, og prøv igen. Hjælper det ikke, så skriv til dem, der står bag siden.',
  },
  not_found: {
    title: 'Siden findes ikke',
    why: 'Der er måske en fejl i adressen, eller også er siden væk.',
    next: 'Gå tilbage, eller gå til vores forside.',
  },
  wrong_method: {
    title: 'Sådan kan siden ikke bruges',
    why: 'Siden findes, men den kan ikke gøre det, der blev bedt om.',
    next: 'Gå tilbage, og prøv igen derfra.',
  },
  wrong_host: {
    title: 'Det her er ikke Nøgles adresse',
    why: 'Adressen i din browser er ikke vores.',
    next: 'Skriv ikke din adgangskode her. Gå til det sted, hvor du ville logge på, og begynd forfra.',
  },
};

export const wrongHostDa = {
  right: 'Gå til den rigtige adresse',
  links: { help: 'Hjælp', block: 'Spær kort eller ID med det samme' },
};

/** On every error page: the ways on, and the number of the error. */
export const errorPartsDa = {
  tryAgain: 'Prøv igen',
  ways: {
    home: 'Til forsiden',
    services: 'Find det sted, hvor du vil logge på',
    selfService: 'Til selvbetjening',
    desk: 'Til skranken',
    order: 'Begynd forfra på bestillingen',
    activate: 'Begynd forfra med at tage ID’et i brug',
    block: 'Spær kort eller ID',
    newPassword: 'Få en ny adgangskode',
    session: 'Se, hvor du er logget på',
    help: 'Til hjælp',
  },
  phone: 'Bliver det ved, så ring til Nøgles hotline på',
  number: 'Oplys dette nummer:',
};

/**
 * The request had larger headers than the server reads; usually because of cookies of a site on the same
 * domain.
 */
export const headersTooLargeDa = {
  title: 'Din browser sendte for meget med',
  why: 'Der kom flere cookies eller en længere adresse med, end Nøgle kan tage imod. Du har ikke gjort noget forkert.',
  next: 'Slet cookies for denne adresse i browserens indstillinger, eller prøv i et privat vindue. Gå så tilbage til den side, du kom fra, og begynd forfra.',
};

/** The request did not arrive in time. */
export const tooSlowDa = {
  title: 'Det nåede ikke frem',
  why: 'Din forbindelse er langsom lige nu, så vi fik ikke det, du sendte. Det tæller ikke som et forsøg.',
  next: 'Gå tilbage, og send det igen. Hjælper det ikke, så prøv på et andet netværk.',
};

/** Shown above a form that was not processed. */
export const unprocessedDa = {
  busy: 'Der er travlt lige nu, så vi nåede ikke at se på det.',
  slowed: 'Der er skrevet forkert mange gange fra det netværk, du er på, så vi har ikke set på det endnu.',
  unavailable: 'Nøgle er ude af drift et øjeblik.',
  sendAgain: 'Det, du skrev, står her endnu. Vent et øjeblik, og send det igen.',
  passwordAgain:
    'Det, du skrev, står her endnu, men ikke adgangskoden. Vent et øjeblik, skriv den igen, og send.',
};

export type ErrorTexts = typeof errorsDa;
