/** One of what the person signs in with, on the page of their data: the same for every kind. */
import { formatCardNumber } from '../../../domain/card/keyCard.ts';
import type { HeldFactor } from '../../../domain/factors/heldFactors.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import type { Value } from '../../../ui/values.tsx';
import type { Writer } from './writeValues.ts';

export function composeFactorItem(
  t: Texts,
  { kind, name, state, since, countsFrom, lastUsedAt }: HeldFactor,
  write: Writer,
): { readonly title: string; readonly list: (Value | null)[] } {
  const words = t.ownData.read.factor;
  const shown = kind === 'card' ? formatCardNumber(name) : name;
  return {
    title: `${words.kinds[kind]} ${shown}`,
    list: [
      { label: words.state, value: words.states[state] },
      { label: words.since, value: write.time(since) },
      countsFrom && { label: words.countsFrom, value: write.time(countsFrom) },
      lastUsedAt && { label: words.lastUsedAt, value: write.time(lastUsedAt) },
    ],
  };
}
