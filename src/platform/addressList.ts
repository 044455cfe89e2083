/** Addresses and CIDR ranges that an operator lists, IPv4 and IPv6. */
import { BlockList, isIP } from 'node:net';

export class AddressList {
  readonly #ranges = new BlockList();

  /** @throws RangeError for an entry that is neither an address nor a CIDR range */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const range = parseAddressRange(entry);
      if (!range) throw new RangeError(`${entry} is neither an address nor a CIDR range`);
      this.#ranges.addSubnet(range.address, range.prefix, range.family);
    }
  }

  /** @param address as a socket names its peer; false for anything else */
  has(address: string): boolean {
    const plain = unmapIpv4(address);
    const version = isIP(plain);
    return version !== 0 && this.#ranges.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  }
}

interface AddressRange {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** @returns null for what is no range, and for one of all addresses, which would trust every client */
export function parseAddressRange(entry: string): AddressRange | null {
  const [named = '', bits, ...rest] = entry.split('/');
  const address = unmapIpv4(named);
  const isMapped = address !== named;
  const version = isIP(address);
  // A zone (`fe80::1%eth0`) is a name of one machine's interface.
  if (version === 0 || rest.length > 0 || address.includes('%')) return null;
  const longest = version === 4 ? 32 : 128;
  if (bits !== undefined && !/^[0-9]{1,3}$/.test(bits)) return null;
  const prefix = bits === undefined ? longest : Number(bits) - (isMapped ? 96 : 0);
  if (prefix < 1 || prefix > longest) return null;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** A listener of both families names an IPv4 peer `::ffff:192.0.2.7`. */
function unmapIpv4(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
