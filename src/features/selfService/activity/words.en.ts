/** Texts about the activity, sessions and access, in English. */
import type { LetterKind } from '../../../domain/letter.ts';
import { lookReasonsEn } from './lookReasons.words.en.ts';
import type { AuditActor } from '../../../domain/auditEvent.ts';
import type { ActivityWords } from './activity.rules.ts';
import type { accessDa, activityDa } from './words.da.ts';
import { concernsEn } from './concerns.words.en.ts';
import type { Factor } from '../../../domain/signIn/levels.ts';
import { failuresEn } from './failures.words.en.ts';

const nameActorInEnglish = ({ by }: AuditActor) =>
  ({ person: 'You', staff: 'A member of staff', system: 'Nøgle' })[by];
/** A factor other than a card's key. */
const nameFactorInEnglish = (factor: Factor = 'security_key') =>
  ({
    password: 'a password',
    card_key: 'a key',
    code_token: 'a code from your code token',
    passkey: 'a passkey',
    security_key: 'a security key',
    attested_key: 'a security key',
  })[factor];
const roles = {
  officer: 'An officer at Borgerservice',
  bank_clerk: 'A member of staff at a bank',
  hotline: 'A member of staff at the hotline',
  operator: 'An operator of Nøgle',
};
const staffRoles = {
  officer: 'an officer at Borgerservice',
  bank_clerk: 'a bank clerk',
  hotline: 'a member of staff at the hotline',
  operator: 'an operator',
};
const paths = {
  desk: 'at Borgerservice',
  bank: 'at the bank',
  online: 'online',
  command: 'by Nøgle',
  seed: 'by Nøgle',
};
/** A kind written by a later version is missing. */
const letters: Readonly<Record<LetterKind, string>> = {
  welcome: 'A welcome letter',
  card: 'A letter with a key card',
  token: 'A letter with a code token',
  password: 'A letter with a temporary password',
  notice: 'A letter with news',
};

