/**
 * Letters and mails as paper and text. Pure rendering: it gets a letter or a notice and returns bytes or
 * text. When and whether something is sent, and what it contains, is decided elsewhere.
 */
import PDFDocument from 'pdfkit';
import type { Letter } from '../../domain/letter.ts';
import type { ServiceContact } from '../../domain/serviceContact.ts';
import { CONTACT } from '../words/contact.words.ts';
import { LETTERS } from '../words/letters.words.ts';
import { drawAddressPage } from './addressPage.ts';
import { drawCard } from './cardSides.ts';
import { composeLetter } from './letterText.ts';
import { registerFonts } from './paper.ts';

/**
 * A letter as PDF: an address page (A4) and, with a card, its two sides. Of a letter in Braille it is the
 * address page alone, without what the letter says. The same letter gives the same
 * bytes, so that a reprint or a repeated delivery can be distinguished from a second letter: the PDF's date
 * is the day of posting, and the file's id is derived from it.
 * @param contact who sends it, and how the reader reaches them
 */
export async function renderLetter(letter: Letter, contact: ServiceContact): Promise<Buffer> {
  const words = LETTERS[letter.language];
  const { content } = letter;
  const pdf = new PDFDocument({
    autoFirstPage: false,
    lang: letter.language,
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: composeLetter(letter, words, contact).title,
      Author: words.sender,
      Producer: words.sender,
      Creator: words.sender,
      CreationDate: new Date(`${letter.postOn}T12:00:00Z`),
    },
  });
  const whole = collectPdf(pdf);
  registerFonts(pdf);
  drawAddressPage(pdf, letter, words, contact);
  if ('keys' in content && letter.format !== 'braille') {
    drawCard(pdf, content, letter.format, {
      ...words,
      lostCard: CONTACT[letter.language].lostCard(contact.hotline),
    });
  }
  pdf.end();
  return whole;
}

function collectPdf(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
}
