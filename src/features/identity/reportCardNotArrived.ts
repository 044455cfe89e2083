/** Reports that a card which was sent did not arrive. The card is no longer valid, and is replaced once. */
import type { AuditActor } from '../../domain/auditEvent.ts';
import { applyCardCommand, type CardCommandOutcome } from './cardCommands.ts';
import type { AppContext } from '../appContext.ts';

export async function reportCardNotArrived(
  context: AppContext,
  identityId: string,
  by: AuditActor,
): Promise<CardCommandOutcome> {
  return await applyCardCommand(context, identityId, { kind: 'not_arrived' }, by);
}
