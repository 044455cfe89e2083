/**
 * The browser and network of an action, in terms that the person recognises: names and a network. The full
 * `User-Agent` header is not kept, because it would single out one browser among all others.
 */
import Bowser from 'bowser';
import { findNarrowestNetwork } from './network/networks.ts';

/** What a request states about its origin. */
export interface RequestSource {
  readonly userAgent: string;
  readonly address: string;
}

export interface ClientContext {
  /** "Firefox"; null when unknown. */
  readonly browser: string | null;
  /** "Windows"; null when unknown. */
  readonly system: string | null;
  /** An IPv4 address, or the first half (/64) of an IPv6 address: about one household. */
  readonly network: string;
}

export type DeviceKind = 'computer' | 'mobile';

const SYSTEMS: Readonly<Record<DeviceKind, RegExp>> = {
  computer: /^(Windows|macOS|Linux|Chrome OS|Ubuntu|Fedora|FreeBSD|OpenBSD)$/,
  mobile: /^(iOS|Android|Windows Phone|HarmonyOS|KaiOS|Tizen)$/,
};

/** Whether a system is one of computers or of phones and tablets; null when unknown. */
export function findDeviceKind(system: string | null): DeviceKind | null {
  if (system === null) return null;
  if (SYSTEMS.mobile.test(system)) return 'mobile';
  return SYSTEMS.computer.test(system) ? 'computer' : null;
}

/** Only this much of the header is parsed. */
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

/**
 * The browser and system as a mail or letter may name them: those of the library's table. A name from the
 * header is an outsider's text, such as a sentence with a phone number.
 */
export function nameDevice({ browser, system }: ClientContext): { browser: string; system: string } | null {
  if (!browser || !system) return null;
  const isListed =
    Object.values(Bowser.BROWSER_MAP).includes(browser) && Object.values(Bowser.OS_MAP).includes(system);
  return isListed ? { browser, system } : null;
}

/**
 * Names come from a table of the library, or from the header itself when the library does not know the
 * browser.
 */
function cleanProductName(name: string | undefined): string | null {
  return name && /^[A-Za-z][A-Za-z0-9 .+-]{1,29}$/.test(name) ? name : null;
}
