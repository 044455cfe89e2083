/** How many keys are left on the card, in both languages. */
export function writeKeysLeft(keysLeft: number): string {
  if (keysLeft === 0) return 'Alle nøgler på dit nøglekort er brugt.';
  return keysLeft === 1
    ? 'Der er én nøgle tilbage på dit nøglekort.'
    : `Der er ${keysLeft} nøgler tilbage på dit nøglekort.`;
}

export function writeKeysLeftInEnglish(keysLeft: number): string {
  if (keysLeft === 0) return 'All keys on your key card have been used.';
  return keysLeft === 1
    ? 'There is one key left on your key card.'
    : `There are ${keysLeft} keys left on your key card.`;
}
