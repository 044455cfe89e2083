/** Letters and notices, read back from what is sent. */
import { createHash } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { locateKey } from '../src/domain/card/cardLayout.ts';
import { deriveCardContents, KEYS_ON_CARD } from '../src/domain/card/keyCard.ts';
import { nameDevice } from '../src/domain/clientContext.ts';
import type { Addressee, Letter, LetterContent, LetterKind } from '../src/domain/letter.ts';
import type { Notice, NoticeKind } from '../src/domain/notice.ts';
import { GLYPH_RANGES } from '../src/domain/person/printable.ts';
import { replaceMissingGlyphs } from '../src/delivery/letters/fonts.ts';
import { renderLetter } from '../src/delivery/letters/letterPdf.ts';
import { writeEmailCode } from '../src/delivery/mail/emailCode.ts';
import { InvalidNoticeError } from '../src/delivery/mail/noticeDetails.ts';
import { writeMail } from '../src/delivery/mail/mailText.ts';
import { writeNotice, writeNotices } from '../src/delivery/mail/notices.ts';
import { SAMPLE_CONTACT as CONTACT } from '../src/gallery/sampleContact.ts';
import { readLetterPdf, type LetterPdf, type PdfPage } from './support/pdf.ts';

const MM = 72 / 25.4;
const A4 = { width: 210 * MM, height: 297 * MM };
const ID_1 = { width: 85.6 * MM, height: 54 * MM };

const { keyNumbers, keys } = deriveCardContents(createHash('sha256').update('a card').digest());
const pairs = keyNumbers.map((number, i): [string, string] => [number, keys[i] ?? '']);
/** Passed in reverse order: the letter has to sort them. */
const printedKeys = Object.fromEntries(pairs.toReversed());
const cardNumber = 'A123-456-789';
const ID_NUMBER = '274913586';
const PASSWORD = 'hK7m0w2TzQdP';

const anna: Addressee = { name: 'Anna Sø Hansen', street: 'Storegade 12', postcode: '8900', city: 'Randers' };

function contentOf(kind: LetterKind, to: Addressee = anna): LetterContent {
  switch (kind) {
    case 'welcome':
      return { kind, to, idNumber: ID_NUMBER, cardNumber, keys: printedKeys };
    case 'card':
      return { kind, to, cardNumber, keys: printedKeys };
    case 'token':
      return { kind, to, serialNumber: 'NT-100234' };
    case 'password':
      return { kind, to, temporaryPassword: PASSWORD };
    case 'notice':
      return { kind, to, subject: 'Et emne', text: 'Den ene linje.\n\nDen anden linje.\n\nNøgle' };
  }
}

function aLetter(
  content: LetterContent,
  { largePrint = false, ...letter }: Partial<Letter> & { readonly largePrint?: boolean } = {},
): Letter {
  return {
    id: '5f0c8c2e-9d0b-4c53-8d0e-0a4f6f1f5b11',
    content,
    language: 'da',
    format: largePrint ? 'large_print' : 'standard',
    postOn: '2026-11-24',
    batch: '2026-11-24-09',
    usableUntil: content.kind === 'password' ? '2027-01-05' : null,
    ...letter,
  };
}

async function read(letter: Letter): Promise<LetterPdf> {
  return readLetterPdf(await renderLetter(letter, CONTACT));
}

/** The pages before the card: in large print the text may take more than one. */
function textPages({ pages }: LetterPdf, kind: LetterKind): PdfPage[] {
  return kind === 'card' || kind === 'welcome' ? pages.slice(0, -2) : pages;
}

/** As the envelope shows them, from the top. */
function itemsInWindow(page: PdfPage | undefined) {
  return page?.items.filter(({ x, y }) => x < 110 * MM && y > 45 * MM && y < 90 * MM) ?? [];
}

const RETURN_ADDRESS = {
  da: 'Retur: Prøvekommunen, Laksetorvet 1, 8900 Randers C',
  en: 'Return to: Prøvekommunen, Laksetorvet 1, 8900 Randers C',
};

/** The return address is for the post, not for the reader. */
const isRead = ({ text }: { text: string }) => !Object.values(RETURN_ADDRESS).includes(text);

function smallest(pages: readonly PdfPage[]): number {
  return Math.min(...pages.flatMap(({ items }) => items.map(({ size }) => size)));
}

function expectSize(page: PdfPage | undefined, { width, height }: typeof A4): void {
  expect(page?.width).toBeCloseTo(width, 2);
  expect(page?.height).toBeCloseTo(height, 2);
}

const KINDS = ['welcome', 'card', 'password', 'notice'] as const;
const WITH_CARD = ['welcome', 'card'] as const;
const LANGUAGES = ['da', 'en'] as const;
const EACH = KINDS.flatMap((kind) =>
  LANGUAGES.flatMap((language) => [false, true].map((largePrint) => ({ kind, language, largePrint }))),
);

