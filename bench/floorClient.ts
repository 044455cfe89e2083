/** What both sides of the floor know of each other. */
export const FLOOR_CLIENT = {
  id: 'floor-site',
  secret: 'a secret of the floor that nobody needs',
  redirectUri: 'https://site.bench.example/cb',
} as const;
export const FLOOR_ROWS = 10_000;

/**
 * `first`: seven requests and ten statements of which five write, as a sign-in took when the limits of
 * measureHashOverhead.ts were drawn: what they are multiples of stays as it was. `now`: five requests and seven
 * statements of which three write, as one takes now.
 */
export type FloorShape = 'first' | 'now';
