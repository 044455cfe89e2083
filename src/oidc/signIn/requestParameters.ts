/** Reads parameters of an authorization request that the provider has already validated. */

/** The claim names in the `claims` parameter. */
export function parseRequestedClaims(parameter: string): string[] {
  if (parameter === '') return [];
  const { userinfo, id_token: idToken } = JSON.parse(parameter) as Record<string, object | undefined>;
  return [...Object.keys(userinfo ?? {}), ...Object.keys(idToken ?? {})];
}

/** The parameter; empty when it is absent. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
