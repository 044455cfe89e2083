/** The one page of the sites that have a server. */

const NOTHING = {
  sub: null,
  name: null,
  acr: null,
  auth_time: null,
  kid: null,
  error: null,
  error_description: null,
};

/** @param shown the known values; see Shown in party.ts */
export function page(shown) {
  const json = JSON.stringify({ ...NOTHING, ...shown });
  return `<!doctype html><title>A site</title><main data-site>${escape(json)}</main>`;
}

/** The key id in the header of a token. */
export function kidOf(idToken) {
  return JSON.parse(Buffer.from(idToken.split('.')[0], 'base64url').toString()).kid;
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
