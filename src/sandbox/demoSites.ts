/** The demo relying parties of examples/, each on a separate port. They know only Nøgle's URL. */
import type { RequestListener } from 'node:http';
import type { DemoUrls, ListedRelyingParty } from './demoRelyingParties.ts';

export interface DemoSite {
  readonly port: number;
  readonly handle: RequestListener;
}

/** `PORT` + 1 and + 2. */
export function chooseDemoPorts(port: number): { netbank: number; randers: number } {
  return { netbank: port + 1, randers: port + 2 };
}

export function composeDemoUrls(port: number): DemoUrls {
  const { netbank, randers } = chooseDemoPorts(port);
  return { netbank: `http://localhost:${netbank}`, randers: `http://localhost:${randers}` };
}

interface DemoSiteSettings {
  readonly issuer: string;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}
type CreateSite = (settings: DemoSiteSettings) => { callback(): RequestListener };

/** examples/ is not part of the build: Node strips its types. */
const EXAMPLES = new URL('../../examples/', import.meta.url);

export async function createDemoSites(
  issuer: string,
  port: number,
  relyingParties: readonly ListedRelyingParty[],
): Promise<DemoSite[]> {
  const load = async (file: string) =>
    (await import(new URL(file, EXAMPLES).href)) as Record<string, CreateSite>;
  const make = (create: CreateSite | undefined, clientId: string, onPort: number): DemoSite => {
    const rp = relyingParties.find((one) => one.clientId === clientId);
    if (!create || !rp?.url) throw new Error(`the demo site of ${clientId} is not there`);
    const app = create({ issuer, url: rp.url, clientId, clientSecret: rp.clientSecret });
    return { port: onPort, handle: app.callback() };
  };
  const [netbank, randers] = [await load('netbank.ts'), await load('randers.ts')];
  const ports = chooseDemoPorts(port);
  return [
    make(netbank['createNetbank'], 'demo-netbank', ports.netbank),
    make(randers['createRanders'], 'demo-randers', ports.randers),
  ];
}
