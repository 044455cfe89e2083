/** The value of `acr` in what is issued. */
import {
  isAcrSatisfied,
  isResistant,
  RESISTANCES,
  type PhishingResistance,
  type RequestedAcr,
} from './levels.ts';

/**
 * The value of `acr` that a response states: the most preferred of the requested ones that was achieved, and
 * the level where no resistance was asked for.
 * @param level the level of the sign-in
 */
export function statedAcr(
  { values }: Pick<RequestedAcr, 'values'>,
  level: string | undefined,
  given: PhishingResistance | null,
): string | undefined {
  const met = values.find((one) =>
    isResistance(one) ? isResistant(given, one) : isAcrSatisfied(level, one),
  );
  return met !== undefined && isResistance(met) ? met : level;
}

function isResistance(value: string): value is PhishingResistance {
  return (RESISTANCES as readonly string[]).includes(value);
}
