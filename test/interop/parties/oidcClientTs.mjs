/** `oidc-client-ts`: a site of static pages, whose script is the relying party. */

export const party = {
  name: 'oidc-client-ts',
  registration: (url) => ({
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/signed-out`],
    token_endpoint_auth_method: 'none',
    cors_origins: [url],
  }),
  notOffered: { 'back-channel log-out': 'oidc-client-ts/README.md:8' },
  showsError: true,
};

/** The script that runs in the browser, with `settings` defined before it. */
async function script() {
  /* global oidc, settings */
  const show = (known) => {
    const nothing = { sub: null, name: null, acr: null, auth_time: null, kid: null };
    const main = document.querySelector('main');
    main.textContent = JSON.stringify({ ...nothing, error: null, error_description: null, ...known });
    main.dataset.site = '';
  };
  const manager = new oidc.UserManager(settings);
  const { prompt, max_age, acr_values } = Object.fromEntries(new URLSearchParams(location.search));
  try {
    switch (location.pathname) {
      case '/login':
        await manager.signinRedirect({ prompt, acr_values, max_age: max_age && Number(max_age) });
        break;
      case '/callback':
        await manager.signinCallback();
        location.replace('/');
        break;
      case '/logout':
        await manager.signoutRedirect();
        break;
      case '/signed-out':
        await manager.signoutCallback();
        location.replace('/');
        break;
      default: {
        const user = await manager.getUser();
        if (!user) return show({});
        const { sub, name, acr, auth_time } = user.profile;
        const { kid } = JSON.parse(atob(user.id_token.split('.')[0]));
        show({ sub, name, acr, auth_time, kid });
      }
    }
  } catch (err) {
    show({ error: err.error ?? String(err), error_description: err.error_description });
  }
}

export async function serve({ issuer, url, clientId }) {
  const { createServer } = await import('node:http');
  const { readFileSync } = await import('node:fs');
  const library = readFileSync('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js');
  const settings = JSON.stringify({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${url}/callback`,
    post_logout_redirect_uri: `${url}/signed-out`,
    scope: 'openid profile',
    // Names are in the userinfo answer; the library would remove level and time from what the page sees.
    loadUserInfo: true,
    filterProtocolClaims: false,
  });
  const html =
    '<!doctype html><title>A site</title><main></main><script src="/oidc-client-ts.min.js"></script>' +
    `<script>const settings = ${settings};\n(${script.toString()})();</script>`;
  return createServer((req, res) => {
    if (req.url === '/oidc-client-ts.min.js') {
      return void res.writeHead(200, { 'content-type': 'text/javascript' }).end(library);
    }
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  });
}
