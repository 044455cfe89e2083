/** The settings of the log: the name of the node, and the proxies that may name a request. */
import { hostname } from 'node:os';
import { parseAddressRange } from '../platform/addressList.ts';

/** @returns the name of this node in its log: the host's, unless it is set */
export function readNodeName(env: Readonly<Record<string, string | undefined>>, faults: string[]): string {
  const name = env['NOEGLE_NODE_NAME'] || hostname();
  const isNamed = (env['NOEGLE_NODE_NAME'] ?? '') !== '';
  if (isNamed && !/^[A-Za-z0-9._-]{1,64}$/.test(name))
    faults.push('NOEGLE_NODE_NAME must be at most 64 letters, digits, dots, hyphens and underscores');
  return name;
}

export function readTrustedProxies(text: string | undefined, faults: string[]): string[] {
  const ranges = (text ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  for (const range of ranges) {
    if (parseAddressRange(range) === null)
      faults.push(
        `NOEGLE_TRUSTED_PROXIES: ${range} is neither an address nor a range such as 10.0.0.0/24 or 2001:db8::/64`,
      );
  }
  return ranges;
}
