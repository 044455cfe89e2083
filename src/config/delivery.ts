/** The part of the configuration on delivery (letters, mail) and on the rules. */
import type { JWK } from 'jose';
import { DEFAULT_RULES, rulesSchema, type Rules } from '../domain/rules.ts';
import { parseSender } from '../platform/outbound/mail.ts';
import type { PrintHouseFiles } from '../platform/outbound/printHouseCredentials.ts';
import { parseMailUrl } from '../platform/outbound/smtpMail.ts';
import { readTextFile } from './textFile.ts';
import { readPrintFiles, readPrintKeys, readPrintUrl } from './printHouse.ts';
import { isSettingGiven } from './secretFiles.ts';

/** Letters sealed for a print house and mail by an SMTP server; in the sandbox both go to folders. */
export type DeliverySettings =
  | { readonly kind: 'folders'; readonly dataDir: string }
  | {
      readonly kind: 'sent';
      readonly printUrl: string;
      readonly cardKey: JWK;
      readonly passwordKey: JWK;
      /** What the print house knows Nøgle by. */
      readonly printFiles?: PrintHouseFiles;
      readonly mailUrl: string;
      readonly mailFrom: string;
    };

type DeliveryEnvironment = Readonly<Record<string, string | undefined>>;

export function readDeliverySettings(env: DeliveryEnvironment, faults: string[]): DeliverySettings {
  const printUrl = readPrintUrl(env['NOEGLE_PRINT_URL'], faults);
  return {
    kind: 'sent',
    printUrl,
    ...readPrintKeys(env, faults),
    printFiles: readPrintFiles(env, printUrl, faults),
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

function readCheckedSetting(
  env: DeliveryEnvironment,
  name: string,
  parse: (text: string) => unknown,
  faults: string[],
): string {
  const text = env[name];
  // Of a file that cannot be read the fault is known already.
  if (!text && isSettingGiven(env, name)) return '';
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
