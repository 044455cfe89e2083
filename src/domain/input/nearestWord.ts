/** The known word that was probably meant by a word that is not known. */

const MAX_DISTANCE = 3;

/** @returns null when none is near */
export function findNearestWord(typed: string, known: readonly string[]): string | null {
  const ranked = known.map((word) => ({ word, distance: measureDistance(typed, word) }));
  const [nearest] = ranked.toSorted((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= MAX_DISTANCE ? nearest.word : null;
}

/** The number of characters to insert, delete or replace (Levenshtein). */
export function measureDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, sign] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (sign === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
