/**
 * The outgoing connections that the settings choose: letters to a print house and mail to an SMTP server, or
 * both to folders in a sandbox.
 */
import path from 'node:path';
import type { DeliverySettings } from '../config/delivery.ts';
import type { ServiceContact } from '../domain/serviceContact.ts';
import type { Clock } from '../platform/clock.ts';
import { createFolderMail } from '../platform/outbound/folderMail.ts';
import { createFolderPrintHouse } from '../platform/outbound/folderPrintHouse.ts';
import type { MailTransport } from '../platform/outbound/mail.ts';
import type { PrintHouse } from '../platform/outbound/printHouse.ts';
import { createSealedPrintHouse } from '../platform/outbound/sealedPrintHouse.ts';
import { createSmtpMail } from '../platform/outbound/smtpMail.ts';

const PRINT_TIMEOUT_MS = 10_000;
const MAIL_TIMEOUT_MS = 5_000;
const SANDBOX_SENDER = 'Nøgle <noegle@localhost>';

interface DeliveryPorts {
  readonly printHouse: PrintHouse;
  readonly mail: MailTransport;
  readonly contact: ServiceContact;
}

/** @param settings.contact how people reach the service, which letters and mails say */
export function createDeliveryPorts(
  { post, contact }: { readonly post: DeliverySettings; readonly contact: ServiceContact },
  clock: Clock,
): DeliveryPorts {
  if (post.kind === 'folders') {
    return {
      contact,
      printHouse: createFolderPrintHouse(path.join(post.dataDir, 'letters')),
      mail: createFolderMail(path.join(post.dataDir, 'mail'), SANDBOX_SENDER, () => clock.now()),
    };
  }
  const { printUrl: url, cardKey, passwordKey, printFiles: files, mailUrl, mailFrom } = post;
  const house = { url, cardKey, passwordKey, ...(files ? { files } : {}) };
  return {
    contact,
    printHouse: createSealedPrintHouse({ ...house, timeoutMs: PRINT_TIMEOUT_MS }),
    mail: createSmtpMail({ url: mailUrl, from: mailFrom, timeoutMs: MAIL_TIMEOUT_MS }),
  };
}
