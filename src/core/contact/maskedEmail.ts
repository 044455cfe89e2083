/** An address for a page that anybody may see who has the session alone: its owner knows which one it is. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const [first = ''] = email;
  return `${first}…${email.slice(Math.max(at, 0))}`;
}
