/** The words of the notices in each language. */
import type { Localized } from '../../domain/language/language.ts';
import { noticesDa, type NoticeTexts } from './notices.words.da.ts';
import { noticesEn } from './notices.words.en.ts';

export const NOTICES: Localized<NoticeTexts> = { da: noticesDa, en: noticesEn };
