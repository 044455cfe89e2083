import type { VNode } from 'preact';
import type { CardFormat } from '../../../domain/card/cardFormat.ts';
import { CardFormatChoice } from '../../../ui/cardFormat.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';

/** What a card is ordered with: the person's next format, and that of the card on its way. */
export interface DeskCardFormats {
  readonly next: CardFormat;
  readonly coming: CardFormat | null;
}

/** The format of the new card; another one than that of the card on its way gives that card up. */
export function DeskCardFormat({ t, formats }: { t: Texts; formats: DeskCardFormats }): VNode {
  const { kinds, desk } = t.cardFormats;
  const { next, coming } = formats;
  return (
    <>
      {coming === null ? null : <p>{desk.coming(kinds[coming])}</p>}
      <CardFormatChoice t={t} question={t.deskIssue.cardFormat} chosen={next} />
    </>
  );
}
