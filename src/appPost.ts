/** The ways out of the house, as the settings say: letters to a print house, mail to a server; in a sandbox to folders. */
import path from 'node:path';
import type { PostSettings } from './configPost.ts';
import type { Clock } from './platform/clock.ts';
import { folderMail } from './platform/folderMail.ts';
import { folderPrintHouse } from './platform/folderPrintHouse.ts';
import type { Mail } from './platform/mail.ts';
import type { PrintHouse } from './platform/printHouse.ts';
import { sealedPrintHouse } from './platform/sealedPrintHouse.ts';
import { smtpMail } from './platform/smtpMail.ts';

const PRINT_TIMEOUT_MS = 10_000;
const MAIL_TIMEOUT_MS = 5_000;
const SANDBOX_SENDER = 'Nøgle <noegle@localhost>';

interface Post {
  readonly printHouse: PrintHouse;
  readonly mail: Mail;
  readonly hotline: string;
}

/** @param settings.hotline the phone number that a mail names. */
export function createPost(
  { post, hotline }: { readonly post: PostSettings; readonly hotline: string },
  clock: Clock,
): Post {
  if (post.kind === 'folders') {
    return {
      hotline,
      printHouse: folderPrintHouse(path.join(post.dataDir, 'letters')),
      mail: folderMail(path.join(post.dataDir, 'mail'), SANDBOX_SENDER, () => clock.now()),
    };
  }
  const { printUrl: url, cardKey, passwordKey, mailUrl, mailFrom } = post;
  return {
    hotline,
    printHouse: sealedPrintHouse({ url, cardKey, passwordKey, timeoutMs: PRINT_TIMEOUT_MS }),
    mail: smtpMail({ url: mailUrl, from: mailFrom, timeoutMs: MAIL_TIMEOUT_MS }),
  };
}
