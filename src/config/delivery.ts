/** The part of the configuration on delivery (letters, mail) and on the rules. */
import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import { DEFAULT_RULES, rulesSchema, type Rules } from '../domain/rules.ts';
import { parseSender } from '../platform/outbound/mail.ts';
import { parsePrintKey } from '../platform/outbound/printKey.ts';
import { parseMailUrl } from '../platform/outbound/smtpMail.ts';

/** Letters sealed for a print house and mail by an SMTP server; in the sandbox both go to folders. */
export type DeliverySettings =
  | { readonly kind: 'folders'; readonly dataDir: string }
  | {
      readonly kind: 'sent';
      readonly printUrl: string;
      readonly cardKey: JWK;
      readonly passwordKey: JWK;
      readonly mailUrl: string;
      readonly mailFrom: string;
    };

type DeliveryEnvironment = Readonly<Record<string, string | undefined>>;

export function readDeliverySettings(env: DeliveryEnvironment, faults: string[]): DeliverySettings {
  const key = (name: string) => readPrintKey(env, name, faults);
  const cardKey = key('NOEGLE_PRINT_CARD_KEY_FILE');
  const passwordKey = key('NOEGLE_PRINT_PASSWORD_KEY_FILE');
  const isOne =
    cardKey.kty !== undefined && composeKeyThumbprint(cardKey) === composeKeyThumbprint(passwordKey);
  if (isOne) {
    faults.push(
      'NOEGLE_PRINT_CARD_KEY_FILE and NOEGLE_PRINT_PASSWORD_KEY_FILE hold one key: nobody may open both kinds of letter',
    );
  }
  return {
    kind: 'sent',
    printUrl: readPrintUrl(env['NOEGLE_PRINT_URL'], faults),
    cardKey,
    passwordKey,
    mailUrl: readCheckedSetting(env, 'NOEGLE_SMTP_URL', parseMailUrl, faults),
    mailFrom: readCheckedSetting(env, 'NOEGLE_MAIL_FROM', parseSender, faults),
  };
}

/** The default rules with the changes of the rules file. Faults are appended to `faults`. */
export function readRules(env: DeliveryEnvironment, faults: string[]): Rules {
  const file = env['NOEGLE_RULES_FILE'];
  if (!file) return DEFAULT_RULES;
  const text = readTextFile(file);
  if (typeof text === 'string') {
    faults.push(`NOEGLE_RULES_FILE: ${file} cannot be read: ${text}`);
    return DEFAULT_RULES;
  }
  let json: unknown;
  try {
    json = JSON.parse(text.content);
  } catch {
    faults.push('NOEGLE_RULES_FILE: not JSON');
    return DEFAULT_RULES;
  }
  const parsed = rulesSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    faults.push(`NOEGLE_RULES_FILE: ${path.join('.') || 'the file'}: ${message}`);
  }
  return DEFAULT_RULES;
}

function readPrintUrl(text: string | undefined, faults: string[]): string {
  const url = text ? URL.parse(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    faults.push('NOEGLE_PRINT_URL is required: where sealed letters are put, https://print.example/letters');
    return '';
  }
  return url.href;
}

function readPrintKey(env: DeliveryEnvironment, name: string, faults: string[]): JWK {
  const file = env[name];
  const text = file ? readTextFile(file) : 'it is not set';
  if (typeof text === 'string') {
    faults.push(`${name} is required (${text}): a public key of the print house, as a JWK in a file`);
    return {};
  }
  try {
    return parsePrintKey(text.content);
  } catch (error) {
    faults.push(`${name}: ${error instanceof Error ? error.message : 'it is no JWK'}`);
    return {};
  }
}

function composeKeyThumbprint({ x, y, n }: JWK): string {
  return JSON.stringify([x, y, n]);
}

function readCheckedSetting(
  env: DeliveryEnvironment,
  name: string,
  parse: (text: string) => unknown,
  faults: string[],
): string {
  const text = env[name];
  if (!text) {
    faults.push(
      `${name} is required: how notices are sent by e-mail; docs/how-to/running.md says what it looks like`,
    );
    return '';
  }
  try {
    parse(text);
  } catch (error) {
    faults.push(`${name}: ${error instanceof Error ? error.message : 'it is not right'}`);
  }
  return text;
}

/** @returns a string when the file cannot be read: why not */
function readTextFile(file: string): { readonly content: string } | string {
  try {
    return { content: readFileSync(file, 'utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `${file} is not there` : message;
  }
}

/** RFC 9116, 2.5.3: the contact is a URI. */
export function readSecurityContact(text: string | undefined, faults: string[]): string | null {
  if (text === undefined || text === '') return null;
  const isContact =
    /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+[0-9]{5,15})$/.test(text) && URL.canParse(text);
  if (!isContact) {
    faults.push('NOEGLE_SECURITY_CONTACT must be mailto:security@id.example, https://… or tel:+4570102030');
  }
  return text;
}
