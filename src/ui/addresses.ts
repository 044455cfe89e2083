/** Addresses of pages that other features link to. */

/** The activation page, with the sign-in that continues after it. */
export function composeActivateAddress(signIn: string): string {
  return `/activate?from=${encodeURIComponent(signIn)}`;
}
