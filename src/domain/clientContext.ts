/**
 * From which browser and network something was done, as far as its person would know it again: names and a network, not
 * the header that a browser sends, which would tell it from all others.
 */
import Bowser from 'bowser';
import { findNarrowestNetwork } from './network/networks.ts';

/** What a request says of where it comes from. */
export interface RequestSource {
  readonly userAgent: string;
  readonly address: string;
}

export interface ClientContext {
  /** "Firefox"; null where it is none that we know. */
  readonly browser: string | null;
  /** "Windows"; null where it is none that we know. */
  readonly system: string | null;
  /** An IPv4 address, or the first half of an IPv6 address: a household. */
  readonly network: string;
}

/** More of it is not looked at. */
const MAX_USER_AGENT_LENGTH = 512;

export function readClientContext({ userAgent, address }: RequestSource): ClientContext {
  const { browser, system } = readBrowserName(userAgent.slice(0, MAX_USER_AGENT_LENGTH));
  return { browser, system, network: findNarrowestNetwork(address) };
}

function readBrowserName(userAgent: string): Pick<ClientContext, 'browser' | 'system'> {
  if (userAgent.trim() === '') return { browser: null, system: null };
  const { browser, os } = Bowser.parse(userAgent);
  return { browser: cleanProductName(browser.name), system: cleanProductName(os.name) };
}

/** Names come from a table of the library, or, for what it does not know, from the header itself. */
function cleanProductName(name: string | undefined): string | null {
  return name && /^[A-Za-z][A-Za-z0-9 .+-]{1,29}$/.test(name) ? name : null;
}
