/** The ID number as people read it. It has one form everywhere: on paper, on pages and at the desk. */

/**
 * Groups of three digits, as in the welcome letter: `883 493 594`. Hyphens would make it look like the number
 * of a card. The spaces do not break, so that the number stays on one line.
 */
export function formatIdNumber(idNumber: string): string {
  return idNumber.replace(/(\d{3})(?=\d)/g, '$1\u00a0');
}
