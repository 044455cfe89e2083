/** The error texts of a page's typed fields, and the language of the page. */
import type { TestBrowser, BrowserPage } from './browser.ts';

/** The words next to a field. */
export function errorAt(page: BrowserPage, field: string): string | undefined {
  return new RegExp(`id="${field}-error">([^<]*)<`).exec(page.text)?.[1];
}

export function valueOf(page: BrowserPage, field: string): string | undefined {
  const input = new RegExp(`<input[^>]* name="${field}"[^>]*>`).exec(page.text)?.[0] ?? '';
  return / value="([^"]*)"/.exec(input)?.[1] ?? '';
}

/** The language is chosen by a cookie. */
export async function inLanguage(browser: TestBrowser, language: 'da' | 'en'): Promise<TestBrowser> {
  await browser.request(`/block?language=${language}`);
  return browser;
}