describe.each(EACH)('the letter $kind in $language, large print: $largePrint', ({ kind, ...format }) => {
  const letter = aLetter(contentOf(kind), format);
  let reading: Promise<LetterPdf> | undefined;
  const readOnce = () => (reading ??= read(letter));

  test('has an address page with the address in the window, the sender and the day', async () => {
    const { pages, title, language } = await readOnce();
    const [first] = pages;
    expectSize(first, A4);
    expect(language).toBe(format.language);
    expect(first?.text).toContain(title);
    expect(first?.text).toMatch(/^Nøgle /);
    const day = format.language === 'da' ? 'tirsdag den 24. november 2026' : 'Tuesday 24 November 2026';
    expect(first?.text).toContain(day);
    const inWindow = itemsInWindow(first);
    expect(inWindow.map(({ text }) => text)).toEqual([
      RETURN_ADDRESS[format.language],
      'Anna Sø Hansen',
      'Storegade 12',
      '8900 Randers',
    ]);
    for (const { x, width } of inWindow) {
      expect(x).toBeGreaterThanOrEqual(20 * MM);
      expect(x + width).toBeLessThanOrEqual(110 * MM);
    }
  });

  test('is large enough to read, and stays on its pages', async () => {
    const pdf = await readOnce();
    const pages = textPages(pdf, kind).map((page) => ({ ...page, items: page.items.filter(isRead) }));
    expect(smallest(pages)).toBeGreaterThanOrEqual(format.largePrint ? 16 : 11);
    for (const { items, width, height } of pdf.pages) {
      const margin = width > 300 ? 12 * MM : 6;
      for (const item of items) {
        expect(item.x).toBeGreaterThan(margin);
        expect(item.x + item.width).toBeLessThan(width - margin);
        expect(item.y - item.size).toBeGreaterThan(0);
        expect(item.y).toBeLessThan(height - margin);
      }
    }
    if (!format.largePrint) expect(textPages(pdf, kind)).toHaveLength(1);
  });

  test('has the content of its kind, and no more', async () => {
    const pdf = await readOnce();
    const text = pdf.pages.map((page) => page.text).join(' ');
    expect(text.replaceAll(' ', '').includes(ID_NUMBER)).toBe(kind === 'welcome');
    expect(text.includes(PASSWORD)).toBe(kind === 'password');
    expect(text.includes(cardNumber)).toBe(kind === 'welcome' || kind === 'card');
    expect(pdf.keys.size).toBe(kind === 'welcome' || kind === 'card' ? KEYS_ON_CARD : 0);
    const words = textPages(pdf, kind)
      .map((page) => page.text)
      .join(' ');
    expect(words.replaceAll(CONTACT.issuer, '')).not.toMatch(/https?:|www\.|CPR|\d{6}-?\d{4}/);
    if (kind === 'password') expect(words).not.toMatch(/ID.?num|bruger-?ID|user ID|\bkort|\bcard|nøglekort/i);
    for (const said of ['/block', `hotline: ${CONTACT.hotline}`, CONTACT.email])
      expect(words).toContain(said);
  });

  test('says who sends it, whom it is for, and which page this is', async () => {
    const pages = textPages(await readOnce(), kind);
    const { name, address } = CONTACT.operator;
    const outside = pages[0]?.items.filter(({ x }) => x > 110 * MM).map(({ text }) => text) ?? [];
    expect(outside).toEqual(expect.arrayContaining([name, ...address]));
    expect(pages[0]?.text).toContain(`${format.language === 'da' ? 'Kære' : 'Dear'} Anna Sø Hansen`);
    const of = (page: number) =>
      format.language === 'da' ? `side ${page} af ${pages.length}` : `page ${page} of ${pages.length}`;
    for (const [i, page] of pages.entries()) expect(page.text.endsWith(of(i + 1))).toBe(pages.length > 1);
    // Nothing is alone on the last page: a sentence, or the box.
    const last = pages.at(-1);
    if (pages.length > 1) expect(new Set(last?.items.map(({ y }) => Math.round(y))).size).toBeGreaterThan(6);
  });

  test('is the same, byte for byte, whenever it is rendered', async () => {
    const once = await renderLetter(letter, CONTACT);
    jest.useFakeTimers({
      now: new Date('2031-05-06T07:08:09Z'),
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask', 'performance'],
    });
    const again = await renderLetter(structuredClone(letter), CONTACT).finally(() => jest.useRealTimers());
    expect(again.equals(once)).toBe(true);
    expect((await renderLetter({ ...letter, postOn: '2026-11-25' }, CONTACT)).equals(once)).toBe(false);
  });
});

test.each(KINDS)('of the letter %s in Braille only the address is printed', async (kind) => {
  const { pages } = await read(aLetter(contentOf(kind), { format: 'braille' }));
  expect(pages).toHaveLength(1);
  const text = pages[0]?.text ?? '';
  expect(text).toContain('Storegade 12');
  expect(text).toContain('Brevet er skrevet i punktskrift');
  for (const secret of [ID_NUMBER, PASSWORD, cardNumber]) {
    expect(text.replaceAll(' ', '')).not.toContain(secret.replaceAll(' ', ''));
  }
});

