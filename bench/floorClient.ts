/** What both sides of the floor know of each other. */
export const FLOOR_CLIENT = {
  id: 'floor-site',
  secret: 'a secret of the floor that nobody needs',
  redirectUri: 'https://site.bench.example/cb',
} as const;
export const FLOOR_ROWS = 10_000;
