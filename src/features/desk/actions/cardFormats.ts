/** The formats between which a card is ordered at the desk. */
import type { CardFormat } from '../../../domain/card/cardFormat.ts';
import type { DeskAction } from '../../../domain/staff/desk.ts';
import { findCardFormats } from '../../../db/cards/cardFormats.ts';
import type { AppContext } from '../../appContext.ts';
import type { DeskCardFormats } from './cardFormat.page.tsx';

/**
 * Null for an action that orders no card.
 * @param chosen on a form that is shown again
 */
export async function readDeskCardFormats(
  { database }: AppContext,
  action: DeskAction,
  identityId: string,
  chosen: CardFormat | null = null,
): Promise<DeskCardFormats | null> {
  if (action !== 'new-card') return null;
  const found = await findCardFormats(database, identityId);
  return found && { ...found, next: chosen ?? found.next };
}
