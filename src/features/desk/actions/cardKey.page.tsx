import type { VNode } from 'preact';
import { formatCardNumber } from '../../../domain/card/keyCard.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Hidden } from '../../../ui/form.tsx';
import { TextBox, type FieldFaultWords } from '../fields.page.tsx';
import type { DeskChallenge } from './cardKey.ts';

interface DeskCardKey {
  readonly t: Texts;
  readonly challenge: DeskChallenge;
  readonly inWords: FieldFaultWords;
}

/** The key that the person is asked for, and types here. It is never shown again, not even after a fault. */
export function DeskCardKey({ t, challenge, inWords }: DeskCardKey): VNode {
  const words = t.deskProofing;
  const cardNumber = formatCardNumber(challenge.cardNumber);
  const { keyNumber } = challenge;
  return (
    <div data-card-number={cardNumber} data-key-number={keyNumber}>
      <Hidden values={{ cardNumber: challenge.cardNumber, keyNumber }} />
      <p>
        {words.ask} <strong class="noegle-card-number">{cardNumber}</strong> {words.lookFor}{' '}
        <strong>#{keyNumber}</strong>
      </p>
      <TextBox
        name="key"
        label={words.key}
        hint={words.keyHint}
        value=""
        inputmode="numeric"
        faults={inWords}
      />
    </div>
  );
}