describe.each(WITH_CARD)('the card of the letter %s', (kind) => {
  test.each([
    { largePrint: false, size: ID_1, least: 5, columns: 4 },
    { largePrint: true, size: A4, least: 18, columns: 3 },
  ])(
    'has 74 keys on each of two sides, large print: $largePrint',
    async ({ largePrint, size, least, columns }) => {
      const pdf = await read(aLetter(contentOf(kind), { largePrint }));
      const sides = pdf.pages.slice(-2);
      // Pairs and their order are those of a person who reads down the columns.
      expect([...pdf.keys]).toEqual(pairs);
      for (const [i, side] of sides.entries()) {
        expectSize(side, size);
        expect(smallest([side])).toBeGreaterThanOrEqual(least);
        expect(side.text).toContain(cardNumber);
        expect(side.text).toContain(`side ${i + 1} af 2`);
        expect(side.text).toContain(`Mistet kortet? Ring ${CONTACT.hotline}`);
        expect(side.text).not.toContain('Anna');
        const numbers = side.items.filter(({ text }) => /^\d{4}$/.test(text));
        expect(numbers.map(({ text }) => text).sort()).toEqual(keyNumbers.slice(i * 74, i * 74 + 74));
        expect(new Set(numbers.map(({ x }) => Math.round(x))).size).toBe(columns);
        expect(side.items.filter(({ text }) => /^\d{6}$/.test(text))).toHaveLength(74);
      }
    },
  );

  test('says how to keep, read and lose', async () => {
    const { pages } = await read(aLetter(contentOf(kind)));
    expect(pages[0]?.text).toContain('aldrig sammen med din adgangskode');
    expect(pages[0]?.text).toContain(`spær det straks på ${CONTACT.issuer}/block eller hos Nøgles hotline`);
    const english = await read(aLetter(contentOf(kind), { language: 'en' }));
    expect(english.pages[0]?.text).toContain('never together with your password');
    expect(english.pages[2]?.text).toContain('side 2 of 2');
  });
});

test('a card letter says how to go over to the new card, a welcome letter to wait for the password', async () => {
  const card = await read(aLetter(contentOf('card')));
  expect(card.pages[0]?.text).toMatch(/nøgle fra dit gamle kort.*Skriv så også en nøgle fra det/);
  const welcome = await read(aLetter(contentOf('welcome')));
  expect(welcome.pages[0]?.text).toMatch(/endnu et brev.*en anden dag.*din midlertidige adgangskode/);
});

test('a password letter says until when it can be used', async () => {
  const danish = await read(aLetter(contentOf('password')));
  expect(danish.pages[0]?.text).toContain('til og med tirsdag den 5. januar 2027');
  const english = await read(aLetter(contentOf('password'), { language: 'en' }));
  expect(english.pages[0]?.text).toContain('up to and including Tuesday 5 January 2027');
});

test('a temporary password is there on its own, and larger than all else', async () => {
  const { pages } = await read(aLetter(contentOf('password')));
  const items = pages.flatMap((page) => page.items);
  const [largest, next] = items.toSorted((a, b) => b.size - a.size);
  expect(largest?.text).toBe(PASSWORD);
  expect(largest?.size).toBeGreaterThan((next?.size ?? 0) + 2);
});

