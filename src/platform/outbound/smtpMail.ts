/** Mail by SMTP, over a pool of connections. */
import { createTransport, type NodemailerError } from 'nodemailer';
import { isUtf8Needed, isUtf8Offered } from './smtpUtf8.ts';
import { composeMail, MailError, parseSender, type MailTransport, type MailMessage } from './mail.ts';

export interface SmtpMailOptions {
  /** See `parseMailUrl`. */
  readonly url: string;
  readonly from: string;
  /** For the connection with its greeting, and for each silence after it. */
  readonly timeoutMs: number;
}

const MAX_CONNECTIONS = 2;
/**
 * A server that sends its replies byte by byte never times out: after this many timeouts a message is given
 * up.
 */
const TIMEOUTS_A_MESSAGE = 4;
/** The server may have dropped a pooled connection: each of them can cost one more attempt. */
const MAX_REQUEUES = MAX_CONNECTIONS;
const IDLE_MS = 30_000;

/** @throws Error for an invalid URL or sender. STARTTLS is used wherever it is offered. */
export function createSmtpMail({ url, from, timeoutMs }: SmtpMailOptions): MailTransport {
  const sender = parseSender(from);
  const { rejectUnauthorized, ...server } = parseMailUrl(url);
  const timeouts = {
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
  const transport = createTransport({
    ...server,
    tls: { rejectUnauthorized },
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    maxRequeues: MAX_REQUEUES,
    idleTimeout: IDLE_MS,
    ...timeouts,
  });
  // An error of a message is thrown to its sender; an error of an idle connection concerns no message, and
  // must not end the process.
  transport.on('error', () => undefined);
  return {
    async send(message: MailMessage): Promise<void> {
      const mail = composeMail(message, sender);
      const connection = { ...server, tls: { rejectUnauthorized }, ...timeouts };
      try {
        if (isUtf8Needed(message.to) && !(await isUtf8Offered(connection))) throw NO_UTF8;
        await transport.sendMail({ ...mail, signal: AbortSignal.timeout(TIMEOUTS_A_MESSAGE * timeoutMs) });
      } catch (error) {
        throw error instanceof MailError ? error : toMailError(error as NodemailerError);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * A server that does not offer SMTPUTF8 cannot deliver the mail (RFC 6531, 3.2): the person is notified by
 * letter.
 */
const NO_UTF8 = new MailError('the mail server takes no addresses outside ASCII (SMTPUTF8)', {
  isForGood: true,
});

/** The messages of these errors mention only the server. Those of other errors may name the recipient. */
const ABOUT_THE_SERVER = ['ECONNECTION', 'EDNS', 'ESOCKET', 'ETIMEDOUT', 'ETLS'];

function toMailError(error: NodemailerError): MailError {
  const { code = 'unknown', command, responseCode } = error;
  if (responseCode !== undefined) {
    // "550 5.1.1 <anna@example.dk>: ..." is read up to the address.
    const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(error.response ?? '')?.[1];
    const reply = enhanced === undefined ? `${responseCode}` : `${responseCode} ${enhanced}`;
    const isForGood = command === 'RCPT TO' && isRecipientRefused(responseCode, enhanced);
    return new MailError(`the mail server answered ${reply} to ${command ?? 'a command'}`, { isForGood });
  }
  if (code === 'EABORT') return new MailError('the mail server took too long', { isForGood: false });
  const why = ABOUT_THE_SERVER.includes(code) ? `${code}: ${error.message}` : code;
  return new MailError(`the mail could not be sent: ${why}`, { isForGood: false });
}

/** The permanent replies that concern the address (RFC 5321 4.2.3, RFC 7504). */
const ABOUT_THE_RECIPIENT = [501, 521, 550, 551, 552, 553, 554, 556];

/**
 * 5.7 is the class of policy (RFC 3463): "relay access denied", "authentication required". 5.1.7 and 5.1.8
 * are about the sender, and 5.3.2 about a server that takes no mail: some servers say so only after RCPT TO.
 * They mean that the server is not ready for Nøgle, and must not cause a letter to everyone.
 */
const NOT_ABOUT_THE_RECIPIENT = /^5\.(7\.\d+|1\.[78]|3\.2)$/;

function isRecipientRefused(responseCode: number, enhanced = ''): boolean {
  return ABOUT_THE_RECIPIENT.includes(responseCode) && !NOT_ABOUT_THE_RECIPIENT.test(enhanced);
}

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Sends no mail, and no password, to a server that does not offer STARTTLS. */
  readonly requireTLS: boolean;
  /** False for a server with a self-signed certificate: encrypted, but to an unauthenticated server. */
  readonly rejectUnauthorized: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

const TLS_SWITCHES = ['requireTLS', 'tls.rejectUnauthorized'];

/**
 * @param text `smtp://user:password@host:587?requireTLS=true`, or `smtps://`; user and password
 *   percent-encoded.
 * @throws Error in words for an operator, without any part of the text, which contains the password.
 */
export function parseMailUrl(text: string): SmtpServer {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new Error(
      'an address with a host is needed, smtp://user:password@host:587 or smtps://, user and password percent-encoded',
    );
  }
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') {
    throw new Error('it has a path or a fragment; signs in a user or a password must be percent-encoded');
  }
  if ((url.username === '') !== (url.password === '')) {
    throw new Error('it has a user or a password alone; both are needed, or neither');
  }
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ...readTlsSwitches(url.searchParams),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeUrlPart(url.username), pass: decodeUrlPart(url.password) } }),
  };
}

function readTlsSwitches(query: URLSearchParams): Pick<SmtpServer, 'requireTLS' | 'rejectUnauthorized'> {
  const isWrong = [...query].some(
    ([name, value]) => !TLS_SWITCHES.includes(name) || !/^(true|false)$/.test(value),
  );
  if (isWrong)
    throw new Error(`after the ? may stand ${TLS_SWITCHES.join(' and ')} only, each true or false`);
  return {
    requireTLS: query.get('requireTLS') === 'true',
    rejectUnauthorized: query.get('tls.rejectUnauthorized') !== 'false',
  };
}

function decodeUrlPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('its user or password is not percent-encoded');
  }
}
