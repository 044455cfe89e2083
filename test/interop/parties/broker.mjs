/**
 * A broker with `openid-client`, on two origins: the first receives the code, the second is the site where
 * people are signed in. Everything that returns from Nøgle is forwarded from the one to the other.
 */
import { randomUUID } from 'node:crypto';
import { kidOf, page } from '../page.mjs';

export const party = {
  name: 'broker on two origins',
  library: 'openid-client',
  registration: (url) => ({
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/logged-out`],
    token_endpoint_auth_method: 'client_secret_post',
  }),
  notOffered: { 'back-channel log-out': 'openid-client/README.md:9' },
  showsError: true,
};

export async function serve({ issuer, url, clientId, clientSecret }) {
  const client = await import('openid-client');
  const { default: express } = await import('express');
  const { default: session } = await import('express-session');

  const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
  const config = await client.discovery(new URL(issuer), clientId, clientSecret, undefined, { execute });
  const sessionAt = (name) =>
    session({ name, secret: 'of this test', resave: false, saveUninitialized: false });
  // What one origin hands to the other, each valid once.
  const tickets = new Map();

  const site = express();
  site.use(sessionAt('site'));
  site.get('/', (req, res) => void res.send(page(req.session.person)));
  site.get('/signed-in', (req, res) => {
    const { person, refusal } = tickets.get(req.query.ticket) ?? {};
    tickets.delete(req.query.ticket);
    if (!person) return void res.status(400).send(page(refusal));
    req.session.person = person;
    res.redirect('/');
  });
  site.get('/logged-out', (req, res, next) => {
    req.session.destroy((error) => (error ? next(error) : res.redirect('/')));
  });
  const siteUrl = await new Promise((resolve, reject) => {
    const server = site.listen(0, '127.0.0.1', (error) =>
      error ? reject(error) : resolve(`http://127.0.0.1:${server.address().port}`),
    );
  });

  const broker = express();
  broker.use(sessionAt('broker'));
  const forward = (res, outcome) => {
    const ticket = randomUUID();
    tickets.set(ticket, outcome);
    res.redirect(`${siteUrl}/signed-in?ticket=${ticket}`);
  };
  broker.get('/', (_req, res) => res.redirect(`${siteUrl}/`));
  broker.get('/login', async (req, res) => {
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
  broker.get('/callback', async (req, res) => {
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
    forward(res, { person: { sub, name, acr, auth_time, kid: kidOf(tokens.id_token) } });
  });
  broker.get('/logout', (req, res, next) => {
    const parameters = {
      post_logout_redirect_uri: `${url}/logged-out`,
      id_token_hint: req.session.idToken,
    };
    req.session.destroy((error) => {
      if (error) return next(error);
      res.redirect(client.buildEndSessionUrl(config, parameters).href);
    });
  });
  broker.get('/logged-out', (_req, res) => res.redirect(`${siteUrl}/logged-out`));
  broker.use((err, _req, res, _next) => {
    const { error = String(err), error_description } = err;
    forward(res, { refusal: { error, error_description } });
  });
  return broker;
}
