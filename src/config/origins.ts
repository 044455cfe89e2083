/** Settings that are origins: the issuer, and relying parties on private networks. */

/** @param faults each fault is appended, in words for the operator */
export function readIssuer(text: string | undefined, faults: string[]): string {
  const url = text ? URL.parse(text) : null;
  if (!url) {
    faults.push('NOEGLE_ISSUER is required: the address that people and relying parties know, https://…');
    return '';
  }
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    faults.push('NOEGLE_ISSUER must begin with https:// (http:// only on the loopback)');
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    faults.push('NOEGLE_ISSUER must be an origin: no path, query or user');
  }
  return url.origin;
}

export function readOrigins(text: string | undefined, faults: string[]): string[] {
  const origins = (text ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  for (const origin of origins) {
    if (URL.parse(origin)?.origin !== origin) {
      faults.push(`NOEGLE_PRIVATE_ORIGINS: ${origin} is no origin such as https://netbank.intra:8443`);
    }
  }
  return origins;
}
