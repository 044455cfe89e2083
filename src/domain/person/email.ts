/**
 * The syntax of e-mail addresses, the same in every form and in the population register; whether mail arrives
 * is checked later. Local parts and domains may have letters of any script (RFC 6531, RFC 5890), as mail is
 * sent to them (platform/outbound/mail.ts). Quoted local parts, comments and IP addresses as domains are
 * rejected: they do not occur in practice.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

/** Limits in octets: RFC 5321, 4.5.3.1.1; and 4.5.3.1.3 without the angle brackets. */
const MAX_LOCAL_PART_OCTETS = 64;
const MAX_ADDRESS_OCTETS = 254;

/**
 * RFC 5322, 3.2.3, with letters of any script. Invisible characters are rejected: one could make it another
 * mailbox.
 */
const ATOM = String.raw`[\p{L}\p{M}\p{N}!#$%&'*+/=?^_\x60{|}~-]+`;
const LOCAL_PART = new RegExp(String.raw`^${ATOM}(\.${ATOM})*$`, 'u');
const INVISIBLE_CHARACTERS = /\p{Default_Ignorable_Code_Point}/u;
const DOMAIN_CHARACTERS = /^[\p{L}\p{M}\p{N}.\u3002-]+$/u;
const DOMAIN_LABELS = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])$/;

/** Characters that are copied along at the ends of an address. */
const SURROUNDING_SPACE = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/**
 * Parses an address into its stored form: the local part as typed, the domain in lower case and in Unicode.
 * The limits apply to the domain as it is sent (punycode), which may be longer.
 * @returns null when it is not an address
 */
export function parseEmail(typed: string): string | null {
  const text = typed.replace(SURROUNDING_SPACE, '').normalize('NFC').replace('\uFF20', '@');
  const at = text.lastIndexOf('@');
  const [name, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (at < 1 || !LOCAL_PART.test(name) || INVISIBLE_CHARACTERS.test(name) || !DOMAIN_CHARACTERS.test(domain))
    return null;
  const sent = domainToASCII(domain);
  if (!DOMAIN_LABELS.test(sent)) return null;
  const octets = Buffer.byteLength(name);
  if (octets > MAX_LOCAL_PART_OCTETS || octets + 1 + sent.length > MAX_ADDRESS_OCTETS) return null;
  return `${name}@${domainToUnicode(sent)}`;
}

/**
 * Spells an address in characters that a letter can print and a reader can distinguish: non-Latin characters
 * are written as code points, because they may look like the reader's own. A non-Latin domain is written in
 * punycode.
 */
export function spellEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const name = email.slice(0, at).replace(/[^\x21-\x7e\u00c0-\u017f]/gu, (character) => {
    return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  const domain = email.slice(at + 1);
  return `${name}@${/^[\x21-\x7e\u00c0-\u017f]+$/.test(domain) ? domain : domainToASCII(domain)}`;
}
