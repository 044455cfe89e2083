/**
 * The text of notices about a person's ID: plain text, the same by mail and by letter. No secret, no link and
 * no address: a person used to links from Nøgle would follow one that is not from Nøgle.
 */
import type { Notice } from '../../domain/notice.ts';
import type { Language } from '../../domain/person/person.ts';
import { writeLetterDay, writePastTime, writeOpeningTime } from '../letters/dates.ts';
import { assertNoticeDetails } from './noticeDetails.ts';
import { CARD_FORMAT_NOTICES } from '../words/cardFormatNotices.words.ts';
import { EMAIL_NOTICES } from '../words/emailNotices.words.ts';
import { NOTICES } from '../words/notices.words.ts';
import type { NoticeWords } from '../words/notices.words.da.ts';
import { DAILY_LETTER_WORDS } from '../words/dailyLetterWords.words.ts';
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
}

/**
 * @returns `subject` on one line; `text` in paragraphs with an empty line between them, signed.
 * @throws InvalidNoticeError
 */
export function writeNotice(
  notice: Notice,
  language: Language,
  more: NoticeExtras = {},
): { subject: string; text: string } {
  const t = NOTICES[language];
  const { subject, text } = composeNoticeWords(notice, language, more);
  return { subject, text: [...text, t.never, t.signature].join('\n\n') };
}

/** The number of notices in one letter; it is one page. */
const MAX_NAMED_NOTICES = 6;

/**
 * Several notices in one letter: the first paragraph of each, which states what happened.
 * @param places the names of relying parties, by client id.
 * @throws InvalidNoticeError
 */
export function writeNoticesOfTheDay(
  notices: readonly Notice[],
  language: Language,
  places: ReadonlyMap<string, string>,
): { subject: string; text: string } {
  const t = NOTICES[language];
  const { subject, intro, more, next } = DAILY_LETTER_WORDS[language];
  const happened = notices.slice(0, MAX_NAMED_NOTICES).map((notice) => {
    const where = notice.kind === 'new_browser' ? places.get(notice.details.relyingParty) : undefined;
    return composeNoticeWords(notice, language, { relyingParty: where }).text[0] ?? '';
  });
  const left = notices.length - happened.length;
  const text = [intro, ...happened, ...(left > 0 ? [more(left)] : []), ...next, t.never, t.signature];
  return { subject, text: text.join('\n\n') };
}

function composeNoticeWords(
  notice: Notice,
  language: Language,
  { relyingParty, code = '', email }: NoticeExtras,
): NoticeWords {
  assertNoticeDetails(notice);
  const t = NOTICES[language];
  const where = relyingParty ?? t.somewhere;
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
    case 'card_format_changed':
      return CARD_FORMAT_NOTICES[language].card_format_changed(notice.details.format);
    case 'card_given_up':
      return CARD_FORMAT_NOTICES[language].card_given_up(notice.details.cardNumber);
    case 'card_not_ordered':
      return t.card_not_ordered(notice.details.keysLeft);
    case 'wait_started':
      return t.wait_started(notice.details.cardNumber, writeOpeningTime(notice.details.opensAt, language));
    case 'threshold_changed':
      return t.threshold_changed(notice.details.threshold);
    case 'public_sites_on':
    case 'public_sites_off':
      return t[notice.kind](notice.details.by);
    case 'card_blocked':
      return t.card_blocked(notice.details.cardNumber, notice.details.by);
    case 'id_blocked':
      return t.id_blocked(notice.details.by);
    case 'id_reopened':
      return t.id_reopened();
    case 'password_ordered':
      return t.password_ordered();
    case 'address_changed':
      return t.address_changed();
    case 'cpr_changed':
      return t.cpr_changed();
    case 'name_changed':
      return t.name_changed();
    case 'emigrated':
      return t.emigrated();
    case 'ordered_after_move':
      return t.ordered_after_move(notice.details.holds);
    case 'id_activated':
      return t.id_activated(writePastTime(notice.details.at, language));
    case 'password_changed':
      return t.password_changed(writePastTime(notice.details.at, language));
    case 'email_changed':
      return EMAIL_NOTICES[language].email_changed(
        writeOpeningTime(notice.details.from, language),
        notice.details.byLetter,
        email ?? null,
      );
    case 'email_taken_on':
      return EMAIL_NOTICES[language].email_taken_on(writeOpeningTime(notice.details.from, language));
    case 'email_called_off':
      return EMAIL_NOTICES[language].email_called_off(notice.details.by);
    case 'user_id_changed':
      return t.user_id_changed(writePastTime(notice.details.at, language));
    case 'id_closed':
      return t.id_closed(writePastTime(notice.details.at, language));
    case 'new_browser':
      return t.new_browser(where, writePastTime(notice.details.at, language));
    case 'browsers_taken_back':
      return REMOVED_BROWSERS[language](notice.details.many, writePastTime(notice.details.at, language));
    case 'password_without_key':
      return t.password_without_key(writePastTime(notice.details.at, language));
    case 'password_locked':
      return t.password_locked(writeOpeningTime(notice.details.opensAt, language));
    case 'only_known_browsers':
      return t.only_known_browsers();
    case 'sign_in_code':
      return SIGN_IN_CODE[language](code, writeOpeningTime(notice.details.until, language));
    case 'keys_locked':
      return t.keys_locked(writeOpeningTime(notice.details.opensAt, language));
    case 'ordered_online':
      return t.ordered_online(writePastTime(notice.details.at, language), email ?? null);
  }
}
