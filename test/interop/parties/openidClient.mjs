/** `openid-client` in Express, with the session of `express-session`. */
import { kidOf, page } from '../page.mjs';

export const party = {
  name: 'openid-client',
  registration: (url) => ({
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/`],
    // What it does with a secret that is given as text.
    token_endpoint_auth_method: 'client_secret_post',
  }),
  notOffered: { 'back-channel log-out': 'openid-client/README.md:9' },
  showsError: true,
};

export async function serve({ issuer, url, clientId, clientSecret }) {
  const client = await import('openid-client');
  const { default: express } = await import('express');
  const { default: session } = await import('express-session');

  // It verifies signatures only if asked, as TLS would suffice; here there is no TLS, and keys rotate.
  const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
  const config = await client.discovery(new URL(issuer), clientId, clientSecret, undefined, { execute });

  const app = express();
  app.use(session({ secret: 'of this test', resave: false, saveUninitialized: false }));
  app.get('/', (req, res) => void res.send(page(req.session.person)));
  app.get('/login', async (req, res) => {
    const codeVerifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const maxAge = req.query.max_age === undefined ? undefined : Number(req.query.max_age);
    req.session.begun = { codeVerifier, state, nonce, maxAge };
    const to = client.buildAuthorizationUrl(config, {
      redirect_uri: `${url}/callback`,
      scope: 'openid profile',
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...req.query,
    });
    res.redirect(to.href);
  });
  app.get('/callback', async (req, res) => {
    const { codeVerifier, state, nonce, maxAge } = req.session.begun;
    const tokens = await client.authorizationCodeGrant(config, new URL(req.originalUrl, url), {
      pkceCodeVerifier: codeVerifier,
      expectedState: state,
      expectedNonce: nonce,
      maxAge,
    });
    const { sub, acr, auth_time } = tokens.claims();
    const { name } = await client.fetchUserInfo(config, tokens.access_token, sub);
    req.session.idToken = tokens.id_token;
    req.session.person = { sub, name, acr, auth_time, kid: kidOf(tokens.id_token) };
    res.redirect('/');
  });
  app.get('/logout', (req, res, next) => {
    const parameters = { post_logout_redirect_uri: `${url}/`, id_token_hint: req.session.idToken };
    req.session.destroy((error) => {
      if (error) return next(error);
      res.redirect(client.buildEndSessionUrl(config, parameters).href);
    });
  });
  app.use((err, _req, res, _next) => {
    const { error = String(err), error_description } = err;
    res.status(400).send(page({ error, error_description }));
  });
  return app;
}
