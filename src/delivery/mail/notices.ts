/**
 * The text of notices about a person's ID, the same by mail and by letter. No secret and no link: a person
 * used to links from Nøgle would follow one that is not from Nøgle. Where to phone and block is said once,
 * below it (mailText.ts, letters/letterText.ts).
 */
import { LETTER_FOR, type Notice } from '../../domain/notice.ts';
import type { Language } from '../../domain/person/person.ts';
import { writeLetterDay, writePastTime, writeOpeningTime } from '../letters/dates.ts';
import { isBlockedByThem } from './arrangeNotices.rules.ts';
import { assertNoticeDetails } from './noticeDetails.ts';
import { CARD_FORMAT_NOTICES } from '../words/cardFormatNotices.words.ts';
import { CODE_TOKEN_NOTICES } from '../words/codeTokenNotices.words.ts';
import { SECURITY_KEY_NOTICES } from '../words/securityKeyNotices.words.ts';
import { EMAIL_NOTICES } from '../words/emailNotices.words.ts';
import { NOTICES } from '../words/notices.words.ts';
import type { NoticeWords, Opening } from '../words/notices.words.da.ts';
import { REGISTER_NOTICES } from '../words/registerNotices.words.ts';
import { SEVERAL_NOTICES } from '../words/severalNotices.words.ts';
import { SIGN_IN_CODE } from '../words/signInCode.words.ts';
import { REMOVED_BROWSERS } from '../words/removedBrowsers.words.ts';

/** What the text needs and the notice does not contain. */
export interface NoticeExtras {
  /**
   * The name, in the person's language, of the relying party that the notice names by its client id. Without
   * it the text names no place: a client id means nothing to a citizen.
   */
  readonly relyingParty?: string | undefined;
  /** The sign-in code, derived from the id in the notice. */
  readonly code?: string | undefined;
  /** The e-mail address given with an order, or in place of another one, decrypted: for letters. */
  readonly email?: string | undefined;
  /** The browser and system that the log knows of the event. */
  readonly device?: { readonly browser: string; readonly system: string } | null | undefined;
  /** When the text is read at the earliest: what opens before is said in the past. Never unless set. */
  readonly readFrom?: Date | undefined;
}

/** A notice with what its text needs. */
export interface CompleteNotice {
  readonly notice: Notice;
  readonly extras: NoticeExtras;
}

