/** The meaning of the Danish, in plain English. */
import type { privacyDa } from './privacy.words.da.ts';

export const privacyEn: typeof privacyDa = {
  title: 'How we use your information',
  lead: 'What we know about you, why we know it, who we share it with, and how long we keep it.',
  who: {
    heading: 'Who is responsible?',
    text: (operator) =>
      `${operator} runs Nøgle and is responsible for your information (the data controller).`,
    cvr: 'CVR number',
    ask: 'If you have questions about your information, write to us:',
  },
  what: {
    heading: 'What we know about you',
    points: [
      'Your name, date of birth, CPR number and address. We get them from the CPR register, which tells us when they change.',
      'Your e-mail address, and whether you prefer Danish or English. We get these from you.',
      'What you showed when you got your ID, such as your passport. We get this from you, at Borgerservice or your bank. If a parent or guardian was with you, then or when you got a security key or code token, we also know who.',
      'Your user ID, your choices, your key cards and your code token.',
      'What you call your security keys and passkeys, and of which kind they are. We never get your fingerprint, your face or your PIN. They stay on your own device.',
      'What has happened to your ID: when and where it was used, what was changed, and from what kind of browser and network.',
      'We store your password and keys so that nobody can read them.',
    ],
    choice:
      'You decide whether to give us your e-mail address. We need everything else. Without a CPR number you can only get an ID for your bank.',
  },
  why: {
    heading: 'Why we are allowed to use it',
    points: [
      'We use it so that you can sign in, so that nobody else can sign in as you, and so that we can write to you about your ID. This is a task in the public interest (GDPR, article 6(1)(e)).',
      'We use your CPR number to be sure that you are you (the Danish Data Protection Act, section 11(1)).',
      'If a service wants to know more about you, we ask you first. If you say yes, that is your consent (GDPR, article 6(1)(a)). You can withdraw it at any time.',
    ],
  },
  recipients: {
    heading: 'Who we share it with',
    points: [
      'The services you sign in to. They get a number that stands for you and what they are allowed to know, such as your name. Only some of them get your CPR number.',
      'The companies that print our letters and deliver our e-mail. They work for us and may not use it for anything else.',
      'The people who help you at Borgerservice, at your bank and on the hotline. They must give a reason each time they look you up, and you can see that they did.',
      'The police and the courts, when the law says so.',
    ],
    never: 'We sell nothing about you, and we show no adverts.',
  },
  howLong: {
    heading: 'How long we keep it',
    whole: [
      'We keep your name, CPR number, address and e-mail address, your ID, cards and letters for as long as you have an ID.',
      'We keep the record of what has happened to your ID just as long, so that you can see who has used it.',
      'After you close your ID, there may still be questions about who used it. So we don’t delete it the same day. You can ask us to delete it.',
    ],
    table: 'Some things we keep only for a while',
    columns: ['What we keep', 'How long'],
    kinds: {
      requests: 'What we need while you sign in: once you are done',
      browsers: 'Computers and phones you have signed in from: since the last time',
      wrongInARow: 'How many wrong answers there were in a row: since the last one',
      knownNetworks: 'Networks you have signed in from: since the last time',
      notices: 'Messages we e-mailed to you: since we sent them',
      newPasswords: 'When you asked for a new password with a key: from that day',
      signInCodes: 'Codes we sent so that you could sign in: once they no longer work',
      applicationEmail:
        'An e-mail address you gave us when you asked for your ID and didn’t confirm: since that day',
      unconfirmedEmail: 'An e-mail address you gave us later and didn’t confirm: since that day',
      endedSecurityKeys: 'Security keys and passkeys: since they were removed or blocked',
      replacedEmail: 'Your old e-mail address: since you changed it',
    },
    days: (days) => (days === 1 ? 'One day' : `${days} days`),
  },
  rights: {
    heading: 'What you can do',
    links: {
      data: 'See and download everything we know about you',
      activity: 'See what has happened to your ID',
      contact: 'Change your e-mail address',
      access: 'See who has access, and withdraw your consent',
      close: 'Close your ID',
    },
    points: [
      'If your name or address is wrong, go to Borgerservice. They can correct it in the CPR register.',
      'You can ask us to delete something, to put our use of it on hold, or to stop using it. Write or call. We reply within a month.',
    ],
  },
  complain: {
    heading: 'Don’t agree with us?',
    text: 'You can complain to Datatilsynet, the Danish Data Protection Agency. You are welcome to tell us first.',
    address: 'Datatilsynet, Carl Jacobsens Vej 35, 2500 Valby, Denmark',
    phone: 'Phone:',
    email: 'E-mail:',
    link: 'The agency’s website (datatilsynet.dk)',
  },
  cookies: {
    heading: 'Cookies',
    text: 'A cookie is a short text that your browser stores for us. We use only the ones that our pages can’t do without. We don’t track you, and nobody else sets cookies here. That is why we don’t ask for your permission.',
    table: 'The cookies we use',
    columns: ['What we use them for', 'How long'],
    uses: {
      session: 'Remembers that you are signed in.',
      visitor: 'Makes sure that it is your own browser that goes on, and not somebody else’s.',
      signIn: 'Remembers how far you have got while you sign in.',
      ownPages: 'Remembers that you are signed in to our own pages.',
      activation: 'Remembers how far you have got while you activate your ID.',
      logout: 'Helps you sign out at a bank or another service.',
      ownBrowser: 'Remembers that you ticked “This is my own computer”.',
      userId: 'Remembers your user ID on your own computer, if you asked for that.',
      way: 'Remembers what you last chose to sign in with here, so that it comes first.',
      site: 'Remembers where you were going, so that you can find your way back.',
      order: 'Remembers what you enter while you order, and then your order.',
      language: 'Remembers whether you read Danish or English.',
    },
    untilClosed: 'Until you close the browser',
    days: (days) => `${days} days`,
    hours: (hours) => (hours === 1 ? 'At most one hour' : `At most ${hours} hours`),
    minutes: (minutes) => `${minutes} minutes`,
  },
};
