/**
 * An address for a page that anybody may see who sits at the browser, with a session or an activation that
 * was left open: its owner knows which one it is.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const [first = ''] = email;
  return `${first}…${email.slice(Math.max(at, 0))}`;
}
