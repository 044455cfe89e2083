/** The sandbox's mail: every message as `.eml`, as it would have been sent, and as JSON for tests. */
import { createTransport } from 'nodemailer';
import { writeOnce } from '../writeOnce.ts';
import { composeMail, parseSender, type MailTransport, type MailMessage } from './mail.ts';

/**
 * Writes `<folder>/<instant without colons>-<id>.eml` and `.json`, one pair for each id.
 * @throws Error for an invalid sender
 */
export function createFolderMail(folder: string, from: string, now: () => Date): MailTransport {
  const sender = parseSender(from);
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    async send(message: MailMessage): Promise<void> {
      const date = now();
      const { message: eml } = await transport.sendMail({ ...composeMail(message, sender), date });
      if (!Buffer.isBuffer(eml)) throw new Error('the message was not made as one piece');
      const name = `${date.toISOString().replaceAll(':', '')}-${message.id}`;
      const { to, subject, text, html } = message;
      await writeOnce(folder, message.id, {
        [`${name}.eml`]: eml,
        [`${name}.json`]: `${JSON.stringify({ to, subject, text, html }, null, 2)}\n`,
      });
    },
  };
}
