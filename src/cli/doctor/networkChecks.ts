/** Mail and print house: whether they answer. No mail and no letter is sent. */
import { readPrintHouseCredentials } from '../../platform/outbound/printHouseCredentials.ts';
import { requestPrintHouse } from '../../platform/outbound/printHouseRequest.ts';
import type { DeliverySettings } from '../../config/delivery.ts';
import { probeMailServer, type MailServerAnswer } from '../../platform/outbound/smtpProbe.ts';
import { readCertificate, type ServerCertificate } from '../../platform/outbound/tlsProbe.ts';
import { fault, passed, warning, type Finding } from './finding.ts';

const TIMEOUT_MS = 5_000;
const DAY_MS = 24 * 3_600_000;
const FEW_DAYS = 30;

export async function checkMail({
  mailUrl,
}: Extract<DeliverySettings, { kind: 'sent' }>): Promise<Finding[]> {
  const name = 'mail';
  const answer = await probeMailServer(mailUrl, TIMEOUT_MS).catch((error: unknown) => describeFailure(error));
  if (typeof answer === 'string')
    return [
      fault(name, `the mail server does not greet: ${answer}`, 'check NOEGLE_SMTP_URL, and that server'),
    ];
  return [...checkMailSecurity(answer), checkUtf8(answer)];
}

function checkMailSecurity({ isEncrypted, isLoggedIn, logInFault }: MailServerAnswer): Finding[] {
  const tls = isEncrypted
    ? passed('mail-tls', 'the connection is encrypted')
    : warning(
        'mail-tls',
        'mail leaves without encryption',
        'use smtps://, or a server with STARTTLS and ?requireTLS=true',
      );
  if (isLoggedIn === null) return [passed('mail', 'it greets; no log-in is configured'), tls];
  if (isLoggedIn) return [passed('mail', 'it greets, and takes the log-in'), tls];
  return [
    fault(
      'mail',
      `the mail server refuses the log-in: ${logInFault}`,
      'check user and password in NOEGLE_SMTP_URL',
    ),
    tls,
  ];
}

function checkUtf8({ takesUtf8 }: MailServerAnswer): Finding {
  const name = 'mail-utf8';
  if (takesUtf8) return passed(name, 'it takes names outside ASCII (SMTPUTF8)');
  return warning(
    name,
    'it does not offer SMTPUTF8: people whose mailbox has a name outside ASCII get letters',
    'switch SMTPUTF8 on where the server can',
  );
}

export async function checkPrintHouse(
  { printUrl, printFiles }: Extract<DeliverySettings, { kind: 'sent' }>,
  now: Date,
): Promise<Finding[]> {
  const name = 'print-house';
  const url = new URL(printUrl);
  const mend = 'check NOEGLE_PRINT_URL, and the way there; letters wait until it answers';
  const credentials = printFiles ? readPrintHouseCredentials(printFiles) : { token: null, tls: {} };
  const outcome = await requestPrintHouse(url, { method: 'HEAD' }, credentials, TIMEOUT_MS);
  // With a CA of its own the print house is trusted by that one alone, which the request has verified.
  const isPublic = url.protocol === 'https:' && credentials.tls.ca === undefined;
  const certificate = isPublic ? [await checkCertificate(`${name}-tls`, url, now)] : [];
  if (!('status' in outcome)) return [fault(name, `it ${outcome.fault}`, mend), ...certificate];
  const { status } = outcome;
  if (status === 401 || status === 403) {
    const rejected = `it answers ${status}: it does not know this Nøgle`;
    const agree = 'agree with it on NOEGLE_PRINT_TOKEN_FILE or NOEGLE_PRINT_CERTIFICATE_FILE';
    return [fault(name, rejected, agree), ...certificate];
  }
  if (status >= 300 && status < 400) {
    const redirected = `it answers ${status}, a redirect, and letters follow none`;
    return [warning(name, redirected, 'put the final address into NOEGLE_PRINT_URL'), ...certificate];
  }
  // It may know no HEAD, and nothing at this address: any answer of its own shows that it is there.
  if (status >= 500) return [warning(name, `it answers ${status}`, mend), ...certificate];
  return [passed(name, `it answers (${status} to HEAD)`), ...certificate];
}

async function checkCertificate(name: string, url: URL, now: Date): Promise<Finding> {
  const certificate = await readCertificate(url, { timeoutMs: TIMEOUT_MS }).catch((error: unknown) =>
    describeFailure(error),
  );
  if (typeof certificate === 'string')
    return fault(name, `there is no TLS: ${certificate}`, 'check that server');
  const problem = describeCertificateProblem(certificate, now);
  if (problem === null) return passed(name, `valid until ${certificate.validTo.toISOString()}`);
  return certificate.fault === null
    ? warning(name, problem, 'have the certificate renewed')
    : fault(name, problem, 'have it replaced, or add its CA by NODE_EXTRA_CA_CERTS');
}

/** @returns null for a certificate that is trusted, and valid for long enough */
export function describeCertificateProblem(
  { validTo, fault: reason }: ServerCertificate,
  now: Date,
): string | null {
  if (reason !== null) return `its certificate is not trusted: ${reason}`;
  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY_MS);
  return days > FEW_DAYS ? null : `its certificate expires in ${days} days, on ${validTo.toISOString()}`;
}

/** `fetch failed` explains nothing: its cause does. */
export function describeFailure(error: unknown): string {
  const { message, code, cause } = Object(error) as { message?: string; code?: string; cause?: unknown };
  if (cause !== undefined) return describeFailure(cause);
  return message || code || 'it failed';
}
