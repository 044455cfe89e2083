/** Greets a mail server as a mail would, up to the log-in. No mail is sent. */
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { parseMailUrl } from './smtpMail.ts';

export interface MailServerAnswer {
  readonly isEncrypted: boolean;
  /** SMTPUTF8 (RFC 6531). */
  readonly takesUtf8: boolean;
  /** Null when the URL has no user. */
  readonly isLoggedIn: boolean | null;
  readonly logInFault: string | null;
}

/** @throws Error when the server does not greet within the time */
export async function probeMailServer(mailUrl: string, timeoutMs: number): Promise<MailServerAnswer> {
  const { auth, rejectUnauthorized, ...server } = parseMailUrl(mailUrl);
  const connection = new SMTPConnection({
    ...server,
    tls: { rejectUnauthorized },
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.connect((error?: Error | null) => (error ? reject(error) : resolve()));
    });
    const answer = {
      isEncrypted: connection.secure,
      takesUtf8: /^250[ -]SMTPUTF8\b/im.test(String(connection.lastServerResponse)),
    };
    if (!auth) return { ...answer, isLoggedIn: null, logInFault: null };
    const failure = await new Promise<Error | null>((resolve) => {
      connection.once('error', resolve);
      connection.login({ ...auth, credentials: auth }, (error?: Error | null) => resolve(error ?? null));
    });
    return { ...answer, isLoggedIn: failure === null, logInFault: failure && readReplyCode(failure) };
  } finally {
    connection.on('error', () => undefined);
    connection.quit();
    connection.close();
  }
}

/** Only the code: some servers repeat what was sent. */
function readReplyCode(error: Error): string {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  return responseCode === undefined ? (code ?? 'no answer') : `it answered ${responseCode}`;
}
