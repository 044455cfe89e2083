/**
 * Masks an address for a page that anyone may see at a browser where a session or an activation was left
 * open. Its owner still recognises the address.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const [first = ''] = email;
  return `${first}…${email.slice(Math.max(at, 0))}`;
}
