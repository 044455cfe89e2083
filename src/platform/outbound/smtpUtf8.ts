/**
 * Names of mailboxes outside ASCII, `søren@example.dk`, go only to servers that offer SMTPUTF8 (RFC 6531).
 * Nodemailer sends them to the others as well, which may deliver them to nobody without a word.
 */
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';

/** A domain outside ASCII goes as punycode and needs nothing. */
export function isUtf8Needed(address: string): boolean {
  return /[^\x21-\x7e]/.test(address.slice(0, address.lastIndexOf('@')));
}

/**
 * By its answer to EHLO, over a connection of its own: such addresses are few. @throws what nodemailer does
 */
export async function isUtf8Offered(options: SMTPConnectionOptions): Promise<boolean> {
  const connection = new SMTPConnection(options);
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.connect((error?: Error | null) => (error ? reject(error) : resolve()));
    });
    return /^250[ -]SMTPUTF8\b/im.test(String(connection.lastServerResponse));
  } finally {
    connection.on('error', () => undefined);
    connection.quit();
    connection.close();
  }
}
