/** Countries by the name that people and registers write, and by the name that stands on a letter. */
import type { Language } from '../person.ts';

/** ISO 3166-1, and Kosovo by the code that is used for it. */
const CODES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC ' +
  'CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD ' +
  'GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH ' +
  'KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW ' +
  'MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC ' +
  'SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY ' +
  'UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';

/** Danish and English first: where two languages mean two countries by one word, theirs counts. */
const LANGUAGES = [
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

const ALSO: Readonly<Record<string, string>> = {
  uk: 'GB',
  greatbritain: 'GB',
  storbritannien: 'GB',
  england: 'GB',
  scotland: 'GB',
  skotland: 'GB',
  wales: 'GB',
  nordirland: 'GB',
  northernireland: 'GB',
  usa: 'US',
  unitedstatesofamerica: 'US',
  holland: 'NL',
  denmark: 'DK',
  faroerne: 'FO',
  faeroerne: 'FO',
  faeroeerne: 'FO',
  czechrepublic: 'CZ',
  turkey: 'TR',
  turkiye: 'TR',
};

let byName: ReadonlyMap<string, string> | null = null;

/** @param text a name in any of these languages, or a code. @returns the code, or null. */
export function findCountry(text: string): string | null {
  byName ??= readNames();
  return byName.get(fold(text)) ?? null;
}

/** Read when the first country is named: most addresses name none. */
function readNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const codes = CODES.split(' ');
  for (const code of codes) names.set(code.toLowerCase(), code);
  for (const [name, code] of Object.entries(ALSO)) names.set(name, code);
  for (const language of LANGUAGES) {
    const write = new Intl.DisplayNames(language, { type: 'region' });
    for (const code of codes) {
      const name = fold(write.of(code) ?? '');
      if (name !== '' && !names.has(name)) names.set(name, code);
    }
  }
  return names;
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/^(de|den|the|die|les) /, '')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replace(/[^\p{L}]/gu, '');
}

export function writeCountry(code: string, language: Language): string {
  return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
}