describe('names and texts of any kind', () => {
  const long: Addressee = {
    name: 'Marie-Louise Alexandra Wilhelmina Łukasz Nguyễn Christoffersen-Vestergaard-Østergård af Rosenborg',
    street: 'W'.repeat(60),
    postcode: '8900',
    city: 'Sankt Bartholomæus-Vesterlandet og Omegn ved Gudenåen',
  };

  test.each(EACH)(
    'a very long address is whole: $kind, $language, $largePrint',
    async ({ kind, ...format }) => {
      const pdf = await read(aLetter(contentOf(kind, long), format));
      const lines =
        pdf.pages[0]?.items.filter((item) => item.x < 25 * MM && item.y > 45 * MM && isRead(item)) ?? [];
      const address = lines.map(({ text }) => text).join('');
      const whole = `${long.name}${long.street}${long.postcode}${long.city}`;
      expect(address.replaceAll(' ', '').startsWith(whole.replaceAll(' ', ''))).toBe(true);
      for (const { items, width } of pdf.pages) {
        for (const item of items) expect(item.x + item.width).toBeLessThan(width - 6);
      }
      if (!format.largePrint) expect(textPages(pdf, kind)).toHaveLength(1);
    },
  );

  test.each([false, true])(
    'the longest e-mail address that an order can name is whole: large %s',
    async (largePrint) => {
      const email = `${'W'.repeat(64)}@${`${'w'.repeat(60)}.`.repeat(3)}dk`;
      const { text } = writeNotice({ kind: 'ordered_online', details: { at } }, 'da', { email });
      const { subject } = writeNotice({ kind: 'ordered_online', details: { at } }, 'da');
      const pdf = await read(aLetter({ kind: 'notice', to: anna, subject, text }, { largePrint }));
      const printed = pdf.pages
        .map((page) => page.text)
        .join('')
        .replace(/\s/g, '');
      expect(printed).toContain(email);
      for (const { items, width } of pdf.pages) {
        for (const item of items) expect(item.x + item.width).toBeLessThan(width - 6);
      }
    },
  );

  test.each(EACH)(
    'an address abroad ends with its country: $kind, $language, $largePrint',
    async ({ kind, ...format }) => {
      const abroad = {
        name: 'Anna',
        street: '10 Downing Street',
        postcode: 'SW1A 2AA',
        city: 'London',
        country: 'GB',
      };
      const { pages } = await read(aLetter(contentOf(kind, abroad), format));
      const inWindow = itemsInWindow(pages[0]).filter(isRead);
      expect(inWindow.map(({ text }) => text)).toEqual([
        'Anna',
        '10 Downing Street',
        'London',
        'SW1A 2AA',
        'UNITED KINGDOM',
      ]);
      for (const { x, width } of inWindow) {
        expect(x).toBeGreaterThanOrEqual(20 * MM);
        expect(x + width).toBeLessThanOrEqual(110 * MM);
      }
    },
  );

  test.each(EACH)(
    'a very long address abroad stays in the window: $kind, $language, $largePrint',
    async ({ kind, ...format }) => {
      const farther: Addressee = {
        name: 'Marie-Louise Wilhelmina Christoffersen-Vestergaard',
        street: 'Flat 12, The Old Rectory Building, '.repeat(4).slice(0, 120),
        postcode: 'SW1A 2AA',
        city: 'Llanfairpwllgwyngyllgogerychwyrndrobwll near Menai Bridge Ynys',
        country: 'GB',
      };
      const { pages } = await read(aLetter(contentOf(kind, farther), format));
      const items = pages[0]?.items ?? [];
      const from = items.findIndex(({ text }) => text.startsWith('Marie-Louise'));
      const last = items.find(({ text }) => text === 'UNITED KINGDOM');
      const address = items.slice(from, items.indexOf(last as (typeof items)[number]) + 1);
      expect(address.map(({ text }) => text)).toContain('SW1A 2AA');
      for (const { x, y, width, size } of address) {
        expect([y > 45 * MM, y <= 90 * MM]).toEqual([true, true]);
        expect(x + width).toBeLessThanOrEqual(110 * MM);
        expect(size).toBeGreaterThanOrEqual(8);
      }
    },
  );

  test('of an address abroad that wraps, large print stays large', async () => {
    const to: Addressee = {
      name: 'Anna Andersen',
      street: 'Flat 12, The Old Rectory Building, 10 Downing Street, Westminster',
      postcode: 'SW1A 2AA',
      city: 'London',
      country: 'GB',
    };
    const { pages } = await read(aLetter(contentOf('notice', to), { largePrint: true }));
    const country = pages[0]?.items.find(({ text }) => text === 'UNITED KINGDOM');
    expect(country?.y).toBeLessThanOrEqual(90 * MM);
    expect(country?.size).toBeGreaterThanOrEqual(12);
  });

  test('every letter that is listed as printable is read back as itself', async () => {
    const all = GLYPH_RANGES.flatMap(([from, to]) =>
      Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)),
    ).filter((character) => character.trim() !== '' && character.normalize('NFKC') === character);
    expect(all.length).toBeGreaterThan(500);
    for (const part of [all.slice(0, 300), all.slice(300)]) {
      const text = part.join('  ');
      const { pages } = await read(aLetter({ kind: 'notice', to: anna, subject: 'x', text }));
      expect(pages[0]?.text).toContain(part.join(' '));
    }
  });

  test('what the fonts do not have becomes its base letter, or a question mark', () => {
    expect(replaceMissingGlyphs('Łukasz Nguyễn Ærø Žižek')).toBe('Łukasz Nguyễn Ærø Žižek');
    expect(replaceMissingGlyphs('Ḥasan Ṁór')).toBe('Hasan Mór');
    expect(replaceMissingGlyphs('李 Wei')).toBe('? Wei');
    expect(replaceMissingGlyphs('A\u030ase\u200b\tB\u00a0C\r\nD')).toBe('Åse B C \nD');
  });

  test('a text of several pages is cut nowhere', async () => {
    const words = Array.from({ length: 3_000 }, (_, i) => `ord${i}`).join(' ');
    const { pages } = await read(aLetter({ kind: 'notice', to: anna, subject: 'Langt', text: words }));
    expect(pages.length).toBeGreaterThan(3);
    const all = pages.map(({ text }) => text.replace(/ side \d+ af \d+$/, '')).join(' ');
    expect(all.includes(words)).toBe(true);
    for (const { items } of pages) {
      for (const { y } of items) expect(y).toBeLessThan(A4.height - 14 * MM);
    }
  });
});

