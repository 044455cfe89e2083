/** The choice of a card's format, wherever a card is ordered. */
import type { VNode } from 'preact';
import { CARD_FORMATS, type CardFormat } from '../domain/card/cardFormat.ts';
import type { Texts } from './words/words.da.ts';

interface CardFormatChoice {
  readonly t: Texts;
  /** The question to the person; staff are asked about another person. */
  readonly question: string;
  readonly chosen: CardFormat;
}

/** Radio buttons named `cardFormat`; one of them is always chosen, so the field has no error. */
export function CardFormatChoice({ t, question, chosen }: CardFormatChoice): VNode {
  const { names, hints } = t.cardFormats;
  return (
    <fieldset class="form-group">
      <legend class="form-label">{question}</legend>
      {CARD_FORMATS.map((format, i) => {
        const id = i === 0 ? 'cardFormat' : `cardFormat-${format}`;
        return (
          <div class="form-group-radio" key={format}>
            <input
              class="form-radio"
              type="radio"
              id={id}
              name="cardFormat"
              value={format}
              checked={format === chosen}
              aria-describedby={`${id}-hint`}
            />
            <label class="form-label" for={id}>
              {names[format]}
            </label>
            <span class="form-hint" id={`${id}-hint`}>
              {hints[format]}
            </span>
          </div>
        );
      })}
    </fieldset>
  );
}
