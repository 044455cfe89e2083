/** The words of the sign-in and log-out of first-party clients. */
export const firstPartyDa = {
  notSignedIn: {
    title: 'Du blev ikke logget på',
    why: (name: string) =>
      `Du er ikke logget på ${name}. Måske afbrød du, måske gik der for lang tid, eller også er siden åbnet i en anden browser.`,
    again: 'Log på',
  },
  continue: {
    title: 'Du er logget på i forvejen',
    who: 'I denne browser er du logget på Nøgle som',
    why: 'Vil du gå videre? Til det vigtigste skal du stadig bruge en nøgle.',
    submit: (name: string) => `Gå videre til ${name}`,
    other: 'Er det ikke dig? Log af',
  },
  signedOut: {
    title: (name: string) => `Du er logget af ${name}`,
    stillSignedIn: 'Nogen er stadig logget på Nøgle i denne browser.',
    next: 'Luk browseren, hvis du deler computeren med andre.',
    elsewhere: 'På andre computere og telefoner kan du stadig være logget på.',
    seeWhere: 'Log på, og se hvor',
    again: 'Log på igen',
  },
};
