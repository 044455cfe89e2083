/** Names as they are compared: what differs by case, accent, hyphen or space alone is the same name. */

/**
 * Small letters without accents, one space between words. Æ, ø and ß are spelled out: they have no accent to lose; å and
 * aa, ø and oe are the same letter in Danish names.
 */
export function foldPersonName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .replaceAll('aa', 'a')
    .replaceAll('oe', 'o')
    .replace(/['’`.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Middle names may be left out; the first and the last may not, and nothing may be added or change its place. */
export function isSameName(typed: string, registered: string): boolean {
  const words = foldPersonName(typed).split(' ');
  const all = foldPersonName(registered).split(' ');
  if (words.length < 2 || words[0] !== all[0] || words.at(-1) !== all.at(-1)) return false;
  const between = all.slice(1, -1);
  let at = 0;
  for (const word of words.slice(1, -1)) {
    const found = between.indexOf(word, at);
    if (found === -1) return false;
    at = found + 1;
  }
  return all.length > 1;
}

/** First and last word, in the order of the alphabet: what a name is known again by, whichever way round it is given. */
export function likenessOfName(name: string): string {
  const words = foldPersonName(name).split(' ');
  return [words[0] ?? '', words.at(-1) ?? ''].sort().join(' ');
}

/** The last word is the family name; for names that come whole. */
export function splitName(name: string): { givenName: string; familyName: string } {
  const words = name.normalize('NFC').trim().split(/\s+/);
  return { givenName: words.slice(0, -1).join(' '), familyName: words.at(-1) ?? '' };
}
