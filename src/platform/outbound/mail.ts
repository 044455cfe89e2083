/**
 * E-mail to one person: plain text, and an HTML part beside it. It goes to a mail server (smtpMail.ts) or, in
 * the sandbox, into a folder (folderMail.ts). People enter the address, and it becomes part of headers and
 * commands, so what could be two addresses or an additional header is rejected here.
 */
import { domainToASCII } from 'node:url';
import type { SendMailOptions } from 'nodemailer';
import addressparser from 'nodemailer/lib/addressparser';

export interface MailMessage {
  /** The same at every attempt; it becomes the Message-ID, by which a mailbox recognizes a repeat. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same in HTML, beside the text. */
  readonly html?: string;
}

export interface MailTransport {
  /** @throws MailError */
  send(message: MailMessage): Promise<void>;
  close?(): void;
}

/**
 * Why a mail was not sent. The message never contains the recipient's address, which servers tend to repeat.
 */
export class MailError extends Error {
  readonly isForGood: boolean;

  constructor(message: string, { isForGood }: { isForGood: boolean }) {
    super(message);
    this.name = 'MailFault';
    this.isForGood = isForGood;
  }
}

/**
 * True when no later attempt can reach this address, so that a letter has to; false when the server is the
 * problem.
 */
export function isPermanentRefusal(error: unknown): boolean {
  return error instanceof MailError && error.isForGood;
}

export interface MailSender {
  readonly name: string;
  readonly address: string;
}

/** @param text `Nøgle <no-reply@example.dk>`, or only the address. @throws Error in words for an operator */
export function parseSender(text: string): MailSender {
  const [sender, ...others] = addressparser(text, { flatten: true });
  if (!sender || others.length > 0 || /\p{Cc}/u.test(text) || !isMailAddress(sender.address)) {
    throw new Error('the sender must be one e-mail address, such as Nøgle <no-reply@example.dk>');
  }
  return { name: sender.name, address: sender.address };
}

/** The message in nodemailer's form, for both transports. @throws MailError for an invalid address */
export function composeMail(message: MailMessage, from: MailSender): SendMailOptions {
  if (!isMailAddress(message.to)) throw new MailError('it is no e-mail address', { isForGood: true });
  if (!/^[A-Za-z0-9._-]+$/.test(message.id))
    throw new Error('an id of letters, digits, dots and hyphens is needed');
  const host = domainToASCII(from.address.slice(from.address.lastIndexOf('@') + 1));
  return {
    from,
    // As an object it is not parsed again.
    to: { name: '', address: message.to },
    messageId: `<${message.id}@${host}>`,
    subject: message.subject,
    text: message.text,
    ...(message.html === undefined ? {} : { html: message.html }),
    textEncoding: 'quoted-printable',
    // RFC 3834: prevents out-of-office replies.
    headers: { 'Auto-Submitted': 'auto-generated' },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** No quoted local parts, comments, groups, names or lists: only attackers use them. */
const ADDRESS = /^[^\s\p{C}@<>()[\]\\,;:"]{1,64}@[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)*$/u;
/** RFC 3696, erratum 1690. */
const MAX_ADDRESS_LENGTH = 254;

function isMailAddress(text: string): boolean {
  return text.length <= MAX_ADDRESS_LENGTH && ADDRESS.test(text);
}
