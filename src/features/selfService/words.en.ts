import { confirmEn } from './confirm/words.en.ts';
import type { selfServiceDa } from './words.da.ts';

/** After "from" a day is written without "on". */
const dropLeadingOn = (when: string) => when.replace(/^on /, '');
const writeKeysLeftTextInEnglish = (left: number) => (left === 1 ? '1 key left' : `${left} keys left`);

export const selfServiceEn: typeof selfServiceDa = {
  nav: 'Self-service',
  menu: 'Menu',
  pages: 'Pages of self-service',
  signOut: 'Sign out',
  idle: (minutes) =>
    `For your safety we sign you out when you have not used the page for ${minutes} minutes.`,
  again: 'You had been signed out, so what you sent was not saved. Please enter it again.',
  late: 'It is too long since you entered a key, so what you asked for was not done. Please do it again.',
  keysLeft: writeKeysLeftTextInEnglish,
  proof: {
    again: 'Sign in again',
    hidden: 'Not shown',
    idNumber:
      'We show your ID number only for five minutes after you sign in here with a key. That way nobody else can see it if you forget to sign out.',
    contact:
      'We show your addresses only for five minutes after you sign in here with a key. That way nobody else can see them if you forget to sign out.',
    data: 'The file holds your CPR number, among other things. So you have to sign in here with a key just before you download it.',
    sessions:
      'To sign out elsewhere from here, you must just have signed in here with a key. If it is urgent, you can always block your ID.',
  },
  overview: {
    title: 'My ID',
    name: 'Name',
    idNumber: 'ID number',
    userId: 'User ID',
    userIdIs: (userId) => `User ID: ${userId}`,
    noUserId: 'You sign in with your ID number',
    works: { everywhere: 'Works on public sites too', bank: 'Works at the bank only' },
    level: 'Level of assurance',
    levels: {
      Substantial: 'Substantial',
      Low: 'Low, because the ID was ordered online. Show identification and your key card at Borgerservice (citizen service), and it will be Substantial.',
    },
    cardIs: (cardNumber) => `Card ${cardNumber}`,
    noCard: 'You have no card in use',
    nextOrdered: 'A new card has been ordered.',
    nextSent: (dates) => `A new card is on its way. It should arrive between ${dates}.`,
    nextWaits: (when) => `Your new card can be used from ${dropLeadingOn(when)}.`,
    email: {
      confirmed: (email) => `${email}, confirmed`,
      unconfirmed: (email) => `${email}, not confirmed`,
      hidden: 'Your e-mail',
      changes: 'A new address is on its way',
      byLetter: 'We write to you by post',
    },
    signedIn: (many) => (many === 1 ? 'You are only signed in here' : `You are signed in on ${many} devices`),
    ownBrowsers: (many) =>
      many === 0 ? 'None yet' : many === 1 ? '1 computer or phone' : `${many} computers and phones`,
    services: {
      label: 'My services',
      none: 'Nobody has access right now',
      about: 'See all the places where you can use your ID.',
    },
    what: 'What would you like to do?',
    links: {
      card: { label: 'Key card', about: 'Order a new card, or choose when it should come.' },
      codeToken: {
        label: 'Code token',
        about: 'Order a code token, or start using it. You then need no key card when you sign in.',
      },
      signIn: { label: 'User ID and password', about: 'Choose another user ID or a new password.' },
      securityKeys: {
        label: 'Security keys and passkeys',
        about: 'Sign in with a phone, a computer or a security key in place of the card.',
      },
      contact: { label: 'E-mail and language', about: 'Choose where and in which language we write to you.' },
      publicSites: {
        label: 'Public sites',
        about: 'Choose whether your ID works at the municipality, the tax office and in Digital Post.',
      },
      activity: { label: 'What has happened?', about: 'See where and when your ID was used.' },
      access: { label: 'Where am I signed in?', about: 'Sign out somewhere, or end a site’s access.' },
      browsers: {
        label: 'My own computers',
        about: 'See the computers and phones that you said are your own.',
      },
      block: { label: 'Block card or ID', about: 'Have you lost the card, or do others know your password?' },
      data: { label: 'My data', about: 'Read or download everything that Nøgle knows about you.' },
      close: { label: 'Close my ID', about: 'When you don’t want an ID any more.' },
    },
  },
  card: {
    title: 'Key card',
    inUse: 'The card you use',
    none: 'You have no card in use.',
    number: 'Card number',
    left: 'Keys left',
    leftOf: (left, all) => `${writeKeysLeftTextInEnglish(left)} of ${all}`,
    nextCard: 'Card on its way',
    newCard: 'Your new card',
    ordered: (day) => `Ordered ${day}. It has not been sent yet.`,
    sent: (dates) => `Sent by post. It should arrive between ${dates}.`,
    waiting: (when) => `You entered a key from the new card. It can be used from ${dropLeadingOn(when)}.`,
    notArrived: 'My card has not arrived',
    notArrivedMeans:
      'If the card has not arrived, we cancel it and send another. If it turns up after all, cut it up.',
    lost: 'We have cancelled the card that did not arrive. A new one is ordered if we can send it.',
    order: 'Order a new card',
    orderMeans:
      'It goes to your address in the CPR register. Keep using the old card until the new one arrives.',
    noAddress: 'We don’t know your address, so we can’t send a card. Please go to Borgerservice.',
    threshold: 'When should a new card be sent?',
    thresholdNow: (keys) => `We send a new card when ${keys} keys are left on the old one.`,
    thresholdLabel: 'Number of keys left when a new card is sent',
    thresholdHint: (least, most) =>
      `A number from ${least} to ${most}. If you use many keys, choose a high number. The post usually takes 5-10 business days.`,
    thresholdFault: (least, most) => `Enter a whole number from ${least} to ${most}.`,
    thresholdSubmit: 'Save',
    old: 'Earlier cards',
    states: {
      ordered: 'Ordered',
      sent: 'Sent',
      active: 'In use',
      used_up: 'Used up',
      replaced: 'Replaced by a new one',
      blocked: 'Blocked',
      void: 'Did not arrive',
    },
    oldLine: (number, state, day) => `${number}: ${state}. Ordered ${day}.`,
  },
  signIn: {
    title: 'User ID and password',
    userIdHeading: 'New user ID',
    userIdNow: (userId) => `Your user ID is ${userId}.`,
    userIdNone: 'You have not chosen a user ID. You sign in with your ID number.',
    userId: 'New user ID',
    userIdHint:
      "5-48 characters: letters, digits, spaces and . _ - @ + & '. Capital and small letters are the same. It must not look like a CPR number. We can tell you whether it is taken once you have entered a key.",
    userIdSubmit: 'Change user ID',
    passwordHeading: 'New password',
    password: 'New password',
    passwordHint: 'At least 8 characters. Several words in a row are good.',
    passwordSubmit: 'Change password',
    endsOthers: 'Once you have changed it, you are signed out everywhere else.',
    faults: {
      userId: {
        too_short: 'The user ID is too short. Enter at least 5 characters.',
        too_long: 'The user ID is too long. Enter at most 48 characters.',
        like_a_number: 'The user ID looks like a CPR number or an ID number. Choose another.',
        unreadable: 'There is a character in the user ID that we cannot read. Enter it again.',
        other_signs:
          "There is a character in the user ID that cannot be used. Use letters like a-z and æøå, digits, spaces and . _ - @ + & '.",
        same: 'That is your user ID already. Enter another.',
      },
      password: {
        unreadable:
          'A tab, a line break or another invisible character got into the password. Enter it again.',
        too_short: 'The password is too short. Enter at least 8 characters.',
        too_long: 'The password is too long. Enter at most 128 characters.',
        is_name: 'The password must not be your user ID or ID number. Choose another.',
        common: 'That password is too easy to guess. Choose another.',
        breached:
          'That password is among those stolen from other websites, which thieves try out. Choose another.',
      },
    },
  },
  currentPassword: {
    label: 'Current password',
    hint: 'The one you sign in with today.',
    missing: 'Enter the password you sign in with today.',
    unreadable:
      'A tab, a line break or another invisible character got into your current password. Enter it again.',
    wrong: (left) =>
      `That is not your current password. You have ${left === 1 ? 'one try' : `${left} tries`} left.`,
    locked: (day, time) =>
      `Your current password was entered wrong too many times. You can try again ${day} ${time}. You can still sign in.`,
  },
  contact: {
    title: 'E-mail and language',
    emailHeading: 'E-mail',
    emailNow: (email) => `We write to ${email} when something happens to your ID.`,
    byLetter: 'We write to you by post when something happens to your ID.',
    emailHidden: 'We write to your e-mail address when something happens to your ID.',
    emailRefused: (email) => `Your e-mail address is ${email}.`,
    soon: (email, when) => `From ${dropLeadingOn(when)} we will write to ${email}.`,
    soonHidden: (when) => `From ${dropLeadingOn(when)} we will write to a new e-mail address.`,
    soonByLetter: (when) => `From ${dropLeadingOn(when)} we will write to you by post.`,
    email: 'New e-mail address',
    emailHint: 'For example name@example.com.',
    emailMeans:
      'We send a code to the new address. The address takes effect once you have entered the code, and no sooner than in 24 hours. We also write to you where we do today, so nobody can change it behind your back. You are signed out everywhere else.',
    emailSubmit: 'Change e-mail address',
    noneHeading: 'Prefer post?',
    noneMeans:
      'You can also get messages by post. This takes effect in 24 hours at the earliest. Until then we write to you as before. You are signed out everywhere else.',
    none: 'Write to me by post',
    faults: {
      incomplete: 'Enter an e-mail address.',
      malformed: 'The e-mail address is not right. It should look like name@example.com.',
    },
    address: 'Postal address',
    noAddress: 'We don’t know your address.',
    addressFrom:
      'We get your address from the CPR register. If you move, tell your municipality, and we will know.',
    languageHeading: 'Language of letters and messages',
    language: { da: 'Danish', en: 'English' },
    languageSubmit: 'Save the language',
    languageDone: 'The language is saved.',
  },
  publicSites: {
    title: 'Public sites',
    on: 'Your ID works at the bank and on public sites.',
    off: 'Your ID works at the bank only.',
    what: 'The public sites are:',
    more: (many) => `And ${many} more.`,
    nowhere: 'Right now no public site uses Nøgle.',
    onMeans:
      'If you switch it on, you can sign in to all of these sites with the same ID. You can always switch it off again.',
    offMeans:
      'If you switch it off, you are signed out of all these sites at once. They get no more information about you. Your ID still works at the bank.',
    switchOn: 'Switch public sites on',
    switchOff: 'Switch public sites off',
    bars: {
      under_15: 'You must be 15 before you can switch it on.',
      no_cpr: 'This takes a CPR number. Ask Borgerservice what you can do instead.',
    },
    isOff: 'It is switched off. You are signed out of all public sites.',
  },
  block: {
    title: 'Block card or ID',
    why: 'If you have lost the card, or think that others know your keys or your password, block at once.',
  },
  blocked: {
    card: 'Your key card is blocked',
    security_keys: 'Your security keys and passkeys are blocked',
    code_token: 'Your code token is blocked',
    identity: 'Your ID is blocked',
    why: 'You are signed out everywhere. Nobody can use what you have blocked.',
    next: {
      card: 'If a new card is on its way, you can use it when it arrives. If not, go to Borgerservice for a new one. Bring valid identification.',
      security_keys:
        'You can sign in again with your key card and add new ones. If somebody else has had your card, block that too. If in doubt, go to Borgerservice.',
      code_token:
        'You can sign in again with your key card and order a new code token. You can also get one at Borgerservice. If the card is gone too, block that as well.',
      identity: 'If you want your ID opened again, go to Borgerservice. Bring valid identification.',
    },
  },
  close: {
    title: 'Close my ID',
    what: 'When you close your ID, three things happen:',
    points: [
      'Nobody can sign in with it any more, nor can you.',
      'Your key cards are blocked, and we send no more.',
      'Nobody can get information about you from Nøgle.',
    ],
    undo: 'It cannot be undone here. If you want an ID again, you must go to Borgerservice with valid identification.',
    instead: 'If you only want to block it for a time, block your ID instead.',
    understood: 'I want to close my ID for good',
    fault: 'Tick that you want to close your ID.',
    submit: 'Close my ID',
  },
  closed: {
    title: 'Your ID is closed',
    why: 'You are signed out everywhere. Cut up your key card.',
    next: 'If you need public services or the bank without an ID, see what you can do instead.',
    services: 'What you can do without an ID',
  },
  ...confirmEn,
};
