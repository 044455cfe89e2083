/** The notices in English, for people who live in Denmark. */
import type { Actor } from '../../domain/notice.ts';
import { writeKeysLeftInEnglish } from './keysLeft.words.ts';
import type { NoticeTexts, Opening } from './notices.words.da.ts';

export const BLOCK =
  'block your ID or your card at once. You can do that on our “Block” page or through Nøgle’s hotline.';
export const BLOCK_ID =
  'block your ID at once. You can do that on our “Block” page or through Nøgle’s hotline.';
const BORGERSERVICE = 'Go to Borgerservice (citizen service) and bring valid identification.';
const NOTHING = 'If this was you, there is nothing you need to do.';

const ACTOR_WORDS: Record<Exclude<Actor, 'system'>, (what: string) => string> = {
  person: (what) => `${what} has been blocked, as you asked.`,
  staff: (what) => `${what} has been blocked by staff at Borgerservice, at your bank or at Nøgle’s hotline.`,
};

const writeOpening = ({ when, isPast }: Opening) =>
  isPast ? `Sign-in opened again on ${when}.` : `Sign-in opens again by itself on ${when}.`;

export const noticesEn: NoticeTexts = {
  signature: 'Kind regards\nNøgle',
  never:
    'We never phone or write to ask for a key or your password. We never send you a link for signing in.',
  somewhere: 'a place where Nøgle can be used',
  device: (browser, system) => `It happened in ${browser} on ${system}.`,
  card_ordered: (cardNumber) => ({
    subject: 'You will get a new key card',
    text: [
      `We have ordered a new key card for you. Its number will be ${cardNumber}, and it comes by post. We will write again when it has been sent.`,
      'This usually happens automatically when your old card is running out of keys. If you have a card that works, keep using it until the new one arrives.',
      `If somebody else ordered the card, ${BLOCK_ID}`,
    ],
  }),
  card_sent: (cardNumber, from, to) => ({
    subject: 'Your new key card has been sent',
    text: [
      `Your new key card, number ${cardNumber}, is in the post. Expect it between ${from} and ${to}.`,
      'If it has not arrived by then, tell us in self-service or go to Borgerservice (citizen service). If the envelope has been opened when you get it, do not use the card.',
      `If somebody else ordered the card, or if you think it was stolen, ${BLOCK_ID}`,
    ],
  }),
  card_active: (cardNumber) => ({
    subject: 'Your new key card is in use',
    text: [
      `Your key card with number ${cardNumber} is now in use. From now on, use keys from that card.`,
      'If you have an old card, it no longer works. Cut it up and throw it away.',
      `If this was not you, ${BLOCK}`,
    ],
  }),
  card_not_arrived: (cardNumber, again) => {
    const what = `Your key card with number ${cardNumber} never arrived, or was never used. It has been cancelled and will not work, even if it turns up.`;
    const next = again
      ? 'We have ordered another card for you. We will write again when it has been sent.'
      : `We will not send another one automatically. ${BORGERSERVICE} They will help you get a card.`;
    return {
      subject: again ? 'You will get another key card' : 'Your key card has not arrived',
      text: [what, next, `If there is anything here that you do not recognise, ${BLOCK}`],
      inShort: `${what} ${next}`,
    };
  },
  card_recalled: (cardNumber) => ({
    subject: 'Your new key card is being replaced',
    text: [
      `Your new key card with number ${cardNumber} is being replaced. The fault is ours, not yours. We will write again when the other one has been sent.`,
      'The card does not work. If you have it, or if it comes, cut it up and throw it away. If you have a card that works, keep using it until the other one arrives.',
      'If you are in doubt, phone Nøgle’s hotline.',
    ],
  }),
  card_retired: (cardNumber, again) => ({
    subject: 'Your key card does not work any more',
    text: [
      `We have made your key card with number ${cardNumber} invalid. Nøgle has had a breakdown, and so the old card cannot be used any more. The fault is ours, not yours.`,
      again
        ? 'A new card is on its way to you. We will write again when it has been sent.'
        : `We have no address to send a new card to. ${BORGERSERVICE} You can get a new card there.`,
      'Cut the old card up and throw it away. If you are in doubt, phone Nøgle’s hotline.',
    ],
  }),
  card_not_ordered: (keysLeft) => {
    const what = `${writeKeysLeftInEnglish(keysLeft)} You need a new card, but we have no address to send it to.`;
    return {
      subject: 'We cannot send you a new key card',
      text: [
        what,
        `${BORGERSERVICE} You can get a new card there.`,
        `If it was not you who used the keys, ${BLOCK}`,
      ],
      inShort: `${what} ${BORGERSERVICE}`,
    };
  },
  wait_started: (cardNumber, { when, isPast }) => ({
    subject: 'Somebody is starting to use your new key card',
    text: [
      `Somebody has entered a key from your new key card, number ${cardNumber}, but none from an old card. That is why there is a short wait. ${
        isPast ? `It has been possible to use the card since ${when}.` : `The card can be used from ${when}.`
      }`,
      NOTHING,
      `If this was not you, do not wait: ${BLOCK}`,
    ],
  }),
  threshold_changed: (threshold) => ({
    subject: 'A change to when you get a new key card',
    text: [
      `From now on we order a new key card for you when the old one has ${threshold} keys left.`,
      NOTHING,
      `If this was not you, ${BLOCK}`,
    ],
  }),
  public_sites_on: (by) => ({
    subject: 'Your ID now works on public sites',
    text: [
      by === 'staff'
        ? 'As agreed with you, a member of staff has set your ID to work on public sites too.'
        : 'You have said yes to using your ID on public sites too, such as your municipality’s.',
      `If this was not you, ${BLOCK}`,
    ],
  }),
  public_sites_off: (by) => ({
    subject: 'Your ID no longer works on public sites',
    text: [
      by === 'staff'
        ? 'As agreed with you, a member of staff has set your ID to work at your bank only.'
        : 'You have chosen that your ID works at your bank only. You are signed out of public sites.',
      `If this was not you, ${BLOCK}`,
    ],
  }),
  card_blocked: (cardNumber, by, onTheWay) => ({
    subject: onTheWay ? 'The key card on its way to you is blocked' : 'Your key card is blocked',
    text: [
      by === 'system'
        ? `We have blocked your key card with number ${cardNumber} to keep you safe. The key was wrong too many times.`
        : ACTOR_WORDS[by](
            onTheWay
              ? `The key card with number ${cardNumber}, which is on its way to you,`
              : `Your key card with number ${cardNumber}`,
          ),
      `It no longer works, and we will not order a new one automatically. If no other card is on its way, go to Borgerservice (citizen service) and bring valid identification.`,
      by === 'system'
        ? 'If it was not you who entered the wrong keys, somebody else may know your password. Phone Nøgle’s hotline and have your ID blocked too.'
        : 'If you do not recognise this, phone Nøgle’s hotline.',
    ],
  }),
  id_blocked: (by) => {
    const what = by === 'system' ? 'We have blocked your ID to keep you safe.' : ACTOR_WORDS[by]('Your ID');
    const next = `Nobody can sign in with it, not even you. You have been signed out everywhere. It can only be reopened in person. ${BORGERSERVICE}`;
    return {
      subject: 'Your ID is blocked',
      text: [
        what,
        next,
        'If you do not recognise this, phone Nøgle’s hotline. You do not need to block anything else.',
      ],
      inShort: `${what} ${next}`,
    };
  },
  id_reopened: () => ({
    subject: 'Your ID has been reopened',
    text: [
      'Borgerservice (citizen service) has reopened your ID, after being shown valid identification.',
      'Your old password and your old key card no longer work. You will get a new key card in one letter and a temporary password in another. Once you have both, you can activate your ID again.',
      `If it was not you, ${BLOCK_ID}`,
    ],
  }),
  id_proofed: () => ({
    subject: 'Your identification has been seen',
    text: [
      'You have shown valid identification and entered a key from your key card. So your ID can now also be used where somebody has to have seen you, at a bank for example.',
      'It applies the next time you sign in. Nothing else has changed.',
      `If it was not you, ${BLOCK_ID}`,
    ],
  }),
  proofing_lowered: () => ({
    subject: 'Some places you first have to show identification',
    text: [
      'You ordered your ID online, so nobody has seen you and your identification. Some places, many banks for example, require that from now on. Everywhere else you can sign in as before.',
      'Go to Borgerservice (citizen service) with valid identification and your key card, and it is done. It takes a few minutes, and you keep your ID and your card.',
      'You have been signed out everywhere, and have to sign in again.',
      `If you did not order an ID, ${BLOCK_ID}`,
    ],
  }),
  password_ordered: () => ({
    subject: 'A temporary password is coming by post',
    text: [
      'A temporary password has been ordered for you. It comes in a letter to the address we have for you.',
      'It only works together with a key from your key card. If you have a password, keep using it until the letter arrives.',
      `If it was not you who asked for it, ${BLOCK_ID}`,
    ],
  }),
  new_password_ordered: (when) => ({
    subject: 'A new password was ordered with a key from your card',
    text: [
      `A temporary password was ordered for your ID on ${when}, with a key from your key card.`,
      'It comes in a letter to the address we have for you. Until then your old password works. It is replaced only when you use the letter, together with one more key from the card.',
      `If it was not you, somebody else has seen your key card. Then ${BLOCK}`,
    ],
  }),
  id_activated: (when) => ({
    subject: 'Your ID has been activated',
    text: [
      `Your ID was activated on ${when}. You can now sign in with your user ID, your password and keys from your key card.`,
      `If this was not you, ${BLOCK_ID}`,
    ],
  }),
  password_changed: (when) => ({
    subject: 'Your password has been changed',
    text: [
      `The password for your ID was changed on ${when}. The old one no longer works, and you have been signed out everywhere.`,
      'If you have told us that a browser is your own, tell us again the next time you sign in with it.',
      `If this was not you, ${BLOCK_ID}`,
    ],
  }),
  user_id_changed: (when) => ({
    subject: 'Your user ID has been changed',
    text: [
      `Your user ID was changed on ${when}. From now on, sign in with the new one. Your ID number still works.`,
      `If this was not you, ${BLOCK_ID}`,
    ],
  }),
  id_closed: (when) => ({
    subject: 'Your ID is closed',
    text: [
      `You closed your ID on ${when}. Nobody can sign in with it any more, and your key card does not work. Cut it up.`,
      'If you want an ID again, go to Borgerservice (citizen service) with valid identification. If it was not you who closed it, phone Nøgle’s hotline.',
    ],
  }),
  new_browser: (where, when) => ({
    subject: 'Your ID was used on a new computer or phone',
    text: [
      `Somebody signed in with your ID at ${where} on ${when}. We do not know that computer or phone.`,
      'If this was you, for example at the library, there is nothing you need to do.',
      `If this was not you, ${BLOCK}`,
    ],
  }),
  password_without_key: (when) => ({
    subject: 'Your password was used, but no key',
    text: [
      `Somebody entered your password correctly on ${when}, on a computer or phone that we do not know. No key followed, so nobody was signed in.`,
      'If this was you and you gave up on the way, there is nothing you need to do.',
      `If this was not you, somebody else knows your password. Then ${BLOCK}`,
    ],
  }),
  password_locked: (opening) => ({
    subject: 'The password was wrong too many times',
    text: [
      `The password for your ID was wrong too many times in a row. We stopped further tries, so that nobody can guess it. ${writeOpening(opening)}`,
      'Nobody got in. If you have told us that a browser is your own, it may still work.',
      `If this was not you, and if it goes on, ${BLOCK}`,
    ],
  }),
  only_known_browsers: () => ({
    subject: 'Your ID now needs a code on computers we do not know',
    text: [
      'The password for your ID was wrong very many times in a row. To sign in on a computer or phone that we do not know, you now need a code from us as well. You can ask for the code where you sign in.',
      'Nobody got in. You need no code where you usually sign in. All this ends when you sign in with the right password, or when you get a new one.',
      `If this was not you, and if you are in doubt, ${BLOCK}`,
    ],
  }),
  keys_locked: (opening) => ({
    subject: 'The key was wrong too many times',
    text: [
      `The key from your key card was wrong too many times in a row. We stopped further tries, so that nobody can guess it. ${writeOpening(opening)}`,
      'If this was you, check that you have the right card before you try again. If the key keeps being wrong, the card is blocked.',
      `If this was not you, somebody else knows your password. Then ${BLOCK}`,
    ],
  }),
  ordered_online: (when, email) => ({
    subject: 'Somebody has ordered an ID for you online',
    text: [
      `An ID was ordered for you on Nøgle’s website on ${when}. Whoever ordered it gave your CPR number, your name and the number of your passport or driving licence.`,
      ...(email === null
        ? []
        : [
            `They also gave an e-mail address: ${email}`,
            'The only thing we send to it is a code, and not until a new ID is activated. If it is not your address, somebody else probably placed the order.',
          ]),
      'If you had no ID, you will get two letters on different days: one with your key card, one with a temporary password. If you had one, nothing about it has changed. If it was you who ordered, there is nothing more you need to do now.',
      `If it was not you, somebody else knows these things about you. If you get a letter with a key card or a password, do not use it. ${BORGERSERVICE} If you have an ID and are in doubt about it, ${BLOCK}`,
    ],
  }),
};
