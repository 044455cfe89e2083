/** The desk as a member of staff uses it. */
import { TestBrowser, type BrowserPage } from './browser.ts';
import { keyFor } from './flow.ts';
import type { TestPerson } from './people.ts';

/** The name of the cookie of a session at the desk, without TLS. */
export function deskCookie(): string {
  return 'noegle-desk';
}

/** A browser whose cookies of the desk can be read, and copied by another person. */
export class DeskBrowser extends TestBrowser {
  /** The `Set-Cookie` lines. */
  readonly lines: string[] = [];
  readonly cookies = new Map<string, string>();

  override async request(...[url, options = {}]: Parameters<TestBrowser['request']>): Promise<BrowserPage> {
    const answer = await super.request(url, options);
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (!name.replace('__Secure-', '').startsWith(deskCookie())) continue;
      this.lines.push(line);
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/**
 * From the current page of the sign-in, password or key, to the address of the authorization response; that
 * is not requested.
 */
export async function toAnswer(
  browser: TestBrowser,
  person: TestPerson,
  begun: BrowserPage,
): Promise<string> {
  let page = begun;
  if (page.page === 'password') {
    page = await browser.send(page, { userId: person.userId, password: person.password });
  }
  let answer = await browser.post(page, { key: keyFor(person, page) });
  for (let hops = 0; hops < 5; hops += 1) {
    const location = new URL(answer.headers.location ?? '', page.url).href;
    if (new URL(location).searchParams.has('code')) return location;
    answer = await browser.request(location);
  }
  throw new Error(`no answer, but ${answer.page} (${answer.status})`);
}

/** The whole sign-in at the desk. */
export async function signInAt(
  browser: TestBrowser,
  person: TestPerson,
  path = '/desk',
): Promise<BrowserPage> {
  return await browser.follow(await toAnswer(browser, person, await browser.follow(path)));
}
