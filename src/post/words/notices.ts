/** The words of the notices in each language. */
import type { Localized } from '../../core/language/language.ts';
import { noticesDa, type NoticeTexts } from './noticesDa.ts';
import { noticesEn } from './noticesEn.ts';

export const NOTICES: Localized<NoticeTexts> = { da: noticesDa, en: noticesEn };
