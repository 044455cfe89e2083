/** Security keys and passkeys as a person adds them in self-service, without a browser. */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { SoftAuthenticator, type AnswerOverrides, type SoftAuthenticatorOptions } from './authenticator.ts';
import type { BrowserPage, TestBrowser } from './browser.ts';
import { keyFor } from './flow.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson } from './people.ts';

export const SECURITY_KEYS = '/self-service/security-keys';

export function anAuthenticator(
  { issuer }: Pick<Nodes, 'issuer'>,
  options: Partial<SoftAuthenticatorOptions> = {},
): SoftAuthenticator {
  return new SoftAuthenticator({ origin: issuer, rpId: new URL(issuer).hostname, ...options });
}

/** What the page asks a browser to create. */
export function creationOptionsOf({ text }: BrowserPage): PublicKeyCredentialCreationOptionsJSON {
  const [, options = ''] = /data-webauthn="create" data-options="([^"]*)"/.exec(text) ?? [];
  const json = options.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  return JSON.parse(json) as PublicKeyCredentialCreationOptionsJSON;
}

/** Sends the form of a page that adds one, as the script does. */
export async function sendCreation(
  browser: TestBrowser,
  page: BrowserPage,
  authenticator: SoftAuthenticator,
  { name = 'Min telefon', ...overrides }: AnswerOverrides & { name?: string } = {},
): Promise<BrowserPage> {
  const answer = authenticator.create(creationOptionsOf(page), overrides);
  return await browser.send(page, { name, credential: JSON.stringify(answer) });
}

/** Adds one in self-service, with a key of the card. @returns the outcome */
export async function addSecurityKey(
  browser: TestBrowser,
  person: TestPerson,
  authenticator: SoftAuthenticator,
  options: AnswerOverrides & { name?: string } = {},
): Promise<BrowserPage> {
  const page = await browser.follow(`${SECURITY_KEYS}/add`);
  const asked = await sendCreation(browser, page, authenticator, options);
  if (asked.page !== 'self-confirm') return asked;
  return await browser.send(asked, { key: keyFor(person, asked) });
}
