/** What helps a person who does not recognise a line of their log, in Danish. */
import type { Concern, Remedy } from './concern.rules.ts';

interface RemedyWords {
  /** What it does. */
  readonly means: string;
  /** The link to the page where it is done; null where there is none. */
  readonly link: string | null;
}

export const concernsDa = {
  ask: 'Var det ikke dig?',
  askOther: 'Er det forkert?',
  aboutLine: (line: string) => `Om linjen: ${line}`,
  title: 'Var det ikke dig?',
  titleOther: 'Er det forkert?',
  theLine: 'Det står der',
  helps: 'Det kan du gøre',
  back: 'Tilbage til Hvad er der sket?',
  isHere: 'Det er samme slags computer eller telefon som den, du bruger nu.',
  sessionsLike: 'Her er der logget på lige nu fra samme sted:',
  means: {
    both: 'Så har en anden både din adgangskode og en nøgle fra dit kort.',
    password: 'Så kender en anden din adgangskode.',
    guess: 'Nogen kan have prøvet at gætte. Det gav dem ikke adgang.',
    session: 'Så har en anden brugt en computer eller telefon, hvor du er logget på.',
    change: 'Så er en anden logget på som dig og har nøgler fra dit kort.',
    email: 'Så prøver en anden at få vores beskeder til dig.',
    card: 'Så prøver en anden at få et nøglekort i dit navn.',
    security_key: 'Så prøver en anden at få sin egen vej ind til dit ID, eller at tage en fra dig.',
    browser: 'Så har en anden logget på som dig og sagt, at computeren er din.',
    access: 'Så har en anden brugt dit ID på den hjemmeside.',
    public_sites: 'Så har en anden ændret, hvor dit ID virker.',
    staff:
      'Vores medarbejdere må kun slå dig op, når de har en grund. Du kan altid spørge os, hvem det var, og hvorfor.',
    record: 'Det er noget, Nøgle selv gør, eller som kommer fra CPR-registret. Du kan spørge os om det.',
  } satisfies Record<Concern, string>,
  remedies: {
    block_card: {
      means: 'Spær dit kort. Så virker ingen af nøglerne mere.',
      link: 'Spær kortet',
    },
    block_id: {
      means: 'Spær hele dit ID. Så kan ingen logge på som dig, og alle bliver logget af.',
      link: 'Spær dit ID',
    },
    change_password: {
      means: 'Skift adgangskode. Så bliver alle andre logget af.',
      link: 'Skift adgangskode',
    },
    end_sessions: {
      means: 'Se, hvor du er logget på, og log af de steder, du ikke kender.',
      link: 'Se, hvor du er logget på',
    },
    remove_access: {
      means: 'Fjern hjemmesidens adgang. Så får den ikke mere at vide om dig.',
      link: 'Fjern adgangen',
    },
    stop_email: {
      means: 'Se, hvor vi skriver til dig. Du kan stoppe en ændring, der ikke gælder endnu.',
      link: 'Se din e-mail',
    },
    remove_browsers: {
      means: 'Fjern den computer eller telefon, du ikke kender.',
      link: 'Se dem, der er dine egne',
    },
    public_sites_off: {
      means: 'Vælg selv, om dit ID skal virke på offentlige hjemmesider.',
      link: 'Se, hvor dit ID virker',
    },
    stop_security_key: {
      means: 'Se, hvilke sikkerhedsnøgler og adgangsnøgler der er, og fjern dem, du ikke kender.',
      link: 'Se dine sikkerhedsnøgler',
    },
    see_card: {
      means: 'Se, om der er et kort på vej, og hvornår det kommer.',
      link: 'Se dine nøglekort',
    },
    phone: {
      means: 'Er du i tvivl, så ring eller skriv til Nøgles hotline. Fortæl, hvad der står i linjen.',
      link: null,
    },
  } satisfies Record<Remedy, RemedyWords>,
};
