import type { VNode } from 'preact';
import { formatCardNumber } from '../../core/keyCard.ts';
import { ErrorSummary, Page, type Frame, type SignInFrame } from '../layout.tsx';
import { Field, StepForm } from './stepForm.tsx';

export interface KeyPage extends Frame, SignInFrame {
  readonly cardNumber: string;
  readonly keyNumber: string;
  readonly keysLeft: number;
  readonly error: 'wrong' | 'malformed' | 'stale' | null;
}

/** From here on the person is told how few keys are left. */
const FEW_KEYS = 25;

/** Step 2: the key that the numbered challenge asks for. The form carries the card and number that it showed. */
export function KeyPage(props: KeyPage): VNode {
  const { t, error, keysLeft } = props;
  const words = t.key;
  const cardNumber = formatCardNumber(props.cardNumber);
  return (
    <Page {...props} page="key" title={words.title} hasError={error !== null} step={2}>
      <h1>{words.heading}</h1>
      {error ? <ErrorSummary t={t} text={words[error]} field="key" /> : null}
      <div class="noegle-challenge" data-card-number={cardNumber} data-key-number={props.keyNumber}>
        <p>
          {words.lookOn} <strong class="noegle-card-number">{cardNumber}</strong> {words.lookFor}
        </p>
        <p class="noegle-key-number">#{props.keyNumber}</p>
        <CardExample keyNumber={props.keyNumber} title={words.cardExample} />
      </div>
      <StepForm
        {...props}
        step="key"
        hidden={{ cardNumber: props.cardNumber, keyNumber: props.keyNumber }}
        submit={words.submit}
      >
        <Field
          name="key"
          label={words.label}
          hint={words.thenWrite}
          hasError={error !== null}
          autocomplete="one-time-code"
          inputmode="numeric"
          class="noegle-key-input"
        />
        {keysLeft <= FEW_KEYS ? <p>{keysLeft === 1 ? words.leftOne : words.left(keysLeft)}</p> : null}
      </StepForm>
    </Page>
  );
}

const COLUMNS = 4;
const ROWS = 5;

/** A drawn card in the real column layout, with the asked number marked. Its keys are dots: it is an example. */
function CardExample({ keyNumber, title }: { keyNumber: string; title: string }): VNode {
  const cells = Array.from({ length: COLUMNS * ROWS }, (_, cell) => ({
    x: 12 + Math.floor(cell / ROWS) * 82,
    y: 34 + (cell % ROWS) * 20,
    isAsked: cell === COLUMNS * ROWS - ROWS * 2 - 3,
  }));
  return (
    <svg class="noegle-card" viewBox="0 0 344 140" role="img" aria-label={title}>
      <rect class="noegle-card-face" x="1" y="1" width="342" height="138" rx="10" />
      <text class="noegle-card-mark" x="12" y="18">
        Nøgle
      </text>
      {cells.map(({ x, y, isAsked }) => (
        <g class={isAsked ? 'noegle-card-asked' : 'noegle-card-row'} key={`${x} ${y}`}>
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
      ))}
    </svg>
  );
}
