/**
 * Splits a text that is too long for one cookie into up to three. The text is sealed as a whole before it is
 * split, so no part can be changed or taken from another text. Each part carries a random mark: a cookie of
 * the same name that a sibling domain planted has another mark and is not mixed in.
 */
export interface CookiePair {
  readonly name: string;
  readonly value: string;
}

const MAX_PARTS = 3;
/**
 * Bytes of name, equals sign and value. RFC 6265 asks browsers for 4,096 bytes including attributes; some
 * keep 4,093.
 */
const MAX_COOKIE_BYTES = 4_090;
/** Length of `3.`, the mark, and a dot. */
const PART_HEAD_LENGTH = 11;
const PART_HEAD = /^([23])\.([A-Za-z0-9_-]{8})\.(.*)$/;

/** The names of the cookies that a text of this name may be split into. */
export function listPartNames(name: string): string[] {
  return Array.from({ length: MAX_PARTS }, (_, i) => (i === 0 ? name : `${name}-${i + 1}`));
}

/**
 * @param text without a dot; a text that fits into one cookie is written unchanged
 * @param mark 8 random characters of base64url
 * @returns null when the text does not fit into three cookies
 */
export function splitIntoCookies(name: string, text: string, mark: string): CookiePair[] | null {
  if (name.length + 1 + text.length <= MAX_COOKIE_BYTES) return [{ name, value: text }];
  const names = listPartNames(name);
  const room = MAX_COOKIE_BYTES - (names.at(-1) ?? name).length - 1 - PART_HEAD_LENGTH;
  const count = Math.ceil(text.length / room);
  if (count > MAX_PARTS) return null;
  return names.slice(0, count).map((part, i) => {
    return { name: part, value: `${count}.${mark}.${text.slice(i * room, (i + 1) * room)}` };
  });
}

/** @returns all complete texts of this name, in the order of their first parts */
export function joinCookies(name: string, cookies: readonly CookiePair[]): string[] {
  const names = listPartNames(name);
  const valuesOf = (part: string) => cookies.filter((one) => one.name === part).map(({ value }) => value);
  return valuesOf(name).flatMap((first) => {
    const [, count, mark] = PART_HEAD.exec(first) ?? [];
    if (count === undefined) return [first];
    const head = `${count}.${mark}.`;
    const parts = names
      .slice(0, Number(count))
      .map((part, i) => (i === 0 ? first : valuesOf(part).find((value) => value.startsWith(head))));
    return parts.includes(undefined) ? [] : [parts.map((part) => part?.slice(head.length)).join('')];
  });
}

/** Parses a `Cookie` header. Two cookies of one name are both returned. */
export function readCookieHeader(header: string): CookiePair[] {
  return header.split(';').flatMap((pair) => {
    const [, name, value = ''] = /^\s*([^=\s]+)=([^\s]*)\s*$/.exec(pair) ?? [];
    return name === undefined ? [] : [{ name, value }];
  });
}
