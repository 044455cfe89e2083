/** What arrives at an e-mail address, and the codes in it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Nodes } from './nodes.ts';

export interface DeliveredMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** All mails sent to this address, the oldest first, as far as the clock advanced between them. */
export function mailTo(nodes: Nodes, address: string): DeliveredMail[] {
  const folder = path.join(nodes.folder, 'mail');
  let files: string[] = [];
  try {
    files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    // Nothing was ever sent.
  }
  return files
    .sort()
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as DeliveredMail)
    .filter(({ to }) => to === address);
}

/** Sends pending mail, from this node. */
export async function sendMail(nodes: Nodes, node = 0): Promise<void> {
  await nodes.database.query(`UPDATE notices SET try_at = now() WHERE state = 'waiting'`);
  await nodes.database.query(`UPDATE email_requests SET send_at = now() WHERE send_at IS NOT NULL`);
  await nodes.node(node).app.tasks['sendNotices']?.({});
}

/** The codes sent to this address; the newest last, in the order of `mailTo`. */
export async function codesTo(nodes: Nodes, address: string): Promise<string[]> {
  await sendMail(nodes);
  const codes = mailTo(nodes, address).flatMap(
    ({ text }) => /(?:Koden er|The code is) (\w{8})\b/.exec(text)?.[1] ?? [],
  );
  for (const code of codes) nodes.secrets.add(code, 'code for an e-mail address');
  return codes;
}

/** As the previous version left it, which asked for no code: the address in use is unconfirmed. */
export async function isFromBefore(
  nodes: Nodes,
  { identityId }: { readonly identityId: string },
): Promise<void> {
  await nodes.database.query(
    `UPDATE people p SET email_confirmed = NULL, next_email_confirmed = NULL
     FROM identities i WHERE i.id = $1 AND p.id = i.person_id`,
    [identityId],
  );
}
