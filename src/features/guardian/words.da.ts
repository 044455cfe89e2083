/** Texts for people under 15, who get a second way to sign in with their guardian, in Danish. */
export const guardianDa = {
  securityKey:
    'Du er under 15 år. Derfor kan du ikke selv tilføje en sikkerhedsnøgle eller adgangsnøgle. Det sker hos Borgerservice, og din forælder eller værge skal være med.',
  askCodeToken: 'Vil du have en kodeviser?',
  codeToken:
    'Du er under 15 år. Derfor kan du ikke selv bestille en kodeviser. Du får den hos Borgerservice, og din forælder eller værge skal være med.',
  bring:
    'Tag gyldig legitimation med, begge to. Er det en anden voksen end den, der var med, da du fik dit ID, skal I også kunne vise, at den voksne er din forælder eller værge.',
  later: 'Fra den dag, du fylder 15, kan du gøre det selv.',
};
