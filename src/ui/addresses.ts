/** Addresses of pages that another feature leads to. */

/** Where an ID is taken into use, by way of a sign-in that waits meanwhile. */
export function composeActivateAddress(signIn: string): string {
  return `/activate?from=${encodeURIComponent(signIn)}`;
}
