/** The meaning of the Danish, in plain English. */
import type { Actor } from '../../domain/notice.ts';
import type { NoticeTexts } from './notices.words.da.ts';

export const BLOCK = 'block your ID or your card at once on Nøgle’s page “Block”, or phone Nøgle’s hotline.';
export const BLOCK_ID = 'block your ID at once on Nøgle’s page “Block”, or phone Nøgle’s hotline.';
const BORGERSERVICE = 'Go to Borgerservice (citizen service) and bring valid identification.';

const ACTOR_WORDS: Record<Exclude<Actor, 'system'>, (what: string) => string> = {
  person: (what) => `${what} has been blocked, as you asked.`,
  staff: (what) => `${what} has been blocked by staff at Borgerservice, at your bank or at Nøgle’s hotline.`,
};

export const noticesEn: NoticeTexts = {
  signature: 'Kind regards\nNøgle',
  never:
    'We never ask you for a key or a password in a message or on the telephone, and we never send a link for you to sign in with.',
  somewhere: 'a place where Nøgle can be used',
  card_ordered: (cardNumber) => ({
    subject: 'You will get a new key card',
    text: [
      `We have ordered a new key card for you. Its number is ${cardNumber}, and it comes by post. You hear from us again when it has been sent.`,
      'As a rule this happens by itself when few keys are left on the old card. If you have a card that works, use it until the new one has come.',
      `If somebody other than you ordered the card, ${BLOCK_ID}`,
    ],
  }),
  card_sent: (cardNumber, from, to) => ({
    subject: 'Your new key card has been sent',
    text: [
      `Your new key card, number ${cardNumber}, has been sent by post. We expect it to arrive between ${from} and ${to}.`,
      'If it has not come by then, say so in self-service. If you cannot sign in, go to Borgerservice (citizen service). If the envelope is open when you get it, do not use the card.',
      `If somebody other than you ordered the card, or if you think somebody has taken it, ${BLOCK_ID}`,
    ],
  }),
  card_active: (cardNumber) => ({
    subject: 'Your new key card is in use',
    text: [
      `The key card with number ${cardNumber} is now in use. From now on use keys from that card.`,
      'If you have an old card, it no longer works. Cut it up and throw it away.',
      `If this was not you, ${BLOCK}`,
    ],
  }),
  card_not_arrived: (cardNumber, again) => ({
    subject: again ? 'You will get another key card' : 'Your key card has not arrived',
    text: [
      `The key card with number ${cardNumber} has not arrived or has not been taken into use. So that nobody else can use it, it no longer works, even if it turns up.`,
      again
        ? 'We have ordered another card for you. You hear from us when it has been sent.'
        : `We do not send a new one by ourselves. ${BORGERSERVICE} They help you to get a card.`,
      `If there is anything here that you do not recognise, ${BLOCK}`,
    ],
  }),
  card_recalled: (cardNumber) => ({
    subject: 'Your new key card is being exchanged',
    text: [
      `The key card with number ${cardNumber}, which was on its way to you, is being exchanged for another. The reason lies with us, not with you. You hear from us when the other one has been sent.`,
      'The card does not work. If you have got it, or if it comes, cut it up and throw it away. If you have a card that works, use it until the other one has come.',
      'If you are in doubt, phone Nøgle’s hotline.',
    ],
  }),
  card_not_ordered: (keysLeft) => ({
    subject: 'We cannot send you a new key card',
    text: [
      `${writeKeysLeftInEnglish(keysLeft)} It is time for a new one, but we have no address to send it to.`,
      `${BORGERSERVICE} There you can get a new card.`,
      `If it was not you who used the keys, ${BLOCK}`,
    ],
  }),
  wait_started: (cardNumber, opens) => ({
    subject: 'Somebody is taking your new key card into use',
    text: [
      `A key from your new key card, number ${cardNumber}, has been entered, but none from an old card. So we wait a little: the card can be used from ${opens}.`,
      'If this was you, you need do nothing.',
      `If this was not you, do not wait: ${BLOCK}`,
    ],
  }),
  threshold_changed: (threshold) => ({
    subject: 'There is a change in when you get a new key card',
    text: [
      `From now on we order a new key card for you when ${threshold} keys are left on the old one.`,
      `If this was not you, ${BLOCK}`,
    ],
  }),
  public_sites_on: (by) => ({
    subject: 'Your ID now works on public sites',
    text: [
      by === 'staff'
        ? 'A member of staff has, as agreed with you, set your ID to work on public sites too.'
        : 'You have said yes to using your ID on public sites too, for example at your municipality.',
      `If this was not you, ${BLOCK}`,
    ],
  }),
  public_sites_off: (by) => ({
    subject: 'Your ID no longer works on public sites',
    text: [
      by === 'staff'
        ? 'A member of staff has, as agreed with you, set your ID to work at your bank only.'
        : 'You have chosen that your ID works at your bank only. You are signed out of the public sites.',
      `If this was not you, ${BLOCK}`,
    ],
  }),
  card_blocked: (cardNumber, by) => ({
    subject: 'Your key card is blocked',
    text: [
      by === 'system'
        ? `We have blocked the key card with number ${cardNumber} to keep you safe. This happens, among other reasons, when the key was wrong too many times.`
        : ACTOR_WORDS[by](`The key card with number ${cardNumber}`),
      `It no longer works, and we do not order a new one by ourselves. If none is on its way already: ${BORGERSERVICE}`,
      by === 'system'
        ? 'If it was not you who entered wrong keys, somebody else may know your password. Phone Nøgle’s hotline and have your ID blocked too.'
        : 'If you do not recognise this, phone Nøgle’s hotline.',
    ],
  }),
  id_blocked: (by) => ({
    subject: 'Your ID is blocked',
    text: [
      by === 'system' ? 'We have blocked your ID to keep you safe.' : ACTOR_WORDS[by]('Your ID'),
      `Nobody can sign in with it, not even you, and you have been signed out of Nøgle on every computer. It can be opened again only in person. ${BORGERSERVICE}`,
      'If you do not recognise this, phone Nøgle’s hotline. There is nothing more that you need to block.',
    ],
  }),
  id_reopened: () => ({
    subject: 'Your ID has been opened again',
    text: [
      'Your ID has been opened again at Borgerservice (citizen service), where valid identification was shown.',
      'Your old password and your old key card no longer work. You will get a new key card and a temporary password, each in a letter of its own. When you have both, you can take your ID into use again.',
      `If it was not you, ${BLOCK_ID}`,
    ],
  }),
  password_ordered: () => ({
    subject: 'A temporary password is coming by post',
    text: [
      'A temporary password has been ordered for you. It comes in a letter to the address that we have.',
      'It works only together with a key from your key card. If you already have a password, go on using it until the letter has come.',
      `If it was not you who asked for it, ${BLOCK_ID}`,
    ],
  }),
  address_changed: () => ({
    subject: 'Your address has changed',
    text: [
      'The civil registration system (CPR) has told us that you have a new address. From now on we send your letters there. At first we also write to your old address when we send you a key card or a password.',
      'If you have moved, you need not do anything.',
      `If you have not moved, somebody may have said so in your name. Tell the population register of your municipality, and ${BLOCK_ID}`,
    ],
  }),
  cpr_changed: () => ({
    subject: 'Your ID follows your new CPR number',
    text: [
      'We have been told that you have a new CPR number. Your ID is the same as before. It now belongs to the new number, and the places that may have your CPR number get the new one the next time you sign in.',
      'Your user ID, your password and your key card are the same as before. You need not do anything.',
      `If you do not have a new CPR number, tell the citizen service (Borgerservice) of your municipality, and ${BLOCK_ID}`,
    ],
  }),
  name_changed: () => ({
    subject: 'Your name has changed',
    text: [
      'The civil registration system (CPR) has told us that you have a new name. From now on we use it, both in letters to you and at the places where you sign in.',
      'Your user ID, your password and your key card are the same as before.',
      `If you do not have a new name, tell the population register of your municipality, and ${BLOCK_ID}`,
    ],
  }),
  emigrated: () => ({
    subject: 'Your ID is blocked because you have left Denmark',
    text: [
      'The civil registration system (CPR) has told us that you have moved away from Denmark. That is why we have blocked your ID. Nobody can sign in with it, not even you, and your key card no longer works.',
      'If you have moved back, your ID can be reopened at Borgerservice (citizen service). Bring valid identification.',
      'If you have not moved away from Denmark, tell the population register of your municipality. If you are in doubt, phone Nøgle’s hotline.',
    ],
  }),
  ordered_after_move: (holds) => ({
    subject:
      holds === 'card'
        ? 'A key card is on its way to your new address'
        : 'A password is on its way to your new address',
    text: [
      holds === 'card'
        ? 'A new key card has been ordered for you. It comes by post to your new address.'
        : 'A temporary password has been ordered for you. It comes by post to your new address.',
      'We write to your old address because you have moved lately. If that is right, you need not do anything.',
      `If you have not moved, or if somebody other than you ordered it, ${BLOCK_ID}`,
    ],
  }),
  id_activated: (when) => ({
    subject: 'Your ID has been taken into use',
    text: [
      `Your ID was taken into use on ${when}. Now you can sign in with your user ID, your password and keys from your key card.`,
      `If this was not you, ${BLOCK_ID}`,
    ],
  }),
  password_changed: (when) => ({
    subject: 'You have a new password',
    text: [
      `The password of your ID was changed on ${when}. The old one no longer works, and you are signed out of Nøgle on all computers.`,
      'If you have said of a browser that it is your own, say so again the next time you sign in with it.',
      `If this was not you, ${BLOCK_ID}`,
    ],
  }),
  user_id_changed: (when) => ({
    subject: 'Your user ID has been changed',
    text: [
      `Your user ID was changed ${when}. From now on you sign in with the new one. Your ID number still works.`,
      `If it was not you, ${BLOCK_ID}`,
    ],
  }),
  id_closed: (when) => ({
    subject: 'Your ID is closed',
    text: [
      `You closed your ID ${when}. Nobody can sign in with it any more, and your key card does not work. Cut it up.`,
      'If you want an ID again, go to Borgerservice with valid identification. If it was not you who closed it, phone Nøgle’s hotline.',
    ],
  }),
  new_browser: (where, when) => ({
    subject: 'Somebody has signed in with your ID in a new browser',
    text: [
      `Somebody signed in with your ID at ${where} on ${when}, in a browser that we have not seen before.`,
      'If this was you, for example on a new computer or at the library, you need do nothing.',
      `If this was not you, ${BLOCK}`,
    ],
  }),
  password_without_key: (when) => ({
    subject: 'Your password was used, but no key',
    text: [
      `Your password was entered correctly on ${when}, in a browser that we do not know, and no key came after it. So nobody was signed in.`,
      'If this was you and you gave up on the way, you need do nothing.',
      `If this was not you, somebody else knows your password. Then ${BLOCK}`,
    ],
  }),
  password_locked: (opens) => ({
    subject: 'The password was wrong too many times',
    text: [
      `The password of your ID was wrong too many times in a row. We have closed for more tries, so that nobody can guess it. It opens by itself on ${opens}.`,
      'Nobody got in. A browser that you have said is your own may still work.',
      `If it was not you, and if it goes on, ${BLOCK}`,
    ],
  }),
  only_known_browsers: () => ({
    subject: 'Your ID now needs a code in browsers that we do not know',
    text: [
      'The password of your ID was wrong very many times in a row. So a code from us is now needed to sign in with a browser that we do not know. You can ask for the code where you sign in.',
      'Nobody got in. In a browser that you have said is your own, and where you usually sign in, you need no code. It all ends when you sign in with the right password, or when you get a new one.',
      `If it was not you, and if you are in doubt, ${BLOCK}`,
    ],
  }),
  keys_locked: (opens) => ({
    subject: 'The key was wrong too many times',
    text: [
      `The key from your key card was wrong too many times in a row. We have closed for more tries, so that nobody can guess it. It opens by itself on ${opens}.`,
      'If this was you, check that you have the right card before you try again. If the key goes on being wrong, the card is blocked.',
      `If this was not you, somebody else knows your password. Then ${BLOCK}`,
    ],
  }),
  ordered_online: (when, email) => ({
    subject: 'Somebody has ordered an ID for you online',
    text: [
      `On ${when} an ID was ordered for you on Nøgle’s pages. Whoever ordered it gave your CPR number, your name and the number of your passport or driving licence.`,
      ...(email === null
        ? []
        : [
            `An e-mail address was given too: ${email}`,
            'We send nothing to it but a code, and only when a new ID is taken into use. If it is not your address, that is a sign that somebody else ordered.',
          ]),
      'If you had no ID before, you get two letters on different days: one with your key card and one with a temporary password. If you had one, nothing about it has changed. If it was you who ordered, you need do nothing more now.',
      `If it was not you, somebody else knows these things about you. If letters with a key card or a password come, do not use them. ${BORGERSERVICE} If you have an ID and are in doubt about it, ${BLOCK}`,
    ],
  }),
};

function writeKeysLeftInEnglish(keysLeft: number): string {
  if (keysLeft === 0) return 'All keys on your key card are used.';
  return keysLeft === 1
    ? 'There is one key left on your key card.'
    : `There are ${keysLeft} keys left on your key card.`;
}