const activity: ActivityWords = {
  identity_issued: ({ path }) => `Your ID was issued ${paths[path]}.`,
  application_refused: ({ path }) => `An application for an ID ${paths[path]} was refused.`,
  application_withdrawn: ({ path }) => `An application for an ID ${paths[path]} was withdrawn.`,
  signed_in: ({ cardNumber, factor, only }, { site, card }) =>
    `You signed in at ${site} with ${
      cardNumber === undefined ? nameFactorInEnglish(factor) : `a key from card ${card(cardNumber)}`
    }${only ? ', without user ID and password' : ''}.`,
  signed_in_with_password: (_, { site }) => `You signed in at ${site} with the password alone.`,
  sign_in_refused: ({ factor }, { site }) =>
    `You wanted to sign in at ${site} with ${nameFactorInEnglish(factor)}, but your ID cannot be used there.`,
  gone_on_to: (_, { site }) => `You went on to ${site}. You were signed in already.`,
  signed_out_everywhere: () => 'You signed out everywhere.',
  signed_out_by_staff: (details) => `${nameActorInEnglish(details)} signed you out everywhere.`,
  signed_out: () => 'You signed out.',
  public_sites_changed: (details) =>
    details.on
      ? `${nameActorInEnglish(details)} switched public sites on.`
      : `${nameActorInEnglish(details)} switched public sites off.`,
  consent_given: (_, { site }) => `You agreed that ${site} may have information about you.`,
  consent_withdrawn: (_, { site }) => `You said no to ${site} having information about you.`,
  access_ended: (_, { site }) => `You ended the access of ${site}.`,
  card_issued: ({ cardNumber }, { card }) => `You got key card ${card(cardNumber)}.`,
  card_ordered: (details, { card }) =>
    `${nameActorInEnglish(details)} ordered key card ${card(details.cardNumber)}.`,
  card_sent: ({ cardNumber }, { card }) => `Key card ${card(cardNumber)} was sent by post.`,
  card_activate: ({ cardNumber }, { card }) => `Key card ${card(cardNumber)} was activated.`,
  card_replace: ({ cardNumber }, { card }) => `Key card ${card(cardNumber)} was replaced by a new one.`,
  card_use_up: ({ cardNumber }, { card }) => `Key card ${card(cardNumber)} was used up.`,
  card_block: (details, { card }) =>
    `${nameActorInEnglish(details)} blocked key card ${card(details.cardNumber)}.`,
  card_lose: (details, { card }) =>
    details.by === 'staff'
      ? `${nameActorInEnglish(details)} made key card ${card(details.cardNumber)} invalid, because you will get another one.`
      : `Key card ${card(details.cardNumber)} did not arrive and is not valid any more.`,
  card_retire: ({ cardNumber }, { card }) =>
    `We made key card ${card(cardNumber)} invalid after a breakdown.`,
  card_not_ordered: () => 'A new key card could not be sent, for we do not know your address.',
  wait_started: ({ cardNumber, opensAt }, { card, when }) =>
    `A key from key card ${card(cardNumber)} was entered. The card can be used from ${when(opensAt).replace(/^on /, '')}.`,
  code_token_ordered: (details) =>
    `${nameActorInEnglish(details)} ordered code token ${details.serialNumber}.`,
  code_token_sent: ({ serialNumber }) => `Code token ${serialNumber} was sent by post.`,
  code_token_wait_started: ({ serialNumber, opensAt }, { when }) =>
    `A code from code token ${serialNumber} was entered. It can be used from ${when(opensAt).replace(/^on /, '')}.`,
  code_token_activated: (details) =>
    details.by === 'staff'
      ? `You got code token ${details.serialNumber} from a member of staff. It is in use.`
      : `Code token ${details.serialNumber} was activated.`,
  code_token_replaced: ({ serialNumber }) => `Code token ${serialNumber} was replaced by a new one.`,
  code_token_blocked: (details) =>
    `${nameActorInEnglish(details)} blocked code token ${details.serialNumber}.`,
  code_token_lost: ({ serialNumber, by }) =>
    by === 'system'
      ? `Nøgle made code token ${serialNumber} invalid after a breakdown.`
      : `Code token ${serialNumber} was made invalid before it was used.`,
  code_token_resynced: (details) =>
    `${nameActorInEnglish(details)} adjusted code token ${details.serialNumber} with two codes in a row.`,
  threshold_changed: ({ threshold }) => `You chose that a new card is sent when ${threshold} keys are left.`,
  card_format_changed: (details) =>
    ({
      standard: `${nameActorInEnglish(details)} chose a standard card as your next key card.`,
      large_print: `${nameActorInEnglish(details)} chose large print for your next key card.`,
      braille: `${nameActorInEnglish(details)} chose Braille for your next key card.`,
    })[details.format],
  identity_blocked: (details) => `${nameActorInEnglish(details)} blocked your ID.`,
  identity_accepted: () => 'The information behind your ID was checked and accepted by an operator of Nøgle.',
  identity_reopened: (details) => `${nameActorInEnglish(details)} opened your ID again.`,
  proofing_lowered: () =>
    'It was recorded that nobody has seen your identification, because you ordered your ID online.',
  identity_proofed: (details) =>
    `${nameActorInEnglish(details)} saw your identification, and you entered a key. Your ID can now also be used where that is required.`,
  identity_closed: () => 'You closed your ID.',
  identity_activated: () => 'You activated your ID.',
  cpr_changed: (details) =>
    details.by === 'staff'
      ? 'Two officers at Borgerservice gave your ID your new CPR number.'
      : 'Your ID got your new CPR number from the CPR register.',
  likeness_judged: () =>
    'A member of staff saw that you are not another person of the same name and date of birth.',
  cpr_change_proposed: () =>
    'An officer proposed that your ID gets a new CPR number. Another one has to look at it.',
  cpr_change_refused: () => 'An officer said no to a new CPR number for your ID.',
  cpr_change_withdrawn: () => 'A proposal of a new CPR number for your ID no longer fitted and was closed.',
  cpr_change_unclear: () =>
    'The CPR register says something about your CPR number that an officer has to look at. Nothing was changed.',
  duplicate_found: () =>
    'The CPR register says that you have two IDs. An officer has to look at it. Nothing was changed.',
  register_changed: () => 'Your details were changed to those of the CPR register.',
  activation_key_given: ({ cardNumber }, { card }) =>
    `You entered the first key from key card ${card(cardNumber)}.`,
  terms_confirmed: () => 'You accepted the terms.',
  password_chosen: (_, { isChange }) => (isChange ? 'You changed your password.' : 'You chose a password.'),
  user_id_chosen: (_, { isChange }) => (isChange ? 'You changed your user ID.' : 'You chose a user ID.'),
  user_id_refused: () =>
    'You asked for a user ID that somebody else has, or that looks like somebody else’s.',
  current_password_locked: () =>
    'Your current password was entered wrongly too many times in self-service. What takes it could not be changed for some hours.',
  deed_confirmed: ({ cardNumber }, { card }) =>
    `You confirmed a change with a key from card ${card(cardNumber)}.`,
  security_key_added: (details, { when }) =>
    details.by === 'staff'
      ? 'You got a security key or passkey at Borgerservice.'
      : details.confirmedWith
        ? `You added a security key or passkey. It can be used at once, because you confirmed it ${details.confirmedWith.factor === 'code_token' ? 'with a code from your code token too' : 'with a security key or passkey that you used already'}.`
        : `You added a security key or passkey. It can be used from ${when(details.from).replace(/^on /, '')}.`,
  security_key_counts: () => 'The wait for a security key or passkey is over. It can be used now.',
  security_key_renamed: () => 'You gave a security key or passkey another name.',
  security_key_ended: (details) =>
    `${nameActorInEnglish(details)} ${details.end === 'stopped' ? 'stopped' : details.end === 'blocked' ? 'blocked' : 'removed'} a security key or passkey.`,
  email_changed: ({ from, removed }, { when }) =>
    removed
      ? `You removed your e-mail address. This takes effect ${when(from)}.`
      : `You entered a new e-mail address. It takes effect ${when(from)} at the earliest, and not before you have entered the code from the e-mail.`,
  email_code_ordered: () => 'A code was sent to the e-mail address that you gave.',
  email_confirmed: ({ from }, { when }) =>
    from === null
      ? 'You showed with a code that your e-mail address is yours.'
      : `You showed with a code that your new e-mail address is yours. It takes effect ${when(from)}.`,
  email_refused: () => 'Your e-mail address does not accept mail, so we write to you by post.',
  email_called_off: (details) => `${nameActorInEnglish(details)} stopped a change in where we write to you.`,
  language_changed: ({ language }) =>
    `You chose to get letters in ${{ da: 'Danish', en: 'English' }[language]}.`,
  data_exported: () => 'You downloaded your data.',
  key_burnt: () => 'A key was lost when the connection broke. It cannot be used any more.',
  keys_locked: () => 'Keys were locked for some hours, because too many wrong ones were entered.',
  password_locked: () => 'The password was locked for some hours, because too many wrong ones were entered.',
  only_known_browsers: () =>
    'So many wrong passwords were entered that a code is needed on computers and phones that we don’t know.',
  sign_in_code_ordered: ({ way }) =>
    way === 'email'
      ? 'A code for signing in was asked for. It was sent by e-mail.'
      : 'A code for signing in was asked for. It was ordered as a letter.',
  sign_in_code_used: () => 'A code for signing in was used.',
  failures_counted: ({ what, many, from }, { when }) =>
    failuresEn[what](many, when(from).replace(/^on /, '')),
  failures_in_all: () => 'Wrong answers were counted.',
  browser_known: ({ again = false }) =>
    again
      ? 'You said again that a computer or phone is your own.'
      : 'You said that a computer or phone is your own.',
  browsers_taken_back: ({ many }) =>
    many === 1
      ? 'You said that a computer or phone is not your own any more.'
      : `You said that ${many} computers and phones are not your own any more.`,
  browser_forgotten: () =>
    'A computer or phone is not your own any more, because too many wrong passwords were entered on it.',
  password_without_key: () =>
    'Somebody entered your password, but no key. If it was not you, change your password.',
  password_letter_ordered: (details) =>
    `${nameActorInEnglish(details)} ordered a temporary password for you.`,
  new_password_key_given: ({ cardNumber }, { card }) =>
    `You asked for a new password with a key from key card ${card(cardNumber)}.`,
  new_password_refused: ({ why, cardNumber }, { card }) =>
    ({
      under_15: `A new password was asked for with a key from key card ${card(cardNumber)}. We sent no letter, because you are under 15. Go to Borgerservice (citizen service).`,
      no_address: `A new password was asked for with a key from key card ${card(cardNumber)}. We sent no letter, because we do not know your address. Go to Borgerservice (citizen service).`,
      too_many: `A new password was asked for with a key from key card ${card(cardNumber)}. We sent no letter, because you have had as many as we send in a month.`,
    })[why],
  searched_by_staff: ({ role, shown, cardSearchId: byCard }) =>
    `${roles[role]} ${shown ? 'looked you up' : 'searched for you'}${byCard ? ' by your CPR number and a card number' : ''}${shown ? '' : ', but was shown nothing'}.`,
  register_looked_up: ({ role }) => `${roles[role]} looked your CPR number up in the CPR register.`,
  refused_at_desk: ({ role, isOwn }) =>
    isOwn
      ? 'You asked for something at the desk that you may not do yourself.'
      : `${role === null ? 'Somebody who does not work here' : roles[role]} wanted to see or change something about you, and was not allowed to.`,
  colleague_action_proposed: () =>
    'A member of staff proposed to do something with your ID. As you are a member of staff yourself, another has to confirm it.',
  colleague_action_refused: () => 'A proposal to do something with your ID was turned down or called off.',
  person_erasure_proposed: () =>
    'An operator proposed to erase your traces in our log: browsers and networks.',
  person_erased: () => 'Two operators erased your traces in our log: browsers and networks.',
  operator_command: () => 'An operator of Nøgle gave a command.',
  letter_sent: ({ kind }) => `${Object.hasOwn(letters, kind) ? letters[kind] : 'A letter'} was sent to you.`,
  staff_proposed: ({ role }) => `You were proposed as ${staffRoles[role]}.`,
  staff_approved: ({ role }) => `You were approved as ${staffRoles[role]}.`,
  staff_ended: ({ role }) => `You are not ${staffRoles[role]} any more.`,
  staff_end_proposed: ({ role }) =>
    `It was proposed that you are not ${staffRoles[role]} any more. Another has to decide.`,
  staff_kept: ({ role }) =>
    `You are still ${staffRoles[role]}. The proposal to end it was turned down or called off.`,
};

