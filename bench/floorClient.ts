/** What both sides of the floor share. */
export const FLOOR_CLIENT = {
  id: 'floor-site',
  secret: 'a secret of the floor that no one needs',
  redirectUri: 'https://site.bench.example/cb',
} as const;
export const FLOOR_ROWS = 10_000;

/**
 * `first`: seven requests and ten statements of which five write, as a sign-in took when the limits of
 * bench/besideHash.ts were set; it stays, so that the ratios keep their meaning. `now`: five requests and
 * seven statements of which three write, as one takes now.
 */
export type FloorShape = 'first' | 'now';
