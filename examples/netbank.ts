/** A demo netbank: a relying party of kind `bank`, which gets a fresh key at every sign-in. */
import { can, createSite, type Language, type Site, type SiteSettings } from './site.ts';

const WORDS = {
  da: {
    lead: 'Du logger på med dit bruger-ID, din adgangskode og en nøgle fra dit nøglekort.',
    can: ['Se dine konti', 'Overfør penge', 'Betal regninger'],
    accounts: 'Dine konti',
    names: ['Lønkonto', 'Budgetkonto', 'Opsparing'],
    transfer: 'Overfør penge',
    to: 'Til konto',
    amount: 'Beløb i kroner',
    send: 'Overfør',
    done: (amount: string, to: string) => `${amount} kr. er på vej til konto ${to}.`,
    missing: 'Skriv både konto og beløb.',
  },
  en: {
    lead: 'You sign in with your user ID, your password and a key from your key card.',
    can: ['See your accounts', 'Transfer money', 'Pay bills'],
    accounts: 'Your accounts',
    names: ['Salary account', 'Budget account', 'Savings'],
    transfer: 'Transfer money',
    to: 'To account',
    amount: 'Amount in kroner',
    send: 'Transfer',
    done: (amount: string, to: string) => `${amount} kr. are on their way to account ${to}.`,
    missing: 'Enter both account and amount.',
  },
};

const ACCOUNTS = [
  ['9999 0001 482 116', '24.318,50'],
  ['9999 0001 482 124', '6.040,00'],
  ['9999 0001 482 132', '112.775,25'],
] as const;

const netbank: Site = {
  cookie: 'demo-netbank',
  scope: 'openid profile',
  name: { da: 'Gudenå Sparekasse', en: 'Gudenå Savings Bank' },
  styles: ':root{--brand:#0f5c4d}',
  welcome: (language) =>
    `<h1>Netbank</h1>${can(WORDS[language].can)}<p class="lead">${WORDS[language].lead}</p>`,
  home: (language, _person, notice) => `${notice}${accounts(language)}${transfer(language)}`,
  act: (language, form) => {
    const [to, amount] = [form.get('to')?.trim(), form.get('amount')?.trim()];
    return to && amount ? WORDS[language].done(amount, to) : WORDS[language].missing;
  },
};

function accounts(language: Language): string {
  const rows = ACCOUNTS.map(
    ([number, balance], i) =>
      `<tr><th scope="row">${WORDS[language].names[i]}</th><td>${number}</td><td class="amount">${balance} kr.</td></tr>`,
  );
  return `<section><h2>${WORDS[language].accounts}</h2><table>${rows.join('')}</table></section>`;
}

function transfer(language: Language): string {
  const words = WORDS[language];
  return `<section><h2>${words.transfer}</h2><form method="post" action="/">
    <label for="to">${words.to}</label><input id="to" name="to" required>
    <label for="amount">${words.amount}</label><input id="amount" name="amount" inputmode="decimal" required>
    <div><button>${words.send}</button></div></form></section>`;
}

export const createNetbank = (settings: SiteSettings) => createSite(netbank, settings);
