/**
 * Recognises countries by the names that people and registers write, and gives the names that letters and
 * pages show.
 */
import type { Language } from './person.ts';

/** The ISO 3166-1 codes, and XK, the user-assigned code for Kosovo. */
const COUNTRY_CODES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC ' +
  'CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD ' +
  'GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH ' +
  'KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW ' +
  'MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC ' +
  'SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY ' +
  'UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';

/**
 * The languages of recognised names. Danish and English come first: a word that names different countries in
 * two languages is read in the earlier language.
 */
const READ_LANGUAGES = [
  'da',
  'en',
  'de',
  'fr',
  'nb',
  'sv',
  'is',
  'fo',
  'kl',
  'fi',
  'nl',
  'pl',
  'es',
  'it',
  'pt',
  'ro',
  'tr',
];

/** Other names that people, files and the United Nations write. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  AE: 'UAE, Emiraterne, Emirates, Forenede Emirater',
  BA: 'Bosnien, Bosnia',
  BN: 'Brunei Darussalam',
  BO: 'Plurinational State of Bolivia',
  BY: 'Hviderusland, White Russia',
  CD: 'Demokratiske Republik Congo, Democratic Republic of the Congo, Democratic Republic of Congo, Congo Democratic \
Republic of the, DR Congo, DRC, Zaire, Congo Kinshasa',
  CG: 'Congo, Congo Republic',
  CI: 'Ivory Coast, Elfenbenskysten',
  CN: "People's Republic of China, Folkerepublikken Kina",
  CV: 'Kapverdiske Øer, Kap Verde, Cabo Verde, Cape Verde',
  CZ: 'Czech Republic, Tjekkiske Republik, Czechia',
  DK: 'Denmark',
  FO: 'Faroerne, Faeroerne, Faeroeerne',
  GB: 'UK, Great Britain, Storbritannien, England, Scotland, Skotland, Wales, Nordirland, Northern Ireland, \
Forenede Kongerige, United Kingdom of Great Britain and Northern Ireland',
  HK: 'Hong Kong SAR',
  IE: 'Eire',
  KP: "Democratic People's Republic of Korea, Korea Democratic People's Republic of, DPRK, Korea North",
  KR: 'Korea, Korea South',
  LA: "Lao People's Democratic Republic",
  LC: 'Sankt Lucia, Saint Lucia',
  MK: 'Makedonien, Macedonia, FYROM',
  MM: 'Burma, Myanmar',
  MO: 'Macau, Macao SAR, Macau SAR',
  NL: 'Holland',
  PS: 'Palæstina, Palestine',
  RU: 'Russian Federation, Russiske Føderation',
  SY: 'Syrian Arab Republic',
  SZ: 'Swaziland',
  TL: 'Østtimor, East Timor',
  TR: 'Turkey, Türkiye',
  TW: 'Republic of China, Republikken Kina, Taiwan Province of China',
  TZ: 'United Republic of Tanzania',
  US: 'USA, United States of America, Amerikas Forenede Stater, Forenede Stater, Forenede Stater af Amerika, America, Amerika',
  VA: 'Vatikanet, Holy See, Vatican, Vatikan',
};

/**
 * Names of the Universal Postal Union, where the English display name says more than a sorting office needs.
 */
const POSTAL_NAMES: Readonly<Record<string, string>> = {
  CD: 'Democratic Republic of the Congo',
  CG: 'Congo',
  HK: 'Hong Kong',
  MM: 'Myanmar',
  MO: 'Macao',
  PS: 'Palestine',
};

const STATE_FORM_WORDS =
  /^(state of|(federal |islamic |arab )?republic of|(islamiske )?republikken|kingdom of|kongeriget) /;

/** Loaded at the first use: most addresses name no country. */
class CountryNames {
  #byName: ReadonlyMap<string, string> | null = null;

  find(folded: string): string | undefined {
    this.#byName ??= readCountryNames();
    return this.#byName.get(folded);
  }
}

const NAMES = new CountryNames();

/**
 * @param text a name in one of these languages, or a code
 * @returns the ISO 3166-1 code, or null
 */
export function findCountry(text: string): string | null {
  // `Iran (Islamic Republic of)`, `Republikken Irland`: the bare name, when the whole text is unknown.
  const [first = ''] = text.split(/[(,]/);
  const bare = dropArticle(first).replace(STATE_FORM_WORDS, '');
  for (const name of [foldCountryName(text), foldCountryName(first), foldCountryName(bare)]) {
    const code = NAMES.find(name);
    if (code !== undefined) return code;
  }
  return null;
}

function readCountryNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const codes = COUNTRY_CODES.split(' ');
  for (const code of codes) names.set(code.toLowerCase(), code);
  for (const [code, also] of Object.entries(OTHER_NAMES)) {
    for (const name of also.split(', ')) names.set(foldCountryName(name), code);
  }
  for (const style of ['long', 'short'] as const) {
    for (const language of READ_LANGUAGES)
      addCountryNames(names, new Intl.DisplayNames(language, { type: 'region', style }));
  }
  return names;
}

function addCountryNames(names: Map<string, string>, displayNames: Intl.DisplayNames): void {
  for (const code of COUNTRY_CODES.split(' ')) {
    const name = foldCountryName(displayNames.of(code) ?? '');
    if (name !== '' && !names.has(name)) names.set(name, code);
  }
}

/** In lower case, without a leading article. */
function dropArticle(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .trim()
    .replace(/^(de|den|det|the|die|les) /, '');
}

function foldCountryName(text: string): string {
  return dropArticle(text)
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replace(/[-&\s](og|and)[-\s]|&/g, '')
    .replace(/\b(saint|sankt|st\.) /g, 'st')
    .replace(/[^\p{L}]/gu, '');
}

export function writeCountry(code: string, language: Language): string {
  return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
}

/** The English name on a letter, before it is converted to capitals. */
export function writeCountryOnLetter(code: string): string {
  return (
    POSTAL_NAMES[code] ??
    writeCountry(code, 'en')
      .replace(/^St\. /, 'Saint ')
      .replace(' & ', ' and ')
  );
}
