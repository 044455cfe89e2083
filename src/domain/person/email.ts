/**
 * What an e-mail address looks like, read alike in every form and in the population register; whether it
 * arrives is seen later. Names and domains may have letters of any script (RFC 6531, RFC 5890), as mail is
 * sent to them (platform/outbound/mail.ts). Quoted names, comments and addresses of hosts by number are left out:
 * nobody has them.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

/** Octets: RFC 5321, 4.5.3.1.1; and 4.5.3.1.3, less the angle brackets. */
const MAX_LOCAL_PART_OCTETS = 64;
const MAX_ADDRESS_OCTETS = 254;

/** RFC 5322, 3.2.3, with letters of any script; a mark that nobody sees could make it another mailbox. */
const ATOM = String.raw`[\p{L}\p{M}\p{N}!#$%&'*+/=?^_\x60{|}~-]+`;
const LOCAL_PART = new RegExp(String.raw`^${ATOM}(\.${ATOM})*$`, 'u');
const INVISIBLE_SIGNS = /\p{Default_Ignorable_Code_Point}/u;
const DOMAIN_SIGNS = /^[\p{L}\p{M}\p{N}.\u3002-]+$/u;
const DOMAIN_LABELS = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])$/;

/** What comes along at the ends when an address is copied. */
const SURROUNDING_SPACE = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/**
 * The address as it is kept: its name as typed, its domain in small letters that people can read. Null when
 * it is none. As it is sent, the domain may be longer: that is what the limits are held against.
 */
export function parseEmail(typed: string): string | null {
  const text = typed.replace(SURROUNDING_SPACE, '').normalize('NFC').replace('\uFF20', '@');
  const at = text.lastIndexOf('@');
  const [name, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (at < 1 || !LOCAL_PART.test(name) || INVISIBLE_SIGNS.test(name) || !DOMAIN_SIGNS.test(domain))
    return null;
  const sent = domainToASCII(domain);
  if (!DOMAIN_LABELS.test(sent)) return null;
  const octets = Buffer.byteLength(name);
  if (octets > MAX_LOCAL_PART_OCTETS || octets + 1 + sent.length > MAX_ADDRESS_OCTETS) return null;
  return `${name}@${domainToUnicode(sent)}`;
}

/**
 * The address in signs that a letter can print and a reader can tell apart: what is not Latin is spelled out, for it may
 * look like the reader's own. A domain is written as it is sent.
 */
export function spellEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const name = email.slice(0, at).replace(/[^\x21-\x7e\u00c0-\u017f]/gu, (sign) => {
    return `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  const domain = email.slice(at + 1);
  return `${name}@${/^[\x21-\x7e\u00c0-\u017f]+$/.test(domain) ? domain : domainToASCII(domain)}`;
}