/** A text in paragraphs, without a greeting and a signature. */
export interface NoticeMessage {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

/** The number of notices in one letter. A mail has room for all. */
const MAX_NAMED_IN_LETTER = 6;

/**
 * One message about all of them: of several, what happened, and what to do once.
 * @param notices as arranged (arrangeNotices.rules.ts)
 * @throws InvalidNoticeError
 */
export function composeMessage(
  notices: readonly CompleteNotice[],
  language: Language,
  { isLetter }: { readonly isLetter: boolean },
): NoticeMessage {
  const [lead, ...others] = notices.map(({ notice, extras }) => composeNoticeWords(notice, language, extras));
  if (!lead) throw new Error('a message needs a notice');
  const { never } = NOTICES[language];
  if (others.length === 0) return { subject: lead.subject, paragraphs: [...lead.text, never] };
  const words = SEVERAL_NOTICES[language];
  const all = [lead, ...others];
  const named = isLetter ? all.slice(0, MAX_NAMED_IN_LETTER) : all;
  const left = all.length - named.length;
  const isBlocked = isBlockedByThem(notices.map(({ notice }) => notice));
  return {
    subject: isLeading(notices[0]?.notice) ? lead.subject : words.subject,
    paragraphs: [
      ...(isLetter ? [words.intro] : []),
      ...named.map(({ text, inShort }) => inShort ?? text[0] ?? ''),
      ...(left > 0 ? [words.more(left)] : []),
      ...(isBlocked ? words.nextBlocked : words.next),
      never,
    ],
  };
}

/** What is urgent, or closes the ID, is said in the subject. */
function isLeading(notice: Notice | undefined): boolean {
  return notice !== undefined && (LETTER_FOR[notice.kind] === 'at_once' || isBlockedByThem([notice]));
}

/**
 * As a letter has it; the greeting is on the page.
 * @returns `subject` on one line; `text` in paragraphs with an empty line between them, signed.
 * @throws InvalidNoticeError
 */
export function writeNotice(
  notice: Notice,
  language: Language,
  extras: NoticeExtras = {},
): { subject: string; text: string } {
  return writeNotices([{ notice, extras }], language);
}

/** @throws InvalidNoticeError */
export function writeNotices(
  notices: readonly CompleteNotice[],
  language: Language,
): { subject: string; text: string } {
  const { subject, paragraphs } = composeMessage(notices, language, { isLetter: true });
  return { subject, text: [...paragraphs, NOTICES[language].signature].join('\n\n') };
}

function composeNoticeWords(notice: Notice, language: Language, extras: NoticeExtras): NoticeWords {
  assertNoticeDetails(notice);
  const { device } = extras;
  const words = composeKindWords(notice, language, extras);
  const [what = '', ...rest] = words.text;
  if (!device) return words;
  const said = `${what} ${NOTICES[language].device(device.browser, device.system)}`;
  return { ...words, text: [said, ...rest] };
}

function composeKindWords(
  notice: Notice,
  language: Language,
  { relyingParty, code = '', email, readFrom }: NoticeExtras,
): NoticeWords {
  const t = NOTICES[language];
  const where = relyingParty ?? t.somewhere;
  const opening = (at: string): Opening => ({
    when: writeOpeningTime(at, language),
    isPast: readFrom !== undefined && Date.parse(at) <= readFrom.getTime(),
  });
  switch (notice.kind) {
    case 'card_ordered':
      return t.card_ordered(notice.details.cardNumber);
    case 'card_sent': {
      const { cardNumber, expectedFrom, expectedTo } = notice.details;
      return t.card_sent(
        cardNumber,
        writeLetterDay(expectedFrom, language),
        writeLetterDay(expectedTo, language),
      );
    }
    case 'card_active':
      return t.card_active(notice.details.cardNumber);
    case 'card_not_arrived':
      return t.card_not_arrived(notice.details.cardNumber, notice.details.again);
    case 'card_recalled':
      return t.card_recalled(notice.details.cardNumber);
    case 'card_retired':
      return t.card_retired(notice.details.cardNumber, notice.details.again);
    case 'card_format_changed':
      return CARD_FORMAT_NOTICES[language].card_format_changed(notice.details.format);
    case 'card_given_up':
      return CARD_FORMAT_NOTICES[language].card_given_up(notice.details.cardNumber);
    case 'card_not_ordered':
      return t.card_not_ordered(notice.details.keysLeft);
    case 'wait_started':
      return t.wait_started(notice.details.cardNumber, opening(notice.details.opensAt));
    case 'threshold_changed':
      return t.threshold_changed(notice.details.threshold);
    case 'public_sites_on':
    case 'public_sites_off':
      return t[notice.kind](notice.details.by);
    case 'card_blocked':
      return t.card_blocked(notice.details.cardNumber, notice.details.by, notice.details.onTheWay ?? false);
    case 'id_blocked':
      return t.id_blocked(notice.details.by);
    case 'id_reopened':
      return t.id_reopened();
    case 'id_proofed':
    case 'proofing_lowered':
      return t[notice.kind]();
    case 'password_ordered':
      return t.password_ordered();
    case 'new_password_ordered':
      return t.new_password_ordered(writePastTime(notice.details.at, language));
    case 'address_changed':
      return REGISTER_NOTICES[language].address_changed();
    case 'cpr_changed':
      return REGISTER_NOTICES[language].cpr_changed();
    case 'name_changed':
      return REGISTER_NOTICES[language].name_changed();
    case 'emigrated':
      return REGISTER_NOTICES[language].emigrated();
    case 'ordered_after_move':
      return REGISTER_NOTICES[language].ordered_after_move(notice.details.holds);
    case 'id_activated':
      return t.id_activated(writePastTime(notice.details.at, language));
    case 'password_changed':
      return t.password_changed(writePastTime(notice.details.at, language));
    case 'email_changed':
      return EMAIL_NOTICES[language].email_changed(
        opening(notice.details.from),
        notice.details.byLetter,
        email ?? null,
      );
    case 'email_taken_on':
      return EMAIL_NOTICES[language].email_taken_on(writeOpeningTime(notice.details.from, language));
    case 'email_called_off':
      return EMAIL_NOTICES[language].email_called_off(notice.details.by);
    case 'security_key_added':
      return SECURITY_KEY_NOTICES[language].security_key_added(writePastTime(notice.details.at, language), {
        opening: notice.details.opensAt === undefined ? null : opening(notice.details.opensAt),
        confirmedWith: notice.details.confirmedWith ?? null,
        withGuardian: notice.details.withGuardian === true,
      });
    case 'security_key_active':
      return SECURITY_KEY_NOTICES[language].security_key_active();
    case 'security_key_ended':
      return SECURITY_KEY_NOTICES[language].security_key_ended(
        notice.details.many,
        notice.details.by,
        writePastTime(notice.details.at, language),
      );
    case 'user_id_changed':
      return t.user_id_changed(writePastTime(notice.details.at, language));
    case 'id_closed':
      return t.id_closed(writePastTime(notice.details.at, language));
    case 'code_token_ordered':
      return CODE_TOKEN_NOTICES[language].code_token_ordered();
    case 'code_token_active':
      return CODE_TOKEN_NOTICES[language].code_token_active(notice.details.withGuardian === true);
    case 'code_token_retired':
      return CODE_TOKEN_NOTICES[language][notice.kind]();
    case 'code_token_sent': {
      const { expectedFrom: from, expectedTo: to } = notice.details;
      const [first, last] = [writeLetterDay(from, language), writeLetterDay(to, language)];
      return CODE_TOKEN_NOTICES[language].code_token_sent(first, last);
    }
    case 'code_token_waits':
      return CODE_TOKEN_NOTICES[language].code_token_waits(opening(notice.details.opensAt));
    case 'code_token_blocked':
      return CODE_TOKEN_NOTICES[language].code_token_blocked(notice.details.by);
    case 'new_browser':
      return t.new_browser(where, writePastTime(notice.details.at, language));
    case 'browsers_taken_back':
      return REMOVED_BROWSERS[language](notice.details.many, writePastTime(notice.details.at, language));
    case 'password_without_key':
      return t.password_without_key(writePastTime(notice.details.at, language));
    case 'password_locked':
      return t.password_locked(opening(notice.details.opensAt));
    case 'only_known_browsers':
      return t.only_known_browsers();
    case 'sign_in_code':
      return SIGN_IN_CODE[language](code, writeOpeningTime(notice.details.until, language));
    case 'keys_locked':
      return t.keys_locked(opening(notice.details.opensAt));
    case 'ordered_online':
      return t.ordered_online(writePastTime(notice.details.at, language), email ?? null);
  }
}
