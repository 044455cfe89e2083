/**
 * What became of a form whose browser holds no row to note it in, sealed for the browser to carry to its next page. It says
 * nothing that the row would not have said to the same form.
 */
import { outcomeFromJson, type OutcomeJson } from '../../store/signIns.ts';
import type { World } from '../world.ts';
import type { Mention } from './holder.ts';

export function sealMention({ keyring }: World, interactionId: string, mention: Mention): string {
  return keyring.seal('records', JSON.stringify(mention), contextOf(interactionId)).toString('base64url');
}

/** @returns null for what is not ours, or of another sign-in. */
export function openMention({ keyring }: World, interactionId: string, sealed: string): Mention | null {
  try {
    const text = keyring.open('records', Buffer.from(sealed, 'base64url'), contextOf(interactionId));
    const { outcome: json, typedName } = JSON.parse(text) as { outcome: OutcomeJson; typedName: string };
    const outcome = outcomeFromJson(json);
    return outcome && { outcome, typedName };
  } catch {
    return null;
  }
}

function contextOf(interactionId: string): string {
  return `mention of ${interactionId}`;
}
