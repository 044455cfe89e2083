import type { ComponentChildren, VNode } from 'preact';
import { findColumnPart, type KeyPlace } from '../domain/card/cardLayout.ts';
import { formatCardNumber } from '../domain/card/keyCard.ts';
import type { Texts } from './words/words.da.ts';

interface Challenge {
  readonly t: Texts;
  /** The card number as it is stored. */
  readonly cardNumber: string;
  readonly keyNumber: string;
  /** Where the number is printed; null where that cannot be described. */
  readonly place: KeyPlace | null;
  /** Which card to take, where it is not the usual one. */
  readonly lookOn?: string;
  /** The form of the key. */
  readonly children: ComponentChildren;
}

/** The id of the challenge, which describes the field of the key. */
export const CHALLENGE_ID = 'challenge';

/**
 * The challenge: the card number, the key number and where it is printed; then the form. The drawing is last:
 * beside the challenge where there is room, and below the form where there is none.
 */
export function Challenge(props: Challenge): VNode {
  const { t, keyNumber, place, children, lookOn = t.key.lookOn } = props;
  const cardNumber = formatCardNumber(props.cardNumber);
  return (
    <div class="noegle-asked">
      <div
        class="noegle-challenge"
        id={CHALLENGE_ID}
        data-card-number={cardNumber}
        data-key-number={keyNumber}
      >
        <p>
          {lookOn} <strong class="noegle-card-number">{cardNumber}</strong> {t.key.lookFor}
        </p>
        <div class="noegle-key-number">#{keyNumber}</div>
        <p class="noegle-place">{writePlace(t, place)}</p>
      </div>
      <div class="noegle-answer">{children}</div>
      {place ? <CardDrawing t={t} cardNumber={cardNumber} keyNumber={keyNumber} place={place} /> : null}
    </div>
  );
}

/** Key numbers are in ascending order on every card, whatever its format. */
function writePlace({ key: words }: Texts, place: KeyPlace | null): string {
  if (!place) return words.place.ascending;
  return words.place.at(place.side, place.column, findColumnPart(place));
}

const WIDTH = 240;
const HEIGHT = 152;
const [FIRST_ROW, LAST_ROW] = [42, HEIGHT - 8];
const [MARK_WIDTH, MARK_HEIGHT] = [42, 16];

/** A map of the printed side: one line for each row, and the requested number in its place. */
function CardDrawing({ t, cardNumber, keyNumber, place }: CardDrawing): VNode {
  const words = t.key.place;
  const columnWidth = (WIDTH - 16) / place.rows.length;
  const pitch = (LAST_ROW - FIRST_ROW) / Math.max(...place.rows);
  const lines = place.rows.map((rows, column) =>
    Array.from({ length: rows }, (_, row) => {
      const [x, y] = [8 + column * columnWidth, FIRST_ROW + (row + 0.5) * pitch];
      return `M${x.toFixed(1)} ${y.toFixed(1)}h${(columnWidth - 8).toFixed(1)}`;
    }).join(''),
  );
  const x = 8 + (place.column - 1) * columnWidth + (columnWidth - 8 - MARK_WIDTH) / 2;
  const middle = FIRST_ROW + (place.row - 0.5) * pitch;
  const y = Math.min(Math.max(middle - MARK_HEIGHT / 2, 30), HEIGHT - MARK_HEIGHT - 3);
  return (
    <svg
      class="noegle-card"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words.drawing(words.at(place.side, place.column, findColumnPart(place)))}
    >
      <rect class="noegle-card-face" x="1" y="1" width={WIDTH - 2} height={HEIGHT - 2} rx="8" />
      <text class="noegle-card-mark" x="8" y="18">
        {cardNumber}
      </text>
      <text class="noegle-card-side" x={WIDTH - 8} y="18" text-anchor="end">
        {words.side(place.side)}
      </text>
      <path class="noegle-card-rows" d={lines.join('')} />
      <rect
        class="noegle-card-frame"
        x={x.toFixed(1)}
        y={y.toFixed(1)}
        width={MARK_WIDTH}
        height={MARK_HEIGHT}
        rx="3"
      />
      <text
        class="noegle-card-asked"
        x={(x + MARK_WIDTH / 2).toFixed(1)}
        y={(y + 12).toFixed(1)}
        text-anchor="middle"
      >
        {keyNumber}
      </text>
    </svg>
  );
}

interface CardDrawing extends Pick<Challenge, 't' | 'cardNumber' | 'keyNumber'> {
  readonly place: KeyPlace;
}
