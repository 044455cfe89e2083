/** The steps of a sign-in as a person takes them in Chromium. */
import type { Page } from 'playwright-core';
import type { TestPerson } from './people.ts';

/** Waits for it: the previous page may still be there when a click returns. */
export async function atPage(page: Page, name: string): Promise<void> {
  await page.waitForSelector(`main[data-page="${name}"]`);
}

export async function submitPassword(page: Page, person: TestPerson): Promise<void> {
  await atPage(page, 'password');
  await page.fill('[name=userId]', person.userId);
  await page.fill('[name=password]', person.password);
  await page.locator('[name=password]').press('Enter');
  await atPage(page, 'key');
}

/** The key of the person's card that the page asks for. */
export async function submitKey(page: Page, person: TestPerson): Promise<void> {
  const number = await page.locator('[data-key-number]').getAttribute('data-key-number');
  await page.fill('[name=key]', person.keys.get(number ?? '') ?? '');
  await page.keyboard.press('Enter');
}

/** Waits until the browser is back at the relying party. @returns null where it has no code */
export async function readCode(page: Page, { redirectUri }: { redirectUri: string }): Promise<string | null> {
  await page.waitForURL((url) => url.href.startsWith(redirectUri));
  return new URL(page.url()).searchParams.get('code');
}
