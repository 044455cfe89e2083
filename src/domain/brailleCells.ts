/**
 * Braille cells as a file for an embosser has them: one ASCII character for each of the 64 cells of six dots,
 * as in the North American Braille ASCII that BRF files use.
 */

/** In the order of the dots as bits: dot 1 is the lowest, dot 6 the highest. */
const BRAILLE_ASCII = ' A1B\'K2L@CIF/MSP"E3H9O6R^DJG>NTQ,*5<-U8V.%[$+X!&;:4\\0Z7(_?W]#Y)=';

/** One cell. @param dots such as `135` */
export function cell(dots: string): string {
  const bits = [...dots].reduce((sum, dot) => sum | (1 << (Number(dot) - 1)), 0);
  return BRAILLE_ASCII.charAt(bits);
}

/** Several cells. @param dots of each cell, such as `45-235` */
export function cells(dots: string): string {
  return dots.split('-').map(cell).join('');
}