/** One of each kind, with all optional parts of its text; a new kind does not compile until it is here. */
const GUARDIAN = { da: 'din forælder eller værge var med', en: 'your parent or guardian was there' };
const OPENS = { da: 'tirsdag den 24. november 2026 kl. 14.05', en: 'Tuesday 24 November 2026 at 14:05' };
const HAPPENED = { da: 'onsdag den 1. juli 2026 kl. 09.59', en: 'Wednesday 1 July 2026 at 09:59' };
const FROM = { da: 'tirsdag den 1. december 2026', en: 'Tuesday 1 December 2026' };
const TO = { da: 'tirsdag den 8. december 2026', en: 'Tuesday 8 December 2026' };
const CARD = { da: cardNumber, en: cardNumber };
const opensAt = '2026-11-24T13:04:10.000Z';
const at = '2026-07-01T07:59:59.999Z';

interface Sample {
  readonly notice: Notice;
  readonly tells: readonly { readonly da: string; readonly en: string }[];
}

const SAMPLES: { readonly [Kind in NoticeKind]: Sample & { readonly notice: { readonly kind: Kind } } } = {
  card_ordered: { notice: { kind: 'card_ordered', details: { cardNumber } }, tells: [CARD] },
  card_sent: {
    notice: {
      kind: 'card_sent',
      details: { cardNumber, expectedFrom: '2026-12-01', expectedTo: '2026-12-08' },
    },
    tells: [CARD, FROM, TO],
  },
  card_active: { notice: { kind: 'card_active', details: { cardNumber } }, tells: [CARD] },
  card_not_arrived: {
    notice: { kind: 'card_not_arrived', details: { cardNumber, again: true } },
    tells: [CARD],
  },
  card_recalled: { notice: { kind: 'card_recalled', details: { cardNumber } }, tells: [CARD] },
  card_retired: { notice: { kind: 'card_retired', details: { cardNumber, again: true } }, tells: [CARD] },
  card_format_changed: {
    notice: { kind: 'card_format_changed', details: { format: 'braille' } },
    tells: [{ da: 'punktskrift', en: 'Braille' }],
  },
  card_given_up: { notice: { kind: 'card_given_up', details: { cardNumber } }, tells: [CARD] },
  card_not_ordered: {
    notice: { kind: 'card_not_ordered', details: { keysLeft: 17 } },
    tells: [{ da: '17 nøgler', en: '17 keys' }],
  },
  wait_started: { notice: { kind: 'wait_started', details: { cardNumber, opensAt } }, tells: [CARD, OPENS] },
  threshold_changed: {
    notice: { kind: 'threshold_changed', details: { threshold: 35 } },
    tells: [{ da: '35 nøgler', en: '35 keys' }],
  },
  public_sites_on: { notice: { kind: 'public_sites_on', details: { by: 'person' } }, tells: [] },
  public_sites_off: { notice: { kind: 'public_sites_off', details: { by: 'staff' } }, tells: [] },
  card_blocked: { notice: { kind: 'card_blocked', details: { cardNumber, by: 'person' } }, tells: [CARD] },
  id_blocked: { notice: { kind: 'id_blocked', details: { by: 'system' } }, tells: [] },
  id_reopened: { notice: { kind: 'id_reopened', details: {} }, tells: [] },
  proofing_lowered: { notice: { kind: 'proofing_lowered', details: {} }, tells: [] },
  id_proofed: { notice: { kind: 'id_proofed', details: {} }, tells: [] },
  password_ordered: { notice: { kind: 'password_ordered', details: {} }, tells: [] },
  new_password_ordered: { notice: { kind: 'new_password_ordered', details: { at } }, tells: [HAPPENED] },
  address_changed: { notice: { kind: 'address_changed', details: {} }, tells: [] },
  cpr_changed: { notice: { kind: 'cpr_changed', details: {} }, tells: [] },
  name_changed: { notice: { kind: 'name_changed', details: {} }, tells: [] },
  emigrated: { notice: { kind: 'emigrated', details: {} }, tells: [] },
  ordered_after_move: { notice: { kind: 'ordered_after_move', details: { holds: 'card' } }, tells: [] },
  id_activated: { notice: { kind: 'id_activated', details: { at } }, tells: [HAPPENED] },
  password_changed: { notice: { kind: 'password_changed', details: { at } }, tells: [HAPPENED] },
  email_changed: {
    notice: { kind: 'email_changed', details: { from: opensAt, byLetter: false } },
    tells: [OPENS],
  },
  email_called_off: { notice: { kind: 'email_called_off', details: { by: 'staff' } }, tells: [] },
  email_taken_on: { notice: { kind: 'email_taken_on', details: { from: opensAt } }, tells: [OPENS] },
  security_key_added: {
    notice: { kind: 'security_key_added', details: { at, opensAt, withGuardian: true } },
    tells: [HAPPENED, OPENS, GUARDIAN],
  },
  security_key_active: { notice: { kind: 'security_key_active', details: {} }, tells: [] },
  security_key_ended: {
    notice: { kind: 'security_key_ended', details: { many: 2, by: 'staff', at } },
    tells: [HAPPENED, { da: '2 sikkerhedsnøgler', en: '2 security keys' }],
  },
  user_id_changed: { notice: { kind: 'user_id_changed', details: { at } }, tells: [HAPPENED] },
  id_closed: { notice: { kind: 'id_closed', details: { at } }, tells: [HAPPENED] },
  code_token_ordered: { notice: { kind: 'code_token_ordered', details: {} }, tells: [] },
  code_token_sent: {
    notice: {
      kind: 'code_token_sent',
      details: { expectedFrom: '2026-12-01', expectedTo: '2026-12-08' },
    },
    tells: [FROM, TO],
  },
  code_token_waits: { notice: { kind: 'code_token_waits', details: { opensAt } }, tells: [OPENS] },
  code_token_active: {
    notice: { kind: 'code_token_active', details: { withGuardian: true } },
    tells: [GUARDIAN],
  },
  code_token_blocked: { notice: { kind: 'code_token_blocked', details: { by: 'person' } }, tells: [] },
  code_token_retired: { notice: { kind: 'code_token_retired', details: {} }, tells: [] },
  new_browser: {
    notice: { kind: 'new_browser', details: { relyingParty: 'client-1234', at } },
    tells: [HAPPENED, { da: 'Randers Kommune', en: 'Randers Kommune' }],
  },
  password_without_key: {
    notice: { kind: 'password_without_key', details: { at } },
    tells: [HAPPENED],
  },
  browsers_taken_back: {
    notice: { kind: 'browsers_taken_back', details: { many: 9, at } },
    tells: [HAPPENED, { da: '9', en: '9' }],
  },
  password_locked: { notice: { kind: 'password_locked', details: { opensAt } }, tells: [OPENS] },
  only_known_browsers: { notice: { kind: 'only_known_browsers', details: {} }, tells: [] },
  keys_locked: { notice: { kind: 'keys_locked', details: { opensAt } }, tells: [OPENS] },
  ordered_online: { notice: { kind: 'ordered_online', details: { at } }, tells: [HAPPENED] },
  sign_in_code: {
    notice: { kind: 'sign_in_code', details: { codeId: 'a-code', until: opensAt } },
    tells: [OPENS],
  },
};
const samples: readonly Sample[] = Object.values(SAMPLES);