export const activityEn: typeof activityDa = {
  words: activity,
  title: 'What has happened?',
  intro: 'Here is everything that has happened with your ID, the newest first.',
  unknown: 'Is there something that you do not recognise?',
  unknownNext: 'Block your card or your ID at once.',
  none: 'Nothing has happened yet.',
  end: 'There is no more.',
  goneSite: 'a service that is no longer there',
  somethingElse: 'Something else.',
  lookReasons: lookReasonsEn,
  reason: (reason) => `Reason: ${reason}`,
  older: 'See what is older',
  newest: 'See the newest',
  pages: 'More pages',
  proof: {
    intro:
      'If a line is changed or removed, it can be found out. You can get a proof of a line when it is a few seconds old. It is a file that you can store and that others can check.',
    get: 'Get proof',
    soon: 'The proof is ready in a moment.',
  },
  confirmedBy: (card) => `Confirmed with a key from card ${card}.`,
  keyName: (name) => `Name: ${name}`,
  guardian: (name) => `Parent or guardian who was there: ${name}.`,
  concerns: concernsEn,
  from: {
    here: 'the network that you are using now',
    there: (network) => `the network ${network}`,
    line: (browser, network) => `${browser}, from ${network}`,
  },
};

export const accessEn: typeof accessDa = {
  title: 'Where am I signed in?',
  intro: 'Here you see where your ID is in use right now. You can stop it.',
  sessions: 'Computers and phones where you are signed in',
  endSession: 'Sign out',
  endSessionWhere: (device, when) => `${device}, signed in ${when}`,
  endHere: 'Sign out here',
  endOthers: 'Sign out everywhere else',
  endAll: 'Sign out everywhere',
  endAllMeans: 'You can sign out everywhere at once, here too.',
  services: 'Sites that have access',
  servicesMean:
    'They can get information about you. If you end the access, they learn no more, and are asked to sign you out. They keep what they already have.',
  noServices: 'Nobody has access right now.',
  offline: (until) =>
    `Can also get information when you are not signed in. That ends ${until} at the latest.`,
  gets: (what) => `Gets: ${what}.`,
  agreed: (when) => `You agreed ${when}.`,
  endAccess: 'End access',
  endAllAccess: 'End all access',
  endAccessOf: (name) => `of ${name}`,
  endPart: (what) => `End only: ${what}`,
  endOffline: 'End only: access when you are not signed in',
  isDone: {
    session: 'Signed out, from all sites on that computer or phone.',
    others: 'Signed out everywhere else. You are still signed in here.',
    access: 'The access is ended. If you sign in there again, they may ask you again.',
    part: 'It is ended. The site is asked to sign you out, and has to ask you before it can get it again.',
  },
};
