/**
 * Draws a unique random number: one that is in use is drawn again, at most 20 times.
 * @throws Error when no free number was drawn
 */
export async function drawUniqueNumber(
  draw: () => string,
  insert: (drawn: string) => Promise<boolean>,
): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const drawn = draw();
    if (await insert(drawn)) return drawn;
  }
  throw new Error(
    'no free number was drawn in 20 attempts: the random source is broken or the range is full',
  );
}
