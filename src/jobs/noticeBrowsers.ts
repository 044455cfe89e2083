/** Decides whether a sign-in was from a browser that its person was notified of. */
import { nameDevice, type ClientContext } from '../domain/clientContext.ts';
import { findCustomerNetwork } from '../domain/network/networks.ts';
import type { ClaimedNotice } from '../db/cards/notices.ts';
import type { Recipient } from '../db/people/recipients.ts';
import { openClientContext } from '../features/authentication/index.ts';
import type { AppContext } from '../features/appContext.ts';
import { dropNoticeOfKnownBrowser } from './noticeBrowsers.queries.ts';

/** The browser and network of a notice's event; null where they were not recorded, or have been erased. */
export function readNoticeContext(
  { keyring }: AppContext,
  { notice: { details } }: Pick<ClaimedNotice, 'notice'>,
  recipient: Pick<Recipient, 'logSalt'>,
): ClientContext | null {
  if (!('seen' in details) || details.seen === undefined) return null;
  return openClientContext(keyring, recipient.logSalt, details.seen);
}

/**
 * Drops the notice of a sign-in from a browser that is known to notices. An unknown family or network is
 * never known: the person is notified each time.
 * @returns true when the notice must not be sent
 */
export async function dropIfBrowserIsKnown(
  context: AppContext,
  claimed: ClaimedNotice,
  recipient: Recipient,
): Promise<boolean> {
  if (claimed.notice.kind !== 'new_browser') return false;
  const seen = readNoticeContext(context, claimed, recipient);
  const hashes = seen && hashNoticeBrowser(context, seen);
  if (!hashes) return false;
  const { id: noticeId, identityId, at } = claimed;
  return await dropNoticeOfKnownBrowser(context.database, { ...hashes, identityId, noticeId, at });
}

/** A network as its budget counts it: an IPv4 address, or the /56 that one customer has. */
function hashNoticeBrowser(
  { keyring }: AppContext,
  seen: ClientContext,
): { readonly browser: Buffer; readonly network: Buffer } | null {
  const device = nameDevice(seen);
  if (!device || !/[.:]/.test(seen.network)) return null;
  // The log has the first half of an IPv6 address.
  const network = findCustomerNetwork(seen.network.includes(':') ? `${seen.network}::` : seen.network);
  const hash = (text: string) => keyring.hmac('records', text);
  return {
    browser: hash(`browser of notices v1 ${network} ${device.browser} on ${device.system}`),
    network: hash(`network of notices v1 ${network}`),
  };
}