test('security keys that a restore ended: the card is void too, so no one is sent to it', () => {
  const notice = { kind: 'security_key_ended', details: { many: 1, by: 'system', at } } as const;
  const da = writeNotice(notice, 'da', { relyingParty: '' }).text;
  expect(da).toContain('nedbrud');
  expect(da).not.toContain('Du kan stadig logge på');
  const en = writeNotice(notice, 'en', { relyingParty: '' }).text;
  expect(en).toContain('breakdown');
  expect(en).not.toContain('You can still sign in');
});

describe.each(LANGUAGES)('notices in %s', (language) => {
  test.each(samples)('$notice.kind', ({ notice, tells }) => {
    const { subject, text } = writeNotice(notice, language, { relyingParty: 'Randers Kommune' });
    expect(subject).toMatch(/^[^\n]{10,70}$/);
    expect(text.split('\n\n').length).toBeGreaterThanOrEqual(4);
    expect(text).toMatch(/\nNøgle$/);
    expect(text).toContain('hotline');
    expect(`${subject} ${text}`).not.toMatch(/undefined|null|NaN|\[object|https?:|www|[@/]| {2}/);

    let rest = `${subject} ${text}`;
    for (const expectedText of tells) {
      expect(text).toContain(expectedText[language]);
      rest = rest.replaceAll(expectedText[language], '');
    }
    expect(rest).not.toMatch(/\d/);
  });

  test('no two kinds read the same', () => {
    const texts = samples.map(({ notice }) => writeNotice(notice, language).text);
    expect(new Set(texts).size).toBe(samples.length);
    const subjects = samples.map(({ notice }) => writeNotice(notice, language).subject);
    expect(new Set(subjects).size).toBe(samples.length);
  });

  test('what can be another person’s doing says to block immediately', () => {
    // A closed ID has nothing left to block; a new address may belong to a person without an ID.
    const isDone = [
      'card_blocked',
      'code_token_blocked',
      'code_token_retired',
      'id_blocked',
      'card_recalled',
      'card_retired',
      'emigrated',
      'id_closed',
      'email_taken_on',
    ];
    for (const { notice } of samples.filter((one) => !isDone.includes(one.notice.kind))) {
      const { text } = writeNotice(notice, language);
      expect([notice.kind, text]).toEqual([
        notice.kind,
        expect.stringMatching(language === 'da' ? /spær straks .*»Spær«/ : /block .* at once\. .*“Block”/),
      ]);
    }
  });

  test('who blocked makes a difference, and so does whether another card comes', () => {
    const blocked = (['person', 'staff', 'system'] as const).flatMap((by) => [
      writeNotice({ kind: 'card_blocked', details: { cardNumber, by } }, language).text,
      writeNotice({ kind: 'id_blocked', details: { by } }, language).text,
    ]);
    expect(new Set(blocked).size).toBe(6);
    const desk = writeNotice({ kind: 'card_not_arrived', details: { cardNumber, again: false } }, language);
    expect(desk.text).toContain('Borgerservice');
    expect(writeNotice(SAMPLES.card_not_arrived.notice, language).text).not.toContain('Borgerservice');
  });

  test('a detail that is no detail of its kind is not printed, whichever it is', () => {
    let tried = 0;
    for (const { notice } of samples) {
      for (const [name, value] of Object.entries(notice.details)) {
        const words = 'straks til 70 10 20 30 og læs dine nøgler op';
        // A place is looked up by its id, and is longer than any.
        const wrong = [words, `${String(value)} ${words}`, `${String(value)}\n\n`, null, [words], { words }];
        for (const put of wrong) {
          const details = { ...notice.details, [name]: put };
          const written = { kind: notice.kind, details } as Notice;
          tried += 1;
          expect(() => writeNotice(written, language)).toThrow(InvalidNoticeError);
          const both = [notice, written].map((one) => ({ notice: one, extras: {} }));
          expect(() => writeNotices(both, language)).toThrow(InvalidNoticeError);
        }
      }
      // Fields that a later version adds are no error.
      const more = { kind: notice.kind, details: { ...notice.details, later: 'x' } } as Notice;
      expect(writeNotice(more, language)).toEqual(writeNotice(notice, language));
    }
    expect(tried).toBeGreaterThan(100);
  });

  test('a place without a name is left open, and its client id is never shown', () => {
    const { text } = writeNotice(SAMPLES.new_browser.notice, language);
    expect(text).not.toContain('client-1234');
    expect(text).not.toContain('undefined');
  });

  test('the last keys are counted in words', () => {
    const left = (keysLeft: number) =>
      writeNotice({ kind: 'card_not_ordered', details: { keysLeft } }, language).text;
    expect(left(0)).toMatch(
      language === 'da' ? /^Alle nøgler .* er brugt\./ : /^All keys .* have been used\./,
    );
    expect(left(1)).toMatch(language === 'da' ? /^Der er én nøgle tilbage/ : /^There is one key left/);
  });
});

test.each(LANGUAGES)('the code for an e-mail address in %s names the service, and no one', (language) => {
  const until = new Date('2026-11-24T13:04:10.000Z');
  const { subject, text, html } = writeEmailCode({ code: 'abcd2345', until, contact: CONTACT }, language);
  expect(text).toContain(OPENS[language]);
  for (const part of ['Nøgle', 'abcd2345', 'hotline: 70 10 20 30', CONTACT.email, CONTACT.issuer])
    expect(text).toContain(part);
  expect(html).toContain('abcd2345');
  // A lock screen shows the subject.
  expect(subject).not.toContain('abcd2345');
  const ours = new RegExp(`${CONTACT.issuer}(/block)?|${CONTACT.email}`, 'g');
  expect(`${subject} ${text}`.replace(ours, '')).not.toMatch(
    /undefined|null|NaN|\[object|https?:|www|[@/]| {2}/,
  );
  const rest = text.replace('abcd2345', '').replace('70 10 20 30', '').replace(OPENS[language], '');
  expect(rest).not.toMatch(/\d/);
});

describe.each(LANGUAGES)('a mail in %s', (language) => {
  const extras = { relyingParty: 'Bank & <Sparekasse>', device: { browser: 'Firefox', system: 'Windows' } };
  const { subject, text } = writeNotice(SAMPLES.new_browser.notice, language, extras);
  const content = { subject, paragraphs: text.split('\n\n'), name: 'Anna <b>Sø\nHansen' };
  const mail = writeMail(content, language, CONTACT);

  test('says whom it is for, which device, and how to reach Nøgle', () => {
    const greeting = language === 'da' ? 'Kære' : 'Dear';
    expect(mail.text.startsWith(`${greeting} Anna <b>Sø Hansen,\n\n`)).toBe(true);
    const device = language === 'da' ? 'i Firefox på Windows.' : 'in Firefox on Windows.';
    const type = language === 'da' ? 'Skriv selv adressen' : 'Type the address into your browser yourself';
    const contact = [`hotline: ${CONTACT.hotline}`, CONTACT.email, `: ${CONTACT.issuer}\n`, '/block\n'];
    for (const part of [HAPPENED[language], device, type, ...contact]) expect(mail.text).toContain(part);
  });

  test('has the same in HTML: no link, nothing to fetch, nothing that runs, every value as text', () => {
    const { html } = mail;
    expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${language}">`));
    expect(html).not.toMatch(/<a\b|<img|<script|<link|<form|href|src=|url\(|@import|on\w+=|<b>/i);
    expect(html).toContain('Bank &amp; &lt;Sparekasse&gt;');
    expect(html).toContain('Anna &lt;b&gt;Sø Hansen');
    const words = (from: string) => from.replace(/\s+/g, ' ').trim();
    const shown = html
      .replace(/^.*<\/head>/s, '')
      .replace(/<strong>|<\/strong>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
      .replaceAll('&#39;', "'");
    expect(words(shown)).toBe(`Nøgle ${words(mail.text)}`);
  });
});

describe('several notices in one message', () => {
  const notices = (some: readonly Notice[]) => some.map((notice) => ({ notice, extras: {} }));
  const blocked: Notice[] = [
    { kind: 'id_blocked', details: { by: 'staff' } },
    { kind: 'card_blocked', details: { cardNumber, by: 'staff' } },
    { kind: 'card_blocked', details: { cardNumber: 'B987-654-321', by: 'staff', onTheWay: true } },
  ];

  test('a blocked ID with its cards is one text, which says each and asks to block nothing more', () => {
    const { subject, text } = writeNotices(notices(blocked), 'da');
    expect(subject).toBe('Dit ID er spærret');
    for (const said of [`nummer ${cardNumber} er`, 'nummer B987-654-321, som er på vej til dig, er'])
      expect(text).toContain(said);
    expect(text.match(/gyldig legitimation/g)).toHaveLength(1);
    expect(text).not.toContain('spær straks');
    expect(writeNotices(notices(blocked), 'en').subject).toBe('Your ID is blocked');
  });

  test('a sign of a theft is in the subject, and blocking is asked for', () => {
    const several = notices([SAMPLES.wait_started.notice, SAMPLES.threshold_changed.notice]);
    const { subject, text } = writeNotices(several, 'da');
    expect(subject).toBe('Nogen er ved at tage dit nye nøglekort i brug');
    expect(text).toContain('Var noget af det ikke dig, så spær straks');
    expect(writeNotices(several.toReversed(), 'da').subject).toBe('Der er sket noget med dit ID');
  });

  test.each(['keys_locked', 'password_locked', 'wait_started', 'email_changed'] as const)(
    'what has opened when %s is read is said in the past',
    (kind) => {
      const { notice } = SAMPLES[kind];
      const written = (readFrom: string) => writeNotice(notice, 'da', { readFrom: new Date(readFrom) }).text;
      const [before, after] = [written('2026-11-24T12:00:00Z'), written('2026-11-25T00:00:00Z')];
      expect(before).not.toBe(after);
      expect(after).toContain(OPENS.da);
      expect(after).not.toMatch(/åbner|kan bruges fra|Indtil da|Du kan stoppe/);
    },
  );
});

test('a card in a letter is told of a device only by names of the list', () => {
  const named = { browser: 'Firefox', system: 'Windows', network: '192.0.2.7' };
  expect(nameDevice(named)).toEqual({ browser: 'Firefox', system: 'Windows' });
  for (const odd of ['Ring 70 10 20 30', '', null])
    expect([nameDevice({ ...named, browser: odd }), nameDevice({ ...named, system: odd })]).toEqual([
      null,
      null,
    ]);
});

test('Danish is Danish and English is English', () => {
  for (const { notice } of samples) {
    const english = writeNotice(notice, 'en').text.replaceAll('Nøgle', '');
    expect(english).not.toMatch(/[æøåÆØÅ»«]/);
    expect(writeNotice(notice, 'da').text).not.toMatch(/\b(the|your|is)\b/i);
  }
});

/** Groups what is printed at about the same coordinate. @returns the coordinates in ascending order */
function listSteps(coordinates: readonly number[]): number[] {
  const sorted = [...new Set(coordinates.map(Math.round))].toSorted((a, b) => a - b);
  return sorted.filter((one, i) => i === 0 || one - (sorted[i - 1] ?? 0) > 2);
}

test.each([
  ['standard', false],
  ['large_print', true],
] as const)('a key is printed where the page that asks for it says: %s', async (format, largePrint) => {
  const { pages } = await read(aLetter(contentOf('card'), { largePrint }));
  for (const [position, number] of keyNumbers.entries()) {
    const place = locateKey(position, format);
    const page = pages.slice(-2)[(place?.side ?? 0) - 1];
    const numbers = page?.items.filter(({ text }) => /^[0-9]{4}$/.test(text)) ?? [];
    const found = numbers.find(({ text }) => text === number);
    const columns = listSteps(numbers.map(({ x }) => x));
    const rows = listSteps(numbers.map(({ y }) => y));
    const column = columns.findLastIndex((x) => x <= (found?.x ?? 0) + 1) + 1;
    const row = rows.findLastIndex((y) => y <= (found?.y ?? 0) + 1) + 1;
    expect([number, column, row]).toEqual([number, place?.column, place?.row]);
    expect(columns).toHaveLength(place?.rows.length ?? 0);
    expect(numbers).toHaveLength(KEYS_ON_CARD / 2);
  }
});
