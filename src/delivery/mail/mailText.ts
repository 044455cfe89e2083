/**
 * A mail as plain text and as HTML beside it: greeting, paragraphs, how to reach Nøgle, signature. The HTML
 * part has no link, no picture and nothing to fetch. Addresses are text to be typed: a link in a mail is what
 * people are told not to follow.
 */
import type { Language } from '../../domain/person/person.ts';
import type { ServiceContact } from '../../domain/serviceContact.ts';
import { CONTACT } from '../words/contact.words.ts';
import { LETTERS } from '../words/letters.words.ts';
import { NOTICES } from '../words/notices.words.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailContent {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Who it is for; null where that is not known. */
  readonly name: string | null;
}

export function writeMail(
  { subject, paragraphs, name }: MailContent,
  language: Language,
  contact: ServiceContact,
): MailText {
  const { signature } = NOTICES[language];
  const greeting = name === null ? [] : [`${LETTERS[language].dear(name.replace(/\s+/g, ' '))},`];
  const lines = listContact(contact, language);
  const advice = CONTACT[language].typeItMail;
  const text = [
    ...greeting,
    ...paragraphs,
    [...lines.map(([label, value]) => `${label}: ${value}`), advice].join('\n'),
    signature,
  ].join('\n\n');
  const html = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
    `<body style="${BODY}">`,
    `<p style="${MARK}">${escapeHtml(LETTERS[language].sender)}</p>`,
    ...[...greeting, ...paragraphs].map((one) => `<p>${escapeHtml(one)}</p>`),
    `<p style="${BOX}">`,
    lines.map(([label, value]) => `${escapeHtml(label)}: <strong>${escapeHtml(value)}</strong>`).join('<br>'),
    `<br>${escapeHtml(advice)}</p>`,
    `<p>${escapeHtml(signature).replaceAll('\n', '<br>')}</p>`,
    '</body></html>',
  ].join('\n');
  return { subject, text, html };
}

/** System fonts, one column, colours that hold on a dark ground. */
const BODY =
  'font-family:sans-serif;font-size:16px;line-height:1.5;max-width:34em;margin:0 auto;padding:16px';
const MARK = 'font-size:20px;font-weight:bold;margin:0 0 16px';
const BOX = 'border:1px solid #5f7f92;border-radius:4px;padding:12px 16px;overflow-wrap:anywhere';

function listContact(
  { issuer, hotline, email }: ServiceContact,
  language: Language,
): readonly (readonly [label: string, value: string])[] {
  const words = CONTACT[language];
  return [
    [words.hotline, hotline],
    [words.write, email],
    [words.address, issuer],
    [words.block, `${issuer}/block`],
  ];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
