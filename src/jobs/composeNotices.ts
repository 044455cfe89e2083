/** Completes notices with what their texts need and their rows do not hold, as mails and letters have it. */
import { nameDevice } from '../domain/clientContext.ts';
import type { Notice } from '../domain/notice.ts';
import type { Recipient } from '../db/people/recipients.ts';
import { findRelyingPartyNames } from '../db/oidc/relyingParties.ts';
import type { CompleteNotice, NoticeExtras } from '../delivery/mail/notices.ts';
import { openEmailForLetter } from '../features/contact/emailInLetter.ts';
import { deriveSignInCode } from '../features/signIn/signInCode/signInCodeHash.ts';
import type { AppContext } from '../features/appContext.ts';
import { readNoticeContext } from './noticeBrowsers.ts';

interface Reading {
  /** When the text is read at the earliest. */
  readonly readFrom: Date;
  /** A letter names an e-mail address that was given; a mail does not. */
  readonly isLetter: boolean;
}

export async function completeNotices(
  context: AppContext,
  notices: readonly Notice[],
  recipient: Recipient,
  reading: Reading,
): Promise<CompleteNotice[]> {
  const places = new Map<string, string | undefined>();
  const complete: CompleteNotice[] = [];
  for (const notice of notices) {
    const place = notice.kind === 'new_browser' ? notice.details.relyingParty : null;
    if (place !== null && !places.has(place)) {
      const names = await findRelyingPartyNames(context.database, place);
      places.set(place, names?.[recipient.language]);
    }
    const relyingParty = place === null ? undefined : places.get(place);
    complete.push({ notice, extras: { relyingParty, ...readExtras(context, notice, recipient, reading) } });
  }
  return complete;
}

function readExtras(
  context: AppContext,
  notice: Notice,
  recipient: Recipient,
  { readFrom, isLetter }: Reading,
): NoticeExtras {
  const seen = readNoticeContext(context, { notice }, recipient);
  const extras: NoticeExtras = { readFrom, device: seen && nameDevice(seen) };
  switch (notice.kind) {
    case 'sign_in_code':
      return { ...extras, code: deriveSignInCode(context, notice.details.codeId) };
    case 'ordered_online':
    case 'email_changed':
      return isLetter ? { ...extras, email: openEmailForLetter(context, notice.details) } : extras;
    default:
      return extras;
  }
}
