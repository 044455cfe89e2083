import type { VNode } from 'preact';
import { formatCardNumber } from '../../core/keyCard.ts';
import { writeDates } from '../language.ts';
import { ErrorSummary, Page, type Frame, type SignInFrame } from '../layout.tsx';
import type { Texts } from '../text/da.ts';
import { Field, StepForm } from './stepForm.tsx';

export interface KeyPage extends Frame, SignInFrame {
  readonly cardNumber: string;
  readonly keyNumber: string;
  readonly keysLeft: number;
  /** A new card that was ordered, with the days on which it is expected once it was sent. */
  readonly coming: { readonly expected: { readonly from: string; readonly to: string } | null } | null;
  /** Whether to ask if this is the person's own computer; one that they named before is not asked again. */
  readonly offersOwnBrowser: boolean;
  /** Somebody is signed in with this browser by a password; a key is all that is missing. */
  readonly isStepUp: boolean;
  readonly error: KeyError | null;
}

export type KeyError = 'wrong' | 'lastBeforeLock' | 'lastBeforeBlock' | 'malformed' | 'stale';

/** What was wrong, and what one more of it would lead to. */
export function keyErrorText({ key: words }: Texts, error: KeyError): string {
  if (error === 'lastBeforeLock' || error === 'lastBeforeBlock') return `${words.wrong} ${words[error]}`;
  return words[error];
}

/** From here on the person is told how few keys are left. */
const FEW_KEYS = 25;

/** Step 2: the key that the numbered challenge asks for. The form carries the card and number that it showed. */
export function KeyPage(props: KeyPage): VNode {
  const { t, error, keysLeft } = props;
  const words = t.key;
  const cardNumber = formatCardNumber(props.cardNumber);
  return (
    <Page
      {...props}
      page="key"
      title={words.title}
      hasError={error !== null}
      {...(props.isStepUp ? {} : { step: 2 })}
    >
      <h1>{words.heading}</h1>
      {error ? <ErrorSummary t={t} text={keyErrorText(t, error)} field="key" /> : null}
      {props.isStepUp ? <p>{words.stepUp(props.relyingParty)}</p> : null}
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
        {keysLeft <= FEW_KEYS ? (
          <p>
            {keysLeft === 1 ? words.leftOne : words.left(keysLeft)} {writeComing(props)}
          </p>
        ) : null}
        {props.offersOwnBrowser ? <OwnComputer {...props} /> : null}
      </StepForm>
      {props.isStepUp ? <AnotherPerson {...props} /> : null}
    </Page>
  );
}

/** The computer may be shared: whoever sits there need not be who signed in. */
function AnotherPerson({ t, csrf }: KeyPage): VNode {
  return (
    <form method="post">
      <input type="hidden" name="csrf" value={csrf} />
      <div class="noegle-actions">
        <button class="button button-unstyled" type="submit" name="another" value="1">
          {t.key.another}
        </button>
      </div>
    </form>
  );
}

/** When the new card is expected, if one is on the way. */
export function writeComing({ t, language, coming }: Pick<KeyPage, 't' | 'language' | 'coming'>): string {
  if (!coming) return '';
  if (!coming.expected) return t.comingCard.ordered;
  return t.comingCard.sent(writeDates(coming.expected, language));
}

/** Ticked, this browser is known from now on: strangers' wrong tries cannot shut it out. */
function OwnComputer({ t }: KeyPage): VNode {
  return (
    <div class="form-group-checkbox noegle-own">
      <input
        class="form-checkbox"
        type="checkbox"
        id="ownComputer"
        name="ownComputer"
        value="1"
        aria-describedby="ownComputer-hint"
      />
      <label class="form-label" for="ownComputer">
        {t.key.ownComputer}
      </label>
      <span class="form-hint" id="ownComputer-hint">
        {t.key.ownComputerHint}
      </span>
    </div>
  );
}

const COLUMNS = 4;
const ROWS = 5;

/** A drawn card in the real column layout, with the asked number marked. Its keys are dots: it is an example. */
export function CardExample({ keyNumber, title }: { keyNumber: string; title: string }): VNode {
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
