/** Composes the content of a letter when it is sent: keys are derived and the address is decrypted here. */
import {
  nextBusinessDay,
  businessDaysAfter,
  toDanishDay,
  daysAfter,
  toDanishHour,
  startOfDay,
  type Day,
} from '../domain/calendar.ts';
import { RowMacMismatch } from '../domain/rowMac.ts';
import type { CardState } from '../domain/card/cardLife.ts';
import { formatCardNumber } from '../domain/card/keyCard.ts';
import {
  LETTERS,
  type Letter,
  type ContentOf,
  type LetterContent,
  type LetterKind,
} from '../domain/letter.ts';
import type { LetterNotice } from '../domain/notice.ts';
import { arrangeNotices } from '../delivery/mail/arrangeNotices.rules.ts';
import { writeNotices } from '../delivery/mail/notices.ts';
import { findRecipient, type Recipient } from '../db/people/recipients.ts';
import { findCard, findCardState } from '../db/cards/keyCards.ts';
import { findEnclosedToken } from '../db/factors/codeTokenLife.ts';
import type { LetterDeparture, ClaimedLetter } from '../db/cards/letters.ts';
import { readTemporaryPassword } from '../features/identity/orderPasswordLetter.ts';
import { readCard } from '../features/identity/readCard.ts';
import { openAddress } from '../features/contact/sealedContact.ts';
import type { AppContext } from '../features/appContext.ts';
import { completeNotices } from './composeNotices.ts';

/** @param leavesToday in a rehearsal, where no letter waits for a business day */
export async function composePrintedLetter(
  context: AppContext,
  claimed: ClaimedLetter,
  leavesToday: boolean,
): Promise<Letter | 'no_address' | 'not_wanted'> {
  if (claimed.tokenId && !(await isTokenWanted(context, claimed.tokenId))) return 'not_wanted';
  const card = claimed.cardId === null ? null : await findCardState(context.database, claimed.cardId);
  // The card was blocked or given up since. A sent card is still wanted: a repeat does not change its state.
  if (claimed.cardId !== null && !isCardWanted(card?.state)) return 'not_wanted';
  const recipient = await findRecipient(context.database, claimed.identityId, context.clock.now());
  if (claimed.toFormerAddress && !recipient?.formerAddressSealed) return 'not_wanted';
  const addressSealed = claimed.toFormerAddress ? recipient?.formerAddressSealed : recipient?.addressSealed;
  if (!recipient || !addressSealed) return 'no_address';
  const { language } = recipient;
  // A repeat prints the card as it was printed before, whatever was chosen since.
  const format = card?.format ?? recipient.cardFormat;
  const leaving = chooseDeparture(context, claimed, leavesToday);
  const to = { recipient, addressSealed, postOn: leaving.postOn };
  const content = await composeLetterContent(context, claimed, to);
  const usableUntil =
    LETTERS[claimed.kind].secret === 'password' ? computeUsableUntil(context, leaving) : null;
  return { id: claimed.id, content, language, format, usableUntil, ...leaving };
}

/**
 * A repeat uses the earlier day and batch until that day has passed, because the print house may have stored
 * the letter.
 */
function chooseDeparture(
  { clock }: AppContext,
  { leaving }: ClaimedLetter,
  leavesToday: boolean,
): LetterDeparture {
  const now = clock.now();
  const postOn = leavesToday ? toDanishDay(now) : nextBusinessDay(toDanishDay(now));
  if (leaving && leaving.postOn >= postOn) return leaving;
  return { postOn, batch: `${postOn}-${toDanishHour(now)}` };
}

/** It was blocked or given up since, as a card. */
async function isTokenWanted({ database }: AppContext, tokenId: string): Promise<boolean> {
  const token = await findEnclosedToken(database, tokenId);
  return token?.state === 'ordered' || token?.state === 'sent' || token?.state === 'active';
}

function isCardWanted(state: CardState | undefined): boolean {
  return state === 'ordered' || state === 'sent' || state === 'active';
}

/** Counted from the latest day on which the letter is expected. */
function computeUsableUntil({ rules }: AppContext, { postOn }: LetterDeparture): Day {
  return daysAfter(businessDaysAfter(postOn, rules.arrival.to), rules.temporaryPasswordDays);
}

type MakeContent<Kind extends LetterKind> = (
  context: AppContext,
  claimed: ClaimedLetter,
  recipient: Recipient,
  postOn: Day,
) => Promise<ContentOf<Kind>>;

const CONTENT: { readonly [Kind in LetterKind]: MakeContent<Kind> } = {
  welcome: async (context, claimed, { idNumber }) => ({
    idNumber,
    ...(await readPrintedCard(context, claimed)),
  }),
  card: async (context, claimed) => await readPrintedCard(context, claimed),
  token: async (context, claimed) => ({ serialNumber: await readEnclosedSerial(context, claimed) }),
  password: async (context, { id }) => ({ temporaryPassword: readTemporaryPassword(context, id) }),
  notice: async (context, { notice }, recipient, postOn) =>
    await composeNoticeText(context, notice, recipient, postOn),
};

async function composeLetterContent(
  context: AppContext,
  claimed: ClaimedLetter,
  { recipient, addressSealed, postOn }: { recipient: Recipient; addressSealed: Buffer; postOn: Day },
): Promise<LetterContent> {
  const { kind } = claimed;
  // A node of the version that ordered it sends it.
  if (!Object.hasOwn(CONTENT, kind)) throw new Error('a letter of a kind that this version does not know');
  const { personId, name } = recipient;
  const to = { name, ...openAddress(context, personId, addressSealed) };
  const content = await CONTENT[kind](context, claimed, recipient, postOn);
  return { kind, to, ...content } as LetterContent;
}

/** Read on the day after posting at the earliest: what opens before is said in the past. */
async function composeNoticeText(
  context: AppContext,
  notice: LetterNotice | null,
  recipient: Recipient,
  postOn: Day,
) {
  if (!notice) throw new Error('the notice of a letter does not exist');
  const { ofTheDay = [notice] } = notice;
  const reading = { readFrom: startOfDay(postOn, 1), isLetter: true };
  const complete = await completeNotices(context, arrangeNotices(ofTheDay), recipient, reading);
  return writeNotices(complete, recipient.language);
}

async function readEnclosedSerial(
  { database }: AppContext,
  { tokenId, identityId }: ClaimedLetter,
): Promise<string> {
  const token = tokenId ? await findEnclosedToken(database, tokenId) : null;
  if (!token) throw new Error('the code token of a letter does not exist');
  if (token.identityId !== identityId) throw new RowMacMismatch('letter', `of code token ${tokenId}`);
  return token.serialNumber;
}

/** The letter's MAC includes its recipient; a card that belongs to another person is not printed for them. */
async function readPrintedCard(context: AppContext, { cardId, identityId }: ClaimedLetter) {
  const card = cardId === null ? null : await findCard(context.database, cardId);
  if (!card) throw new Error('the card of a letter does not exist');
  if (card.identityId !== identityId) throw new RowMacMismatch('letter', `of card ${cardId}`);
  const { keyNumbers, keys } = readCard(context, card);
  return {
    cardNumber: formatCardNumber(card.cardNumber),
    keys: Object.fromEntries(keyNumbers.map((number, position) => [number, keys[position] ?? ''])),
  };
}
