/** A demo self-service of Randers Kommune: a relying party of kind `public`, which asks for the CPR number. */
import {
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
    lead: 'Meld flytning, og skriv dit barn op til dagpleje. Du logger på med dit bruger-ID, din adgangskode og en nøgle fra dit kort.',
    move: 'Meld flytning',
    cpr: (cpr: string) => `Flytningen gælder CPR-nummer ${cpr}.`,
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
    lead: 'Report a move, and put your child on the list for day care. You sign in with your user ID, your password and a key from your card.',
    move: 'Report a move',
    cpr: (cpr: string) => `The move is for CPR number ${cpr}.`,
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
  welcome: (language) => `<h1>${randers.name[language]}</h1><p class="lead">${WORDS[language].lead}</p>`,
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
  return `<section><h2>${words.move}</h2><p>${escape(words.cpr(textOf(person, 'dk.cpr')))}</p>
    <form method="post" action="/"><label for="address">${words.address}</label>
    <input id="address" name="address" autocomplete="street-address" required>
    <label for="date">${words.date}</label><input id="date" name="date" type="date" required>
    <div><button>${words.send}</button></div></form></section>`;
}

function care(language: Language): string {
  const words = WORDS[language];
  const rows = words.places.map(
    (place, i) => `<tr><th scope="row">${escape(place)}</th><td>${words.wait[i]}</td><td class="amount">
      <form method="post" action="/"><button name="place" value="${i}" aria-label="${words.choose}: ${escape(place)}">${words.choose}</button></form></td></tr>`,
  );
  return `<section><h2>${words.care}</h2><table>${rows.join('')}</table></section>`;
}

export const createRanders = (settings: SiteSettings) => createSite(randers, settings);
