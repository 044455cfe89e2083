/** What a page says of a field that was typed, and in which language. */
import type { Browser, PageSeen } from './browser.ts';

/** The words that stand beside a field. */
export function errorAt(page: PageSeen, field: string): string | undefined {
  return new RegExp(`id="${field}-error">([^<]*)<`).exec(page.text)?.[1];
}

export function valueOf(page: PageSeen, field: string): string | undefined {
  const input = new RegExp(`<input[^>]* name="${field}"[^>]*>`).exec(page.text)?.[0] ?? '';
  return / value="([^"]*)"/.exec(input)?.[1] ?? '';
}

/** Another language is a cookie. */
export async function speaking(browser: Browser, language: 'da' | 'en'): Promise<Browser> {
  await browser.request(`/block?language=${language}`);
  return browser;
}
