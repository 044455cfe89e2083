/**
 * Sends to mailbox names outside ASCII, `søren@example.dk`, only through servers that offer SMTPUTF8 (RFC
 * 6531). Nodemailer sends them to other servers as well, which may lose them without an error.
 */
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';

/** A domain outside ASCII is sent as punycode and needs no extension. */
export function isUtf8Needed(address: string): boolean {
  return /[^\x21-\x7e]/.test(address.slice(0, address.lastIndexOf('@')));
}

/**
 * Reads the reply to EHLO on a separate connection: such addresses are few.
 * @throws Error as nodemailer does
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
