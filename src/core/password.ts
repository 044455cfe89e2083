/** The form in which passwords are hashed and compared: NFC, nothing trimmed, case kept (NIST SP 800-63B-4). */
export function preparePassword(typed: string): string {
  return typed.normalize('NFC');
}
