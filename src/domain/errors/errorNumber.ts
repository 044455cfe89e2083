/**
 * The number of a failed request, as a person says it on the phone: eight digits in two groups, made of the
 * request's id. The log has both (http/middleware.ts). Two requests of a day may share a number; with the
 * time of the call the hotline finds the right one.
 */
export function composeErrorNumber(requestId: string): string {
  const digits = requestId.replaceAll(/[^0-9a-f]/g, '');
  if (digits === '') return '';
  const number = String(BigInt(`0x${digits}`) % 100_000_000n).padStart(8, '0');
  return `${number.slice(0, 4)} ${number.slice(4)}`;
}
