/** The card that was sent has not come: it is worth nothing from now on, and replaced once. */
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
