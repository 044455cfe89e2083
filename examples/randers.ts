/** A demo self-service of Randers Kommune: a relying party of kind `public` that asks for the CPR number. */
import {
  can,
  createSite,
  escape,
  textOf,
  type Claims,
  type Language,
  type Site,
  type SiteSettings,
} from './site.ts';

const WORDS = {
  da: {
    title: 'Selvbetjening for borgere',
    can: ['Meld flytning', 'Skriv dit barn op til dagpleje og vuggestue'],
    lead: 'Du logger på med dit bruger-ID, din adgangskode og en nøgle fra dit nøglekort.',
    move: 'Meld flytning',
    cpr: (cpr: string) => `Flytningen gælder CPR-nummer ${cpr}.`,
    noCpr: 'Vi har ikke fået dit CPR-nummer fra Nøgle. Vi skriver til dig, før flytningen gælder.',
    address: 'Ny adresse',
    date: 'Flyttedato',
    send: 'Meld flytning',
    moved: (address: string) => `Tak. Din flytning til ${address} er meldt.`,
    missing: 'Skriv både adresse og dato.',
    care: 'Dagpleje og vuggestue',
    places: ['Dagplejen i Vorup', 'Vuggestuen Fritidsvej', 'Børnehuset Gudenåen'],
    wait: ['2 uger', '5 uger', '3 måneder'],
    choose: 'Skriv op',
    listed: (place: string) => `Dit barn er skrevet op til ${place}.`,
  },
  en: {
    title: 'Self-service for citizens',
    can: ['Report a move', 'Put your child on the list for day care and nurseries'],
    lead: 'You sign in with your user ID, your password and a key from your key card.',
    move: 'Report a move',
    cpr: (cpr: string) => `The move is for CPR number ${cpr}.`,
    noCpr: 'Nøgle did not give us your CPR number. We will write to you before the move takes effect.',
    address: 'New address',
    date: 'Date of the move',
    send: 'Report the move',
    moved: (address: string) => `Thank you. Your move to ${address} is reported.`,
    missing: 'Enter both address and date.',
    care: 'Day care and nurseries',
    places: ['Day care in Vorup', 'The nursery Fritidsvej', "The children's house Gudenåen"],
    wait: ['2 weeks', '5 weeks', '3 months'],
    choose: 'Put on the list',
    listed: (place: string) => `Your child is on the list for ${place}.`,
  },
};

const randers: Site = {
  cookie: 'demo-randers',
  scope: 'openid profile ssn',
  name: { da: 'Randers Kommune – selvbetjening', en: 'Randers Kommune – self-service' },
  styles: ':root{--brand:#7a1f2b}',
  welcome: (language) => {
    const { title, lead } = WORDS[language];
    return `<h1>${title}</h1>${can(WORDS[language].can)}<p class="lead">${lead}</p>`;
  },
  home: (language, person, notice) => `${notice}${move(language, person)}${care(language)}`,
  act: (language, form) => {
    const words = WORDS[language];
    const place = words.places[Number(form.get('place'))];
    if (form.has('place') && place) return words.listed(place);
    const [address, date] = [form.get('address')?.trim(), form.get('date')?.trim()];
    return address && date ? words.moved(address) : words.missing;
  },
};

function move(language: Language, person: Claims): string {
  const words = WORDS[language];
  return `<section><h2>${words.move}</h2><p>${escape(person['dk.cpr'] === undefined ? words.noCpr : words.cpr(cprOf(person)))}</p>
    <form method="post" action="/"><label for="address">${words.address}</label>
    <input id="address" name="address" autocomplete="street-address" required>
    <label for="date">${words.date}</label><input id="date" name="date" type="date" required>
    <div><button>${words.send}</button></div></form></section>`;
}

function cprOf(person: Claims): string {
  const cpr = textOf(person, 'dk.cpr');
  return `${cpr.slice(0, 6)}-${cpr.slice(6)}`;
}

function care(language: Language): string {
  const words = WORDS[language];
  const rows = words.places.map(
    (
      place,
      i,
    ) => `<tr><th scope="row">${escape(place)}</th><td class="wait">${words.wait[i]}</td><td class="amount">
      <form method="post" action="/"><button name="place" value="${i}" aria-label="${words.choose}: ${escape(place)}">${words.choose}</button></form></td></tr>`,
  );
  return `<section><h2>${words.care}</h2><table>${rows.join('')}</table></section>`;
}

export const createRanders = (settings: SiteSettings) => createSite(randers, settings);
