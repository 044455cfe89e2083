/** Addresses as people and registers write them, and as letters print them. */
import { describe, expect, test } from '@jest/globals';
import { composePostalLines, readAddress, writeAddress } from './postalAddress.ts';

const at = (postcode: string, city: string, country = '') =>
  readAddress({ street: 'Gade 1', postcode, city, country });

/** The lines of the letter below name and street. */
function lines(postcode: string, city: string, country = ''): string[] | string {
  const address = at(postcode, city, country);
  if (address === null || typeof address === 'string') return String(address);
  return composePostalLines(address).slice(1);
}

describe('an address in Denmark, in the Faroe Islands or in Greenland', () => {
  test.each([
    ['8900', 'Randers C', '', ['8900 Randers C']],
    ['DK-8900', 'Randers C', '', ['8900 Randers C']],
    ['DK 8900', 'Randers C', 'Danmark', ['8900 Randers C']],
    ['89 00', 'Randers C', 'dk', ['8900 Randers C']],
    ['٨٩٠٠', 'Randers C', '', ['8900 Randers C']],
    ['800', 'Høje Taastrup', '', ['0800 Høje Taastrup']],
    ['0800', 'Høje Taastrup', '', ['0800 Høje Taastrup']],
    ['900', 'København C', '', ['0900 København C']],
    ['555', 'Scanning', 'Danmark', ['0555 Scanning']],
    ['100', 'Tórshavn', '', ['FO-100 Tórshavn', 'FÆRØERNE']],
    ['FO-100', 'Tórshavn', '', ['FO-100 Tórshavn', 'FÆRØERNE']],
    ['fo 100', 'Tórshavn', 'Danmark', ['FO-100 Tórshavn', 'FÆRØERNE']],
    ['800', 'Tvøroyri', '', ['FO-800 Tvøroyri', 'FÆRØERNE']],
    ['800', 'Trongisvágur', 'Færøerne', ['FO-800 Trongisvágur', 'FÆRØERNE']],
    ['900', 'Vágur', '', ['FO-900 Vágur', 'FÆRØERNE']],
    ['3900', 'Nuuk', '', ['3900 Nuuk', 'GRØNLAND']],
    ['GL-3911', 'Sisimiut', 'Greenland', ['3911 Sisimiut', 'GRØNLAND']],
    ['890', 'Randers C', '', 'bad_postcode'],
    ['890', 'Randers C', 'Danmark', 'bad_postcode'],
    ['89', 'Randers C', '', 'bad_postcode'],
    ['89000', 'Randers C', '', 'bad_postcode'],
    ['8900', 'Nuuk', 'Grønland', 'bad_postcode'],
    ['1000', 'Tórshavn', 'Færøerne', 'bad_postcode'],
    ['8900', '', '', 'incomplete'],
    ['', 'Randers C', '', 'incomplete'],
  ])('%s %s %s', (postcode, city, country, expected) => {
    expect(lines(postcode, city, country)).toEqual(expected);
  });

  test('of an earlier version has no country, and is printed as the parser reads it today', () => {
    expect(composePostalLines({ street: 'Gade 1', postcode: '8900', city: 'Randers C' })).toEqual([
      'Gade 1',
      '8900 Randers C',
    ]);
    expect(composePostalLines({ street: 'Gade 1', postcode: '3900', city: 'Nuuk' }).at(-1)).toBe('GRØNLAND');
  });
});

