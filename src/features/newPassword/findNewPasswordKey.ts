/**
 * The key that the page asks for. It is one of the person's card in use where there is one, and otherwise of
 * an invented card, derived from the name: the same every time, at the same cost.
 */
import { deriveKey, deriveKeyNumbers, type KeyCard } from '../../domain/card/keyCard.ts';
import { readKeyAt, readKeyNumberAt } from '../identity/index.ts';
import type { AppContext } from '../appContext.ts';
import {
  chooseKeyPosition,
  findInventedPeriod,
  readInventedPosition,
  readOnTheWaySince,
  type BoundHash,
} from './newPassword.rules.ts';
import { findCardToAsk, type CardToAsk } from './newPasswords.queries.ts';

export interface NewPasswordKey {
  readonly keyNumber: string;
  /** The six digits beside it. */
  readonly key: string;
  /** Null for an invented key, which orders nothing. */
  readonly of: { readonly card: KeyCard; readonly position: number } | null;
}

/** @param foldedName as `foldName` returns it */
export async function findNewPasswordKey(context: AppContext, foldedName: string): Promise<NewPasswordKey> {
  const { database, clock, rules } = context;
  const onTheWaySince = readOnTheWaySince(rules, clock.now());
  const found = await findCardToAsk(database, foldedName, onTheWaySince);
  // Made for every name, so that a real one takes no less time.
  const invented = inventKey(context, foldedName);
  const position = found && choosePosition(context, found);
  if (!found || position === null) return invented;
  const { card } = found;
  return {
    keyNumber: readKeyNumberAt(context, card, position),
    key: readKeyAt(context, card, position),
    of: { card, position },
  };
}

/** Null also where the card's key was taken out of the ring, after the card was replaced. */
function choosePosition(context: AppContext, { card, answered }: CardToAsk): number | null {
  if (!context.keyring.hasKey('cards', card.kid)) return null;
  return (
    answered ?? chooseKeyPosition(bindHash(context, `identity ${card.identityId} card ${card.id}`), card)
  );
}

function inventKey(context: AppContext, foldedName: string): NewPasswordKey {
  const hash = bindHash(context, `name ${foldedName}`);
  const period = findInventedPeriod(hash, context.clock.now());
  const secret = hash(`card ${period}`);
  const position = readInventedPosition(hash, period);
  const keyNumber = deriveKeyNumbers(secret)[position] ?? '';
  return { keyNumber, key: deriveKey(secret, position), of: null };
}

/**
 * One ring for both: when it gets another key, real and invented numbers change together. The text before the
 * last space is fixed by the caller, and names contain no line break.
 */
function bindHash({ keyring }: AppContext, owner: string): BoundHash {
  return (text) => keyring.hmac('records', `new password of ${owner}\n${text}`);
}
