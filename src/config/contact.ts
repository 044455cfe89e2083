/** The part of the configuration that says how people reach the service and its operator. */
import type { ServiceContact } from '../domain/serviceContact.ts';

type ContactEnvironment = Readonly<Record<string, string | undefined>>;

export const CONTACT_SETTINGS = [
  'NOEGLE_ACCESSIBILITY_URL',
  'NOEGLE_APPOINTMENTS_URL',
  'NOEGLE_CONTACT_EMAIL',
  'NOEGLE_DATA_PROTECTION_EMAIL',
  'NOEGLE_HOTLINE',
  'NOEGLE_OPERATOR_ADDRESS',
  'NOEGLE_OPERATOR_CVR',
  'NOEGLE_OPERATOR_NAME',
];

/** No one answers there, and no organisation has that number. */
export const SANDBOX_CONTACT: ContactEnvironment = {
  NOEGLE_CONTACT_EMAIL: 'hjaelp@noegle.example',
  NOEGLE_HOTLINE: '70 00 00 00',
  NOEGLE_OPERATOR_ADDRESS: 'Laksetorvet 1, 8900 Randers C',
  NOEGLE_OPERATOR_CVR: '00000000',
  NOEGLE_OPERATOR_NAME: 'Sandbox Kommune',
};

/** As in the example of the settings. The values of the other settings cannot have these signs. */
const PLACEHOLDER = /[<>]/;
const explainPlaceholder = (name: string) =>
  `${name} has < or > in it, as a placeholder of the example has: write what people are to read`;

/** @param faults each fault is appended, in words for the operator */
export function readContact(env: ContactEnvironment, issuer: string, faults: string[]): ServiceContact {
  const email = readEmail(env, 'NOEGLE_CONTACT_EMAIL', faults);
  const dataProtection = env['NOEGLE_DATA_PROTECTION_EMAIL']
    ? readEmail(env, 'NOEGLE_DATA_PROTECTION_EMAIL', faults)
    : email;
  return {
    issuer,
    hotline: readHotline(env['NOEGLE_HOTLINE'], faults),
    email,
    appointmentsUrl: readPageUrl(env, 'NOEGLE_APPOINTMENTS_URL', faults),
    accessibilityUrl: readPageUrl(env, 'NOEGLE_ACCESSIBILITY_URL', faults),
    operator: {
      name: readLine(env, 'NOEGLE_OPERATOR_NAME', 'the organisation that answers for the data', faults),
      cvr: readCvr(env['NOEGLE_OPERATOR_CVR'], faults),
      address: readAddress(env, faults),
      dataProtectionEmail: dataProtection,
    },
  };
}

/** Shown on every page as it is written. Only digits and spaces, so that a phone can dial it. */
function readHotline(text: string | undefined, faults: string[]): string {
  if (text === undefined || text === '')
    faults.push('NOEGLE_HOTLINE is required: the phone number that every page shows');
  else if (!/^\+?[0-9](?: ?[0-9]){2,18}$/.test(text)) {
    faults.push('NOEGLE_HOTLINE must be a phone number such as 70 00 00 00 or +45 70 00 00 00');
  }
  return text ?? '';
}

function readEmail(env: ContactEnvironment, name: string, faults: string[]): string {
  const text = env[name] ?? '';
  if (text === '') faults.push(`${name} is required: the e-mail address for people who cannot phone`);
  else if (text.length > 80 || !/^[^\s@<>"',;:\\]+@[^\s@<>"',;:\\]+\.[^\s@<>"',;:\\]+$/.test(text)) {
    faults.push(`${name} must be one e-mail address such as help@id.example`);
  }
  return text;
}

/** A page that people are sent to: https, without a name or password in it. */
function readPageUrl(env: ContactEnvironment, name: string, faults: string[]): string | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    faults.push(`${name} must be the address of a page, https://…`);
    return null;
  }
  if (PLACEHOLDER.test(text)) faults.push(explainPlaceholder(name));
  return url.href;
}

function readLine(env: ContactEnvironment, name: string, what: string, faults: string[]): string {
  const text = (env[name] ?? '').trim();
  if (text === '') faults.push(`${name} is required: ${what}`);
  else if (text.length > 80 || /\p{Cc}/u.test(text)) {
    faults.push(`${name} must be one line of at most 80 characters`);
  } else if (PLACEHOLDER.test(text)) faults.push(explainPlaceholder(name));
  return text;
}

function readCvr(text: string | undefined, faults: string[]): string {
  if (text === undefined || text === '')
    faults.push("NOEGLE_OPERATOR_CVR is required: the operator's CVR number");
  else if (!/^[0-9]{8}$/.test(text)) faults.push('NOEGLE_OPERATOR_CVR must be eight digits');
  return text ?? '';
}

/** Two to four lines, as they stand on an envelope. */
function readAddress(env: ContactEnvironment, faults: string[]): readonly string[] {
  const name = 'NOEGLE_OPERATOR_ADDRESS';
  const text = readLine(env, name, "the operator's postal address, its lines separated by commas", faults);
  const lines = text.split(',').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  if (text !== '' && (lines.length < 2 || lines.length > 4)) {
    faults.push(`${name} must have two to four lines: Laksetorvet 1, 8900 Randers C`);
  }
  return lines;
}
