import type { VNode } from 'preact';
import { formatCardNumber } from '../domain/card/keyCard.ts';
import type { Texts } from './words/words.da.ts';

interface Challenge {
  readonly t: Texts;
  /** The card number as it is stored. */
  readonly cardNumber: string;
  readonly keyNumber: string;
  /** Which card to take, where it is not the usual one. */
  readonly lookOn?: string;
}

/** The challenge: the card number, the key number, and where both are found. */
export function Challenge(props: Challenge): VNode {
  const { t, keyNumber, lookOn = t.key.lookOn } = props;
  const cardNumber = formatCardNumber(props.cardNumber);
  return (
    <div class="noegle-challenge" data-card-number={cardNumber} data-key-number={keyNumber}>
      <p>
        {lookOn} <strong class="noegle-card-number">{cardNumber}</strong> {t.key.lookFor}
      </p>
      <p class="noegle-key-number">#{keyNumber}</p>
      <CardExample t={t} cardNumber={cardNumber} keyNumber={keyNumber} />
    </div>
  );
}

const COLUMNS = 4;
const ROWS = 5;
const ASKED_ROW = { column: 1, row: 2 };

/**
 * A drawing of the printed card: the place of its number, the column heads, and the requested key number
 * marked in its row. Its keys are dots, because it is an example.
 */
function CardExample({ t, cardNumber, keyNumber }: Omit<Challenge, 'lookOn'>): VNode {
  const { cardExample, cardColumns } = t.key;
  const columns = Array.from({ length: COLUMNS }, (_, column) => 12 + column * 82);
  const rows = Array.from({ length: ROWS }, (_, row) => 52 + row * 20);
  return (
    <svg class="noegle-card" viewBox="0 0 344 146" role="img" aria-label={cardExample}>
      <rect class="noegle-card-face" x="1" y="1" width="342" height="144" rx="10" />
      <text class="noegle-card-mark" x="12" y="19">
        {t.brand}
      </text>
      <text class="noegle-card-mark" x="172" y="19" text-anchor="middle">
        {cardNumber}
      </text>
      {columns.map((x, column) => (
        <g key={x}>
          <text class="noegle-card-head" x={x} y="36">
            {cardColumns.number}
          </text>
          <text class="noegle-card-head" x={x + 34} y="36">
            {cardColumns.key}
          </text>
          {rows.map((y, row) => {
            const isAsked = column === ASKED_ROW.column && row === ASKED_ROW.row;
            return (
              <g class={isAsked ? 'noegle-card-asked' : 'noegle-card-row'} key={y}>
                {isAsked ? (
                  <rect class="noegle-card-frame" x={x - 5} y={y - 13} width="80" height="18" rx="4" />
                ) : null}
                <text x={x} y={y}>
                  {isAsked ? keyNumber : '••••'}
                </text>
                <text x={x + 34} y={y}>
                  ••••••
                </text>
              </g>
            );
          })}
        </g>
      ))}
    </svg>
  );
}
