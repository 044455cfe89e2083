/** The sheet of the letters, in points, and the sizes of their type. */
import { POINTS_PER_MM } from './paper.ts';

const mm = POINTS_PER_MM;
const A4 = { width: 210 * mm, height: 297 * mm };
const side = 22 * mm;

export const SHEET = {
  mm,
  size: [A4.width, A4.height] as [number, number],
  side,
  width: A4.width - 2 * side,
  right: A4.width - side,
  top: 24 * mm,
  bottom: A4.height - 22 * mm,
  /** Of a letter of one page, which has no page number. */
  bottomOfOne: A4.height - 12.5 * mm,
  /** The baseline of the page number. */
  foot: A4.height - 14.5 * mm,
} as const;

/** Type sizes in points. Large print is 16 points and more throughout. */
export interface TypeScale {
  readonly body: number;
  /** The distance of baselines, in type sizes. A letter in normal print is one page. */
  readonly leading: number;
  readonly title: number;
  readonly heading: number;
  readonly shown: number;
  readonly spelled: number;
  readonly wordmark: number;
}
export const NORMAL_SCALE: TypeScale = {
  body: 11,
  leading: 1.3,
  title: 19,
  heading: 12.5,
  shown: 14,
  spelled: 26,
  wordmark: 22,
};
export const LARGE_SCALE: TypeScale = {
  body: 16,
  leading: 1.4,
  title: 25,
  heading: 18.5,
  shown: 22,
  spelled: 32,
  wordmark: 28,
};
