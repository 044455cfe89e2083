/** Names the computer or phone of a request in the reader's language. */
import { findDeviceKind, type ClientContext } from '../../domain/clientContext.ts';
import type { Texts } from '../../ui/words/words.da.ts';

type Named = Pick<ClientContext, 'browser' | 'system'> | null;

/** "Chrome på Linux"; what is unknown is left out. */
export function nameBrowser({ session }: Pick<Texts, 'session'>, client: Named): string {
  const { device } = session;
  if (client?.browser && client.system) return device.on(client.browser, client.system);
  return client?.browser ?? device.nameless;
}

/** "Computer: Chrome på Linux", "Telefon eller tablet: Safari på iOS". */
export function nameDevice(t: Pick<Texts, 'session'>, client: Named): string {
  const { device } = t.session;
  const kind = client && findDeviceKind(client.system);
  if (!client?.browser) return kind ? device.kinds[kind] : device.unknown;
  return device.of(kind ? device.kinds[kind] : device.unknown, nameBrowser(t, client));
}

/** The network, in words where it is the one that the reader uses now. */
export function nameNetwork({ session }: Pick<Texts, 'session'>, network: string, here: string): string {
  return network === here ? session.device.hereNetwork : network;
}