describe('an address abroad', () => {
  test.each([
    ['10115', 'Berlin', 'Tyskland', ['10115 Berlin', 'GERMANY']],
    ['10115', 'Berlin', 'de', ['10115 Berlin', 'GERMANY']],
    ['123 45', 'Lund', 'Sverige', ['123 45 Lund', 'SWEDEN']],
    ['SE-123 45', 'Lund', '', ['SE-123 45 Lund', 'SWEDEN']],
    ['0150', 'Oslo', 'Norge', ['0150 Oslo', 'NORWAY']],
    ['sw1a 1aa', 'London', 'UK', ['London', 'SW1A 1AA', 'UNITED KINGDOM']],
    ['D02 AF30', 'Dublin', 'Irland', ['Dublin', 'D02 AF30', 'IRELAND']],
    ['1234 AB', 'Utrecht', 'Holland', ['1234 AB Utrecht', 'NETHERLANDS']],
    ['20500', 'Washington DC', 'U.S.A.', ['Washington DC 20500', 'UNITED STATES']],
    ['', 'Dubai', 'Forenede Arabiske Emirater', ['Dubai', 'UNITED ARAB EMIRATES']],
    ['101', 'Reykjavík', 'Ísland', ['101 Reykjavík', 'ICELAND']],
    ['10115', 'Berlin', 'Atlantis', 'unknown_country'],
    ['10115', 'Berlin', '', 'bad_postcode'],
    ['SW1A 1AA', 'London', '', 'bad_postcode'],
    ['#', 'Berlin', 'Tyskland', 'bad_postcode'],
    ['10115', '', 'Tyskland', 'incomplete'],
  ])('%s %s %s', (postcode, city, country, expected) => {
    expect(lines(postcode, city, country)).toEqual(expected);
  });

  test.each([
    ['HK', 'HONG KONG', ['Hong Kong', 'Hongkong', 'Hong Kong SAR China']],
    ['MO', 'MACAO', ['Macau', 'Macao']],
    ['BY', 'BELARUS', ['Hviderusland', 'Republikken Belarus']],
    ['MK', 'NORTH MACEDONIA', ['Makedonien', 'Nordmakedonien', 'Republic of Macedonia']],
    ['BA', 'BOSNIA AND HERZEGOVINA', ['Bosnien', 'Bosnia', 'Bosnien & Hercegovina']],
    ['CI', 'CÔTE D’IVOIRE', ['Ivory Coast', 'Elfenbenskysten', "Cote d'Ivoire"]],
    ['MM', 'MYANMAR', ['Burma', 'Myanmar', 'Myanmar (Burma)']],
    ['PS', 'PALESTINE', ['Palæstina', 'Palestine', 'State of Palestine']],
    ['US', 'UNITED STATES', ['Amerikas Forenede Stater', 'De Forenede Stater', 'USA', 'The United States']],
    [
      'GB',
      'UNITED KINGDOM',
      ['UK', 'England', 'Scotland', 'Wales', 'Northern Ireland', 'Det Forenede Kongerige'],
    ],
    ['IE', 'IRELAND', ['Republic of Ireland', 'Republikken Irland', 'Eire']],
    [
      'CD',
      'DEMOCRATIC REPUBLIC OF THE CONGO',
      ['Den Demokratiske Republik Congo', 'DR Congo', 'DRC', 'Congo, Democratic Republic of the'],
    ],
    ['CG', 'CONGO', ['Congo', 'Republic of the Congo', 'Congo-Brazzaville']],
    ['CV', 'CAPE VERDE', ['Kapverdiske Øer', 'De Kapverdiske Øer', 'Kap Verde', 'Cabo Verde']],
    ['VA', 'VATICAN CITY', ['Vatikanet', 'Holy See']],
    ['SZ', 'ESWATINI', ['Swaziland']],
    ['AE', 'UNITED ARAB EMIRATES', ['UAE', 'Emiraterne', 'De Forenede Arabiske Emirater']],
    ['KR', 'SOUTH KOREA', ['Korea', 'Republic of Korea', 'Korea (Republic of)', 'Sydkorea']],
    ['KP', 'NORTH KOREA', ["Democratic People's Republic of Korea", 'Nordkorea']],
    ['TW', 'TAIWAN', ['Republic of China', 'Taiwan, Province of China']],
    ['CZ', 'CZECHIA', ['Tjekkiet', 'Den Tjekkiske Republik', 'Czech Republic']],
    ['TR', 'TÜRKIYE', ['Tyrkiet', 'Turkey']],
    ['RU', 'RUSSIA', ['Rusland', 'Russian Federation', 'Den Russiske Føderation']],
    ['IR', 'IRAN', ['Iran (Islamic Republic of)', 'Islamic Republic of Iran']],
    ['LC', 'SAINT LUCIA', ['St. Lucia', 'Saint Lucia', 'Sankt Lucia']],
    ['VN', 'VIETNAM', ['Viet Nam']],
  ])('in %s has the country line %s for each of its names', (code, onLetter, names) => {
    expect(names.filter((name) => !isFound(name, code, onLetter))).toEqual([]);
  });

  function isFound(name: string, code: string, onLetter: string): boolean {
    const address = at('12345', 'Town', name);
    if (address === null || typeof address === 'string') return false;
    return address.country === code && composePostalLines(address).at(-1) === onLetter;
  }

  test('shows its country in the language of the page', () => {
    const address = { street: 'Allee 1', postcode: '10115', city: 'Berlin', country: 'DE' };
    expect(writeAddress(address, 'da')).toBe('Allee 1, 10115 Berlin, Tyskland');
    expect(writeAddress(address, 'en')).toBe('Allee 1, 10115 Berlin, Germany');
  });

  test('is absent when only a country is given', () => {
    expect(readAddress({ street: '', postcode: '', city: '', country: 'Tyskland' })).toBeNull();
  });
});
